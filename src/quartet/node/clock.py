"""The node's clock: the machine's, moved by a fixed offset in drills. The only place of the node that asks the time."""

import time

from quartet.core.ids import SECOND, MemberId, Micros

UNSURE_AFTER = 30 * SECOND
"""A clock this far from its peers' median is not sure (RELEASE, "Time")."""
HEARD_FOR = 60 * SECOND
"""How long a peer's time counts. Who is not sure does not cosign, and so states none: without an end, a pause of all
together (a machine that slept with every node on it) would leave them unsure of each other for ever."""


class Clock:
    """Tells the time, and whether the peers agree with it."""

    def __init__(self, offset: int = 0) -> None:
        """Start with `offset` microseconds added to the machine's time."""
        self._offset = offset
        self._apart: dict[MemberId, tuple[int, Micros]] = {}
        self._peers = 0
        self._median = 0
        self._quorum = False
        self._until = Micros(0)

    def move(self, by: int) -> None:
        """Move the clock by so many microseconds: a drill's clock only."""
        self._offset += by
        self._until = Micros(0)

    def now(self) -> Micros:
        """Return the present time."""
        return Micros(time.time_ns() // 1000 + self._offset)

    def heard(self, member: MemberId, theirs: int) -> None:
        """Note a time that a peer stated just now (its cosignature's date)."""
        now = self.now()
        self._apart[member] = (theirs - now, now)
        self._until = Micros(0)

    def dated(self, now: Micros) -> Micros:
        """Return the date of what is said `now`: the peers' time where this clock is ahead of them and unsure.

        What is dated ahead of a reader's clock is not shown there before its time comes: an hour, not a moment, later.
        """
        return now if self.sure else Micros(min(now, now + self._believed))

    def expect(self, peers: int) -> None:
        """Note how many peers there are: what most of them say is believed, and not what one says alone."""
        self._peers = peers
        self._until = Micros(0)

    def forget(self, member: MemberId) -> None:
        """Leave a member out of the median: it is no longer a member."""
        self._apart.pop(member, None)
        self._until = Micros(0)

    @property
    def apart(self) -> int:
        """How far the peers' median is ahead of this clock, in microseconds; 0 while nobody was heard.

        Of two in the middle it is the nearer one: a single false clock beside a right one moves nothing.
        """
        now = self.now()
        if now > self._until:
            heard = sorted((apart, at) for apart, at in self._apart.values() if at >= now - HEARD_FOR)
            middle = [heard[n][0] for n in ((len(heard) - 1) // 2, len(heard) // 2)] if heard else [0]
            self._median = min(middle, key=abs)
            self._quorum = 2 * len(heard) > self._peers
            self._until = Micros(min((at + HEARD_FOR for _, at in heard), default=now + HEARD_FOR))
        return self._median

    @property
    def _believed(self) -> int:
        """How far the peers are ahead, if a quorum of them says so."""
        apart = self.apart
        return apart if self._quorum else 0

    def latest(self, now: Micros) -> Micros:
        """Return the later of `now` and the time that the peers have: by it things expire (RELEASE, "Time")."""
        return now if self.sure else Micros(now + max(0, self._believed))

    @property
    def sure(self) -> bool:
        """Whether this clock is within 30 s of its peers' median."""
        return abs(self.apart) <= UNSURE_AFTER
