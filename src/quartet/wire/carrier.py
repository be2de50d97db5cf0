"""Carry opaque bytes between members: the seam that NATS and the memory hub both fill.

A carrier promises nothing but speed: bytes may be lost, doubled or overtaken. What is durable is durable at the ends.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Literal, Protocol, get_args

from quartet.core.encoding import Value
from quartet.core.ids import MemberId

Kind = Literal["p", "t", "m", "h"]
"""p: a sealed parcel; t: a sealed frame; m: manifest and epoch key, clear inside TLS; h: an unsigned hint."""
KINDS: Final[frozenset[str]] = frozenset(get_args(Kind))
MAX_DATA: Final = 600 * 1024
"""Bytes in one message: a parcel of 512 KiB with its seal, well under the 1 MiB that NATS carries."""


By = Literal["direct", "hub", "none"]
"""direct: over a link from our own server to the peer's; hub: over a hub; none: neither stands."""
Trouble = Literal["", "direct-waits", "direct-trying", "direct-no-answer", "direct-wrong-certificate", "direct-refused"]
"""Why a direct link does not stand: the peer that is to connect has not, we only begin, or how far trying comes."""


class Way(Value, frozen=True):
    """By which way a peer is reached now; `hub` is the name of the hub that our server reaches, whichever is used."""

    by: By
    hub: str = ""
    direct: bool = False
    """Whether a direct link to it is set up."""
    trouble: Trouble = ""
    """Why that does not stand."""


class Arrival(Value, frozen=True):
    """Bytes as they came, from the member whose link brought them; nothing in them is believed yet."""

    frm: MemberId
    kind: Kind
    data: bytes


Handler = Callable[[Arrival], Awaitable[None]]


class Carrier(Protocol):
    """One member's way to the others."""

    async def send(self, to: MemberId, kind: Kind, data: bytes) -> None:
        """Hand `data` to our own way out.

        Raise `Unavailable("link-down")` where that is down or slower than the deadline, `Unavailable("unknown-peer")`
        for who was not added, and `Malformed("too-large")` over MAX_DATA. Returning says nothing of arrival.
        """
        ...

    def add_peer(self, peer: MemberId) -> None:
        """Hear a peer, and be able to send to it, from now on; one that is known already stays as it is."""
        ...

    def remove_peer(self, peer: MemberId) -> None:
        """Neither hear a peer nor send to it any more; what waits from it is dropped."""
        ...

    def linked(self, to: MemberId) -> bool:
        """Tell whether a way of ours to a peer stands; cheap, and says nothing of the other's."""
        ...

    def way(self, to: MemberId) -> Way:
        """Tell by which way a peer is reached now."""
        ...

    async def run(self, handler: Handler) -> None:
        """Give what arrives to `handler` until cancelled, one at a time and in order for each peer, peers side by side.

        At a peer's bound what came last is dropped and counted. A `Fault` out of `handler` is counted; a bug raises.
        """
        ...

    def counters(self) -> Mapping[str, int]:
        """Return how much was received, dropped, refused, by name."""
        ...
