"""`notify`: tell parties where a hospital, an aid post or a convoy is; each says that it knows, and nobody permits."""

from typing import Annotated, Final, Literal

import msgspec
import typer
from rich.text import Text

from quartet.cli.client import Client
from quartet.cli.commands import Commands
from quartet.cli.options import As, Dir, Json, Passphrase, Purpose, Ref, below, connect, item, when, words
from quartet.cli.outcome import Refusal
from quartet.cli.output import one_line, say, say_json, table, tlp_text, utc
from quartet.cli.send import one_word, read_text, tlp_word
from quartet.cli.warnread import circles, polygons
from quartet.core.faults import Fault, Malformed
from quartet.core.ids import MemberId
from quartet.desk.notification import Notified, is_short
from quartet.node.desk.notificationviews import KnownDraft, NotificationDraft, NotificationView
from quartet.node.desk.warningviews import AreaView
from quartet.node.views import Moment, Published, Shown, micros

SORTS: Final[tuple[Literal["SITE", "MOVEMENT"], ...]] = ("SITE", "MOVEMENT")
app = Commands(
    help="Humanitarian notification. An acknowledgement is never an approval; absence changes no protection in law.",
    no_args_is_help=True,
)


@app.command("send")
def send(
    parties: Annotated[list[str], typer.Option(metavar="MEMBERS", help="Who is to know: east,south.")],
    what: Annotated[str, typer.Option(help="What it is: a field hospital, a convoy of four lorries.")],
    area: Annotated[str, typer.Option(help="Where, in words.")],
    begins: Annotated[str, typer.Option(metavar="TIME", help="From when: 48h ahead is best.")],
    ends: Annotated[str, typer.Option(metavar="TIME", help="Until when.")],
    contact: Annotated[str, typer.Option(help="Whom to call, at any hour.")],
    tlp: Annotated[str | None, typer.Option(metavar="LABEL", help="The label; no default.")] = None,
    movement: Annotated[bool, typer.Option("--movement", help="It moves: name its places in order.")] = False,
    circle: Annotated[list[str] | None, typer.Option(metavar="LAT,LON,METRES", help="47.0,8.5,300")] = None,
    polygon: Annotated[list[str] | None, typer.Option(metavar="LAT,LON ...", help="Its outline.")] = None,
    replaces: Annotated[str | None, typer.Option(metavar="REF", help="The notification whose place it takes.")] = None,
    text: Annotated[str | None, typer.Option(metavar="FILE", help="More, in words; - reads standard input.")] = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Notify a site or a movement to its parties alone: it passes on to nobody, and by no door.

    Example:

        quartet notify send --parties east --what "Field hospital" --area "Old school" --circle 47.0,8.5,200
            --begins 48h --ends 30d --contact "04 56" --tlp AMBER+STRICT
    """
    told = NotificationDraft(
        sort="MOVEMENT" if movement else "SITE",
        what=what,
        areas=(AreaView(area, polygons(polygon or []), circles(circle or [])),),
        begins=_time(begins, "--begins"),
        ends=_time(ends, "--ends"),
        contact=contact,
        parties=tuple(MemberId(name) for name in words(parties)),
        tlp=one_word("tlp", tlp_word(tlp), ("RED", "AMBER+STRICT", "AMBER", "GREEN")),
        text="" if text is None else read_text(text),
        previous=replaces,
    )
    with connect(directory, officer, passphrase_file) as client:
        published = client.post("/notifications", told, Published)
        if json:
            say_json(published)
            return
        instead = f" in the place of {replaces}" if replaces else ""
        say(f"{published.ref}: {', '.join(told.parties)} and nobody else is told of {one_line(what)!r}{instead}")
        _tell_lateness(client, published.ref)
    say("see who has said that they know of it: quartet notify list; that is never an approval")


@app.command("list")
def listed(
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """List notifications, and which party has said that it knows.

    Example:

        quartet notify list --dir trial/east
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        found = client.get("/notifications", list[NotificationView])
    if json:
        say_json(found)
        return
    table(("REF", "TLP", "BY", "WHAT", "WHERE", "BEGINS", "UNTIL", "KNOW", "HAVE NOT SAID SO"), map(_cells, found))
    say("An acknowledgement is never an approval.")


@app.command("ack")
def ack(
    ref: Ref,
    text: Annotated[str, typer.Option(help="A remark that goes with it.")] = "",
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Say that this member knows of a notification, and nothing else.

    Example:

        quartet notify ack N-K7Q-4MX --dir trial/east
    """
    with connect(directory, officer, passphrase_file) as client:
        published = client.post(below("/notifications", ref, "acknowledgement"), KnownDraft(text), Published)
    done = f"{published.ref}: you said that this member knows of {ref}; that is never an approval"
    say_json(published) if json else say(done)


def _tell_lateness(client: Client, ref: str) -> None:
    """Say that a notification which went is late, if it is; or that the node does not tell that now: it went."""
    try:
        late = _is_late(client.get(item(ref), Shown))
    except (Fault, Refusal):
        say("it went; whether it is LATE, less than 48 hours ahead, the node does not tell now: quartet notify list")
        return
    if late:
        say("it is LATE, less than the 48 hours ahead that are best: it is given all the same, and every list says so")


def _is_late(shown: Shown) -> bool:
    """Return whether every list says so of a notification: by the date that its node gave it, not by this clock."""
    return is_short(msgspec.convert(shown.body["form"], Notified), micros(shown.at))


def _time(text: str, option: str) -> Moment:
    found = when(text, option)
    if found is None:
        raise Malformed("bad-time", f"{option}: write 48h, 7d or 2026-03-01T12:00Z")
    return found


def _cells(one: NotificationView) -> tuple[str | Text, ...]:
    until = "REPLACED, without you" if one.dropped else utc(one.ends)
    until = f"REPLACED by {one.followed_by}" if one.followed_by else until
    where = "; ".join(area.name for area in one.areas)
    knows = ", ".join(member.member for member in one.knows) or "-"
    missing = ", ".join(one.missing) or "-"
    begins = f"{utc(one.begins)}{', LATE' if one.short_notice else ''}"
    return one.ref, tlp_text(one.tlp), one.author, one.what, where, begins, until, knows, missing
