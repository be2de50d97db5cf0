"""What a viewer is told of the picture's past: how far back it goes, and where one track was."""

from quartet.core.encoding import Value
from quartet.core.ids import MemberId
from quartet.node.views import Moment


class PastSpan(Value, frozen=True):
    """From when until when the picture can be looked back at; it does not say whether anything was seen."""

    since: Moment
    until: Moment


class TrackPoint(Value, frozen=True, rename={"source": "from"}):
    """Where a track was at the moment when it was seen; `from` is the member whose sensor saw it."""

    at: Moment
    lat: float
    lon: float
    alt_m: float | None
    speed_mps: float | None
    track_deg: float | None
    source: MemberId


class TrackHistory(Value, frozen=True):
    """The way of one track, the oldest point first; `step_s` is how far its points are apart at least."""

    id: str
    since: Moment
    until: Moment
    step_s: int
    points: tuple[TrackPoint, ...]
