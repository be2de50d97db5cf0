"""What a viewer is told of a sensor: how it is, what it sees a second, what was refused, and where it saw movers."""

from quartet.core.encoding import Value
from quartet.node.views import Moment
from quartet.picture.sensorhealth import HealthWord


class OffsetsView(Value, frozen=True):
    """A radar's offsets - what it says too much - as they seem, each within so much of the true one with 95 %.

    None is "not yet known": too little was seen of what another sensor under the same marking saw too. They are taken
    out of the tracks; where they are `doubtful`, do not trust them, nor where the radar's movers lie.
    """

    range_m: float | None
    range_within_m: float | None
    azimuth_deg: float | None
    azimuth_within_deg: float | None
    time_s: float | None
    time_within_s: float | None
    doubtful: bool


class SensorView(Value, frozen=True):
    """How one of this member's sensors is.

    `health` is the word for it and `reason` why, where it is not simply well. `per_s` is what it saw a second over the
    last minute, `plots` since the node began; `taken` and `refused` count records or lines, by reason. `reach_m` is how
    far the furthest ring goes in which it saw anything in the last hour, and `gaps` how many cells within lie empty.
    `mostly` is the most frequent of the reasons that speak against it, which those it is passed by for do not.
    `offsets` are a radar's; None for what tells places, and before it spoke.
    """

    name: str
    format: str
    lat: float
    lon: float
    edition: str | None
    feed: str | None
    tlp: str | None
    health: HealthWord
    reason: str | None
    heard: Moment | None
    plots: int
    per_s: float
    taken: int
    refused: dict[str, int]
    rotation_s: float | None
    in_use: bool | None
    reach_m: float
    gaps: int
    offsets: OffsetsView | None = None
    mostly: str | None = None


class CellView(Value, frozen=True):
    """One cell about a sensor: a bit in `bands` for each height in which movers were seen there; 0 for a gap."""

    sector: int
    ring: int
    bands: int


class CoverageView(Value, frozen=True):
    """Where a sensor saw movers in the last hour: `sectors` from true north clockwise, rings of `ring_m` each."""

    name: str
    lat: float
    lon: float
    tlp: str | None
    sectors: int
    rings: int
    ring_m: float
    bands: tuple[str, ...]
    cells: tuple[CellView, ...]
