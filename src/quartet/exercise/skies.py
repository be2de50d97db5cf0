"""Replay real aircraft over Switzerland as four members' sensors saw them, at the speed at which they flew.

python -m quartet.exercise.skies EXCHANGE

Each member hears what is near its own receiver, and the circles overlap; north's radar sees its part once more, in
range and azimuth. Whom each tells is its own to say: nobody tells west, which sees what it hears itself. What is
replayed bears the time of the replay, because it is shown as happening now; the feeds say EXERCISE.
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
from typing import Any, Final, NamedTuple

import httpx

from quartet.console.proof import Request, sign_request
from quartet.core.encoding import encode
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.units import FOOT_M, KNOT_MPS
from quartet.exercise.plan import DUTY
from quartet.exercise.recording import skies_path
from quartet.node.folder import MemberFolder
from quartet.node.officerkey import read_officer_key
from quartet.node.plots import Plots
from quartet.node.settings import load_member
from quartet.node.vault import open_vault
from quartet.node.views import FeedDraft, Sighting
from quartet.picture.geodesy import distance_m
from quartet.picture.plane import Place, polar
from quartet.picture.plot import RadarPlot
from quartet.picture.radar import Radar

BEGINS_MS: Final = 1_533_123_000_000
"""From when on it is replayed: 1 August 2018, 11:30 UTC, some 40 aircraft at once; after its end from its start."""
HELD_MS: Final = 30_000
"""For so long an aircraft that is not heard any more flies on."""
HEARD_EVERY_S: Final = 5
PATIENCE_S: Final = 30
REACH_M: Final = 140_000.0
"""How far a receiver hears, and the radar sees: the horizon of what flies 1,200 m high."""


class Seen(NamedTuple):
    """An aircraft of the recording at one moment, in degrees, metres and metres a second."""

    icao24: str
    lat: float
    lon: float
    alt_m: float | None
    speed_mps: float | None
    track_deg: float | None


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


class Station(NamedTuple):
    """A member's receiver: where it stands, to whom what it hears goes, and whether a radar stands beside it."""

    member: MemberId
    lat: float
    lon: float
    to: tuple[MemberId, ...]
    radar: Radar | None = None

    @property
    def titles(self) -> tuple[str, ...]:
        """What its feeds are called: of the receiver, and of the radar if there is one."""
        heard, seen = f"Aircraft heard by {self.member}", f"Aircraft seen by the radar of {self.member}"
        return (heard,) if self.radar is None else (heard, seen)


NORTH, EAST, SOUTH, WEST = (MemberId(name) for name in ("north", "east", "south", "west"))
STATIONS: Final = (
    Station(NORTH, 47.45, 8.56, (EAST, SOUTH), Radar(name="radar", lat=47.45, lon=8.56, height_m=450.0, period_s=4.0)),
    Station(EAST, 46.85, 9.53, (NORTH, SOUTH)),
    Station(SOUTH, 46.00, 8.96, (NORTH, EAST)),
    Station(WEST, 46.24, 6.11, (NORTH, EAST, SOUTH)),
)
"""One in each corner of the country."""


def stations(members: set[MemberId]) -> tuple[Station, ...]:
    """Return the receivers of those members that there are; each tells others that there are."""
    return tuple(
        one._replace(to=tuple(member for member in one.to if member in members))
        for one in STATIONS
        if one.member in members
    )


async def begin_skies(root: Path) -> asyncio.subprocess.Process:
    """Begin the replay in a process of its own: what moves on the maps for as long as the demo stays up."""
    words = ("-m", "quartet.exercise.skies", str(root))
    quiet = asyncio.subprocess.DEVNULL
    return await asyncio.create_subprocess_exec(sys.executable, *words, stdin=quiet, stdout=quiet)


class Ears:
    """One member's receiver and radar, and their feeds at its node."""

    def __init__(self, root: Path, station: Station) -> None:
        self._station = station
        self._sensor = Sensor(MemberFolder(root / station.member))
        self._dice = Random(station.member)  # noqa: S311 - noise of a drill's radar
        self._heard = self._open(station.titles[0], "ads-b")
        self._seen = self._open(station.titles[1], "air") if station.radar is not None else None

    def tell(self, seen: Sequence[Seen], at: datetime) -> None:
        """Tell the node what is near enough of one moment."""
        near = [one for one in seen if distance_m((one.lat, one.lon), self._stands) <= REACH_M]
        if near:
            self._say(f"/feeds/{self._heard}/sightings", [_sighting(one, at) for one in near])

    def sweep(self, seen: Sequence[Seen], second: float, at: datetime) -> None:
        """Tell what the radar passed in the second before `at`, if there is one."""
        radar = self._station.radar
        if radar is None or self._seen is None:
            return
        plots = [plot for one in seen if (plot := self._measured(radar, one, second, at)) is not None]
        if plots:
            self._say(f"/feeds/{self._seen}/plots", Plots(radar=tuple(plots), stands=(radar,)))

    def _say(self, target: str, seen: object) -> None:
        """Hand over what was seen; where the node does not answer, the next second is newer anyway."""
        with suppress(httpx.TransportError):
            self._sensor.post(target, seen)

    @property
    def _stands(self) -> tuple[float, float]:
        return self._station.lat, self._station.lon

    def _open(self, title: str, sensor: str) -> str:
        draft = FeedDraft(tlp="GREEN", to=self._station.to, title=title, sensor=sensor, caveats=("EXERCISE",))
        return str(self._sensor.post("/feeds", draft)["id"])

    def _measured(self, radar: Radar, one: Seen, second: float, at: datetime) -> RadarPlot | None:
        """Return what the radar measures of an aircraft if its beam passed it in the last second, and saw it."""
        found = polar(Place(radar.lat, radar.lon, radar.height_m), Place(one.lat, one.lon, one.alt_m or 0.0))
        ago = (second % radar.turn_s - found.azimuth_deg / 360 * radar.turn_s) % radar.turn_s
        if ago >= 1.0 or found.range_m > REACH_M or self._dice.random() > radar.detects:
            return None
        return RadarPlot(
            at=Micros(round(at.timestamp() * SECOND) - round(ago * SECOND)),
            sensor=radar.name,
            range_m=max(0.0, found.range_m + self._dice.gauss(0, radar.sigma_range_m)),
            azimuth_deg=(found.azimuth_deg + self._dice.gauss(0, radar.sigma_azimuth_deg)) % 360,
            seen="SSR",
            alt_m=one.alt_m,
        )


def replay(root: Path, members: tuple[Station, ...]) -> None:
    """Open the feeds, and say of each second what was seen in it when its time comes; begin again at the end."""
    day = Day.read(skies_path())
    ears = [Ears(root, station) for station in members]
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
