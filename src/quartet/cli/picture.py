"""`picture` and `feed`: the tracks that this officer may see, and a recording replayed as this member's sensor."""

import time
from datetime import datetime
from typing import Annotated, Final

import typer
from rich.live import Live
from rich.table import Table

from quartet.cli.client import Client
from quartet.cli.options import As, Dir, Json, Passphrase, Purpose, connect, when
from quartet.cli.output import one_line, say_json, screen, table, utc
from quartet.core.faults import Malformed
from quartet.node.trackviews import TrackView

WATCH_SECONDS: Final = 1.0
COLUMNS: Final = ("TRACK", "LATITUDE", "LONGITUDE", "ALTITUDE m", "SPEED m/s", "TRACK deg", "AT", "WITHIN m", "FROM")


def picture(
    at: Annotated[str | None, typer.Option(metavar="TIME", help="As it was then (UTC).")] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Stay, and show it anew each second.")] = False,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Show the tracks that this officer may see now.

    Examples:

        quartet picture --dir trial/east

        quartet picture --dir trial/east --watch
    """
    if watch and (json or at):
        raise Malformed("watch-alone", "--watch shows what is now to a person: leave out --json and --at")
    with connect(directory, officer, passphrase_file, purpose) as client:
        if watch:
            _watch(client)
            return
        tracks = _tracks(client, when(at, "--at"))
    if json:
        say_json(tracks)
    else:
        table(COLUMNS, [_cells(track) for track in tracks])


def _tracks(client: Client, at: datetime | None = None) -> list[TrackView]:
    params = {"at": at.isoformat()} if at else None
    return client.get("/picture", list[TrackView], params)


def _watch(client: Client) -> None:
    with Live(console=screen(), auto_refresh=False, screen=False) as live:
        while True:
            live.update(_drawn(_tracks(client)), refresh=True)
            time.sleep(WATCH_SECONDS)


def _drawn(tracks: list[TrackView]) -> Table:
    made = Table(*COLUMNS, box=None, pad_edge=False)
    for track in tracks:
        made.add_row(*(one_line(cell) for cell in _cells(track)))
    return made


def _cells(track: TrackView) -> tuple[str, ...]:
    return (
        track.id,
        f"{track.lat:.5f}",
        f"{track.lon:.5f}",
        _number(track.alt_m),
        _number(track.speed_mps),
        _number(track.track_deg),
        utc(track.at),
        _number(track.accuracy_m),
        _from(track),
    )


def _from(track: TrackView) -> str:
    """Return whose tracks are in it, first the one that placed it best."""
    return " ".join(dict.fromkeys((track.source, *(part.source for part in track.parts))))


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"
