"""`warn`: write a warning, confirm it as second officer, acknowledge it for a desk, see who has not, end it."""

from pathlib import Path
from typing import Annotated, Any, Final, get_args

import msgspec
import typer
from rich.text import Text

from quartet.cli.client import Client
from quartet.cli.commands import Commands
from quartet.cli.options import As, Dir, Json, Passphrase, Purpose, Ref, below, connect, when, words
from quartet.cli.output import drill_text, say, say_json, table, tlp_text, utc
from quartet.cli.send import one_word, read_text, tlp_word
from quartet.cli.warnread import (
    UNCHECKED,
    circles,
    desk_text,
    desks_of,
    following,
    found_wrong,
    more_of,
    polygons,
    show_warning,
    stage_text,
    withdrawn_is_told,
    wrong_text,
)
from quartet.cli.warnsecond import asserted, checked, draft_of, say_waiting, standing, tell_of_nobody, waiting_of
from quartet.core.faults import Malformed
from quartet.core.ids import MemberId
from quartet.desk.warning import LANGUAGES, Category, Certainty, Info, Language, Response, Severity, Urgency
from quartet.node.desk.warningforms import alert_of
from quartet.node.desk.warningviews import (
    AckDraft,
    AreaView,
    CheckDraft,
    WarningDraft,
    WarningList,
    WarningRow,
    WarningView,
    Which,
    rings,
)

_COLUMNS: Final = ("REF", "TLP", "FROM", "STAGE", "UNTIL", "ACKNOWLEDGED", "WAITS HERE", "HAZARD")
app = Commands(help="Warn those whom a danger nears, and see which desk has acknowledged.", no_args_is_help=True)

Text_ = Annotated[str, typer.Argument(metavar="FILE", help="What to do to be safe; - reads standard input.")]
Until = Annotated[str, typer.Option(metavar="TIME", help="Until when it holds: 2h, or 2026-03-01T12:00Z.")]
Override = Annotated[
    str | None,
    typer.Option(
        metavar="WHY", help="A life depends on it: it goes at once, and a second officer reviews it in a day."
    ),
]
InfoFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", readable=False, help="The texts of more languages: a JSON list of language, hazard, ..."
    ),
]


