"""What a node told of movers near its sites and is not over: to whom, how near, and by which items.

A node that started again reads it back from its own warnings that are not done with.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from quartet.core.ids import ItemId, MemberId, Micros, OfficerName
from quartet.core.statement import Contained
from quartet.desk.protection import HEIGHT_OF
from quartet.desk.site import Warned
from quartet.node.desk.sayings import Sayings
from quartet.node.desk.sitebook import Protected
from quartet.node.holdings import Holdings
from quartet.node.publishing import NODE_OFFICER
from quartet.picture.proximity import Level, Pair
from quartet.picture.proximity.look import KEPT


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
    items: Iterable[ItemId], me: MemberId, holdings: Holdings, sayings: Sayings, sites: Iterable[Protected], now: Micros
) -> Iterator[tuple[Pair, Told]]:
    """Yield what was told and is not over, by the first warnings of what is not done with."""
    roots = {version: site.root for site in sites for version in site.versions}
    for first in sayings.held_among(items, Warned):
        steps = (one for one in sayings.held(first.id).said(Warned) if one.form.first == first.id)
        own = [one for one in (first, *steps) if (one.member, one.officer) == (me, NODE_OFFICER)]
        last = max(own, key=lambda one: (one.at, one.id), default=None)
        item = None if last is None else holdings.verified(last.id)
        if last is not None and item is not None and last.form.level != "OVER":
            site = ItemId(first.form.site)
            pair = roots.get(site, site), first.form.volume, first.form.mover
            contains = tuple(control.sealed for control in item.contained)
            level = Level(HEIGHT_OF[last.form.level])
            yield pair, Told(first.id, last.id, level, contains, until=now + KEPT)
