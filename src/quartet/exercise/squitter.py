"""Encode Mode S extended squitters (DF 17): position, velocity and name of an aircraft, after ICAO Doc 9871.

The compact position (CPR) and the parity are reckoned here; a test has rs1090 read them back.
"""

from math import acos, cos, floor, pi, radians
from typing import Final

from quartet.core.units import FOOT_A_MINUTE_MPS, FOOT_M, KNOT_MPS

GENERATOR: Final = 0x1FFF409
ZONES: Final = 15
LETTERS: Final = "#ABCDEFGHIJKLMNOPQRSTUVWXYZ##### ###############0123456789######"
MAX_KNOTS: Final = 1_021


def squitter(icao24: str, message: int) -> str:
    """Return the frame of 112 bits, in hex, in which an aircraft says a message of 56 bits."""
    body = b"\x8d" + bytes.fromhex(icao24) + message.to_bytes(7, "big")
    return (body + _parity(body).to_bytes(3, "big")).hex()


def position(lat: float, lon: float, alt_m: float, *, odd: bool) -> int:
    """Return an airborne position with pressure altitude (type 11: better than 185 m)."""
    steps = max(0, min(2_047, round((alt_m / FOOT_M + 1_000) / 25)))
    height = (steps >> 4 << 5) | 1 << 4 | (steps & 15)
    y, x = compact(lat, lon, odd=odd)
    return 11 << 51 | height << 36 | int(odd) << 34 | y << 17 | x


def velocity(east_mps: float, north_mps: float, climb_mps: float) -> int:
    """Return speed over ground and barometric rate of climb (type 19, subtype 1)."""
    east, north = (max(-MAX_KNOTS, min(MAX_KNOTS, round(v / KNOT_MPS))) for v in (east_mps, north_mps))
    rate = max(-510, min(510, round(climb_mps / FOOT_A_MINUTE_MPS / 64)))
    across = int(east < 0) << 10 | abs(east) + 1
    along = int(north < 0) << 10 | abs(north) + 1
    up = 1 << 10 | int(rate < 0) << 9 | abs(rate) + 1
    return 19 << 51 | 1 << 48 | across << 32 | along << 21 | up << 10


def identification(callsign: str) -> int:
    """Return the name under which it flies (type 4, no category)."""
    packed = 0
    for letter in callsign.ljust(8)[:8]:
        packed = packed << 6 | LETTERS.index(letter)
    return 4 << 51 | packed


def compact(lat: float, lon: float, *, odd: bool) -> tuple[int, int]:
    """Return an airborne place as compact position: 17 bits each of latitude and longitude."""
    height = 360 / (4 * ZONES - odd)
    y = floor(2**17 * (lat % height) / height + 0.5)
    there = height * (y / 2**17 + floor(lat / height))
    width = 360 / max(longitude_zones(there) - odd, 1)
    x = floor(2**17 * (lon % width) / width + 0.5)
    return y % 2**17, x % 2**17


def longitude_zones(lat: float) -> int:
    """Return the number of longitude zones at a latitude."""
    if abs(lat) >= 87:
        return 1 if abs(lat) > 87 else 2
    return floor(2 * pi / acos(1 - (1 - cos(pi / (2 * ZONES))) / cos(radians(lat)) ** 2))


def _parity(body: bytes) -> int:
    rest = int.from_bytes(body, "big") << 24
    for bit in range(len(body) * 8 + 23, 23, -1):
        if rest >> bit & 1:
            rest ^= GENERATOR << (bit - 24)
    return rest
