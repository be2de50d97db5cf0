"""What is out there now: plots, and the latest of each aircraft. Pure: `now` is an argument."""

from quartet.picture.geodesy import distance_m
from quartet.picture.plot import (
    AnyPlot,
    Counts,
    Detection,
    Plot,
    RadarPlot,
    ServiceKind,
    ServiceMessage,
    VerticalSource,
    own_name,
)
from quartet.picture.track import (
    LOST_AFTER,
    MAX_AHEAD,
    MAX_HELD,
    Picture,
    Position,
    fold,
    position_of,
    rebase,
    track_of,
    tracks,
)

__all__ = [
    "LOST_AFTER",
    "MAX_AHEAD",
    "MAX_HELD",
    "AnyPlot",
    "Counts",
    "Detection",
    "Picture",
    "Plot",
    "Position",
    "RadarPlot",
    "ServiceKind",
    "ServiceMessage",
    "VerticalSource",
    "distance_m",
    "fold",
    "own_name",
    "position_of",
    "rebase",
    "track_of",
    "tracks",
]
