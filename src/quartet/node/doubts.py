"""What one peer sent that could not be believed: kept as evidence and alarmed, until it is believed after all.

A statement may come before what proves it: a list of officers, a key, an act. Once it is believed, nothing is wrong.
"""

from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from quartet.core.faults import Fault, Untrusted
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.verify import Verified
from quartet.store import EVIDENCE, Store, Tx
from quartet.wire import TokenBucket

REFUSALS_A_SECOND: Final = 5.0
REFUSALS_AT_ONCE: Final = 500.0
"""What of a peer's refused statements is receipted and kept as evidence; beyond it they are only counted."""
FLOOD: Final = "it sends more that must be refused than is kept; only the newest is: speak to that member"


class Doubts:
    """The doubts about one peer."""

    def __init__(self, store: Store, peer: MemberId, now: Micros) -> None:
        self._store = store
        self._box = store.box
        self._peer = peer
        self._any = bool(store.reader.refused(peer))
        self._bare: set[str] = set()
        self._bucket = TokenBucket(REFUSALS_A_SECOND, REFUSALS_AT_ONCE, now / SECOND)

    async def alarm(self, fault: Fault, now: Micros) -> None:
        """Alarm what is wrong with the peer itself, of which nothing is kept: no statement that it sends ends that."""
        self._bare.add(fault.reason)
        await self._store.write(lambda tx: tx.put_alarm(fault.reason, self._peer, str(fault), now))

    def spare(self, now: Micros) -> bool:
        """Return whether one more that is refused may be receipted and kept."""
        return self._bucket.spare(1, now / SECOND)

    def keep(self, tx: Tx, trouble: Iterable[tuple[str, str, bytes]], beyond: int, now: Micros) -> None:
        """Keep what was refused, and alarm it; `beyond` so many were only counted."""
        dropped = beyond
        for reason, detail, data in trouble:
            self._any = True
            dropped += tx.put_refused(reason, self._peer, self._box.wrap(data, EVIDENCE), now)
            tx.put_alarm(reason, self._peer, detail, now)
        if dropped:
            tx.put_alarm("refused-flood", self._peer, FLOOD, now)

    def end(self, tx: Tx, believed: Iterable[Verified], now: Micros) -> None:
        """Drop what is believed now, and end the alarms of which nothing else is left."""
        doubted = {v.signed for v in believed if tx.read.made_receipt(v.id) is not None} if self._any else set()
        kept = tx.read.refused(self._peer) if doubted else []
        ended = {n: reason for n, reason, data in kept if self._open(data) in doubted}
        for n in ended:
            tx.drop_refused(n)
        for reason in set(ended.values()) - {reason for n, reason, _ in kept if n not in ended} - self._bare:
            tx.end_alarm(reason, self._peer, now)

    def _open(self, data: bytes) -> bytes | None:
        with suppress(Untrusted):  # damaged here: it stays, and `verify` says so
            return self._box.unwrap(data, EVIDENCE)
        return None
