"""`site`: register what is protected, see what nears it, acknowledge a warning, note the call, let one flight pass."""

import re
from datetime import datetime
from typing import Annotated, Final, get_args

import typer

from quartet.cli.commands import Commands
from quartet.cli.options import As, Dir, Json, Passphrase, Purpose, below, connect, when, words
from quartet.cli.outcome import hinted
from quartet.cli.output import say, say_json, table, utc
from quartet.cli.send import one_word, read_text, tlp_word
from quartet.cli.siteview import near_row, say_warnings, site_row
from quartet.core.faults import Malformed
from quartet.core.ids import MemberId
from quartet.desk.site import ADDRESS, FLIGHT_PATTERN, Reached, SiteSort, called
from quartet.node.desk.siteviews import (
    CallDraft,
    Closing,
    EpisodePage,
    ExemptionDraft,
    Lifting,
    NoticeDraft,
    Seeing,
    SiteDraft,
    SitesView,
)
from quartet.node.views import MAX_PAGE, Published

SORTS: Final[tuple[SiteSort, ...]] = get_args(SiteSort)
OUTCOMES: Final[tuple[Reached, ...]] = get_args(Reached)

FLIGHT: Final = re.compile(FLIGHT_PATTERN)
WARNING: Final = {"not-warned": "the first column of `quartet site warnings` names them"}
SITE: Final = {"not-a-site": "the first column of `quartet site list` names them"}
"""What to type where a reference names another thing."""

WarningRef = Annotated[
    str, typer.Argument(metavar="REF", help="The warning's reference, from `quartet site warnings`.")
]
SiteRef = Annotated[str, typer.Argument(metavar="REF", help="The site's reference, from `quartet site list`.")]
Volume = Annotated[str, typer.Option(metavar="NAME", help="Which volume of the site, by its name.")]
Ends = Annotated[str, typer.Option(metavar="TIME", help="Until when: 2h, or 2026-03-01T12:00Z.")]

app = Commands(
    help="Sites that this member protects: what nears one is told to its own desk, and to nobody else.",
    no_args_is_help=True,
)


