"""Which items lie near one in meaning, as an embedder of this member's own places their texts: a suggestion, no more.

What is compared follows from what the viewer sees and the gate lets go to the embedder, never from what was asked
before. A text goes once; where it was placed is kept in memory alone, and no longer than the text may be there.
"""

import asyncio
from array import array
from collections.abc import Callable, Sequence
from functools import partial
from operator import mul
from typing import Final, TypeAlias

from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import ItemId
from quartet.core.release import Viewer
from quartet.core.verify import Verified
from quartet.intake.maker import MadeBy
from quartet.intake.ports import MAX_TEXTS, Embedder, unit
from quartet.node.asking import Query
from quartet.node.assist.leaving import Leave, Leaving, host_of, is_on
from quartet.node.assist.settings import ModelServer
from quartet.node.assist.views import NearItem, NearPage, made_view
from quartet.node.beat import Beat
from quartet.node.holdings import Holdings
from quartet.node.reading import Reading
from quartet.node.seeing import Seeing

PORT: Final = "embedder"
MAX_ITEMS: Final = 150
"""Items that are looked at, the newest that she sees; of these so many go that `MAX_TEXTS` go with hers."""
MAX_LETTERS: Final = 4_000
"""Letters of a text that go, from its title on."""
MAX_SHOWN: Final = 10
MAX_KEPT: Final = 1_000
MAX_BYTES: Final = 32 * 1024**2
"""Of all places that are kept; beyond either bound those that were kept first are forgotten."""
ENDS: Final = frozenset({"recall", "narrow"})
"""Kinds after which a text may go no more."""

Place: TypeAlias = "array[float]"
"""A vector of unit length, as four bytes a number."""
OfPort = Callable[[], tuple[ModelServer, Embedder] | None]


class Nearness:
    """Answers what is near; keeps where texts were placed."""

    def __init__(self, leaving: Leaving, holdings: Holdings, seeing: Seeing, reading: Reading, port: OfPort) -> None:
        self._leaving = leaving
        self._holdings = holdings
        self._seeing = seeing
        self._reading = reading
        self._port = port
        self._alone = asyncio.Lock()
        self._by: ModelServer | None = None
        self.kept: dict[ItemId, Place] = {}
        """Where texts were placed that still may go there: vectors of unit length, in the order in which they went."""
        holdings.on_purged.append(self._purged)
        holdings.on_news.append(self._news)

    async def of(self, viewer: Viewer, ref: str) -> NearPage:
        """Return which of the items that a viewer sees lie nearest to one.

        Raise `Unavailable("port-off")`, `Unavailable("unknown-item")`, `Untrusted` with the gate's reason where that
        one may not go there, `Malformed` for what has no words or is answered oddly, and `Unavailable` for no answer.
        """
        server, port = is_on(PORT, self._port())
        beat = Beat()
        mine = self._leaving.of_item(PORT, server, viewer, ref, MAX_LETTERS)
        page = await self._reading.read(viewer, Query(newest=True, limit=MAX_ITEMS))
        rows = {row.id: row for row in page.items if row.id != mine.entry.item}
        may = [leave for item in rows if (leave := self._leave(server, viewer, item)) is not None]
        compared = may[: MAX_TEXTS - 1]
        async with self._alone:
            places = await self._placed(server, port, [mine, *compared])
        near = await asyncio.to_thread(_nearest, places)
        await beat.wait()
        left = [NearItem(rows[item], how) for item, how in near if self._leave(server, viewer, item) is not None]
        self._leaving.of_item(PORT, server, viewer, ref)  # it may have been taken back meanwhile
        return NearPage(
            items=tuple(left[:MAX_SHOWN]),
            host=host_of(server),
            made=made_view(MadeBy(PORT, port.model, self._leaving.now())),
            compared=len(compared),
            more=page.next is not None or len(may) > len(compared),
        )

    def _leave(self, server: ModelServer, viewer: Viewer, item: ItemId) -> Leave | None:
        """Return the text of an item that a viewer sees; None where it may not go, or has no words."""
        if self._seeing.see(item, viewer, self._leaving.now()) is None:
            return None
        try:
            return self._leaving.of_item(PORT, server, viewer, item, MAX_LETTERS)
        except (Malformed, Untrusted):
            return None

    async def _placed(self, server: ModelServer, port: Embedder, leaves: Sequence[Leave]) -> list[tuple[ItemId, Place]]:
        """Return where texts are placed, the first first; those that never went go now, all in one question."""
        if self._by != server:
            self.kept.clear()
            self._by = server
        self._forget()
        known = {item: self.kept[item] for item in map(_item, leaves) if item in self.kept}
        new = [leave for leave in leaves if _item(leave) not in known]
        if new:
            given = tuple(leave.given for leave in new)
            found = await self._leaving.asked(new, partial(port.embed, given))
            known |= {_item(leave): array("f", unit(one)) for leave, one in zip(new, found, strict=True)}
            if len({len(place) for place in known.values()}) != 1:
                self.kept.clear()
                raise Malformed("odd-model-answer", "vectors of several lengths")
            self._keep({_item(leave): known[_item(leave)] for leave in new})
        return [(item, known[item]) for item in map(_item, leaves)]

    def _keep(self, places: dict[ItemId, Place]) -> None:
        self.kept |= places
        self._forget()  # some may have been taken back or destroyed meanwhile
        while len(self.kept) > MAX_KEPT or sum(map(_size, self.kept.values())) > MAX_BYTES:
            del self.kept[next(iter(self.kept))]

    def _forget(self) -> None:
        """Forget where texts were placed that may go there no more."""
        by = self._by
        for item in [item for item in self.kept if by is None or self._leaving.stays(item, by)]:
            del self.kept[item]

    def _news(self, verified: Verified) -> None:
        if verified.statement.kind in ENDS:
            self._forget()

    def _purged(self, item: ItemId) -> None:
        self.kept.pop(item, None)


def _item(leave: Leave) -> ItemId:
    assert leave.entry.item is not None
    return leave.entry.item


def _size(place: Place) -> int:
    return len(place) * place.itemsize


def _nearest(places: Sequence[tuple[ItemId, Place]]) -> list[tuple[ItemId, float]]:
    """Return the cosine of the first with each other, the nearest first; those that are as near stay in their order."""
    (_, mine), *others = places
    found = [(item, round(sum(map(mul, mine, its)), 3)) for item, its in others]
    return sorted(found, key=lambda one: -one[1])
