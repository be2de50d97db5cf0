"""`deconflict`: notify an activity to a desk, see what meets there, and tell its owners the least."""

import re
from datetime import datetime
from typing import Annotated, Final, Literal

import typer
from rich.text import Text

from quartet.cli.commands import Commands
from quartet.cli.options import As, Dir, Json, Passphrase, Purpose, Ref, connect, when
from quartet.cli.output import say, say_json, table, tlp_text, utc
from quartet.cli.send import one_word, tlp_word
from quartet.core.faults import Malformed
from quartet.core.ids import MemberId
from quartet.desk.cells import Box
from quartet.node.desk.deconflictviews import ActivityView, Deconfliction, Outline, Telling
from quartet.node.views import Published

LABELS: Final[tuple[Literal["AMBER", "AMBER+STRICT"], ...]] = ("AMBER", "AMBER+STRICT")

_BOX: Final = re.compile(r"(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)\Z")
_BAND: Final = re.compile(r"(-?\d+):(-?\d+)\Z")

app = Commands(
    help="Whether activities meet that members notified to one desk; what is notified to none is not checked.",
    no_args_is_help=True,
)


@app.command()
def notify(
    desk: Annotated[str, typer.Option(metavar="MEMBER", help="Whose desk checks it: it alone gets the outline.")],
    box: Annotated[str, typer.Option(metavar="S,W,N,E", help="Where, in degrees; a west above the east passes 180.")],
    height: Annotated[str, typer.Option(metavar="FROM:TO", help="How high, in metres above the sea.")],
    begins: Annotated[str, typer.Option(metavar="TIME", help="From when: 2h, or 2026-03-01T12:00Z.")],
    ends: Annotated[str, typer.Option(metavar="TIME", help="Until when.")],
    contact: Annotated[str, typer.Option(metavar="TEXT", help="How the desk reaches you.")],
    tlp: Annotated[str | None, typer.Option(metavar="LABEL", help="AMBER or AMBER+STRICT; no default.")] = None,
    title: Annotated[str, typer.Option(help="What the desk reads above it.")] = "activity",
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Release the outline of an activity to one desk: the cells of a twentieth of a degree that it has a part in.

    Example:

        quartet deconflict notify --desk west --box 47.0,8.0,47.2,8.3 --height 0:300 --begins 2h --ends 5h --tlp AMBER
    """
    label = one_word("tlp", tlp_word(tlp), LABELS)
    floor, ceiling = map(int, _parts(_BAND, height, "--height", "0:300"))
    told = Outline(
        desk=MemberId(desk),
        tlp=label,
        box=Box(*map(float, _parts(_BOX, box, "--box", "47.0,8.0,47.2,8.3"))),
        floor_m=floor,
        ceiling_m=ceiling,
        begins=_at(begins, "--begins"),
        ends=_at(ends, "--ends"),
        contact=contact,
        title=title,
    )
    with connect(directory, officer, passphrase_file) as client:
        published = client.post("/deconfliction/activities", told, Published)
    say_json(published) if json else say(f"{published.ref}: {desk} alone has the outline")


@app.command("list")
def listed(
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """List activities with what desks told of them, and what meets at this member's desk.

    Example:

        quartet deconflict list --dir trial/west
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        seen = client.get("/deconfliction", Deconfliction)
    if json:
        say_json(seen)
        return
    head = ("REF", "TLP", "OF", "DESK", "FROM", "UNTIL", "METRES", "CELLS", "CONFLICTS")
    table(head, [_cells(one) for one in seen.activities])
    for one in seen.activities:
        for told in one.conflicts:
            span = f"{utc(told.begins)} to {utc(told.ends)}"
            say(f"{one.ref}: conflict in {told.cell}, {span}; {told.desk} says: call {told.contact}")
    for met in seen.clashes:
        waits = f"not told yet: {', '.join(met.untold)}" if met.untold else "both know"
        span = f"{utc(met.begins)} to {utc(met.ends)}"
        say(f"{met.first} of {met.members[0]} meets {met.second} of {met.members[1]} in {met.cell}, {span}; {waits}")


def _cells(one: ActivityView) -> tuple[str | Text, ...]:
    where = one.cells[0] + (f" +{len(one.cells) - 1}" if len(one.cells) > 1 else "")
    band = f"{one.floor_m}:{one.ceiling_m}"
    told = str(len(one.conflicts) or "-")
    return (one.ref, tlp_text(one.tlp), one.member, one.desk, utc(one.begins), utc(one.ends), band, where, told)


@app.command()
def tell(
    first: Ref,
    second: Annotated[str, typer.Argument(metavar="REF", help="The other activity.")],
    contact: Annotated[str, typer.Option(metavar="TEXT", help="Whom the owners are to call at this desk.")],
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Tell the owners of two activities that meet: a cell, a time, and whom to call; and nothing of each other.

    Example:

        quartet deconflict tell N-K7Q-4MX E-P2R-7QA --contact "air desk, 04 56" --dir trial/west
    """
    with connect(directory, officer, passphrase_file) as client:
        sent = client.post("/deconfliction/conflicts", Telling(first, second, contact), list[Published])
    say_json(sent) if json else say(", ".join(one.ref for one in sent) or "both knew already")


def _at(text: str, option: str) -> datetime:
    found = when(text, option)
    if found is None:
        raise Malformed("bad-time", f"{option}: write 2h, 7d or 2026-03-01T12:00Z")
    return found


def _parts(pattern: re.Pattern[str], text: str, option: str, example: str) -> tuple[str, ...]:
    found = pattern.match(text)
    if found is None:
        raise Malformed("bad-form", f"{option} {text}: write it as {example}")
    return found.groups()
