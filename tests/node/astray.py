"""Aircraft as they say they fly, and as a radar that stands by itself measures them: led astray, and not."""

import gzip
import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from random import Random
from typing import Any, Final, NamedTuple

from quartet.core.ids import SECOND, ItemId, Micros
from quartet.exercise.recording import skies_path, spoofed_path
from quartet.node.identify.heard import Heard
from quartet.picture.identify.evidence import Finding
from quartet.picture.identify.spoofing import Checks
from quartet.picture.plane import Place, polar
from quartet.picture.plot import AnyPlot, Plot, RadarPlot
from quartet.picture.radar import Radar

LED: Final = "4baac6"
LOST: Final = Micros(1_726_563_930_000_000)
FOUND: Final = Micros(1_726_567_091_000_000)
"""Between these two the real flight told no place, or a false one: from then on the old and the true way agree again.
They are 745 km and 53 minutes apart, which is how far its own speed of 480 knots brings it."""
FEED: Final = ItemId("F" * 43)
CARPATHIANS: Final = Radar(name="ridge", lat=49.0, lon=22.0, height_m=900.0, period_s=4.0, range_m=450_000.0)
"""Stands under the true way: where the flight said it was, a hundred miles east, it looks too."""


class Row(NamedTuple):
    """One place that an aircraft told."""

    at: Micros
    lat: float
    lon: float
    alt_m: float
    speed_mps: float
    track_deg: float


@cache
def astray() -> tuple[Row, ...]:
    """Return what the spoofed flight told: each place once, when it was told."""
    columns = json.loads(gzip.decompress(spoofed_path().read_bytes()))
    rows = [{name: column.get(n) for name, column in columns.items()} for n in columns["timestamp"]]
    told = {round(one["last_position"]) * 1_000: one for one in rows if one["last_position"] and one["latitude"]}
    return tuple(_row(at, told[at]) for at in sorted(told))


@cache
def clean() -> dict[str, tuple[Row, ...]]:
    """Return what the 842 aircraft over Switzerland told."""
    found: dict[str, list[Row]] = {}
    for one in json.loads(gzip.decompress(skies_path().read_bytes())):
        found.setdefault(one["icao24"], []).append(_row(round(one["timestamp"]) * 1_000, one))
    return {address: tuple(sorted(rows)) for address, rows in found.items()}


def _row(at: int, one: dict[str, Any]) -> Row:
    height, speed = one["altitude"] * 0.3048, one["groundspeed"] * 1852 / 3600
    return Row(Micros(at), one["latitude"], one["longitude"], height, speed, one["track"])


def truly() -> tuple[Row, ...]:
    """Return where the spoofed flight really was: as it told, and straight on while it was led astray."""
    return tuple(row for row in astray() if row.at <= LOST or row.at >= FOUND)


def said(address: str, row: Row) -> Plot:
    return Plot(
        at=row.at,
        sensor="mast",
        icao24=address,
        lat=row.lat,
        lon=row.lon,
        on_ground=False,
        alt_m=row.alt_m,
        speed_mps=row.speed_mps,
        track_deg=row.track_deg,
        accuracy_m=150.0,
    )


def seen(address: str, way: Sequence[Row], radar: Radar, dice: Random, gap_s: float = 1e9) -> Iterator[RadarPlot]:
    """Yield what a radar measures of an aircraft, once a turn, that was where its way says; it answers its address."""
    stands = Place(radar.lat, radar.lon, radar.height_m)
    times = [row.at for row in way]
    at = times[0] + dice.random() * radar.turn_s * SECOND
    while at < times[-1]:
        n = bisect_right(times, at)
        before, after = way[n - 1], way[n]
        if after.at - before.at <= gap_s * SECOND:
            part = (at - before.at) / (after.at - before.at)
            lat, lon, alt = (a + part * (b - a) for a, b in zip(before[1:4], after[1:4], strict=True))
            found = polar(stands, Place(lat, lon, alt))
            if found.range_m <= radar.range_m and dice.random() <= radar.detects:
                yield RadarPlot(
                    at=Micros(round(at)),
                    sensor=radar.name,
                    range_m=found.range_m + dice.gauss(0, radar.sigma_range_m),
                    azimuth_deg=(found.azimuth_deg + dice.gauss(0, radar.sigma_azimuth_deg)) % 360,
                    seen="MODE_S",
                    alt_m=alt,
                    icao24=address,
                )
        at += radar.turn_s * SECOND


class Checked(NamedTuple):
    """What checks found of one aircraft: each sort with its first finding and when, and for how many seconds it was
    verified."""

    findings: dict[str, tuple[Micros, Finding]]
    verified: list[Micros]


def checked(address: str, plots: list[AnyPlot], *radars: Radar) -> Checked:
    """Return what is found of an aircraft whose plots come second by second."""
    heard, checks = Heard(), Checks()
    findings: dict[str, tuple[Micros, Finding]] = {}
    verified = []
    plots = sorted(plots, key=lambda plot: plot.at)
    known = {radar.name: radar for radar in radars}
    n, now = 0, plots[0].at
    while n < len(plots):
        now = Micros(max(now + SECOND, plots[n].at))
        m = n
        while m < len(plots) and plots[m].at <= now:
            m += 1
        heard.take(FEED, plots[n:m], known)
        for reports in heard.drained().values():
            for name, report in reports.said:
                checks.said(name, report)
            for name, plot in reports.measured:
                checks.measured(name, plot)
        checks.look(now)
        n = m
        standing = checks.standing(address, now)
        for one in standing.conflicts:
            findings.setdefault(one.sort, (now, one))
        if standing.verified:
            verified.append(now)
    return Checked(findings, verified)
