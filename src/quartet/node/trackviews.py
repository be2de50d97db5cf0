"""Movers as officers are shown them."""

from typing import Literal

from quartet.core.encoding import Value
from quartet.core.ids import MemberId
from quartet.node.views import Moment
from quartet.picture.track import StateWord


class TrackPart(Value, frozen=True, rename={"source": "from"}):
    """One member's track in a fused one, when its sensor saw it, and what of the fused track is from it.

    A part that gives nothing is there too: it rests on no source that the others do not rest on, or is not where they
    are.
    """

    source: MemberId
    id: str
    at: Moment
    gives: tuple[Literal["PLACE", "HEIGHT", "MOTION"], ...]


class TrackView(Value, frozen=True, rename={"source": "from"}):
    """A mover as this viewer may see it; `from` is the member whose track placed it best, `tlp` the narrowest marking.

    `parts` are the tracks that were fused, the best first; `roots` what they rest on. `accuracy_m` is the radius that
    holds the true position with 95 %. `state` is by how long before the moment of the picture it was last seen: beyond
    12 s it is extrapolated - a map moves it on -, beyond 24 s old. `lat` and `lon` are as of `at` in any case.
    """

    id: str
    lat: float
    lon: float
    alt_m: float | None
    speed_mps: float | None
    track_deg: float | None
    at: Moment
    source: MemberId
    tlp: str = ""
    kind: Literal["unknown", "pending", "neutral", "own"] = "unknown"
    accuracy_m: float | None = None
    parts: tuple[TrackPart, ...] = ()
    roots: tuple[str, ...] = ()
    state: StateWord = "measured"

    @property
    def members(self) -> tuple[MemberId, ...]:
        """All whose tracks are in it, each once, the one that placed it best first."""
        return tuple(dict.fromkeys((self.source, *(part.source for part in self.parts))))
