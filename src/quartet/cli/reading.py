"""`inbox`, `search`, `show`, `why`, `receipts`: what this officer may see, and what became of an item."""

from pathlib import Path
from typing import Annotated, Any, Final, get_args

import msgspec
import typer
from rich.text import Text

from quartet.cli.attach import save
from quartet.cli.client import Client
from quartet.cli.eventview import report_of, show_events
from quartet.cli.options import As, Dir, Json, Passphrase, Purpose, Ref, connect, item
from quartet.cli.outcome import Exit
from quartet.cli.output import drill_text, facts, say, say_json, screen, size_text, table, tlp_text, utc
from quartet.core.marking import Marking
from quartet.core.statement import Precedence
from quartet.node.searchviews import Search
from quartet.node.views import MAX_PAGE, OnRecord, Page, Receipts, Row, Shown, Why, moment

URGENCY: Final[tuple[str, ...]] = get_args(Precedence)
DEFAULT_ROWS: Final = 100
_COLUMNS: Final = ("REF", "TLP", "PRECEDENCE", "FROM", "AT", "KIND", "TITLE")


def inbox(
    kind: Annotated[str | None, typer.Option(help="Only items of this kind.")] = None,
    author: Annotated[str | None, typer.Option(metavar="MEMBER", help="Only items of this member.")] = None,
    search: Annotated[str | None, typer.Option(metavar="TEXT", help="Only items in which this text stands.")] = None,
    query: Annotated[
        str | None,
        typer.Option(metavar="LINE", help="Only what fits, as in: tlp:red from:east flash since:2h has:file dam."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="The newest so many (default: 100; all with --json).")
    ] = None,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """List what this officer may see, most urgent first.

    Examples:

        quartet inbox --dir trial/east

        quartet inbox --dir trial/east --author north --search "Dam 3" --json

        quartet inbox --dir trial/east --query 'from:north flash since:2h "Dam 3"'
    """
    most = limit or (None if json else DEFAULT_ROWS)
    with connect(directory, officer, passphrase_file, purpose) as client:
        rows, more = _rows(client, {"kind": kind, "author": author, "text": search, "q": query}, most)
    rows.sort(key=_urgency)
    if json:
        say_json(rows)
        return
    table(_COLUMNS, [_cells(row) for row in rows])
    if more:
        say(f"older items are not shown: --limit {2 * len(rows)} shows more")


def search(
    line: Annotated[list[str], typer.Argument(metavar="WORDS", help="As in: from:east since:7d dam.")],
    limit: Annotated[int, typer.Option(min=1, max=MAX_PAGE, help="Show the best so many.")] = 20,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Search what this officer may see, in any script, the best first.

    Examples:

        quartet search dam --dir trial/east

        quartet search from:north since:7d السد --dir trial/east --json
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        found = client.get("/search", Search, {"q": " ".join(line), "limit": limit})
    if json:
        say_json(found)
        return
    table(_COLUMNS, [_cells(row) for row in found.hits])
    say(f"{found.count}{' and more' if found.more else ''} found; {len(found.hits)} shown")
    if found.suggestions:
        say("also said there: " + ", ".join(found.suggestions))


def show(
    ref: Ref,
    into: Annotated[Path | None, typer.Option("--save", metavar="FOLDER", help="Write its files there.")] = None,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Show one item whole, with where it comes from and its place on the record.

    Examples:

        quartet show N-K7Q-4MX --dir trial/east

        quartet show N-K7Q-4MX --dir trial/east --save photos
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        shown = client.get(item(ref), Shown)
        saved = save(client, shown, into, quiet=json) if into else []
    if json:
        say_json(shown)
        return
    _show(shown)
    for path in saved:
        say(f"saved {path}")


def why(
    ref: Ref,
    member: Annotated[str, typer.Argument(metavar="MEMBER", help="The member to ask about.")],
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Tell why a member has an item or not (exit 1); for its author's and controllers' side.

    Example:

        quartet why N-K7Q-4MX west --dir trial/north
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        answer = client.get(item(ref, "why", member), Why)
    if json:
        say_json(answer)
    else:
        since = f" since {utc(answer.at)}" if answer.at else ""
        say(f"{answer.member} {'has' if answer.has else 'does not have'} {ref}{since}: {answer.reason}")
    if not answer.has:
        raise typer.Exit(Exit.NO)


def receipts(
    ref: Ref,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Tell who has an item, who purged it, and who still owes (exit 1 while anyone does).

    Example:

        quartet receipts N-K7Q-4MX --dir trial/north
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        answer = client.get(item(ref, "receipts"), Receipts)
    if json:
        say_json(answer)
    else:
        show_receipts(answer)
    if answer.owed:
        raise typer.Exit(Exit.NO)


def show_receipts(answer: Receipts) -> None:
    """Write who has, who purged, who owes."""
    members = sorted({*answer.delivered, *answer.purged, *answer.owed, *answer.unreachable})
    table(
        ("MEMBER", "DELIVERED", "PURGED", "OWES"),
        [(m, utc(answer.delivered.get(m)), utc(answer.purged.get(m)), _owes(answer, m)) for m in members],
    )
    if answer.owed:
        say("who owes a purge destroys it once the delay of the charter has passed, and signs for that")
    for person, at in sorted(answer.viewed.items()):
        say(f"viewed by {person} at {utc(at)}")


def _owes(answer: Receipts, member: Any) -> str:
    if member in answer.unreachable:
        return "unreachable"
    return "a purge" if member in answer.owed else "-"


def _rows(client: Client, query: dict[str, str | None], most: int | None) -> tuple[list[Row], bool]:
    rows: list[Row] = []
    after: str | None = ""
    while after is not None and (most is None or len(rows) < most):
        size = MAX_PAGE if most is None else min(MAX_PAGE, most - len(rows))
        page = client.get("/items", Page, {**query, "newest": True, "after": after, "limit": size})
        rows += page.items
        after = page.next
    return rows, after is not None


def _urgency(row: Row) -> tuple[int, float]:
    place = URGENCY.index(row.precedence) if row.precedence in URGENCY else len(URGENCY)
    return place, -row.at.timestamp()


def _cells(row: Row) -> tuple[str | Text, ...]:
    title = f"RECALLED: {row.title}" if row.recalled else f"CORRECTED: {row.title}" if row.corrected else row.title
    title = drill_text(title, exercise=row.exercise)
    return row.ref, tlp_text(row.tlp), row.precedence, row.author, utc(row.at), row.kind, title


def _show(shown: Shown) -> None:
    out = screen()
    out.print(tlp_text(shown.tlp))
    if shown.exercise:
        out.print(Text("EXERCISE: of an exercise, or made of what is", style="bold"))
    if shown.recalled:
        out.print(Text("RECALLED: kept as evidence, not to be used", style="bold"))
    for newer in shown.provenance.superseded_by:
        out.print(Text(f"CORRECTED: read {newer.ref or newer.id} in its place", style="bold"))
    facts([*_head(shown), *_marks(shown.marking), *_origin(shown)])
    report = report_of(shown.kind, shown.body)
    if report is not None:
        show_events(report)
    say(f"\n{_text(shown.body).rstrip()}")


def _head(shown: Shown) -> list[tuple[str, str]]:
    return [
        ("ref", shown.ref),
        ("title", shown.title),
        ("from", f"{shown.author}/{shown.provenance.officer}"),
        ("at", utc(shown.at) + (" (clock unsure)" if shown.provenance.clock == "UNSURE" else "")),
        ("kind", shown.kind),
        ("precedence", shown.precedence),
        ("on record", _record(shown.on_record)),
    ]


def _record(record: OnRecord) -> str:
    since = f" since {utc(record.at)}" if record.at else ""
    whole = "fully witnessed" if record.n and record.k == record.n else f"{record.k} of {record.n} witnesses"
    if record.absent:
        whole = f"{record.k} of {record.n} witnesses, {', '.join(record.absent)} declared absent"
    return f"{whole}{since}"


def _marks(marking: Marking) -> list[tuple[str, str]]:
    pairs = [("to", ", ".join(marking.named) or "nobody else")]
    if marking.persons_named:
        pairs.append(("persons", ", ".join(marking.persons_named)))
    if isinstance(marking.purposes, tuple):
        pairs.append(("only for", ", ".join(marking.purposes)))
    pairs.append(("onward", marking.onward_word))
    pairs.append(("mode", marking.mode_word))
    if marking.caveat_words:
        pairs.append(("caveats", ", ".join(marking.caveat_words)))
    if marking.held:
        pairs.append(("hold", "yes: evidence"))
    if marking.expiry is not None:
        pairs.append(("expires", utc(moment(marking.expiry))))
    return pairs


def _origin(shown: Shown) -> list[tuple[str, str]]:
    source = shown.provenance
    pairs = [("signed by", f"key {source.key_id[:8]}" + (", asserted by the officer" if source.asserted else ""))]
    pairs += [("contains", _basis(b.ref or b.id, b.member, withdrawn=b.withdrawn)) for b in source.contains]
    pairs += [("corrects", _basis(b.ref or b.id, b.member, withdrawn=b.withdrawn)) for b in source.corrects]
    pairs += [("cites", _basis(b.ref or b.id, b.member, withdrawn=b.withdrawn)) for b in source.cites]
    pairs += [("attached", f"{one.name}, {size_text(one.size)}") for one in shown.attachments]
    return pairs


def _basis(name: str, member: str | None, *, withdrawn: bool) -> str:
    return name + (f" of {member}" if member else "") + (" (basis withdrawn)" if withdrawn else "")


def _text(body: Any) -> str:
    if isinstance(body, dict) and isinstance(body.get("text"), str):
        return str(body["text"])
    return msgspec.json.format(msgspec.json.encode(body)).decode()
