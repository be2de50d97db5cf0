"""`roster`: who is on watch, who relieves her, and when nobody is planned; and a new plan."""

from datetime import datetime
from typing import Annotated

import typer
from msgspec import structs

from quartet.cli.client import Client
from quartet.cli.options import As, Dir, Json, Passphrase, Purpose, connect, when, words
from quartet.cli.output import say, say_json, table, tlp_text
from quartet.cli.rosterfile import in_order, read_roster, read_turn
from quartet.cli.send import read_text
from quartet.core.faults import Malformed
from quartet.core.ids import MemberId
from quartet.node.desk.rosterviews import HoleView, PlanView, RosterDraft, RosterView, TurnView
from quartet.node.views import Published


def roster(
    write: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Plan what a CSV or JSON file says; - reads standard input."),
    ] = None,
    turn: Annotated[
        list[str] | None,
        typer.Option(metavar="SINCE,UNTIL,NAME[,ROLE,PHONES]", help="Plan this turn; as a line of the file."),
    ] = None,
    begins: Annotated[
        str | None, typer.Option(metavar="TIME", help="From when the plan counts (default: its first turn).")
    ] = None,
    ends: Annotated[
        str | None, typer.Option(metavar="TIME", help="Until when it counts (default: the end of its last turn).")
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option(metavar="MEMBERS", help="Who is told besides this member: - is nobody (default: as before)."),
    ] = None,
    whole: Annotated[bool, typer.Option("--whole", help="Show all that is planned, not seven days.")] = False,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Tell who is on watch, until when, who relieves her, and when nobody is planned; or plan it anew.

    Examples:

        quartet roster --dir trial/north

        quartet roster --write december.csv --dir trial/north

        quartet roster --turn "2026-12-31T22:00Z,06:00Z,Officer 2,duty officer,+41 58 000 00 18" --dir trial/north
    """
    draft = _draft(write, turn or [], begins, ends, to)
    with connect(directory, officer, passphrase_file, purpose) as client:
        if draft is None:
            seen = client.get("/roster", RosterView)
            say_json(seen) if json else _show(seen, whole=whole)
            return
        _plan(client, draft, json=json)


def _draft(
    write: str | None, turns: list[str], begins: str | None, ends: str | None, to: list[str] | None
) -> RosterDraft | None:
    """Return what is to be planned; None where nothing is, and the plan is only to be shown."""
    if write is None and not turns and begins is None and ends is None:
        if to is not None:
            raise Malformed("bad-roster", "--to: say what to plan with --write or --turn")
        return None
    if write is not None and turns:
        raise Malformed("bad-roster", "--write and --turn: say the turns in one of them")
    made = read_roster(read_text(write), write) if write else RosterDraft(turns=in_order(list(map(read_turn, turns))))
    return structs.replace(
        made,
        begins=when(begins, "--begins") or made.begins,
        ends=when(ends, "--ends") or made.ends,
        to=None if to is None else tuple(MemberId(name) for name in words(to) if name != "-"),
    )


def _plan(client: Client, draft: RosterDraft, *, json: bool) -> None:
    published = client.post("/roster", draft, Published)
    if json:
        say_json(published)
        return
    own = client.get("/roster", RosterView).plans[0]
    count = len(draft.turns)
    say(f"{published.ref}: plans {count} turn{'' if count == 1 else 's'}, for {_whom(own)}")
    for line in _holes(own):
        say(line)


def _whom(plan: PlanView) -> str:
    return ", ".join((f"the officers of {plan.member}", *plan.to)) + ("" if plan.to else " alone")


def _show(seen: RosterView, *, whole: bool) -> None:
    for plan in seen.plans:
        say(f"{plan.member}: {'; '.join((_now(plan), _next(plan), *_holes(plan)))}")
    shown = [(plan.member, one) for plan in seen.plans for one in plan.turns if whole or one.since < seen.until]
    if shown:
        say("")
        head = ("MEMBER", "FROM", "UNTIL", "NAME", "ROLE", "PHONES", "REF", "TLP")
        table(head, [(member, *_cells(one), tlp_text(one.tlp)) for member, one in shown])


def _cells(one: TurnView) -> tuple[str, ...]:
    return _at(one.since), _at(one.until), one.name or "NOBODY", one.role, ", ".join(one.phones), one.ref


def _now(plan: PlanView) -> str:
    """Say who is on watch, or who should be: what was planned is not what somebody took."""
    watch, due = plan.watch, plan.now
    if watch is not None and not watch.over:
        other = f" (planned: {due.name})" if due is not None and due.name != watch.name else ""
        return f"{watch.name} on watch until {_at(watch.until)}{_phones(watch.phones)}{other}"
    if due is not None:
        return f"{due.name} planned until {_at(due.until)}{_phones(due.phones)}, has not taken the watch"
    return "NOBODY on watch"


def _next(plan: PlanView) -> str:
    if plan.next is None:
        return "nobody planned to relieve" if plan.turns else "no roster"
    return f"then {plan.next.name} from {_at(plan.next.since)}{_phones(plan.next.phones)}"


def _holes(plan: PlanView) -> list[str]:
    return [f"NOBODY is planned {_span(one)}" for one in plan.holes]


def _span(one: HoleView) -> str:
    return f"from {_at(one.since)}" + (" on" if one.until is None else f" to {_at(one.until)}")


def _phones(phones: tuple[str, ...]) -> str:
    return f" [{', '.join(phones)}]" if phones else ""


def _at(at: datetime) -> str:
    return f"{at:%a %Y-%m-%d %H:%M}Z"
