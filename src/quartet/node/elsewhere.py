"""What the others have of us that is not ours, ticks of our log or parcels: somebody else has our log or link key."""

from typing import Final

from quartet.core.ids import Micros, Tick
from quartet.core.proof.checkpoint import Checkpoint
from quartet.core.proof.logkeys import last_tick
from quartet.node.parts import Parts
from quartet.store import Reader, Tx

ELSEWHERE: Final = "log-elsewhere"
SENT: Final = "sent-elsewhere"
BACK: Final = (
    "Stop the node and take the link key back first, alone: quartet keys rotate link. Start it, and once its log"
    " goes on: quartet keys rotate log"
)


class Elsewhere:
    """Notes what the others cosigned of our log and is not here."""

    def __init__(self, parts: Parts) -> None:
        self._me, self._store = parts.me, parts.store
        self.known = True
        """Whether our log is all here: not while the node came back and takes it from the others."""
        self.whole = False
        """Whether it came back with new keys alone: the paths that others have of our items may lead where none is."""

    @property
    def size(self) -> int:
        """How long our log is here."""
        last = self._store.reader.last_tick()
        return 0 if last is None else last.leaf_index + 1

    def began(self) -> Tick | None:
        """Return the first tick of our log; None before there is one."""
        last = self._store.reader.last_tick()
        return None if last is None else Tick(last.number - last.leaf_index)

    async def look(self, witness: str, checkpoint: Checkpoint, now: Micros) -> None:
        """Tell the officers of a checkpoint of ours, its signature right, that is longer than our log."""
        ahead = checkpoint.size - self.size
        if not self.known or ahead <= 0:
            return
        text = (
            f"{witness} cosigned {ahead} ticks of this member's log that are not here: somebody else signs them, with"
            f" its log key. {BACK}"
        )
        seen = max(last_tick(checkpoint), seen_elsewhere(self._store.reader) or 0)

        def job(tx: Tx) -> None:
            tx.set_meta(ELSEWHERE, str(seen))
            tx.put_alarm(ELSEWHERE, self._me, text, now)

        await self._store.write(job)

    async def confirmed(self, member: str, now: Micros) -> None:
        """Tell the officers that a member confirms a parcel of ours that we did not send."""
        text = (
            f"{member} confirms what this member did not send: somebody else sends in its name, with its link key."
            f" {BACK}"
        )
        if not self._store.reader.has_alarm(SENT, self._me):
            await self._store.write(lambda tx: tx.put_alarm(SENT, self._me, text, now))

    async def end(self, now: Micros) -> None:
        """Note that all goes on behind what was another's, under keys that nobody else has."""
        reader, reasons = self._store.reader, (ELSEWHERE, SENT)
        if not any(reader.has_alarm(reason, self._me) for reason in reasons):
            return

        def job(tx: Tx) -> None:
            tx.drop_metas([ELSEWHERE])
            for reason in reasons:
                tx.end_alarm(reason, self._me, now)

        await self._store.write(job)


def seen_elsewhere(reader: Reader) -> Tick | None:
    """Return the last tick of our log that others were seen to have, and we had not."""
    kept = reader.meta(ELSEWHERE)
    return None if kept is None else Tick(int(kept))
