"""The door to rs1090: a frame in, what it says in SI units out; whatever that library throws ends here.

Two things are read from the bits themselves. The source of the vertical rate, which rs1090 0.7.0 names the wrong way
round (ICAO Doc 9871, table A-2-9a: bit 36 of the message is 0 for GNSS, 1 for barometric), and whether a DF18 frame
carries an ICAO address (control field 0; the others are relayed or anonymous, and no aircraft's own word).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import rs1090

from quartet.core.faults import Malformed
from quartet.core.units import FOOT_A_MINUTE_MPS, FOOT_M, KNOT_MPS, NM_M
from quartet.picture.plot import VerticalSource

MIN_ALT_M: Final = -600.0
MAX_ALT_M: Final = 40_000.0
MAX_SPEED_MPS: Final = 1_200.0
MAX_CLIMB_MPS: Final = 250.0

EXTENDED: Final = 28
"""Hex digits of a frame of 112 bits."""

ACCURACY_M: Final[Mapping[int, float]] = {
    9: 3.0,
    8: 10.0,
    7: 92.6,
    6: 185.2,
    5: 463.0,
    4: 926.0,
    3: NM_M,
    2: 5 * NM_M,
    1: 10 * NM_M,
}
"""Radius in metres that holds the position with 95 %, by NUCp (RTCA DO-260)."""

Message = dict[str, Any]


def extended_squitter(frame: str) -> bool:
    """Return whether an aircraft says this of itself: DF17, or DF18 with an ICAO address."""
    first = int(frame[:2], 16)
    return len(frame) == EXTENDED and (first >> 3 == 17 or first == 18 << 3)


def type_code(frame: str) -> int:
    """Return the type code of an extended squitter."""
    return int(frame[8:10], 16) >> 3


def on_surface(code: int) -> bool:
    """Return whether a type code is a surface position's."""
    return 5 <= code <= 8


def airborne(code: int) -> bool:
    """Return whether a type code is an airborne position's."""
    return 9 <= code <= 18 or 20 <= code <= 22


def decode_frame(frame: str, near: tuple[float, float] | None = None) -> Message:
    """Return what `frame` says; with its position if it is a position `near` (lat, lon).

    Raise `Malformed("bad-parity")` if it does not hold together.
    """
    try:
        message = rs1090.decode(frame) if near is None else rs1090.decode(frame, reference=near)
    except BaseException as error:
        raise _door(error) from error
    if not isinstance(message, dict) or "icao24" not in message:
        raise Malformed("bad-parity", frame)
    return dict(message)


def decode_pair(frames: Sequence[str], seconds: Sequence[float]) -> tuple[float, float] | None:
    """Return where an even and an odd airborne position together say that the later one is, anywhere on Earth."""
    try:
        messages = rs1090.decode(list(frames), list(seconds))
    except BaseException as error:
        raise _door(error) from error
    return place(dict(messages[-1])) if messages and isinstance(messages[-1], dict) else None


def place(message: Message) -> tuple[float, float] | None:
    """Return latitude and longitude, if the message has them and they are on Earth."""
    lat, lon = message.get("latitude"), message.get("longitude")
    if not isinstance(lat, float) or not isinstance(lon, float):
        return None
    return (lat, lon) if -90 <= lat <= 90 and -180 <= lon <= 180 else None


def altitude(message: Message) -> tuple[float | None, VerticalSource | None]:
    """Return the altitude in metres and its source; None where it is absent or no altitude can be."""
    metres = _scaled(message.get("altitude"), FOOT_M, MIN_ALT_M, MAX_ALT_M)
    if metres is None:
        return None, None
    return metres, "GNSS" if 20 <= int(message.get("tc", 0)) <= 22 else "BAROMETRIC"


def ground_speed(message: Message) -> float | None:
    """Return the ground speed in metres a second."""
    return _scaled(message.get("groundspeed"), KNOT_MPS, 0.0, MAX_SPEED_MPS)


def track_angle(message: Message) -> float | None:
    """Return the track angle in degrees from true north, 0 to below 360."""
    angle = _scaled(message.get("track"), 1.0, -360.0, 360.0)
    return None if angle is None else angle % 360.0


def climb(message: Message, frame: str) -> tuple[float | None, VerticalSource | None]:
    """Return the vertical rate in metres a second, up positive, and its source as the bit says."""
    rate = _scaled(message.get("vertical_rate"), FOOT_A_MINUTE_MPS, -MAX_CLIMB_MPS, MAX_CLIMB_MPS)
    if rate is None:
        return None, None
    return rate, "BAROMETRIC" if int(frame[16:18], 16) & 0x10 else "GNSS"


def accuracy(message: Message) -> float | None:
    """Return the radius in metres that holds the position with 95 %."""
    return ACCURACY_M.get(message.get("NUCp", 0))


def _scaled(value: object, unit: float, low: float, high: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    scaled = value * unit
    return scaled if low <= scaled <= high else None


def _door(error: BaseException) -> BaseException:
    """Return what to raise for what the library threw: its panic is a BaseException, and so is the user's Ctrl-C."""
    if isinstance(error, Exception) or type(error).__name__ == "PanicException":
        return Malformed("bad-frame", repr(error)[:120])
    return error
