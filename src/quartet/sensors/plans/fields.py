"""The fields of an ICAO flight plan, one by one (Doc 4444, Appendix 3): text to values, or `Malformed`.

Times without a date are those nearest to now; a DOF in field 18 says the day.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from quartet.core.faults import Malformed
from quartet.core.units import FOOT_M, KNOT_MPS

KNOT_CMS: Final = KNOT_MPS * 100
MACH_CMS: Final = 29_500
"""Mach 1 in the stratosphere of the standard atmosphere, cm/s: planned Machs are flown there."""

_F7: Final = re.compile(r"([A-Z0-9]{1,7})(?:/A([0-7]{4}))?\Z")
_F8: Final = re.compile(r"([IVYZ])([SNGMX])?\Z")
_F9: Final = re.compile(r"(\d{1,2})?([A-Z][A-Z0-9]{1,3})(?:/([JHML]))?\Z")
_F10: Final = re.compile(r"([A-Z0-9]{1,64})(?:/([A-Z0-9]{1,20}))?\Z")
_F13: Final = re.compile(r"([A-Z]{4})([0-2]\d[0-5]\d)\Z")
_F16: Final = re.compile(r"([A-Z]{4})(\d\d[0-5]\d)((?:\s[A-Z]{4}){0,2})\Z")
_SPEED: Final = re.compile(r"(?:N(\d{4})|K(\d{4})|M(\d{3}))\Z")
_LEVEL: Final = re.compile(r"(?:F(\d{3})|A(\d{3})|S(\d{4})|M(\d{4}))\Z")
_KEY: Final = re.compile(r"(?:^|\s)([A-Z]{3,4})/")
_DAY: Final = re.compile(r"\d{6}\Z")


class Identity(NamedTuple):
    """Field 7: the aircraft identification, and the assigned Mode 3/A code."""

    flight_id: str
    code: str | None


class Start(NamedTuple):
    """Field 15's beginning: speed through the air in cm/s, level in metres; None where it is VFR or not in figures."""

    speed_cms: int | None
    level_m: int | None


class Arrival(NamedTuple):
    """Field 16: the destination, how long it takes, in seconds, and alternates."""

    destination: str
    lasts_s: int
    alternates: tuple[str, ...]


def field_7(text: str) -> Identity:
    """Return aircraft identification and code."""
    return Identity(*_matched(_F7, text, "7", "SWR12A or SWR12A/A2301"))


def field_8(text: str) -> tuple[str, str | None]:
    """Return flight rules, and type of flight."""
    rules, flight = _matched(_F8, text, "8", "IS")
    return rules, flight


def field_9(text: str) -> tuple[int, str, str | None]:
    """Return how many aircraft, of which type, and the wake turbulence category."""
    number, kind, wake = _matched(_F9, text, "9", "A320/M or 2F18/M")
    return max(1, int(number or 1)), kind, wake


def field_10(text: str) -> tuple[str, str]:
    """Return equipment, and surveillance equipment."""
    equipment, surveillance = _matched(_F10, text, "10", "SDFGRWY/LB1")
    return equipment, surveillance or ""


def field_13(text: str) -> tuple[str, str]:
    """Return the aerodrome of departure, and the time off block."""
    place, time = _matched(_F13, text, "13", "LSZH1030")
    if time > "2359":
        raise Malformed("bad-field", f"13: {time} is no time of day")
    return place, time


def field_16(text: str) -> Arrival:
    """Return destination, total elapsed time and alternates."""
    place, time, others = _matched(_F16, text, "16", "EDDF0055 EDDK")
    lasts = int(time[:2]) * 3_600 + int(time[2:]) * 60
    if not 60 <= lasts <= 36 * 3_600:
        raise Malformed("bad-field", f"16: {time} hours and minutes is no time that a flight takes")
    return Arrival(place, lasts, tuple(others.split()))


def speed_cms(text: str) -> int:
    """Return a speed: N0450 knots, K0830 km/h, M082 Mach."""
    knots, kmh, mach = _matched(_SPEED, text, "15", "N0450, K0830 or M082")
    if knots:
        return round(int(knots) * KNOT_CMS)
    return round(int(kmh) * 100_000 / 3_600) if kmh else round(int(mach) / 100 * MACH_CMS)


def level_m(text: str) -> int | None:
    """Return a level: F330, A045 hundreds of feet, S1130, M0840 tens of metres; None for VFR."""
    if text == "VFR":
        return None
    flight, altitude, standard, metres = _matched(_LEVEL, text, "15", "F330, A045, S1130, M0840 or VFR")
    feet = flight or altitude
    return round(int(feet) * 100 * FOOT_M) if feet else int(standard or metres) * 10


def field_18(text: str) -> dict[str, str]:
    """Return what else is said, by its keys: DOF, REG, CODE, STS, EET ...; of a key that is twice, both."""
    found: dict[str, str] = {}
    places = list(_KEY.finditer(text))
    for n, place in enumerate(places):
        until = places[n + 1].start() if n + 1 < len(places) else len(text)
        value = " ".join(text[place.end() : until].split())
        key = place[1]
        found[key] = f"{found[key]} {value}" if key in found else value
    return found


def off_block(time: str, day: str | None, now: datetime) -> datetime:
    """Return when a flight leaves its stand: on the day that DOF says, else the time of day nearest to now."""
    hours = timedelta(hours=int(time[:2]), minutes=int(time[2:]))
    if day is not None:
        if not _DAY.match(day):
            raise Malformed("bad-field", f"18: DOF/{day[:12]}: write DOF/261129")
        try:
            return datetime.strptime(day, "%y%m%d").replace(tzinfo=UTC) + hours
        except ValueError as error:
            raise Malformed("bad-field", f"18: DOF/{day} is no day") from error
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return min((midnight + timedelta(days=n) + hours for n in (-1, 0, 1)), key=lambda at: abs(at - now))


def _matched(pattern: re.Pattern[str], text: str, field: str, example: str) -> tuple[str, ...]:
    found = pattern.match(text.strip())
    if found is None:
        raise Malformed("bad-field", f"{field}: {text.strip()[:40]!r}: write it as {example}")
    return found.groups()
