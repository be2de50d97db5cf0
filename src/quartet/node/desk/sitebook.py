"""The sites of this member as its node knows them, for what the member does: each newest version, and what was said.

Nothing of it is shown as it is: who asks for a site asks the gate.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple, TypeVar

from quartet.core.encoding import Value
from quartet.core.facts import corrections
from quartet.core.ids import ItemId, Micros
from quartet.core.verify import Verified
from quartet.core.volume import Volume
from quartet.desk import Said
from quartet.desk.protection import holds, is_active, lifted
from quartet.desk.site import Exemption, Lifted, Notice, Site
from quartet.node.desk.sayings import Sayings
from quartet.node.holdings import Holdings
from quartet.node.parts import Parts
from quartet.picture.proximity import Pair

F = TypeVar("F", bound=Value)

SLICE: Final = 200
MAX_SITES: Final = 1_000
CHANGES: Final = frozenset({"site", "site-notice", "site-exemption", "site-lifted", "correction", "purged"})
"""Kinds after which the book is read anew."""


class Protected(NamedTuple):
    """A site in its newest version: `versions` are all that are held, the first one first."""

    versions: tuple[ItemId, ...]
    item: Verified
    said: Said[Site]
    notices: tuple[Said[Notice], ...]
    exemptions: tuple[Said[Exemption], ...]
    ended: frozenset[ItemId]

    @property
    def root(self) -> ItemId:
        """The first version, by which it stays the same site."""
        return self.versions[0]

    def active(self, now: Micros) -> tuple[Volume, ...]:
        """Return the volumes that are active now."""
        return tuple(one for one in self.said.form.volumes if is_active(one, self.notices, self.ended, now))

    def exempt(self, now: Micros) -> frozenset[Pair]:
        """Return who may pass which volume now."""
        return frozenset(
            (self.root, one.form.volume, one.form.flight) for one in self.exemptions if holds(one, self.ended, now)
        )


class SiteBook:
    """Keeps the member's sites in memory; read from the store when something was said about one."""

    def __init__(self, parts: Parts, holdings: Holdings, sayings: Sayings) -> None:
        self._me = parts.me
        self._reader = parts.store.reader
        self._holdings = holdings
        self._sayings = sayings
        self._sites: tuple[Protected, ...] | None = None
        holdings.on_news.append(self._heard)

    def sites(self) -> tuple[Protected, ...]:
        """Return the member's sites, each in its newest version, by the first."""
        if self._sites is None:
            self._sites = tuple(self._read())
        return self._sites

    def _heard(self, verified: Verified) -> None:
        if verified.statement.kind in CHANGES:
            self._sites = None

    def _read(self) -> Iterable[Protected]:
        held = {one.id: one for one in self._held()}
        items = {item: verified for item in held if (verified := self._holdings.verified(item)) is not None}
        later = {item: _newest(verified, held, self._holdings) for item, verified in items.items()}
        before = {new: old for old, new in later.items() if new is not None}
        for item in sorted(items):
            if later[item] is None:
                versions = _versions(item, before)
                about = self._sayings.held(item).plus(self._sayings.held(one) for one in versions[:-1])
                yield Protected(
                    versions=tuple(versions),
                    item=items[item],
                    said=held[item],
                    notices=self._ours(about.said(Notice)),
                    exemptions=self._ours(about.said(Exemption)),
                    ended=lifted(self._ours(about.said(Lifted))),
                )

    def _ours(self, said: Iterable[Said[F]]) -> tuple[Said[F], ...]:
        """Return what this member itself said: nobody else opens or shuts a volume of its site."""
        return tuple(one for one in said if one.member == self._me)

    def _held(self) -> list[Said[Site]]:
        found: list[Said[Site]] = []
        after = 0
        while len(found) < MAX_SITES:
            rows = self._reader.items(after, SLICE, self._me, "site", newest=True)
            found += self._sayings.held_among([row.id for row in rows], Site)
            if len(rows) < SLICE:
                break
            after = rows[-1].admission
        return found


def _newest(verified: Verified, held: dict[ItemId, Said[Site]], holdings: Holdings) -> ItemId | None:
    """Return what took the place of a version, None for the newest."""
    told = [one for one in corrections(verified, holdings.facts) if one in held and one != verified.id]
    return told[-1] if told else None


def _versions(item: ItemId, before: dict[ItemId, ItemId]) -> list[ItemId]:
    """Return the versions of a site that are held, the first one first, this one last."""
    found = [item]
    while found[0] in before and before[found[0]] not in found:
        found.insert(0, before[found[0]])
    return found
