"""How a node is at one moment, without content: for its log and for its figures."""

from quartet.core.encoding import Value
from quartet.core.ids import MemberId, Micros
from quartet.node.statusviews import LinkWord
from quartet.node.views import LogState
from quartet.wire.carrier import By


class LinkPulse(Value, frozen=True):
    """A link without content: its state, whole seconds since the peer was heard, and what waits, by magnitude.

    Beside it, when a file of parcels was last written for the peer, and when one last came from it.
    """

    state: LinkWord
    heard_s: int | None
    waiting: int
    carried_out: Micros | None = None
    carried_in: Micros | None = None
    by: By = "none"
    direct: bool | None = None
    """Whether the direct link to it stands; None where none is set up."""


class Pulse(Value, frozen=True):
    """A node without content; made for metrics and the log. `alarms` counts the open ones by their reason word."""

    member: MemberId
    version: str
    trial: bool
    up_s: int
    tick_lag_s: float | None
    ticking: bool
    clock_apart_s: int
    links: dict[MemberId, LinkPulse]
    logs: dict[MemberId, LogState]
    alarms: dict[str, int]
