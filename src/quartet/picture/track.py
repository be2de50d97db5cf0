"""The latest plot of each aircraft, and how a frame tells it. No tracker: nothing is smoothed, predicted or fused.

A plot from the future would win for ever, so `fold` refuses it.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, Literal

import msgspec

from quartet.core.encoding import Value
from quartet.core.frame import Track
from quartet.core.ids import SECOND, Micros
from quartet.picture.plot import Plot

StateWord = Literal["measured", "extrapolated", "old"]
LOST_AFTER: Final = Micros(60 * SECOND)
"""An aircraft not seen for so long leaves the picture."""
EXTRAPOLATED_AFTER: Final = Micros(12 * SECOND)
OLD_AFTER: Final = Micros(24 * SECOND)
"""After so long a track is no longer measured but extrapolated, and then old: the console's map says the same."""
MAX_AHEAD: Final = Micros(5 * SECOND)
"""How far a sensor's clock may be ahead of ours."""
MAX_HELD: Final = 8_192
"""Aircraft in one picture; beyond it the longest unseen leave."""

DEGREE: Final = 10_000_000
"""Units of a frame's latitude and longitude in a degree."""
SIGMAS_95: Final = 2.4477
"""Radius that holds 95 % of a circular normal distribution, in standard deviations: sqrt(-2 ln 0.05)."""
MAX_SIGMA_M: Final = 40_000


class Picture(msgspec.Struct, frozen=True):
    """The latest plot of each mover, by its name."""

    plots: Mapping[str, Plot] = MappingProxyType({})


class Position(Value, frozen=True):
    """A track as it came in a frame, in degrees, metres and metres a second; `at` is when it was seen."""

    id: str
    at: Micros
    lat: float
    lon: float
    alt_m: float | None
    speed_mps: float | None
    track_deg: float | None
    lineage: tuple[str, ...]


def fold(picture: Picture, plots: Iterable[Plot], now: Micros) -> Picture:
    """Return the picture after `plots`; the order in which they come does not matter.

    Those lost by `now`, and those more than `MAX_AHEAD` after it, are left out.
    """
    latest = dict(picture.plots)
    for plot in plots:
        held = latest.get(plot.name)
        if plot.at <= now + MAX_AHEAD and (held is None or _order(plot) > _order(held)):
            latest[plot.name] = plot
    live = {key: plot for key, plot in latest.items() if now - plot.at < LOST_AFTER}
    if len(live) > MAX_HELD:
        newest = sorted(live.values(), key=_order, reverse=True)[:MAX_HELD]
        live = {plot.name: plot for plot in newest}
    return Picture(MappingProxyType(live))


def tracks(picture: Picture, now: Micros) -> tuple[Track, ...]:
    """Return the picture as a frame's tracks, by name."""
    return tuple(track_of(picture.plots[key], now) for key in sorted(picture.plots))


def track_of(plot: Plot, now: Micros) -> Track:
    """Return `plot` in a frame's integers; its age is 0 at least, for a sensor whose clock is ahead."""
    return Track(
        id=plot.name.encode(),
        lat=round(plot.lat * DEGREE),
        lon=round(plot.lon * DEGREE),
        alt_m=None if plot.alt_m is None else round(plot.alt_m),
        speed_cms=None if plot.speed_mps is None else round(plot.speed_mps * 100),
        track_cdeg=None if plot.track_deg is None else round(plot.track_deg * 100) % 36_000,
        covariance=_covariance(plot.accuracy_m),
        lineage=(plot.root.encode(),),
        age_ms=max(0, now - plot.at) // 1000,
    )


def state_of(seen: Micros, now: Micros) -> StateWord:
    """Return how much a track is worth by when it was seen last."""
    age = now - seen
    return "measured" if age < EXTRAPOLATED_AFTER else "extrapolated" if age < OLD_AFTER else "old"


def position_of(track: Track, at: Micros) -> Position:
    """Return what a frame of time `at` says of `track`."""
    return Position(
        id=track.id.decode("ascii", "replace"),
        at=Micros(at - track.age_ms * 1000),
        lat=track.lat / DEGREE,
        lon=track.lon / DEGREE,
        alt_m=None if track.alt_m is None else float(track.alt_m),
        speed_mps=None if track.speed_cms is None else track.speed_cms / 100,
        track_deg=None if track.track_cdeg is None else track.track_cdeg / 100,
        lineage=tuple(root.decode("ascii", "replace") for root in track.lineage),
    )


def rebase(plot: Plot, began: Micros, start: Micros, speed: float = 1.0) -> Plot:
    """Return `plot` of a recording that began at `began` as if it had begun at `start`, `speed` times as fast."""
    return msgspec.structs.replace(plot, at=Micros(start + round((plot.at - began) / speed)))


def _order(plot: Plot) -> tuple[Micros, bytes]:
    return plot.at, msgspec.json.encode(plot)


def _covariance(accuracy_m: float | None) -> tuple[int, int, int] | None:
    """Return east-east, east-north, north-north in m2 of a circle that holds 95 %."""
    if accuracy_m is None:
        return None
    variance = max(1, round((min(accuracy_m, MAX_SIGMA_M) / SIGMAS_95) ** 2))
    return variance, 0, variance
