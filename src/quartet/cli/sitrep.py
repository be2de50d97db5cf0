"""`sitrep`: one situation report, rendered for each audience; looked at first, and published exactly so."""

import tomllib
from typing import Annotated, Final

import msgspec
import typer

from quartet.cli.commands import Commands
from quartet.cli.options import As, Dir, Json, Passphrase, Purpose, Ref, below, connect
from quartet.cli.output import facts, say, say_json, screen, table, tlp_text, utc
from quartet.cli.send import read_text
from quartet.core.faults import Malformed
from quartet.core.reasons import Reason, explain
from quartet.node.desk.situationviews import (
    LeftOut,
    Rendering,
    Renderings,
    Reported,
    SentReport,
    SituationPage,
    SituationRow,
    SituationView,
    WholeReport,
)
from quartet.node.views import MAX_PAGE, Basis

WITHDRAWN: Final = "BASIS WITHDRAWN"
File = Annotated[str, typer.Argument(metavar="FILE", help="The whole report, as TOML or JSON; - reads standard input.")]

app = Commands(
    help="Situation reports: one text, rendered for each audience from what it may have.", no_args_is_help=True
)


@app.command("list")
def listed(
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """List situation reports, the newest first, and whether what each rests on still stands.

    Example:

        quartet sitrep list --dir trial/east
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        page = client.get("/sitreps", SituationPage, {"limit": MAX_PAGE})
    if json:
        say_json(page.items)
        return
    head = ("REF", "TLP", "FROM", "CUT-OFF", "STANDS", "TITLE")
    table(head, [(r.ref, tlp_text(r.tlp), r.author, utc(r.cut_off), _stands(r), r.title) for r in page.items])


@app.command()
def show(
    ref: Ref,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Show a situation report, and of each part what it rests on and whether that still stands.

    Example:

        quartet sitrep show N-K7Q-4MX --dir trial/east
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        one = client.get(below("/sitreps", ref), SituationView)
    say_json(one) if json else _show(one)


@app.command()
def render(
    file: File,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Show what each audience would read, and why it would not read the rest; nothing is signed or sent.

    Example:

        quartet sitrep render today.toml --dir trial/north
    """
    report = _read(file)
    with connect(directory, officer, passphrase_file, purpose) as client:
        found = client.post("/sitreps/renderings", report, Renderings)
    if json:
        say_json(found)
        return
    for one in found.renderings:
        _rendered(one)
    say(f"to publish exactly this: quartet sitrep send {file} --seen {found.seen}")


@app.command()
def send(
    file: File,
    seen: Annotated[str, typer.Option(metavar="HASH", help="What `render` showed: only that is published.")],
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Publish a situation report, one item for each audience, exactly as `render` showed it.

    Example:

        quartet sitrep send today.toml --seen q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA --dir trial/north
    """
    report = _read(file)
    try:
        reported = msgspec.convert({"report": report, "seen": seen}, Reported)
    except msgspec.ValidationError as error:
        raise Malformed("sitrep-changed", "--seen is the hash that quartet sitrep render shows") from error
    with connect(directory, officer, passphrase_file, purpose) as client:
        sent = client.post("/sitreps", reported, list[SentReport])
    if json:
        say_json(sent)
        return
    for one in sent:
        say(f"{one.ref}  {_to(one.to)}")


def _read(file: str) -> WholeReport:
    text = read_text(file)
    try:
        given = msgspec.json.decode(text) if text.lstrip().startswith("{") else tomllib.loads(text)
        return msgspec.convert(given, WholeReport)
    except (msgspec.MsgspecError, tomllib.TOMLDecodeError) as error:
        raise Malformed("bad-form", f"{file}: {error}") from error


def _rendered(one: Rendering) -> None:
    out = screen()
    if one.parts:
        out.print(tlp_text(one.tlp))
    facts([("for", _to(one.to)), ("title", one.title), ("contains", ", ".join(one.contains) or "-")])
    facts([("cites", ", ".join(one.cites) or "-")])
    say(f"\n{one.text or 'NOTHING: no part of it may go to all of them.'}\n")
    for left in one.left_out:
        say(f"left out: {_why(left)}")
    say("")


def _why(left: LeftOut) -> str:
    wording = f" (wording {left.wording})" if left.wording > 1 else ""
    source = f", for {left.source}" if left.source else ""
    return f"part {left.part}{wording}{source}: {left.member}: {left.reason}. {_explained(left.reason)}"


def _explained(reason: str) -> str:
    return explain(Reason(reason)) if reason in set(Reason) else ""


def _to(to: tuple[str, ...]) -> str:
    return ", ".join(to) or "this member alone"


def _stands(row: SituationRow) -> str:
    return WITHDRAWN if row.withdrawn else "stands"


def _show(one: SituationView) -> None:
    row = one.row
    screen().print(tlp_text(row.tlp))
    facts(
        [
            ("ref", row.ref),
            ("from", f"{row.author}/{row.officer}"),
            ("title", row.title),
            ("cut-off", utc(row.cut_off)),
            ("stands", _stands(row)),
        ]
    )
    say(f"\n{one.text.rstrip()}\n")
    for part in one.parts:
        if part.rests_on:
            say(f"part {part.number} rests on {', '.join(map(_basis, part.rests_on))}")
    for other in one.others:
        say(f"rendered too: {other.ref}  {_to(other.to)}")


def _basis(one: Basis) -> str:
    return (
        (one.ref or one.id) + (f" of {one.member}" if one.member else "") + (f" {WITHDRAWN}" if one.withdrawn else "")
    )