@app.command()
def issue(
    file: Text_,
    desks: Annotated[list[str], typer.Option(metavar="DESKS", help="Who must acknowledge: east,east/dam-3,south.")],
    until: Until,
    hazard: Annotated[str, typer.Option(help="What the danger is, in a few words.")],
    area: Annotated[str, typer.Option(help="The area's name, as people there call it.")],
    circle: Annotated[
        list[str] | None, typer.Option(metavar="LAT,LON,METRES", help="A circle of the area: 47.0,8.5,2000.")
    ] = None,
    polygon: Annotated[
        list[str] | None, typer.Option(metavar="LAT,LON ...", help="A polygon of the area, point by point.")
    ] = None,
    tlp: Annotated[str | None, typer.Option(metavar="LABEL", help="The label; no default.")] = None,
    to: Annotated[list[str] | None, typer.Option(metavar="MEMBERS", help="Who else may have it.")] = None,
    headline: Annotated[str | None, typer.Option(help="Its headline (default: the hazard).")] = None,
    language: Annotated[str, typer.Option(help="Of the text: en, fr, ar, fa or ru.")] = "en",
    info: InfoFile = None,
    category: Annotated[str, typer.Option(help="As CAP has them: Geo, Met, Safety, Security, Rescue, ...")] = "Safety",
    urgency: Annotated[str, typer.Option(help="Immediate, Expected, Future, Past, Unknown.")] = "Immediate",
    severity: Annotated[str, typer.Option(help="Extreme, Severe, Moderate, Minor, Unknown.")] = "Severe",
    certainty: Annotated[str, typer.Option(help="Observed, Likely, Possible, Unlikely, Unknown.")] = "Likely",
    response: Annotated[list[str] | None, typer.Option(metavar="WORDS", help="Shelter, Evacuate, Prepare, ...")] = None,
    begins: Annotated[str, typer.Option(metavar="TIME", help="From when (default: now).")] = "0s",
    public: Annotated[bool, typer.Option("--public", help="Of a CLEAR one: the whole world may have it.")] = False,
    exercise: Annotated[bool, typer.Option("--exercise", help="It is a drill, and says so.")] = False,
    override: Override = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Write a warning: a second officer confirms it before it leaves, unless a life depends on it.

    Example:

        quartet warn issue - --tlp AMBER --desks east,east/dam-3 --hazard "Flood wave" --area "Lower valley"
            --circle 47.0,8.5,2000 --until 2h
    """
    first = Info(_language(language), hazard, headline or hazard, read_text(file).strip())
    told = WarningDraft(
        tlp=tlp_word(tlp),
        category=one_word("category", category, get_args(Category)),
        urgency=one_word("urgency", urgency, get_args(Urgency)),
        severity=one_word("severity", severity, get_args(Severity)),
        certainty=one_word("certainty", certainty, get_args(Certainty)),
        begins=_time(begins, "--begins"),
        until=_time(until, "--until"),
        areas=(AreaView(area, polygons(polygon or []), circles(circle or [])),),
        info=(first, *more_of(info)),
        desks=desks_of(words(desks)),
        responses=tuple(one_word("response", word, get_args(Response)) for word in words(response)),
        to=tuple(MemberId(name) for name in words(to)),
        caveats=("EXERCISE",) if exercise else (),
        public=public,
        override=override is not None,
        why=override or "",
    )
    with connect(directory, officer, passphrase_file) as client:
        _issue(client, told, json)


@app.command()
def update(
    ref: Ref,
    file: Text_,
    until: Until,
    override: Override = None,
    info: InfoFile = None,
    language: Annotated[str, typer.Option(help="Of the text: en, fr, ar, fa or ru.")] = "en",
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Put another text in the place of a warning, for the same area and desks: each acknowledges again.

    Example:

        quartet warn update N-K7Q-4MX - --until 4h --dir trial/north
    """
    with connect(directory, officer, passphrase_file) as client:
        before = standing(client, ref, "update")
        told = following(before, "UPDATE", read_text(file).strip(), _language(language), info, override)
        _issue(client, msgspec.structs.replace(told, until=_time(until, "--until")), json)


@app.command()
def cancel(
    ref: Ref,
    file: Annotated[str, typer.Argument(metavar="FILE", help="Why it holds no more; - reads standard input.")],
    override: Override = None,
    info: InfoFile = None,
    language: Annotated[str, typer.Option(help="Of the text: en, fr, ar, fa or ru.")] = "en",
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Say that a warning holds no more: who had it is told, and acknowledges.

    Example:

        echo "The dam holds." | quartet warn cancel N-K7Q-4MX - --dir trial/north
    """
    with connect(directory, officer, passphrase_file) as client:
        before = standing(client, ref, "cancel")
        _issue(client, following(before, "CANCEL", read_text(file).strip(), _language(language), info, override), json)


@app.command("list")
def listed(
    which: Annotated[str, typer.Option(help="now, mine (a desk here has not acknowledged) or all.")] = "now",
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """List warnings with how many desks acknowledged, and what waits here for a second officer.

    Example:

        quartet warn list --which mine --dir trial/east
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        asked = {"which": one_word("which", which.lower(), get_args(Which))}
        found, me = client.get("/warnings", WarningList, asked), client.member
    if json:
        say_json(found)
        return
    for one in found.waiting:
        say_waiting(one, me)
    if found.items or not found.waiting:
        table(_COLUMNS, map(cells, found.items))
    for row in filter(found_wrong, found.items):
        say(f"{row.ref} was found wrong by {row.checked_by} of {row.author}; {wrong_text(row, me)}")


@app.command("show")
def shown(
    ref: Ref,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Show one warning whole: its words in every language, who acknowledged, and who has not.

    Example:

        quartet warn show N-K7Q-4MX --dir trial/north
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        waiting = waiting_of(client, ref)
        if waiting is not None:
            say_json(waiting) if json else show_warning(draft_of(waiting), client.member)
            return
        one, me = client.get(below("/warnings", ref), WarningView), client.member
    say_json(one) if json else show_warning(one, me)


@app.command()
def confirm(
    ref: Ref,
    wrong: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Of a review: what is wrong with what went already.")
    ] = None,
    text: Annotated[str, typer.Option(help="A remark that goes with it.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="You have read it: sign without being asked.")] = False,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """As second officer, confirm a warning that waits: with your word it leaves. Or review one that went without you.

    Its words are shown, and you are asked before anything is signed. A script, where nobody can be asked, says --yes.

    Example:

        quartet warn confirm N-P2R-7QA --as second --dir trial/north
    """
    body = CheckDraft("CONFIRMED" if wrong is None else "WRONG", text if wrong is None else wrong)
    with connect(directory, officer, passphrase_file) as client:
        row, published, done = checked(client, ref, body, yes=yes, json=json)
    say_json(published) if json else say(f"{row.ref} {done}")


@app.command()
def ack(
    ref: Ref,
    desk: Annotated[str, typer.Option(metavar="DESK", help="Which site desk here (default: the watch).")] = "",
    text: Annotated[str, typer.Option(help="A remark that goes with it.")] = "",
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Acknowledge a warning for a desk of this member: that it is known there, and nothing else.

    Example:

        quartet warn ack N-K7Q-4MX --desk dam-3 --dir trial/east
    """
    with connect(directory, officer, passphrase_file) as client:
        form: dict[str, Any] = {"alert": ref, "desk": desk, "text": text}
        path = below("/warnings", ref, "acknowledgement", "prepared")
        with withdrawn_is_told(client, ref):
            published = asserted(client, path, AckDraft(desk, text), "alert-ack", form)
    whose = f"desk {desk}" if desk else "the watch"
    say_json(published) if json else say(f"{published.ref}: acknowledged for {whose} here")


def _issue(client: Client, told: WarningDraft, json: bool) -> None:
    form = msgspec.json.decode(msgspec.json.encode(alert_of(told))) | {"previous": told.previous}
    published = asserted(client, "/warnings/prepared", told, "alert", form)
    if json:
        say_json(published)
    elif told.override:
        say(f"{published.ref} has left; a second officer reviews it: quartet warn confirm {published.ref}")
    else:
        say(f"{published.ref} waits for a second officer: quartet warn confirm {published.ref}")
    if told.tlp == "CLEAR" and not (told.public or told.previous or json):
        say("CLEAR, and not public: no public feed gives it, CAP says Restricted; --public gives it to everybody")
    if not json:
        tell_of_nobody(client, published.ref, told.caveats)


def _language(word: str) -> Language:
    return one_word("language", word.lower(), LANGUAGES)


def _time(text: str, option: str) -> Any:
    found = when(text, option)
    if found is None:
        raise Malformed("bad-time", f"{option}: write 2h, 7d or 2026-03-01T12:00Z")
    return found


def cells(row: WarningRow) -> tuple[str | Text, ...]:
    """Return the cells of a warning in a list."""
    acked = f"{row.acked} of {len(row.desks)}"
    waits = ", ".join(name or "watch" for name in row.waits) if rings(row) else "-"
    missed = f" NOT REACHED: {', '.join(map(desk_text, row.unreached))}" if row.unreached else ""
    return (
        row.ref,
        tlp_text(row.tlp),
        row.author,
        stage_text(row) + (f", {UNCHECKED}" if row.source else ""),
        utc(row.until),
        acked + missed,
        waits,
        drill_text(row.info[0].hazard, exercise=row.exercise),
    )
