"""Carry bytes between members inside one process: for tests, exercises and worlds with a clock of their own.

A real seam, not a mock: it loses, doubles and overtakes as it is told, from a seed.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from quartet.core.encoding import Value
from quartet.core.faults import Malformed, Unavailable
from quartet.core.ids import MemberId
from quartet.wire.carrier import MAX_DATA, Arrival, By, Handler, Kind, Trouble, Way
from quartet.wire.inbox import LIMITS, Inbox, Limits

HELD_SECONDS: Final = 0.05
"""How long a message that is to be overtaken waits when nothing follows it."""


class Passed(Value, frozen=True):
    """One message as the hub saw it."""

    frm: MemberId
    to: MemberId
    kind: Kind
    data: bytes


class Weather(Value, frozen=True):
    """How often (0.0 to 1.0) a message is lost, doubled or overtaken by the next."""

    drop: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0


CALM: Final = Weather()


class MemoryHub:
    """Everybody's hub: `carrier(member)` gives each its way in."""

    def __init__(self, *, seed: int = 0, weather: Weather = CALM, tap: bool = False, limits: Limits = LIMITS) -> None:
        self.weather = weather
        self.drop_if: Callable[[Passed], bool] | None = None
        self.tapped: list[Passed] = []
        self._tap = tap
        self._chance = random.Random(seed)  # noqa: S311 - weather, not secrets
        self._limits = limits
        self._carriers: dict[MemberId, MemoryCarrier] = {}
        self._cut: set[MemberId] = set()
        self._direct: dict[frozenset[MemberId], bool] = {}
        self._held: dict[tuple[MemberId, MemberId], Passed] = {}
        self._count: Counter[str] = Counter()

    def carrier(self, member: MemberId) -> "MemoryCarrier":
        """Return the member's carrier; a second call replaces the first, as after a restart."""
        carrier = MemoryCarrier(self, member, Inbox(self._limits))
        self._carriers[member] = carrier
        return carrier

    def cut(self, member: MemberId) -> None:
        """Cut a member's link: it knows, the others do not."""
        self._cut.add(member)

    def mend(self, member: MemberId) -> None:
        """Put a member's link back."""
        self._cut.discard(member)

    def join(self, one: MemberId, other: MemberId) -> None:
        """Set up a direct link between two members, or put it back: what they say goes over it, past the hub."""
        self._direct[frozenset((one, other))] = True

    def part(self, one: MemberId, other: MemberId) -> None:
        """Break a direct link; both know."""
        self._direct[frozenset((one, other))] = False

    def direct(self, one: MemberId, other: MemberId) -> bool | None:
        """Tell whether the direct link between two members stands; None where none is set up."""
        return self._direct.get(frozenset((one, other)))

    def is_cut(self, member: MemberId) -> bool:
        """Tell whether a member's link is cut."""
        return member in self._cut

    def taps(self, needle: bytes) -> int:
        """Return in how many messages `needle` passed the hub (with `tap=True`)."""
        return sum(needle in passed.data for passed in self.tapped)

    def counters(self) -> Mapping[str, int]:
        """Return what the weather did."""
        return dict(self._count)

    def carry(self, passed: Passed) -> None:
        """Take a message in and deliver it as the weather has it."""
        if self._tap:
            self.tapped.append(passed)
        if self._lost(passed):
            self._count["lost"] += 1
            return
        pair = (passed.frm, passed.to)
        if pair not in self._held and self._chance.random() < self.weather.reorder:
            self._hold(pair, passed)
            return
        self._deliver(passed)
        if self._chance.random() < self.weather.duplicate:
            self._count["doubled"] += 1
            self._deliver(passed)
        self._let_go(pair)

    def hand_over(self, passed: Passed) -> None:
        """Deliver a message by a direct link, which has no weather and no tap."""
        self._put(passed)

    def _lost(self, passed: Passed) -> bool:
        if self.drop_if is not None and self.drop_if(passed):
            return True
        return self._chance.random() < self.weather.drop

    def _hold(self, pair: tuple[MemberId, MemberId], passed: Passed) -> None:
        self._count["overtaken"] += 1
        self._held[pair] = passed
        asyncio.get_running_loop().call_later(HELD_SECONDS, self._let_go, pair)

    def _let_go(self, pair: tuple[MemberId, MemberId]) -> None:
        held = self._held.pop(pair, None)
        if held is not None:
            self._deliver(held)

    def _deliver(self, passed: Passed) -> None:
        if passed.to in self._cut:
            self._count["lost"] += 1
        else:
            self._put(passed)

    def _put(self, passed: Passed) -> None:
        carrier = self._carriers.get(passed.to)
        if carrier is None:
            self._count["lost"] += 1
            return
        carrier.inbox.offer(Arrival(passed.frm, passed.kind, passed.data))


class MemoryCarrier:
    """One member's way to the memory hub."""

    def __init__(self, hub: MemoryHub, me: MemberId, inbox: Inbox) -> None:
        self.inbox = inbox
        self._hub = hub
        self._me = me

    async def send(self, to: MemberId, kind: Kind, data: bytes) -> None:
        """Hand `data` over directly or to the hub; `Unavailable("link-down")` while our link is cut."""
        if len(data) > MAX_DATA:
            raise Malformed("too-large", f"{len(data)} bytes where {MAX_DATA} may be")
        passed = Passed(self._me, to, kind, bytes(data))
        if self._hub.direct(self._me, to):
            self._hub.hand_over(passed)
        elif self._hub.is_cut(self._me):
            raise Unavailable("link-down", f"from {self._me}")
        else:
            self._hub.carry(passed)
        await asyncio.sleep(0)

    def add_peer(self, peer: MemberId) -> None:
        """Hear a peer from now on; the hub carries from and to everybody, so there is nothing to open."""

    def remove_peer(self, peer: MemberId) -> None:
        """Drop what waits from a peer."""
        self.inbox.forget(peer)

    def linked(self, to: MemberId) -> bool:
        """Tell whether our own link to the hub stands, or a direct one."""
        return self.way(to).by != "none"

    def way(self, to: MemberId) -> Way:
        """Tell by which way a peer is reached now."""
        direct, hub = self._hub.direct(self._me, to), not self._hub.is_cut(self._me)
        trouble: Trouble = "direct-waits" if direct is False else ""
        by: By = "direct" if direct else "hub" if hub else "none"
        return Way(by, "memory" if hub else "", direct is not None, trouble)

    async def run(self, handler: Handler) -> None:
        """Give what arrives to `handler` until cancelled."""
        await self.inbox.run(handler)

    def counters(self) -> Mapping[str, int]:
        """Return how much was received, dropped, refused."""
        return self.inbox.counters()
