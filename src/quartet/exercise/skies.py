"""Replay real aircraft over Switzerland as four members' sensors saw them, at the speed at which they flew.

python -m quartet.exercise.skies EXCHANGE

Each member hears what is near its own receiver, and the circles overlap; north's radar sees its part once more, in
range and azimuth. Whom each tells is its own to say: nobody tells west, which sees what it hears itself. What is
replayed bears the time of the replay, because it is shown as happening now; the feeds say EXERCISE.

In the demo they are sensors of the nodes' settings, which have health, a turn and coverage.
"""

import argparse
import asyncio
import gzip
import json
import os
import sys
import time
from bisect import bisect_right
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, Final

import httpx

from quartet.console.proof import Request, sign_request
from quartet.core.encoding import encode
from quartet.core.ids import Micros
from quartet.core.units import FOOT_M, KNOT_MPS
from quartet.exercise.plan import DUTY
from quartet.exercise.receivers import STATIONS, Seen, Station, aerials, measured, stations
from quartet.exercise.recording import skies_path
from quartet.node.folder import MemberFolder
from quartet.node.officerkey import read_officer_key
from quartet.node.plots import Plots
from quartet.node.settings import load_member
from quartet.node.vault import open_vault
from quartet.node.views import FeedDraft, Sighting

BEGINS_MS: Final = 1_533_123_000_000
"""From when on it is replayed: 1 August 2018, 11:30 UTC, some 40 aircraft at once; after its end from its start."""
HELD_MS: Final = 30_000
"""For so long an aircraft that is not heard any more flies on."""
HEARD_EVERY_S: Final = 5
PATIENCE_S: Final = 30


