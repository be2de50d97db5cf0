"""What a node told of movers near its sites and is not over: to whom, how near, and by which items.

A node that started again reads it back from its own newest warnings.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from quartet.core.ids import ItemId, Micros, OfficerName
from quartet.core.statement import Contained
from quartet.desk import KIND_OF
from quartet.desk.protection import HEIGHT_OF
from quartet.desk.site import LevelWord, Warned
from quartet.node.desk.sayings import Sayings
from quartet.node.desk.sitebook import Protected
from quartet.node.holdings import Holdings
from quartet.node.publishing import NODE_OFFICER
from quartet.picture.proximity import Level, Pair
from quartet.picture.proximity.look import KEPT

REMEMBERED: Final = 1_000
"""Of how many warnings, the newest, a node that starts learns which are not over."""


@dataclass
class Told:
    """What was told of a mover near a volume: the first warning and the last, how near it is believed to be since, and
    to whom.

    Each goes on from the one before and carries what that carries: who sees the last sees all. `names` is None until
    somebody who sees it takes it over: a node that started again knows the items alone. Nothing is over before `until`.
    """

    first: ItemId
    last: ItemId
    level: Level
    contains: tuple[Contained, ...]
    names: frozenset[OfficerName] | None = None
    until: int = 0


def open_ones(
    me: str, holdings: Holdings, sayings: Sayings, sites: Iterable[Protected], now: Micros
) -> Iterator[tuple[Pair, Told]]:
    """Yield what was told and is not over, from the newest warnings of the node before it stopped."""
    roots = {version: site.root for site in sites for version in site.versions}
    rows = holdings.store.reader.items(0, REMEMBERED, me, KIND_OF[Warned], newest=True)
    said = sayings.held_among([row.id for row in rows], Warned)
    later: dict[ItemId, tuple[LevelWord, ItemId]] = {}
    for one in sorted(said, key=lambda one: (one.at, one.id), reverse=True):
        if one.officer != NODE_OFFICER:
            continue
        first = ItemId(one.form.first or one.id)
        word, last = later.setdefault(first, (one.form.level, one.id))
        item = holdings.verified(last)
        if one.form.first is None and word != "OVER" and item is not None:
            site = ItemId(one.form.site)
            pair = roots.get(site, site), one.form.volume, one.form.mover
            contains = tuple(control.sealed for control in item.contained)
            yield pair, Told(one.id, last, Level(HEIGHT_OF[word]), contains, until=now + KEPT)
