"""Make Mode S frames for the tests: an encoder after ICAO Doc 9871 that shares no line with the decoder."""

from math import acos, cos, floor, pi
from typing import Final

GENERATOR: Final = 0x1FFF409
ZONES: Final = 15


def frame(message: int, icao24: str = "abc123", first: int = 0x8D) -> str:
    """Return the 112-bit frame in hex that carries a message of 56 bits."""
    body = bytes([first]) + bytes.fromhex(icao24) + message.to_bytes(7, "big")
    return (body + parity(body).to_bytes(3, "big")).hex()


def parity(body: bytes) -> int:
    """Return the 24 parity bits of `body`."""
    rest = int.from_bytes(body, "big") << 24
    for bit in range(len(body) * 8 + 23, 23, -1):
        if rest >> bit & 1:
            rest ^= GENERATOR << (bit - 24)
    return rest


def airborne(lat: float, lon: float, *, odd: bool, feet: int = 30_000, code: int = 11) -> int:
    """Return an airborne position message."""
    steps = (feet + 1000) // 25
    height = (steps >> 4 << 5) | 1 << 4 | (steps & 15)
    y, x = cpr(lat, lon, odd=odd, surface=False)
    return code << 51 | height << 36 | int(odd) << 34 | y << 17 | x


def surface(lat: float, lon: float, *, odd: bool, movement: int = 20) -> int:
    """Return a surface position message; movement 20 is 5.5 kt."""
    y, x = cpr(lat, lon, odd=odd, surface=True)
    return 7 << 51 | movement << 44 | 1 << 43 | 32 << 36 | int(odd) << 34 | y << 17 | x


def velocity(east_kt: int, north_kt: int, climb_fpm: int = 0, *, barometric: bool = True) -> int:
    """Return an airborne velocity message, subtype 1."""
    east = int(east_kt < 0) << 10 | (abs(east_kt) + 1)
    north = int(north_kt < 0) << 10 | (abs(north_kt) + 1)
    rate = int(barometric) << 10 | int(climb_fpm < 0) << 9 | (abs(climb_fpm) // 64 + 1)
    return 19 << 51 | 1 << 48 | east << 32 | north << 21 | rate << 10


def callsign(text: str) -> int:
    """Return an identification message."""
    letters = "#ABCDEFGHIJKLMNOPQRSTUVWXYZ#####_###############0123456789######"
    packed = 0
    for letter in text.ljust(8, "_"):
        packed = packed << 6 | letters.index(letter)
    return 4 << 51 | 3 << 48 | packed


def cpr(lat: float, lon: float, *, odd: bool, surface: bool) -> tuple[int, int]:
    """Return a place as compact position: 17 bits each of latitude and longitude."""
    span = 90.0 if surface else 360.0
    height = span / (4 * ZONES - odd)
    y = floor(2**17 * (lat % height) / height + 0.5)
    there = height * (y / 2**17 + floor(lat / height))
    width = span / max(longitude_zones(there) - odd, 1)
    x = floor(2**17 * (lon % width) / width + 0.5)
    return y % 2**17, x % 2**17


def longitude_zones(lat: float) -> int:
    """Return the number of longitude zones at a latitude."""
    if abs(lat) >= 87:
        return 1 if abs(lat) > 87 else 2
    return floor(2 * pi / acos(1 - (1 - cos(pi / (2 * ZONES))) / cos(pi / 180 * lat) ** 2))
