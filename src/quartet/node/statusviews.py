"""How a node is: its links, the logs that it knows, what an officer must look at.

Fields may be added here, never renamed, as in `views`.
"""

from typing import Literal

from msgspec import field

from quartet.core.encoding import Value
from quartet.core.ids import ExchangeId, MemberId
from quartet.node.assist.porton import PortOn
from quartet.node.views import LogState, Moment
from quartet.wire.carrier import Way

LinkWord = Literal["up", "suspect", "down"]


class LinkState(Value, frozen=True):
    """How a link stands, which `way` we send, when files went and came; `due` counts what waits, for the watch.

    `behind_s` says how long what waits will take at the rate of a cover.
    """

    member: MemberId
    state: LinkWord
    heard: Moment | None
    due: int | None
    way: Way
    lag_ms: int | None = None
    detail: str = ""
    carried_out: Moment | None = None
    carried_in: Moment | None = None
    behind_s: int | None = None


class Alarm(Value, frozen=True):
    """Something that an officer must look at."""

    at: Moment
    reason: str
    detail: str
    member: MemberId | None = None


class Indexed(Value, frozen=True):
    """How many items a search finds by their words, in how many bytes; if not `whole` it looks through the others."""

    items: int
    whole: bool
    size: int


class Status(Value, frozen=True):
    """How a node is. What counts items that this viewer may not see, and its own alarms, are for the watch; else empty.

    An alarm of an item is for whoever may see that. `silent` is since when a witness cosigned nothing, for so long that
    the others may declare it absent; `absent` from when until when one is declared so."""

    member: MemberId
    exchange: ExchangeId
    name: str
    version: str
    trial: bool
    at: Moment
    clock: str
    epoch: int
    items: int | None
    links: tuple[LinkState, ...]
    logs: dict[MemberId, LogState]
    alarms: tuple[Alarm, ...]
    words: Indexed | None = None
    assist: tuple[PortOn, ...] = ()
    cover: str = "off"
    silent: dict[MemberId, Moment] = field(default_factory=dict)
    absent: dict[MemberId, tuple[Moment, Moment]] = field(default_factory=dict)
