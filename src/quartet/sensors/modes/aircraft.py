"""What is remembered of one aircraft between its frames, so that a compact position becomes a place.

A compact position (CPR) names a place only within a zone. What decides between the zones, in this order:
(1) where the aircraft was moments ago, if it cannot have left the zone since;
(2) airborne: an even and an odd position within ten seconds of each other;
(3) on the surface: the sensor's own place, unless the aircraft is known to have flown elsewhere.
Otherwise there is no plot: a guess would be a false aircraft.
"""

from typing import Final, NamedTuple

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros
from quartet.picture.geodesy import distance_m
from quartet.picture.plot import Plot, VerticalSource
from quartet.sensors.modes import frames
from quartet.sensors.modes.frames import Message
from quartet.sensors.modes.text import RawFrame

Reference = tuple[float, float]
"""Latitude and longitude of the sensor, degrees (WGS 84)."""

PAIR_WITHIN: Final = 10 * SECOND
"""An even and an odd position further apart in time do not make a pair."""
AIRBORNE_HOLDS: Final = 300 * SECOND
"""At 1,100 m/s an aircraft stays within half an airborne zone (180 NM) for so long."""
LANDING_HOLDS: Final = 240 * SECOND
"""At 340 m/s one that flew stays within half a surface zone (45 NM) for so long."""
TAXI_HOLDS: Final = 1_200 * SECOND
"""At 65 m/s one on the ground stays within half a surface zone for so long."""
SURFACE_RANGE_M: Final = 80_000.0
"""How far from the sensor a surface position may be: just under half a zone."""
VELOCITY_HOLDS: Final = 10 * SECOND

STEP_SPEED_MPS: Final = 1_100.0
STEP_SLACK_M: Final = 2_000.0
MAX_JUMPS: Final = 3
"""After so many implausible steps in a row, what was remembered is what was wrong."""


class _Fix(NamedTuple):
    at: Micros
    place: tuple[float, float]
    on_ground: bool


class _Velocity(NamedTuple):
    at: Micros
    speed_mps: float | None
    track_deg: float | None
    climb_mps: float | None
    climb_source: VerticalSource | None


class Aircraft:
    """One aircraft as a sensor hears it."""

    def __init__(self, icao24: str, sensor: str, reference: Reference) -> None:
        self._icao24 = icao24
        self._sensor = sensor
        self._reference = reference
        self._fix: _Fix | None = None
        self._halves: dict[str, RawFrame] = {}
        self._velocity: _Velocity | None = None
        self._callsign: str | None = None
        self._jumps = 0

    def hear(self, raw: RawFrame, message: Message) -> Plot | None:
        """Return a plot if the frame tells where the aircraft is; raise `Malformed("jump")` if it cannot be there."""
        code = frames.type_code(raw.frame)
        if frames.on_surface(code) or frames.airborne(code):
            return self._located(raw, message, on_ground=frames.on_surface(code))
        if code == 19:
            self._hear_velocity(raw, message)
        elif 1 <= code <= 4:
            self._callsign = str(message.get("callsign", "")).strip(" #_")[:8] or None
        return None

    def _hear_velocity(self, raw: RawFrame, message: Message) -> None:
        rate, source = frames.climb(message, raw.frame)
        speed, angle = frames.ground_speed(message), frames.track_angle(message)
        self._velocity = _Velocity(raw.at, speed, angle, rate, source)

    def _located(self, raw: RawFrame, message: Message, *, on_ground: bool) -> Plot | None:
        place = self._place(raw, message, on_ground=on_ground)
        if place is None:
            return None
        self._check_step(raw.at, place)
        self._fix = _Fix(raw.at, place, on_ground)
        return self._surface_plot(raw.at, place, message) if on_ground else self._air_plot(raw.at, place, message)

    def _place(self, raw: RawFrame, message: Message, *, on_ground: bool) -> tuple[float, float] | None:
        anchor = self._surface_anchor(raw.at) if on_ground else self._air_anchor(raw.at)
        if anchor is not None:
            return frames.place(frames.decode_frame(raw.frame, near=anchor))
        return None if on_ground else self._pair(raw, str(message.get("parity")))

    def _air_anchor(self, at: Micros) -> tuple[float, float] | None:
        fresh = self._fix is not None and abs(at - self._fix.at) <= AIRBORNE_HOLDS
        return self._fix.place if fresh and self._fix is not None else None

    def _surface_anchor(self, at: Micros) -> tuple[float, float] | None:
        fix = self._fix
        if fix is None:
            return self._reference
        if abs(at - fix.at) <= (TAXI_HOLDS if fix.on_ground else LANDING_HOLDS):
            return fix.place
        return self._reference if distance_m(fix.place, self._reference) <= SURFACE_RANGE_M else None

    def _pair(self, raw: RawFrame, parity: str) -> tuple[float, float] | None:
        self._halves[parity] = raw
        other = self._halves.get("odd" if parity == "even" else "even")
        if other is None or not 0 <= raw.at - other.at <= PAIR_WITHIN:
            return None
        return frames.decode_pair((other.frame, raw.frame), (other.at / SECOND, raw.at / SECOND))

    def _check_step(self, at: Micros, place: tuple[float, float]) -> None:
        fix = self._fix
        if fix is None:
            return
        step = distance_m(fix.place, place)
        if step <= STEP_SLACK_M + STEP_SPEED_MPS * abs(at - fix.at) / SECOND:
            self._jumps = 0
            return
        self._jumps += 1
        if self._jumps >= MAX_JUMPS:
            self._fix, self._jumps = None, 0
            self._halves.clear()
        raise Malformed("jump", f"{self._icao24} moved {round(step)} m in {abs(at - fix.at) / SECOND:.1f} s")

    def _air_plot(self, at: Micros, place: tuple[float, float], message: Message) -> Plot:
        height, source = frames.altitude(message)
        known = self._velocity
        if known is None or abs(at - known.at) > VELOCITY_HOLDS:
            known = _Velocity(at, None, None, None, None)
        return Plot(
            at=at,
            sensor=self._sensor,
            icao24=self._icao24,
            lat=place[0],
            lon=place[1],
            on_ground=False,
            alt_m=height,
            alt_source=source,
            speed_mps=known.speed_mps,
            track_deg=known.track_deg,
            climb_mps=known.climb_mps,
            climb_source=known.climb_source,
            callsign=self._callsign,
            accuracy_m=frames.accuracy(message),
        )

    def _surface_plot(self, at: Micros, place: tuple[float, float], message: Message) -> Plot:
        return Plot(
            at=at,
            sensor=self._sensor,
            icao24=self._icao24,
            lat=place[0],
            lon=place[1],
            on_ground=True,
            speed_mps=frames.ground_speed(message),
            track_deg=frames.track_angle(message),
            callsign=self._callsign,
            accuracy_m=frames.accuracy(message),
        )
