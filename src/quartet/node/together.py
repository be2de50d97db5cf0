"""Keep several statements of ours in one transaction: all of them are said, or none is.

With a FLASH among them they wait for nothing else that is to be kept.
"""

from collections.abc import Callable, Sequence

from quartet.core.verify import Verified
from quartet.node.holdings import Holdings
from quartet.node.parts import Parts
from quartet.store import Tx


class Together:
    """Stores what belongs together."""

    def __init__(self, parts: Parts, holdings: Holdings, wake: Callable[[], None]) -> None:
        self._parts = parts
        self._holdings = holdings
        self._wake = wake

    async def keep(self, said: Sequence[Verified], also: Callable[[Tx], None] | None = None) -> None:
        """Keep signed statements of ours, decided in one turn; what the store refuses leaves none of them.

        `also` is written with them, in their transaction.
        """
        now = self._parts.clock.now()
        async with self._holdings.turn(said, now):
            rows = {one.id: self._holdings.decide_new(one, now) for one in said}
            facts = self._holdings.facts

            def job(tx: Tx) -> None:
                for one in said:
                    self._holdings.keep_item(tx, one, rows[one.id], facts, now)
                if also is not None:
                    also(tx)

            try:
                await self._parts.store.write(job, urgent=any(one.statement.precedence == "FLASH" for one in said))
            except BaseException:
                for one in said:
                    self._holdings.forget(one.id)
                raise
            for one in said:
                self._holdings.learned(one, now)
        self._wake()
