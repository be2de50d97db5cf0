"""`demo`, `new-exchange`, `up`, `serve`, `status`: make an exchange, run it, look at it."""

from pathlib import Path
from typing import Annotated

import typer

from quartet.cli.identity import member_folder
from quartet.cli.options import As, Dir, Json, Passphrase, connect, words
from quartet.cli.output import facts, one_line, progress, say, say_json, size_text, table, utc
from quartet.core.cover import COVER_OFF
from quartet.core.faults import Malformed
from quartet.node.directwords import why_not_direct
from quartet.node.statusviews import Indexed, LinkState, Status
from quartet.wire.carrier import Way

UNITS = ((86_400, "days"), (3_600, "hours"), (60, "minutes"), (1, "seconds"))

Exchange = Annotated[Path, typer.Argument(metavar="DIR", readable=False, help="The folder of the exchange.")]


def demo(
    seconds: Annotated[
        float | None,
        typer.Option(
            "--for",
            metavar="S",
            min=0,
            help="End so many seconds after it began, but not before the story is told, which takes about a minute "
            "(default: stay up until Ctrl-C).",
        ),
    ] = None,
    browser: Annotated[bool, typer.Option("--open", help="Open the four consoles in your browser.")] = False,
    json: Json = False,
) -> None:
    """Tell the story: four members on this machine, one cut off, one item taken back, all verified.

    Examples:

        quartet demo

        quartet demo --open

        quartet demo --for 60 --json
    """
    from quartet.exercise.demo import demo as tell

    tell(seconds=seconds, json=json, browser=browser)


def new_exchange(
    directory: Exchange,
    members: Annotated[str, typer.Option(metavar="NAMES", help="Its members.")] = "north,east,south,west",
    hubs: Annotated[int, typer.Option(min=1, max=2, help="How many hubs.")] = 1,
    tick: Annotated[float, typer.Option(metavar="S", help="How long a tick of the logs is.")] = 1.0,
    recall_delay: Annotated[float, typer.Option(metavar="S", help="When a recalled item is destroyed.")] = 86_400.0,
    cover: Annotated[
        str,
        typer.Option(
            metavar="NAME", help="Hide from hubs when and how much is said: narrow, medium or wide; off shows it."
        ),
    ] = "off",
    direct: Annotated[
        list[str] | None,
        typer.Option(metavar="A=B", help="A direct link, beside the hubs: A listens, B connects. Each pair once."),
    ] = None,
    json: Json = False,
) -> None:
    """Make a trial exchange, ready to start: keys, charter signed by all, settings, hub. The folder must be empty.

    Examples:

        quartet new-exchange trial --members north,east,south,west

        quartet new-exchange trial --recall-delay 60

        quartet new-exchange trial --cover narrow
        quartet new-exchange trial --direct north=east
    """
    from quartet.exercise.setup import new_exchange as make

    names, pairs = words([members]), [_pair(one) for one in direct or ()]
    with progress(quiet=json) as bar:
        task = bar.add_task("keys", total=None)

        def tell(made: str, done: int, of: int) -> None:
            bar.update(task, description=made, completed=done, total=of)

        made = make(
            directory,
            names,
            tick_s=tick,
            recall_delay_s=recall_delay,
            hubs=hubs,
            cover=cover,
            direct=pairs,
            progress=tell,
        )
    if json:
        say_json({"dir": str(directory), "members": names, "exchange": made})
    else:
        say(f"TRIAL exchange in {directory}: the passphrases lie beside the keys, so use it for trials only")
        say(f"start it with: quartet up {directory}")


def _pair(text: str) -> tuple[str, str]:
    one, equals, other = text.partition("=")
    if not (one and equals and other):
        raise Malformed("bad-direct", f"{text!r}: two members of the exchange, say north=east")
    return one, other


def up(
    directory: Exchange,
    supervise: Annotated[bool, typer.Option("--supervise", help="Start again what ends.")] = False,
) -> None:
    """Run an exchange in the foreground, a process a member and hub; prints `ready` once all serve.

    Example:

        quartet up trial
    """
    from quartet.exercise.up import up as run

    run(directory, supervise=supervise)


