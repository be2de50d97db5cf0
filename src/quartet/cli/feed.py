"""`feed`: a recording replayed as this member's sensor. The command decodes, the node signs and shares.

The recording's own times pace it; what is sent bears the time of the replay, because it is shown as happening now.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import Progress, TaskID

from quartet.cli.client import Client
from quartet.cli.identity import member_folder
from quartet.cli.options import As, Dir, Json, Passphrase, connect, words
from quartet.cli.output import progress, say, say_json
from quartet.cli.send import audience, tlp_word
from quartet.console.shapes import Taken
from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, ItemId
from quartet.node.folder import MemberFolder
from quartet.node.settings import load_member
from quartet.node.views import MAX_SIGHTINGS, FeedDraft, Published, Sighting
from quartet.picture.plot import Plot

BLOCK: Final = 64 * 1024
FLUSH_SECONDS: Final = 0.5
MODES: Final = "modes"


class Fed(Value, frozen=True):
    """What a replay sent, and what its reader refused by reason."""

    id: ItemId
    ref: str
    frames: int
    sightings: int
    refused: dict[str, int]


def feed(
    file: Annotated[Path, typer.Argument(metavar="FILE", readable=False, help="The recording.")],
    format_: Annotated[str, typer.Option("--format", help="What it is a recording of: modes.")] = MODES,
    tlp: Annotated[str | None, typer.Option(metavar="LABEL", help="Its marking; no default.")] = None,
    to: Annotated[list[str] | None, typer.Option(metavar="MEMBERS", help="Who sees the tracks: east,south.")] = None,
    speed: Annotated[str, typer.Option(metavar="max|N", help="As fast as it goes, or N times real time.")] = "1",
    reference: Annotated[
        str | None, typer.Option(metavar="LAT,LON", help="Where the sensor stands (default: as the settings say).")
    ] = None,
    title: Annotated[str | None, typer.Option(help="What the feed is called.")] = None,
    caveat: Annotated[list[str] | None, typer.Option(metavar="WORD", help="EXERCISE, NO_GATEWAY, ...")] = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Replay a recording as this member's sensor.

    Examples:

        quartet feed --format modes flight.jsonl --tlp GREEN --to east,south --dir trial/north

        quartet feed flight.csv --tlp GREEN --to east --speed max --reference 49.01,2.55
    """
    if format_ != MODES:
        raise Malformed("unknown-format", f"--format {format_}: this version reads {MODES}")
    label = tlp_word(tlp)
    draft = FeedDraft(
        tlp=label,
        to=audience(label, words(to)),
        title=title or f"Mode S, {file.name}",
        sensor=MODES,
        caveats=tuple(word.upper() for word in words(caveat)),
    )
    pace = _pace(speed)
    replay = Replay(file, place(member_folder(directory), reference), pace)
    with connect(directory, officer, passphrase_file) as client, progress(quiet=json) as bar:
        fed = replay.run(client, draft, bar, bar.add_task(file.name, total=replay.size))
    if json:
        say_json(fed)
        return
    refused = ", ".join(f"{count} {reason}" for reason, count in sorted(fed.refused.items())) or "none"
    say(f"{fed.ref}: {fed.sightings} sightings from {fed.frames} frames, refused: {refused}")


class Replay:
    """One recording on its way to the node, paced by its own times."""

    def __init__(self, path: Path, reference: tuple[float, float], pace: float | None) -> None:
        """Open nothing yet; `pace` is how many recorded seconds pass in one, None for no pause at all."""
        from quartet.sensors.modes import ModeS

        try:
            self.size = path.stat().st_size
        except OSError as error:
            raise Malformed("no-file", f"{path}: {error.strerror}; name a recording that you can read") from error
        self._path = path
        self._pace = pace
        self._reader = ModeS(MODES, reference)
        self._began: tuple[datetime, int] | None = None

    def run(self, client: Client, draft: FeedDraft, bar: Progress, task: TaskID) -> Fed:
        """Begin the feed at the first plot, send all that follow, and tell what was sent."""
        published: Published | None = None
        sent = 0
        for batch in self._batches(bar, task):
            published = published or client.post("/feeds", draft, Published)
            sent += client.post(f"/feeds/{published.id}/sightings", batch, Taken).taken
        if published is None:
            raise Malformed("no-plots", f"{self._path} holds no position that could be placed: check --reference")
        counts = self._reader.counts
        return Fed(published.id, published.ref, counts.taken, sent, dict(counts.refused))

    def _batches(self, bar: Progress, task: TaskID) -> Iterator[list[Sighting]]:
        batch: list[Sighting] = []
        flushed = time.monotonic()
        for plot in self._plots(bar, task):
            at = self._at(plot)
            wait = 0.0 if self._pace is None else (at - datetime.now(UTC)).total_seconds()
            due = wait > 0 and time.monotonic() - flushed >= FLUSH_SECONDS
            if batch and (len(batch) >= MAX_SIGHTINGS or wait > FLUSH_SECONDS or due):
                yield batch
                batch, flushed = [], time.monotonic()
            if wait > 0:
                time.sleep(wait)
            batch.append(_sighting(plot, at))
        if batch:
            yield batch

    def _plots(self, bar: Progress, task: TaskID) -> Iterator[Plot]:
        try:
            with self._path.open("rb") as source:
                for block in iter(lambda: source.read(BLOCK), b""):
                    yield from self._reader.read(block)
                    bar.advance(task, len(block))
            yield from self._reader.close()
        except OSError as error:
            raise Malformed("no-file", f"{self._path}: {error.strerror}; name a recording that you can read") from error
        except Malformed as fault:
            raise Malformed(fault.reason, f"{self._path}: {fault.detail}; name a recording of Mode S frames") from fault

    def _at(self, plot: Plot) -> datetime:
        now = datetime.now(UTC)
        if self._pace is None:
            return now
        if self._began is None:
            self._began = (now, plot.at)
        began, first = self._began
        return began + timedelta(seconds=(plot.at - first) / SECOND / self._pace)


def place(folder: MemberFolder, given: str | None) -> tuple[float, float]:
    """Return where the sensor stands: as given, else as the settings say of the member's first Mode S sensor."""
    if given is not None:
        return _place(given)
    for sensor in load_member(folder).sensors:
        if sensor.format == MODES:
            return sensor.lat, sensor.lon
    raise Malformed("no-reference", "say where the sensor stands with --reference LAT,LON, or set [[sensors]]")


def _place(text: str) -> tuple[float, float]:
    try:
        lat, lon = (float(part) for part in text.split(","))
    except ValueError as error:
        raise Malformed("bad-reference", f"--reference {text}: write it as 49.01,2.55") from error
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise Malformed("bad-reference", f"--reference {text}: latitude is within 90, longitude within 180")
    return lat, lon


def _pace(text: str) -> float | None:
    if text == "max":
        return None
    try:
        pace = float(text)
    except ValueError as error:
        raise Malformed("bad-speed", f"--speed {text}: write max, or how many times real time") from error
    if not 0.01 <= pace <= 10_000:
        raise Malformed("bad-speed", f"--speed {text}: between 0.01 and 10000, or max")
    return pace


def _sighting(plot: Plot, at: datetime) -> Sighting:
    return Sighting(
        id=plot.name,
        lat=plot.lat,
        lon=plot.lon,
        at=at,
        alt_m=plot.alt_m,
        speed_mps=plot.speed_mps,
        track_deg=plot.track_deg,
        accuracy_m=plot.accuracy_m,
    )
