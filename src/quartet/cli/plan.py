"""`plan`: flight plans out of a file, each an item under a marking; and which are in force."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final

import typer
from msgspec import to_builtins
from rich.text import Text

from quartet.cli.client import Client
from quartet.cli.commands import Commands
from quartet.cli.identity import member_folder
from quartet.cli.options import As, Dir, Json, Passphrase, Purpose, connect, words
from quartet.cli.outcome import Exit
from quartet.cli.output import complain, drill_text, one_line, progress, say, say_json, table, tlp_text, utc
from quartet.cli.send import audience, tlp_word
from quartet.core.encoding import Value
from quartet.core.faults import Fault
from quartet.core.ids import MemberId
from quartet.core.marking import TlpWord
from quartet.desk.flightplan import FlightPlan
from quartet.node.files import read_file
from quartet.node.identify.views import FlightPlanView
from quartet.node.settings import load_member
from quartet.node.statusviews import Status
from quartet.node.views import Draft, Published, micros, moment
from quartet.sensors.plans.points import MAX_FILE as MAX_POINTS
from quartet.sensors.plans.points import read_points
from quartet.sensors.plans.reader import MAX_FILE, read_plans
from quartet.sensors.plans.route import Points

NOT_ITS_TIME: Final = "bad-form"
"""With what word the node refuses one plan of a file and would take the next: its flight is over, or a week away."""
MAX_TOLD: Final = 20
"""Of how many that the node refuses it is said which they are."""
KEPT: Final = timedelta(hours=24)
"""How long a plan is kept after its flight."""

app = Commands(help="Flight plans: ICAO FPL messages or a table, under a marking.", no_args_is_help=True)


class Filed(Value, frozen=True):
    """What `plan file` did: the references, how many plans were refused, by reason, and of the first of these why."""

    refs: tuple[str, ...]
    refused: dict[str, int]
    unplaced: tuple[str, ...]
    faults: tuple[str, ...] = ()


@app.command("file")
def file_(
    file: Annotated[Path, typer.Argument(metavar="FILE", readable=False, help="FPL messages, or a table (CSV).")],
    tlp: Annotated[str | None, typer.Option(metavar="LABEL", help="Their marking; no default.")] = None,
    to: Annotated[list[str] | None, typer.Option(metavar="MEMBERS", help="Who gets them; nobody, unless said.")] = None,
    caveat: Annotated[list[str] | None, typer.Option(metavar="WORD", help="EXERCISE, NO_GATEWAY, ...")] = None,
    points: Annotated[
        Path | None,
        typer.Option(metavar="FILE", readable=False, help="Where the points of routes are (default: as settings say)."),
    ] = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """File the flight plans in a file: each is an item of its own, and gone a day after its flight.

    Of those that cannot be read it says the line, the flight and the field, of those that are over or a week away the
    flight; the others are filed, and it exits with 2.

    Examples:

        quartet plan file plans.txt --tlp AMBER --dir trial/north

        quartet plan file plans.csv --tlp AMBER --to east --points points.csv --dir trial/north
    """
    label, members = tlp_word(tlp), words(to)
    to_whom = audience(label, members) if members else ()
    caveats = tuple(word.upper() for word in words(caveat))
    known = _points(directory, points)
    data = read_file(file, MAX_FILE)
    with connect(directory, officer, passphrase_file) as client:
        now = micros(client.get("/status", Status).at)
        read = read_plans(data, known, now)
        drafts = [_draft(plan, label, to_whom, caveats) for plan in read.plans]
        refs, late = _sent(client, drafts, quiet=json)
    unplaced = sorted({point.name for plan in read.plans for point in plan.points if point.lat is None})
    refused = Counter(read.refused) + Counter({NOT_ITS_TIME: len(late)})
    done = Filed(tuple(refs), dict(refused), tuple(unplaced), (*read.faults, *late[:MAX_TOLD]))
    if json:
        say_json(done)
    else:
        _told(done)
    if refused:
        raise typer.Exit(Exit.USAGE)


def _told(done: Filed) -> None:
    """Say what was filed, and of what was not which it was and why."""
    refused = ", ".join(f"{count} {reason}" for reason, count in sorted(done.refused.items())) or "none"
    say(f"{len(done.refs)} plans filed, refused: {refused}")
    for fault in done.faults:
        complain(one_line(fault))
    if done.unplaced:
        say(f"no place is known of {', '.join(done.unplaced)}: see --points")


@app.command("list")
def listed(
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """List the flight plans in force that this officer may see.

    Example:

        quartet plan list --dir trial/north
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        found = client.get("/plans", list[FlightPlanView])
    if json:
        say_json(found)
        return
    head = ("REF", "TLP", "BY", "FLIGHT", "FROM", "OFF BLOCK", "TO", "ADDRESS", "CODE", "SORT", "WITHOUT A PLACE")
    table(head, [_cells(one) for one in found])


def _cells(one: FlightPlanView) -> tuple[str | Text, ...]:
    return (
        one.ref,
        tlp_text(one.tlp),
        one.member,
        drill_text(one.flight_id, exercise=one.exercise),
        one.origin,
        utc(one.off_block),
        one.destination,
        one.address or "-",
        one.code or "-",
        one.sort.lower(),
        " ".join(one.unplaced) or "-",
    )


def _draft(plan: FlightPlan, tlp: TlpWord, to: tuple[MemberId, ...], caveats: tuple[str, ...]) -> Draft:
    form = {name: value for name, value in to_builtins(plan).items() if value is not None}
    return Draft(
        kind="flight-plan",
        tlp=tlp,
        title=f"{plan.flight_id} {plan.origin}-{plan.destination}",
        text="",
        to=to,
        caveats=caveats,
        expires=moment(plan.ends) + KEPT,
        form=form,
    )


def _sent(client: Client, drafts: list[Draft], *, quiet: bool) -> tuple[list[str], list[str]]:
    """File plans; return their references, and what the node says of each that it does not take.

    What ends the whole - nobody may file, the node is gone - is raised once it is said which were filed.
    """
    refs: list[str] = []
    late: list[str] = []
    with progress(quiet=quiet) as bar:
        task = bar.add_task("flight plans", total=len(drafts))
        for draft in drafts:
            try:
                refs.append(client.post("/items", draft, Published).ref)
            except Fault as fault:
                if fault.reason != NOT_ITS_TIME:
                    _tell_filed(refs)
                    raise
                late.append(f"{draft.title}: {fault.detail}")
            bar.advance(task)
    return refs, late


def _tell_filed(refs: list[str]) -> None:
    if refs:
        complain(f"{len(refs)} were filed before this, the last as {refs[-1]}: leave them out when you file the rest")


def _points(directory: Path | None, given: Path | None) -> Points:
    if given is not None:
        return read_points(read_file(given, MAX_POINTS))
    folder = member_folder(directory)
    named = load_member(folder).identify.points
    return {} if named is None else read_points(read_file(folder.path(named), MAX_POINTS))