def serve(directory: Dir = None, passphrase_file: Passphrase = None) -> None:
    """Run one member's node, or one hub, in the foreground.

    Example:

        quartet serve --dir trial/north
    """
    from quartet.serve import serve as run

    run(member_folder(directory).root, passphrase_file)


def status(directory: Dir = None, officer: As = None, passphrase_file: Passphrase = None, json: Json = False) -> None:
    """Tell how a node is: links, lags, logs, alarms, versions.

    Example:

        quartet status --dir trial/north
    """
    with connect(directory, officer, passphrase_file) as client:
        answer = client.get("/status", Status)
    if json:
        say_json(answer)
        return
    facts(
        [
            ("member", answer.member + (" (TRIAL)" if answer.trial else "")),
            ("exchange", f"{answer.name} {answer.exchange[:8]}, after {answer.epoch} acts"),
            ("time", f"{utc(answer.at)}, clock {answer.clock}"),
            *([] if answer.items is None else [("items", str(answer.items))]),
            *([] if answer.words is None else [("words", _words(answer.words))]),
            *([] if answer.cover == COVER_OFF else [("cover", f"{answer.cover}: one parcel of one size each tick")]),
            ("version", answer.version),
        ]
    )
    say("")
    table(("LINK", "STATE", "BY", "HEARD", "WAITING", "LAG", ""), [_link(link) for link in answer.links])
    say("")
    logs = answer.logs.items()
    table(
        ("LOG", "TICKS", "COSIGNED BY"), [(m, str(one.size), f"{one.cosigners} of {one.witnesses}") for m, one in logs]
    )
    for member, (since, until) in answer.absent.items():
        say(f"{member} is declared absent as a witness from {utc(since)} to {utc(until)}, and is not counted")
    for member, since in answer.silent.items():
        if member not in answer.absent:
            say(f"{member} has cosigned nothing since {utc(since)}: {_without(answer, member)}")
    for port in answer.assist:
        say(f"{port.port.upper()} on: {port.model} at {port.host}, for TLP:{port.tlp} at most")
    for alarm in answer.alarms:
        say(f"ALARM {utc(alarm.at)} {alarm.member or ''} {alarm.reason}: {one_line(alarm.detail)}")


def _without(answer: Status, member: str) -> str:
    """Say what may be done about a witness that is silent."""
    if len(answer.logs) <= 2:
        return "it is the only witness, so that nothing is on record without it"
    return f"call it; all others can go on without it: quartet charter propose absent {member}"


def _words(known: Indexed) -> str:
    rest = "" if known.whole else "; the rest is looked through one by one"
    return f"of {known.items} items, in {size_text(known.size)}{rest}"


def _link(link: LinkState) -> tuple[str, ...]:
    lag = "-" if link.lag_ms is None else f"{link.lag_ms} ms"
    waiting = "-" if link.due is None else str(link.due)
    return (
        link.member,
        link.state,
        _way(link.way),
        utc(link.heard),
        waiting,
        lag,
        "; ".join(
            filter(
                None,
                (link.detail, _behind(link), why_not_direct(link.member, link.way.trouble), _carried(link)),
            )
        ),
    )


def _behind(link: LinkState) -> str:
    """Say how far behind a link is under cover, in the largest unit that is enough."""
    if not link.behind_s:
        return ""
    size, unit = next((one for one in UNITS if link.behind_s >= 2 * one[0]), UNITS[-1])
    return f"about {round(link.behind_s / size)} {unit} behind at the rate of its cover"


def _way(way: Way) -> str:
    """Say how what we send goes to a member now."""
    match way.by:
        case "direct":
            return "directly"
        case "hub":
            return f"over {way.hub}"
        case "none":
            return "by neither" if way.direct else "no hub"


def _carried(link: LinkState) -> str:
    """Say of a link that lives by files when the last one went and came; that is never "up"."""
    if link.carried_out is None and link.carried_in is None:
        return ""
    went = "" if link.carried_out is None else f", last out {utc(link.carried_out)}"
    came = ", nothing came back yet" if link.carried_in is None else f", last in {utc(link.carried_in)}"
    return f"carried{went}{came}"
