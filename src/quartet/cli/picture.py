"""`picture`: the tracks that this officer may see: now, at a time, as they move, or the way of one of them."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

import typer

from quartet.cli.client import Client
from quartet.cli.options import As, Dir, Json, Passphrase, Purpose, connect, past
from quartet.cli.output import one_line, say, say_json, table, utc
from quartet.cli.sky import SORTS, View
from quartet.cli.watching import watch
from quartet.core.faults import Malformed
from quartet.node.inforce import DRILL, is_drill
from quartet.node.pastviews import TrackHistory, TrackPoint
from quartet.node.statusviews import Status
from quartet.node.trackviews import TrackView

COLUMNS: Final = (
    "TRACK",
    "LATITUDE",
    "LONGITUDE",
    "ALTITUDE m",
    "SPEED m/s",
    "TRACK deg",
    "AT",
    "FROM",
    "WITHIN m",
    "STATE",
)
POINTS: Final = COLUMNS[1:-2]


def picture(
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help="As it was then: 10m ago, or 2026-03-01T12:00Z.")
    ] = None,
    track: Annotated[str | None, typer.Option(metavar="ID", help="The way of one track, point by point.")] = None,
    source: Annotated[str | None, typer.Option("--from", metavar="MEMBER", help="With --track: as he saw it.")] = None,
    minutes: Annotated[int, typer.Option(min=1, max=60, help="With --track: how far back.")] = 10,
    live: Annotated[bool, typer.Option("--watch", help="Stay, and show it as it moves; q leaves.")] = False,
    center: Annotated[
        str | None, typer.Option(metavar="LAT,LON", help="With --watch: where the plan looks (default: at the tracks).")
    ] = None,
    range_nm: Annotated[
        float | None,
        typer.Option("--range", metavar="NM", min=0.5, max=12_000, help="With --watch: how far its last ring is."),
    ] = None,
    sort: Annotated[
        str, typer.Option(metavar="WORD", help="With --watch: by track, age, height, speed or distance.")
    ] = SORTS[0],
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Show the tracks that this officer may see, now or then.

    Examples:

        quartet picture --dir trial/east

        quartet picture --dir trial/east --at 10m

        quartet picture --dir trial/east --track 4b1805 --minutes 30

        quartet picture --dir trial/east --watch --center 47.45,8.55 --range 80
    """
    if live and (json or at or track):
        raise Malformed("watch-alone", "--watch shows what is now to a person: leave out --json, --at and --track")
    if sort not in SORTS:
        raise Malformed("unknown-sort", f"--sort {sort}: one of {', '.join(SORTS)}")
    view = View(None if center is None else place(center), range_nm, sort)
    then = past(at, "--at")
    with connect(directory, officer, passphrase_file, purpose) as client:
        if live:
            status = client.get("/status", Status)
            watch(status.member, view, lambda: _tracks(client), _ahead(status.at))
        elif track is not None:
            _way(client, {"track": track, "source": source, "minutes": minutes, "at": _spelt(then)}, json=json)
        else:
            _once(_tracks(client, then), json=json)


def place(text: str) -> tuple[float, float]:
    """Return the latitude and longitude that `47.45,8.55` means; raise `Malformed("bad-center")`."""
    try:
        lat, lon = (float(part) for part in text.split(","))
    except ValueError as error:
        raise Malformed("bad-center", f"--center {text}: write it as 47.45,8.55") from error
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise Malformed("bad-center", f"--center {text}: latitude is within 90, longitude within 180")
    return lat, lon


def _once(tracks: list[TrackView], *, json: bool) -> None:
    if json:
        say_json(tracks)
    else:
        table(COLUMNS, [_cells(track) for track in tracks])
        _hint(tracks)


def _way(client: Client, asked: dict[str, Any], *, json: bool) -> None:
    told = client.get("/picture/history", TrackHistory, asked)
    if json:
        say_json(told)
        return
    say(f"{one_line(told.id)} from {utc(told.since)} to {utc(told.until)}, a point in {told.step_s} s at most")
    table(POINTS, [_row(point) for point in told.points])


def _tracks(client: Client, at: datetime | None = None) -> list[TrackView]:
    return client.get("/picture", list[TrackView], {"at": _spelt(at)})


def _spelt(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _ahead(at: datetime) -> timedelta:
    """Return how far the node's clock is ahead of this machine's: in a drill it may be."""
    return at - datetime.now(UTC)


def _hint(tracks: list[TrackView]) -> None:
    """Say what the words mean, where there are any but the first; and how many fly in an exercise alone."""
    if drills := sum(is_drill(track.id) for track in tracks):
        say(f"EXERCISE: {drills} of {len(tracks)} tracks, named {DRILL}/..., are of an exercise and fly in it alone.")
    if any(track.state != "measured" for track in tracks):
        say("extrapolated: not seen for 12 s; old: not for 24 s. Places are as of AT.")


def _cells(track: TrackView) -> tuple[str, ...]:
    return one_line(track.id), *_row(track), _number(track.accuracy_m), track.state


def _row(point: TrackView | TrackPoint) -> tuple[str, ...]:
    """Return a track, or a point of its way, without its name."""
    return (
        f"{point.lat:.5f}",
        f"{point.lon:.5f}",
        _number(point.alt_m),
        _number(point.speed_mps),
        _number(point.track_deg),
        utc(point.at),
        _from(point),
    )


def _from(point: TrackView | TrackPoint) -> str:
    """Return whose it is: of a mover all whose tracks are in it, the one that placed it best first."""
    return " ".join(point.members) if isinstance(point, TrackView) else point.source


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"
