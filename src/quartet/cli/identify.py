"""`identify`: who the aircraft are that concern this member, on which bases, and what members state of them."""

from typing import Annotated, Final, Literal

import typer
from rich.text import Text

from quartet.cli.commands import Commands
from quartet.cli.identified import ANSWER_WHY, WHY, offered_line, say_answered, stated_line
from quartet.cli.options import As, Dir, Json, Passphrase, Purpose, Ref, below, connect, past, when, words
from quartet.cli.outcome import hinted
from quartet.cli.output import drill_text, facts, one_line, say, say_json, table, utc
from quartet.cli.send import audience, one_word, tlp_word
from quartet.core.category import CATEGORIES
from quartet.core.faults import Malformed
from quartet.core.ids import MemberId
from quartet.core.units import NM_M
from quartet.node.identify.views import (
    Answered,
    Answering,
    Handed,
    IdentityPage,
    IdentityView,
    MovementPage,
    MovementView,
    Offering,
    OfferView,
    Stated,
    Stating,
)
from quartet.node.inforce import called

ANSWERS: Final[tuple[Literal["ACCEPT", "REJECT", "ASK"], ...]] = ("ACCEPT", "REJECT", "ASK")
COLUMNS: Final = ("AIRCRAFT", "FLIGHT", "CATEGORY", "FLAGS", "BASES", "WHERE", "DUE", "STATED BY")
DUE: Final = {
    "COMPARING": "comparing",
    "WAITING": "ask at {ask}",
    "ASK": "ASK control or the neighbour",
    "INFORM": "INFORM the authority",
    "INFORMED": "authority informed",
    "DONE": "-",
    "NOT_DUE": "-",
}
NO_SPACES: Final = (
    "no airspace is named in the settings (identify.airspaces): nothing enters, so nothing is due of any aircraft"
)

Aircraft = Annotated[
    str, typer.Argument(metavar="AIRCRAFT", help="Its 24-bit address, its Flight ID, or its name in the list.")
]
Tlp = Annotated[str | None, typer.Option(metavar="LABEL", help="Its marking; no default.")]
To = Annotated[list[str] | None, typer.Option(metavar="MEMBERS", help="Who gets it; nobody, unless you say so.")]
Caveats = Annotated[list[str] | None, typer.Option(metavar="WORD", help="EXERCISE, NO_GATEWAY, ...")]

app = Commands(help="Who an aircraft is, by bases and by whose word; and handovers to the next.", no_args_is_help=True)