class Sensor:
    """A member's officer at her socket: opens feeds, and hands over what is seen."""

    def __init__(self, folder: MemberFolder) -> None:
        self._key = read_officer_key(open_vault(folder.officer_key(DUTY.name)))
        once = httpx.Limits(max_keepalive_connections=0)  # the node ends an idle connection as the next second speaks
        transport = httpx.HTTPTransport(uds=str(folder.path(load_member(folder).api.socket)), limits=once)
        self._client = httpx.Client(transport=transport, base_url="http://node", timeout=PATIENCE_S)

    def post(self, target: str, body: object) -> Any:
        """Ask with the officer's proof, and return the answer."""
        content = encode(body)
        now = Micros(time.time_ns() // 1000)
        proof = sign_request(Request("POST", target, content), DUTY.name, self._key, now, os.urandom(16))
        headers = {"Content-Type": "application/json", **proof}
        return self._client.post(target, content=content, headers=headers).raise_for_status().json()


async def begin_skies(root: Path) -> asyncio.subprocess.Process:
    """Begin the replay in a process of its own: what moves on the maps for as long as the demo stays up."""
    words = ("-m", "quartet.exercise.skies", str(root))
    quiet = asyncio.subprocess.DEVNULL
    return await asyncio.create_subprocess_exec(sys.executable, *words, stdin=quiet, stdout=quiet)


class Ears:
    """One member's receiver and radar, and feeds that she opens for them where the settings name no such sensors."""

    def __init__(self, root: Path, station: Station) -> None:
        self._station = station
        self._sensor = Sensor(MemberFolder(root / station.member))
        self._dice = Random(station.member)  # noqa: S311 - noise of a drill's radar
        self._heard = self._open(station.titles[0], "ads-b")
        self._seen = self._open(station.titles[1], "air") if station.radar is not None else None

    def tell(self, seen: Sequence[Seen], at: datetime) -> None:
        """Tell the node what is near enough of one moment."""
        near = self._station.near(seen)
        if near:
            self._say(f"/feeds/{self._heard}/sightings", [_sighting(one, at) for one in near])

    def sweep(self, seen: Sequence[Seen], second: float, at: datetime) -> None:
        """Tell what the radar passed in the second before `at`, if there is one."""
        radar = self._station.radar
        if radar is None or self._seen is None:
            return
        plots = [plot for one in seen if (plot := measured(radar, one, second, at, self._dice)) is not None]
        if plots:
            self._say(f"/feeds/{self._seen}/plots", Plots(radar=tuple(plots), stands=(radar,)))

    def _say(self, target: str, seen: object) -> None:
        """Hand over what was seen; where the node does not answer, the next second is newer anyway."""
        with suppress(httpx.TransportError):
            self._sensor.post(target, seen)

    def _open(self, title: str, sensor: str) -> str:
        draft = FeedDraft(tlp="GREEN", to=self._station.to, title=title, sensor=sensor, caveats=("EXERCISE",))
        return str(self._sensor.post("/feeds", draft)["id"])


def replay(root: Path, members: tuple[Station, ...]) -> None:
    """Say of each second what was seen in it when its time comes, and begin again at the end.

    It is said to the sensors of the settings, and of who has none of these there, in feeds that are opened for it.
    """
    day = Day.read(skies_path())
    ears = [aerials(root, station) or Ears(root, station) for station in members]
    began = time.monotonic()
    for second in count():
        time.sleep(max(0.0, began + second - time.monotonic()))
        at = datetime.now(UTC)
        flying = day.flying(second)
        for one in ears:
            if second % HEARD_EVERY_S == 0:
                one.tell(flying, at)
            one.sweep(flying, float(second), at)


class Day:
    """Where all aircraft of the recording were, each by its own times."""

    def __init__(self, tracks: dict[str, list[dict[str, Any]]]) -> None:
        self._tracks = tracks
        times = [row["timestamp"] for rows in tracks.values() for row in rows]
        self._first, self._span = min(times), max(times) - min(times) + HELD_MS

    @classmethod
    def read(cls, path: Path) -> "Day":
        """Read the recording."""
        tracks: dict[str, list[dict[str, Any]]] = {}
        for one in json.loads(gzip.decompress(path.read_bytes())):
            if one["latitude"] is not None and one["longitude"] is not None:
                tracks.setdefault(one["icao24"], []).append(one)
        for rows in tracks.values():
            rows.sort(key=lambda row: row["timestamp"])
        return cls(tracks)

    @property
    def aircraft(self) -> int:
        """How many aircraft there are."""
        return len(self._tracks)

    def flying(self, second: float) -> list[Seen]:
        """Return where who flies is so many seconds after the replay began; between two rows of it straight on."""
        moment = self._first + (BEGINS_MS - self._first + second * 1000) % self._span
        found = (self._at(name, rows, moment) for name, rows in self._tracks.items())
        return [one for one in found if one is not None]

    def _at(self, name: str, rows: list[dict[str, Any]], moment: float) -> Seen | None:
        after = bisect_right(rows, moment, key=lambda row: row["timestamp"])
        if after == 0 or moment - rows[after - 1]["timestamp"] >= HELD_MS:
            return None
        one = rows[after - 1]
        lat, lon = one["latitude"], one["longitude"]
        if after < len(rows) and rows[after]["timestamp"] - one["timestamp"] < HELD_MS:
            other = rows[after]
            part = (moment - one["timestamp"]) / (other["timestamp"] - one["timestamp"])
            lat += part * (other["latitude"] - lat)
            lon += part * (other["longitude"] - lon)
        height, speed = one["altitude"], one["groundspeed"]
        return Seen(
            name,
            lat,
            lon,
            None if height is None else height * FOOT_M,
            None if speed is None else speed * KNOT_MPS,
            one["track"],
        )


def _sighting(one: Seen, at: datetime) -> Sighting:
    return Sighting(
        id=one.icao24,
        lat=one.lat,
        lon=one.lon,
        at=at,
        alt_m=one.alt_m,
        speed_mps=one.speed_mps,
        track_deg=one.track_deg,
    )


def main() -> None:
    """Replay until ended from outside."""
    parser = argparse.ArgumentParser(prog="quartet.exercise.skies")
    parser.add_argument("exchange", type=Path)
    root = parser.parse_args().exchange
    there = {one.member for one in STATIONS if (root / one.member).is_dir()}
    with suppress(KeyboardInterrupt):  # whoever ends the demo ends us too
        replay(root, stations(there))


if __name__ == "__main__":
    main()
