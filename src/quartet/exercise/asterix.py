"""Encode ASTERIX for drills: plots and messages as blocks of CAT 034, 048, 021 and 062, through libasterix.

It shares no line with the decoder, which walks bytes by itself: what is encoded here and read back there went through
two hands.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from typing import Any, Final, NamedTuple

from quartet.core.ids import SECOND, Micros
from quartet.core.units import FOOT_A_MINUTE_MPS, FOOT_M, LEVEL_M, NM_M
from quartet.picture.plot import Detection, Plot, RadarPlot

DAY: Final = 86_400 * SECOND
MAX_BLOCK: Final = 1_400
"""Bytes of a block: it fits into one packet of a network."""
TYPES: Final[Mapping[Detection, int]] = {"PSR": 1, "SSR": 2, "SSR+PSR": 3, "MODE_S": 5, "MODE_S+PSR": 7}
NORTH: Final = 1
SECTOR: Final = 2


class Station(NamedTuple):
    """Who speaks: ASTERIX's numbers of a system; what it says is marked as simulated where `simulated` says so."""

    sac: int
    sic: int
    simulated: bool = False


@cache
def category(number: int, edition: str) -> Any:
    """Return libasterix's class of an edition."""
    known = import_module("asterix.generated").manifest["CATS"][number]
    return next(one for one in known if one.cv_edition == tuple(int(part) for part in edition.split(".")))


def record(number: int, edition: str, items: Mapping[str, Any]) -> bytes:
    """Return the bytes of one record; an item that is None is left out."""
    made = category(number, edition).cv_record.create(dict(items))
    return bytes(made.unparse().to_bytes())


def blocks(number: int, records: Iterable[bytes]) -> list[bytes]:
    """Return records as blocks of a category, each no longer than a packet."""
    made: list[bytes] = []
    body = b""
    for one in records:
        if body and len(body) + len(one) + 3 > MAX_BLOCK:
            made.append(_block(number, body))
            body = b""
        body += one
    return [*made, _block(number, body)] if body else made


def radar_report(plot: RadarPlot, station: Station, edition: str = "1.32") -> bytes:
    """Return a plot as a record of CAT 048."""
    seen = ("TYP", TYPES[plot.seen]), ("SIM", int(station.simulated)), ("RDP", 0), ("SPI", 0), ("RAB", 0), None
    items = {
        "010": _who(station),
        "140": (time_of_day(plot.at), "s"),
        "020": (seen,),
        "040": (("RHO", (plot.range_m / NM_M, "NM")), ("THETA", (plot.azimuth_deg, "°"))),
        "070": None if plot.squawk is None else (0, 0, 0, 0, ("MODE3A", plot.squawk)),
        "090": None if plot.alt_m is None else (0, 0, ("FL", (plot.alt_m / LEVEL_M, "FL"))),
        "220": _address(plot.icao24),
        "240": plot.callsign,
        "161": None if plot.number is None else (0, ("TRN", plot.number & 4095)),
    }
    return record(48, edition, items)


def radar_message(
    kind: int, at: Micros, station: Station, *, azimuth_deg: float = 0.0, period_s: float = 4.0, edition: str = "1.29"
) -> bytes:
    """Return a north mark, or the crossing into a sector, as a record of CAT 034."""
    items = {
        "010": _who(station),
        "000": kind,
        "030": (time_of_day(at), "s"),
        "020": (azimuth_deg, "°") if kind == SECTOR else None,
        "041": (period_s, "s") if kind == NORTH else None,
        "050": {"COM": (0, 0, 0, 0, 0, 0, 0, 0)} if kind == NORTH else None,
    }
    return record(34, edition, items)


def broadcast_report(plot: Plot, station: Station, edition: str = "2.6") -> bytes:
    """Return what an aircraft tells of itself as a record of CAT 021, editions from 2.1 on."""
    first = ("ATP", 0), ("ARC", 0), ("RC", 0), ("RAB", 0), None
    second = ("DCR", 0), ("GBS", int(plot.on_ground)), ("SIM", int(station.simulated)), ("TST", 0), ("SAA", 0), 0, None
    barometric = plot.alt_source != "GNSS"
    moving = plot.speed_mps is not None and plot.track_deg is not None
    items = {
        "010": _who(station),
        "040": (first, second),
        "161": None if plot.number is None else (0, ("TRNUM", plot.number & 4095)),
        "071": (time_of_day(plot.at), "s"),
        "131": (("LAT", (plot.lat, "°")), ("LON", (plot.lon, "°"))),
        "080": _address(plot.icao24),
        "140": None if plot.alt_m is None or barometric else (plot.alt_m / FOOT_M, "ft"),
        "090": ((0, 8, None), (0, 3, 9, None)),
        "210": (0, 0, 2, 2),
        "070": None if plot.squawk is None else (0, ("MODE3A", plot.squawk)),
        "145": None if plot.alt_m is None or not barometric else (plot.alt_m / LEVEL_M, "FL"),
        "155": None if plot.climb_mps is None else (0, ("BVR", (plot.climb_mps / FOOT_A_MINUTE_MPS, "ft/min"))),
        "160": (0, ("GS", ((plot.speed_mps or 0) / NM_M, "NM/s")), ("TA", (plot.track_deg, "°"))) if moving else None,
        "077": (time_of_day(Micros(plot.at + SECOND // 8)), "s"),
        "170": plot.callsign,
        "020": 3,
    }
    return record(21, edition, items)


def system_track(plot: Plot, velocity: tuple[float, float], station: Station, edition: str = "1.20") -> bytes:
    """Return a track as a record of CAT 062; `velocity` is metres a second east and north."""
    first = ("MON", 0), ("SPI", 0), ("MRH", 0), ("SRC", 0), ("CNF", 0), None
    second = ("SIM", int(station.simulated)), ("TSE", 0), ("TSB", 0), ("FPC", 0), ("AFF", 0), 0, 0, None
    derived: dict[str, Any] = {"ADR": _address(plot.icao24), "ID": plot.callsign}
    sigma = (plot.accuracy_m or 0) / 2.4477
    items = {
        "010": _who(station),
        "015": 1,
        "070": (time_of_day(plot.at), "s"),
        "105": (("LAT", (plot.lat, "°")), ("LON", (plot.lon, "°"))),
        "185": (("VX", (velocity[0], "m/s")), ("VY", (velocity[1], "m/s"))),
        "060": None if plot.squawk is None else (0, 0, 0, 0, ("MODE3A", plot.squawk)),
        "380": derived if any(derived.values()) else None,
        "040": (plot.number or 0) & 0xFFFF,
        "080": (first, second) if station.simulated else (first,),
        "136": None if plot.alt_m is None else (plot.alt_m / LEVEL_M, "FL"),
        "220": None if plot.climb_mps is None else (plot.climb_mps / FOOT_A_MINUTE_MPS, "ft/min"),
        "500": {"APC": (("X", (sigma, "m")), ("Y", (sigma, "m")))},
    }
    return record(62, edition, items)


def time_of_day(at: Micros) -> float:
    """Return seconds since midnight, UTC, no more than the last step of a category's clock before the next."""
    return min(at % DAY / SECOND, 86_400 - 1 / 128)


def _who(station: Station) -> tuple[tuple[str, int], tuple[str, int]]:
    return ("SAC", station.sac), ("SIC", station.sic)


def _address(icao24: str | None) -> int | None:
    return None if icao24 is None else int(icao24, 16)


def _block(number: int, body: bytes) -> bytes:
    return bytes((number,)) + (len(body) + 3).to_bytes(2, "big") + body