@app.command("list")
def listed(
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """List the aircraft that concern this member, the most pressing first, and handovers under way.

    Example:

        quartet identify list --dir trial/north
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        page = client.get("/identities", IdentityPage)
    if json:
        say_json(page)
        return
    table(COLUMNS, [_cells(one) for one in page.aircraft])
    if not page.spaces:
        say(NO_SPACES)
    for offer in page.offers:
        say(_offer(offer))


@app.command()
def show(
    aircraft: Aircraft,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Show one aircraft: its bases, its clock, what contradicts it, and what each member states.

    Example:

        quartet identify show 4b1805 --dir trial/north
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        one = client.get("/identities/one", IdentityView, {"key": aircraft})
    say_json(one) if json else _show(one)


@app.command()
def state(
    aircraft: Aircraft,
    tlp: Tlp = None,
    category: Annotated[
        str | None, typer.Option(metavar="WORD", help="identified-civil, unidentified, ...; as computed, unless said.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why, where the bases do not carry it.")] = "",
    control: Annotated[bool, typer.Option("--control", help="Air traffic control said so.")] = False,
    informed: Annotated[str, typer.Option(metavar="WHOM", help="The competent authority was informed: who, how.")] = "",
    minutes: Annotated[int, typer.Option(min=1, max=1440, help="For how long it holds.")] = 60,
    to: To = None,
    caveat: Caveats = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """State who an aircraft is: confirm what is computed, or override it with a reason.

    Examples:

        quartet identify state 4b1805 --control --category identified-civil --tlp AMBER --to east --dir trial/north

        quartet identify state north/t-1f00 --informed "air authority, by phone" --tlp AMBER+STRICT --dir trial/north
    """
    label, members = tlp_word(tlp), words(to)
    body = Stating(
        aircraft=aircraft,
        tlp=label,
        category=None if category is None else one_word("category", category, CATEGORIES),
        reason=reason,
        control=control,
        informed=informed,
        minutes=minutes,
        to=audience(label, members) if members else (),
        caveats=tuple(word.upper() for word in words(caveat)),
    )
    with connect(directory, officer, passphrase_file) as client, hinted(WHY):
        stated = client.post("/identities/statements", body, Stated)
    say_json(stated) if json else say(stated_line(stated, aircraft, body.to))


@app.command()
def offer(
    aircraft: Aircraft,
    to: Annotated[str, typer.Option(metavar="MEMBER", help="The member on the other side of the boundary.")],
    tlp: Tlp = None,
    boundary: Annotated[
        str | None, typer.Option(metavar="NAME", help="Which airspace it enters; as it flies, unless said.")
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="When it crosses: 5m, or 2026-03-01T12:00Z; as it flies, unless said."),
    ] = None,
    plan: Annotated[str | None, typer.Option(metavar="REF", help="Its flight plan, where it may be released.")] = None,
    caveat: Caveats = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Hand an aircraft to the next member, in the ten minutes before it flies over the boundary.

    Example:

        quartet identify offer 4b1805 --to east --tlp AMBER --dir trial/north
    """
    body = Offering(
        aircraft=aircraft,
        to=MemberId(to),
        tlp=tlp_word(tlp),
        boundary=boundary,
        crosses_at=when(at, "--at"),
        plan=plan,
        caveats=tuple(word.upper() for word in words(caveat)),
    )
    with connect(directory, officer, passphrase_file) as client:
        handed = client.post("/identities/offers", body, Handed)
    say_json(handed) if json else say(offered_line(handed, body))


@app.command()
def answer(
    ref: Ref,
    word: Annotated[str, typer.Option(metavar="WORD", help="accept, reject or ask.")],
    text: Annotated[str, typer.Option(help="Why not, or what you ask.")] = "",
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Answer a handover: accept it, which states the aircraft in this member's own name, reject it, or ask.

    Example:

        quartet identify answer N-K7Q-4MX --word accept --dir trial/east
    """
    said = one_word("word", word, ANSWERS)
    if said != "ACCEPT" and not text.strip():
        raise Malformed("bad-form", f"--word {word}: say what you ask, or why not, with --text")
    body = Answering(word=said, text=text)
    with connect(directory, officer, passphrase_file) as client, hinted(ANSWER_WHY):
        answered = client.post(below("/offers", ref, "answers"), body, Answered)
    say_json(answered) if json else say_answered(answered, body.word, ref)


def movements(
    space: Annotated[str | None, typer.Option(metavar="NAME", help="Of this airspace alone.")] = None,
    before: Annotated[str | None, typer.Option(metavar="TIME", help="Before 2h ago, or 2026-03-01T12:00Z.")] = None,
    after: Annotated[str, typer.Option(metavar="CURSOR", help="The next page, as the last one named it.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many at most.")] = 100,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """List who entered and left the airspaces of this member, the newest first.

    Example:

        quartet movements --dir trial/north
    """
    at = past(before, "--before")
    asked = {"limit": limit, "space": space, "before": None if at is None else at.isoformat(), "after": after or None}
    with connect(directory, officer, passphrase_file, purpose) as client:
        page = client.get("/movements", MovementPage, asked)
    if json:
        say_json(page)
        return
    table(
        ("WHEN", "WAY", "AIRSPACE", "AIRCRAFT", "FLIGHT", "WHERE", "METRES", "CATEGORY", "BASES"),
        [_moved(one) for one in page.items],
    )
    if page.next is not None:
        say(f"there are more: --after {page.next}")


def _cells(one: IdentityView) -> tuple[str | Text, ...]:
    where = ", ".join(one.within) or ("-" if one.entry is None else f"{one.entry.space} {utc(one.entry.at)}")
    stated = " ".join(
        called(f"{said.member}:{_stated(said.category, otherwise=said.otherwise)}", exercise=said.exercise)
        for said in one.statements
    )
    return (
        drill_text(one_line(one.id), exercise=one.exercise),
        one.flight_id or "-",
        drill_text(_plain(one.category), exercise=one.said_in_exercise),
        " ".join(one.flags) or "-",
        " ".join(one.bases) or "-",
        where,
        _due(one),
        stated or "-",
    )


def _due(one: IdentityView) -> str:
    return DUE[one.phase].format(ask=utc(one.ask_at))


def _plain(word: str) -> str:
    return word.lower().replace("_", " ")


def _stated(category: str | None, *, otherwise: bool) -> str:
    return "states otherwise" if otherwise or category is None else _plain(category)


def _show(one: IdentityView) -> None:
    facts(
        [
            ("aircraft", drill_text(one_line(one.id), exercise=one.exercise)),
            ("flight", one.flight_id or "-"),
            ("code", one.code or "-"),
            ("category", drill_text(_plain(one.category), exercise=one.said_in_exercise)),
            ("flags", " ".join(one.flags) or "-"),
            ("bases", " ".join(one.bases) or "none"),
            ("plan", one.plan or "-"),
            ("where it says it is", f"verified by {one.verified}" if one.verified else "not verified"),
            ("within", ", ".join(one.within) or "-"),
            ("enters", "-" if one.entry is None else f"{one.entry.space} {utc(one.entry.at)}"),
            ("due", _due(one)),
            ("unidentified at", utc(one.unidentified_at)),
        ]
    )
    for found in one.evidence:
        by = f" by {found.sensor}" if found.sensor else ""
        say(f"{found.sort}{by}: {found.off_m / NM_M:.1f} NM apart, since {utc(found.since)}")
    for said in one.statements:
        why = f": {one_line(said.reason)}" if said.reason else ""
        told = f"; informed {one_line(said.informed)}" if said.informed else ""
        stated = _stated(said.category, otherwise=said.otherwise)
        name = f"{called(said.ref, exercise=said.exercise)} {said.member}/{said.officer}"
        say(f"{name} until {utc(said.valid_to)}: {stated}{why}{told}")


def _offer(offer: OfferView) -> str:
    ref, flight = called(offer.ref, exercise=offer.exercise), offer.flight_id or offer.key
    where = f"{offer.boundary} {utc(offer.crosses_at)}"
    return f"{ref}: {offer.member} offers {flight} to {offer.to} at {where}: {offer.stage}"


def _moved(one: MovementView) -> tuple[str | Text, ...]:
    place = f"{one.lat:.4f},{one.lon:.4f}" + ("" if one.seen else " (not seen)")
    height = "-" if one.alt_m is None else f"{one.alt_m:.0f}"
    bases = " ".join(one.bases) or "-"
    return (
        utc(one.at),
        one.way,
        one.space,
        drill_text(one_line(one.id), exercise=one.exercise),
        one.flight_id or "-",
        place,
        height,
        drill_text(_plain(one.category), exercise=one.said_in_exercise),
        bases,
    )
