"""Recordings of a few aircraft in any edition, as a sensor of that edition would have sent them."""

from math import atan2, degrees, hypot
from random import Random
from typing import NamedTuple

from quartet.core.ids import SECOND, Micros
from quartet.core.units import FOOT_M, NM_M
from quartet.exercise.asterix import (
    SECTOR,
    Station,
    blocks,
    broadcast_report,
    radar_message,
    radar_report,
    record,
    system_track,
    time_of_day,
)
from quartet.picture.plot import Plot, RadarPlot

BEGAN = Micros(1_800_000_000 * SECOND)
SCAN = 4 * SECOND
WE = Station(25, 13)

Recording = list[tuple[Micros, bytes]]
"""When each datagram was received, and its bytes."""


class Mover(NamedTuple):
    """An aircraft that flies straight on."""

    number: int
    lat: float
    lon: float
    east: float
    north: float
    alt_m: float

    def plot(self, at: Micros) -> Plot:
        """Return where it is."""
        seconds = (at - BEGAN) / SECOND
        return Plot(
            at=at,
            sensor="mast",
            icao24=f"{0x4B0000 + self.number:06x}",
            lat=self.lat + self.north * seconds / 111_000,
            lon=self.lon + self.east * seconds / 77_000,
            on_ground=False,
            alt_m=self.alt_m,
            alt_source="BAROMETRIC",
            speed_mps=hypot(self.east, self.north),
            track_deg=degrees(atan2(self.east, self.north)) % 360,
            climb_mps=2.0,
            callsign=f"TEST{self.number}",
            accuracy_m=50.0,
            squawk=f"{self.number % 4096:04o}",
            number=self.number,
        )


def movers(count: int, rng: Random) -> list[Mover]:
    """Return aircraft around 46 north, 7 east."""
    return [
        Mover(
            number,
            46 + rng.uniform(-1, 1),
            7 + rng.uniform(-1, 1),
            rng.uniform(-200, 200),
            rng.uniform(-200, 200),
            rng.uniform(500, 12_000),
        )
        for number in range(1, count + 1)
    ]


def recording(category: int, edition: str, *, count: int = 40, scans: int = 6, seed: int = 1) -> Recording:
    """Return what a sensor of an edition sends of some aircraft, scan by scan."""
    rng = Random(seed)
    flying = movers(count, rng)
    made: Recording = []
    for scan in range(scans):
        begins = BEGAN + scan * SCAN
        records = [_report(category, edition, m, Micros(begins + m.number * 90_000), rng) for m in flying]
        made += [(Micros(begins + SCAN), block) for block in blocks(category, records)]
    return made


def _report(category: int, edition: str, mover: Mover, at: Micros, rng: Random) -> bytes:
    plot = mover.plot(at)
    match category:
        case 48:
            return radar_report(_polar(plot, rng), WE, edition)
        case 34:
            return radar_message(SECTOR, at, WE, azimuth_deg=mover.number * 9 % 360, edition=edition)
        case 62:
            return system_track(plot, (mover.east, mover.north), WE, edition)
        case 21 if edition.startswith("0"):
            return _early_report(plot, edition)
        case _:
            return broadcast_report(plot, WE, edition)


def _polar(plot: Plot, rng: Random) -> RadarPlot:
    return RadarPlot(
        at=plot.at,
        sensor=plot.sensor,
        range_m=rng.uniform(5_000, 300_000),
        azimuth_deg=rng.uniform(0, 359),
        seen="MODE_S+PSR",
        alt_m=plot.alt_m,
        icao24=plot.icao24,
        squawk=plot.squawk,
        callsign=plot.callsign,
        number=plot.number,
    )


def _early_report(plot: Plot, edition: str) -> bytes:
    """Return a report of CAT 021 as it was before edition 1."""
    items = {
        "010": (("SAC", WE.sac), ("SIC", WE.sic)),
        "040": (0, 0, 0, 0, 0, 0, 0, 0, ("ATP", 1), 1, 0),
        "030": (time_of_day(plot.at), "s"),
        "130": (("LAT", (plot.lat, "°")), ("LON", (plot.lon, "°"))),
        "080": int(plot.icao24 or "0", 16),
        "090": (0, 0, 0, 0, 7),
        "145": ((plot.alt_m or 0) / FOOT_M / 100, "FL"),
        "160": (("GS", ((plot.speed_mps or 0) / NM_M, "NM/s")), ("TA", (plot.track_deg, "°"))),
        "170": plot.callsign,
        "020": 3,
    }
    return record(21, edition, items)