@app.command()
def register(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Its volumes as GeoJSON; - reads standard input.")],
    name: Annotated[str, typer.Option(help="What the site is called.")],
    kind: Annotated[str, typer.Option(help="installation, sanctuary, hospital or heritage.")],
    custodian: Annotated[str, typer.Option(help="Who keeps it.")],
    phone: Annotated[list[str], typer.Option(help="How it is called, once for each number.")],
    tlp: Annotated[str | None, typer.Option(metavar="LABEL", help="AMBER+STRICT or RED; no default.")] = None,
    persons: Annotated[
        list[str] | None, typer.Option(metavar="MEMBER/OFFICER", help="Of RED: which officers may see it.")
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option(metavar="MEMBERS", help="Who is told of the site besides; of what nears it nobody is."),
    ] = None,
    corrects: Annotated[str | None, typer.Option(metavar="REF", help="The site that this says anew.")] = None,
    text: Annotated[str, typer.Option(help="What a watch should know of it.")] = "",
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Register a site, or say one anew: polygons, or points with a radius_m, and what their properties say.

    Example:

        quartet site register dam.geojson --name "Dam 3" --kind installation --custodian "the keeper" \
            --phone "04 56" --tlp AMBER+STRICT --dir trial/north
    """
    draft = SiteDraft(
        tlp=tlp_word(tlp),
        name=name,
        sort=one_word("kind", kind, SORTS),
        custodian=custodian,
        phones=tuple(phone),
        geojson=read_text(file),
        text=text,
        persons=words(persons),
        to=tuple(MemberId(one) for one in words(to)),
        corrects=corrects,
    )
    with connect(directory, officer, passphrase_file) as client:
        published = client.post("/sites", draft, Published)
    say_json(published) if json else say(f"{published.ref}: its volumes are looked after from now on")


@app.command("list")
def listed(
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """List the sites that you may see, what is near them now, and the warnings that are not done with.

    Example:

        quartet site list --dir trial/north
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        seen = client.get("/sites", SitesView)
    if json:
        say_json(seen)
        return
    table(("REF", "TLP", "OF", "KIND", "NAME", "VOLUMES", "CUSTODIAN", "PHONE"), [site_row(one) for one in seen.sites])
    for one in seen.sites:
        for told in one.exemptions:
            why = f"{told.reason} ({told.person})"
            say(f"{one.ref}: {told.flight} may pass {told.volume} until {utc(told.ends)}: {why}")
    if seen.near:
        say("")
        table(("SITE", "MOVER", "LEVEL", "TOO NEAR IN", "OFF", "FROM"), [near_row(one) for one in seen.near])
    if seen.warnings:
        say("")
        say_warnings(seen.warnings)


@app.command()
def warnings(
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """List the warnings that you may see, the newest first, with who acknowledged each and who was called.

    Example:

        quartet site warnings --dir trial/north
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        page = client.get("/site-warnings", EpisodePage, {"limit": MAX_PAGE})
    if json:
        say_json(page.items)
    elif page.items:
        say_warnings(page.items)
    else:
        say("no site has been warned of, as far as you may see")


@app.command()
def seen(
    ref: WarningRef,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Acknowledge a warning: you have it before you.

    Example:

        quartet site seen N-K7Q-4MX --dir trial/north
    """
    with connect(directory, officer, passphrase_file) as client, hinted(WARNING):
        published = client.post(below("/site-warnings", ref, "seen"), Seeing(), Published)
    say_json(published) if json else say(f"{published.ref}: you have {ref} before you")


@app.command()
def call(
    ref: WarningRef,
    whom: Annotated[str, typer.Option("--called", metavar="WHO", help="Who was called.")],
    outcome: Annotated[str, typer.Option(help="reached, no-answer or refused.")] = "reached",
    text: Annotated[str, typer.Option(help="What was said, and what is done.")] = "",
    phone: Annotated[str, typer.Option(help="At which number.")] = "",
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Note the call that was made about a warning.

    Example:

        quartet site call N-K7Q-4MX --called "the warden" --text "clears the hide" --dir trial/north
    """
    draft = CallDraft(called=whom, outcome=one_word("outcome", outcome, OUTCOMES), text=text, phone=phone)
    with connect(directory, officer, passphrase_file) as client, hinted(WARNING):
        published = client.post(below("/site-warnings", ref, "calls"), draft, Published)
    say_json(published) if json else say(f"{published.ref}: the call about {ref} is noted")


@app.command()
def activate(
    ref: SiteRef,
    volume: Volume,
    ends: Ends,
    begins: Annotated[str | None, typer.Option(metavar="TIME", help="From when (default: at once).")] = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Make a volume of a site active until a time, whatever its own times are.

    Example:

        quartet site activate N-K7Q-4MX --volume breeding --ends 7d --dir trial/north
    """
    draft = NoticeDraft(volume=volume, ends=_at(ends, "--ends"), begins=when(begins, "--begins"))
    with connect(directory, officer, passphrase_file) as client, hinted(SITE):
        published = client.post(below("/sites", ref, "notices"), draft, Published)
    done = f"{volume} is active{_from(draft)} until {utc(draft.ends)}; {_lift(ref, published)}"
    say_json(published) if json else say(f"{published.ref}: {done}")


@app.command()
def exempt(
    ref: SiteRef,
    volume: Volume,
    flight: Annotated[str, typer.Option(help="Which one: its address 4b1805, mmsi:211234560, or its track's name.")],
    reason: Annotated[str, typer.Option(help="Why it may pass.")],
    person: Annotated[str, typer.Option(help="Who allowed it.")],
    ends: Ends,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Let one flight pass one volume until a time; it is still shown, and raises no warning.

    Example:

        quartet site exempt N-K7Q-4MX --volume dam --flight 4b1805 --reason "survey" --person "the keeper" \
            --ends 2h --dir trial/north
    """
    draft = ExemptionDraft(
        volume=volume, flight=_flight(flight), reason=reason, person=person, ends=_at(ends, "--ends")
    )
    with connect(directory, officer, passphrase_file) as client, hinted(SITE):
        published = client.post(below("/sites", ref, "exemptions"), draft, Published)
    done = f"{draft.flight} may pass {volume} until {utc(draft.ends)}; {_lift(ref, published)}"
    if json:
        say_json(published)
        return
    say(f"{published.ref}: {done}")
    if not ADDRESS.fullmatch(draft.flight):
        say(f"{draft.flight} is no address: only a track of that name may pass, and a Flight ID is none")


@app.command()
def lift(
    ref: SiteRef,
    of: Annotated[str, typer.Argument(metavar="REF", help="The notice or exemption that ends.")],
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """End a notice or an exemption of a site now.

    Example:

        quartet site lift N-K7Q-4MX N-P2R-7QA --dir trial/north
    """
    with connect(directory, officer, passphrase_file) as client, hinted(SITE):
        published = client.post(below("/sites", ref, "lifted"), Lifting(of=of), Published)
    say_json(published) if json else say(f"{published.ref}: {of} is ended")


@app.command()
def close(
    ref: SiteRef,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Look after a site no more; its warnings, acknowledgements and calls stay. A recall would take them with it.

    Example:

        quartet site close N-K7Q-4MX --dir trial/north
    """
    with connect(directory, officer, passphrase_file) as client, hinted(SITE):
        published = client.post(below("/sites", ref, "closed"), Closing(), Published)
    say_json(published) if json else say(f"{published.ref}: {ref} is looked after no more, and its record stays")


def _at(text: str, option: str) -> datetime:
    found = when(text, option)
    if found is None:
        raise Malformed("bad-time", f"{option}: write 2h, 7d or 2026-03-01T12:00Z")
    return found


def _flight(text: str) -> str:
    """Return what the flight is called; raise `Malformed("bad-flight")` for what no mover can be called."""
    if not FLIGHT.match(text):
        raise Malformed(
            "bad-flight",
            f"--flight {text}: write its address, as 4b1805, a ship as mmsi:211234560, or what `quartet site list` "
            "calls it under MOVER, without spaces",
        )
    return called(text)


def _from(draft: NoticeDraft) -> str:
    return "" if draft.begins is None else f" from {utc(draft.begins)}"


def _lift(site: str, published: Published) -> str:
    return f"end it with: quartet site lift {site} {published.ref}"
