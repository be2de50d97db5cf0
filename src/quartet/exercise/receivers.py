"""The receivers and the radar of a demo's members: where each stands, and how it speaks to its node as a live sensor.

Each is named in its member's settings, and speaks as such sensors do: datagrams of ASTERIX, the receivers CAT 021, the
radar CAT 034 and 048. What they say is of a recording that is replayed, so it is marked as simulated, and EXERCISE.
"""

import json
import socket
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from quartet.core.ids import SECOND, MemberId, Micros
from quartet.exercise.asterix import NORTH as NORTH_MARK
from quartet.exercise.asterix import SECTOR, blocks, broadcast_report, radar_message, radar_report
from quartet.exercise.asterix import Station as Speaker
from quartet.exercise.ports import HOST, choose_ports
from quartet.node.folder import MemberFolder
from quartet.node.sensor import Sensor
from quartet.node.settings import load_member
from quartet.picture.geodesy import distance_m
from quartet.picture.plane import Place, polar
from quartet.picture.plot import Plot, RadarPlot
from quartet.picture.radar import Radar
from quartet.sensors.sockets import parse_address

REACH_M: Final = 140_000.0
"""How far a receiver hears, and the radar sees: the horizon of what flies 1,200 m high."""
RECEIVER: Final = "receiver"
SAYS: Final = {RECEIVER: Speaker(25, 200, simulated=True), "radar": Speaker(25, 1, simulated=True)}
"""ASTERIX's numbers of each sensor, by its name."""


class Seen(NamedTuple):
    """An aircraft of the recording at one moment, in degrees, metres and metres a second."""

    icao24: str
    lat: float
    lon: float
    alt_m: float | None
    speed_mps: float | None
    track_deg: float | None


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

    @property
    def sensors(self) -> tuple[str, ...]:
        """What its sensors are called in the settings, in the order of their feeds' titles."""
        return (RECEIVER,) if self.radar is None else (RECEIVER, self.radar.name)

    def near(self, seen: Iterable[Seen]) -> list[Seen]:
        """Return what of all that flies is near enough to be heard."""
        return [one for one in seen if distance_m((one.lat, one.lon), (self.lat, self.lon)) <= REACH_M]


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


def give_sensors(root: Path, members: Iterable[MemberId]) -> None:
    """Name each member's receiver and radar in its settings, each at a port of this machine that is free now."""
    there = stations(set(members))
    ports = iter(choose_ports(sum(len(one.sensors) for one in there)))
    for station in there:
        settings = root / station.member / "settings.toml"
        tables = (
            _table(station, name, title, next(ports))
            for name, title in zip(station.sensors, station.titles, strict=True)
        )
        settings.write_text("\n".join((settings.read_text(), *tables)))


def _table(station: Station, name: str, title: str, port: int) -> str:
    """Spell a sensor of the settings; JSON's strings, numbers and lists are TOML's too."""
    given: dict[str, object] = {
        "name": name,
        "format": "asterix",
        "lat": station.lat,
        "lon": station.lon,
        "address": f"udp://{HOST}:{port}",
        "exercise": True,
        "tlp": "GREEN",
        "to": sorted(station.to),
        "caveats": ("EXERCISE",),
        "title": title,
    }
    if station.radar is not None and name == station.radar.name:
        given |= {"height_m": station.radar.height_m, "rotation_s": station.radar.period_s}
    lines = (f"{key} = {'true' if value is True else json.dumps(value)}" for key, value in given.items())
    return "\n".join(("[[sensors]]", *lines, ""))


class Aerials:
    """One member's receiver and radar, as its node hears them at the addresses of its settings."""

    def __init__(self, station: Station, sensors: Sequence[Sensor]) -> None:
        self._station = station
        self._to = {one.name: parse_address(one.address or "") for one in sensors}
        self._dice = Random(station.member)  # noqa: S311 - noise of a drill's radar

    def tell(self, seen: Sequence[Seen], at: datetime) -> None:
        """Say what is near enough of one moment."""
        said = [broadcast_report(_plot(one, at), SAYS[RECEIVER]) for one in self._station.near(seen)]
        self._say(RECEIVER, blocks(21, said))

    def sweep(self, seen: Sequence[Seen], second: float, at: datetime) -> None:
        """Say where the radar's beam is, and what it passed in the second before `at`, if there is a radar."""
        radar = self._station.radar
        if radar is None:
            return
        who, now, turned = SAYS[radar.name], _micros(at), second % radar.turn_s / radar.turn_s * 360
        marks = [radar_message(SECTOR, now, who, azimuth_deg=turned)]
        if turned == 0:
            marks.insert(0, radar_message(NORTH_MARK, now, who, period_s=radar.turn_s))
        plots = [plot for one in seen if (plot := measured(radar, one, second, at, self._dice)) is not None]
        said = [radar_report(plot, who) for plot in sorted(plots, key=lambda plot: plot.at)]
        self._say(radar.name, [*blocks(34, marks), *blocks(48, said)])

    def _say(self, name: str, datagrams: Iterable[bytes]) -> None:
        where = self._to[name]
        with socket.socket(type=socket.SOCK_DGRAM) as out:
            for data in datagrams:
                out.sendto(data, (where.host, where.port))


def aerials(root: Path, station: Station) -> Aerials | None:
    """Return what a member's sensors of the settings say; None where the settings do not name them."""
    known = [one for one in load_member(MemberFolder(root / station.member)).sensors if one.address is not None]
    return Aerials(station, known) if {one.name for one in known} >= set(station.sensors) else None


def measured(radar: Radar, one: Seen, second: float, at: datetime, dice: Random) -> RadarPlot | None:
    """Return what a radar measures of an aircraft if its beam passed it in the last second, and saw it."""
    found = polar(Place(radar.lat, radar.lon, radar.height_m), Place(one.lat, one.lon, one.alt_m or 0.0))
    ago = (second % radar.turn_s - found.azimuth_deg / 360 * radar.turn_s) % radar.turn_s
    if ago >= 1.0 or found.range_m > REACH_M or dice.random() > radar.detects:
        return None
    return RadarPlot(
        at=Micros(_micros(at) - round(ago * SECOND)),
        sensor=radar.name,
        range_m=max(0.0, found.range_m + dice.gauss(0, radar.sigma_range_m)),
        azimuth_deg=(found.azimuth_deg + dice.gauss(0, radar.sigma_azimuth_deg)) % 360,
        seen="SSR",
        alt_m=one.alt_m,
    )


def _plot(one: Seen, at: datetime) -> Plot:
    """Return what an aircraft tells of itself."""
    return Plot(
        at=_micros(at),
        sensor=RECEIVER,
        icao24=one.icao24,
        lat=one.lat,
        lon=one.lon,
        on_ground=False,
        alt_m=one.alt_m,
        alt_source="BAROMETRIC",
        speed_mps=one.speed_mps,
        track_deg=one.track_deg,
        climb_mps=None,
        callsign=None,
    )


def _micros(at: datetime) -> Micros:
    return Micros(round(at.timestamp() * SECOND))
