"""The sites of this member as its node knows them, for what the member does: each newest version, and what was said.

Nothing of it is shown as it is: who asks for a site asks the gate.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from quartet.core.encoding import Value
from quartet.core.facts import Facts, corrections
from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, ItemId, Micros
from quartet.core.verify import Verified
from quartet.core.volume import Volume
from quartet.desk import Said, form_of
from quartet.desk.protection import holds, is_active, lifted
from quartet.desk.site import Exemption, Lifted, Notice, Site, check_site
from quartet.node.desk.sayings import About, Sayings, Seen
from quartet.node.holdings import Holdings
from quartet.node.parts import Parts
from quartet.node.sitewords import WORDS, counts, subject_of
from quartet.picture.proximity import Pair

SLICE: Final = 200
MAX_SITES: Final = 1_000
"""Versions of sites that are looked after, the newest."""
LABELS: Final = 60 * SECOND
"""How long it is not asked again what counts while nothing is news: a label may change by its date."""
CHANGES: Final = frozenset({"site", "site-notice", "site-exemption", "site-lifted", "correction", "purged"})
"""Kinds after which the book is read anew. What recalls, their cancellations and changes of a marking undo is asked of
the facts themselves, whenever these are others."""


class Protected(NamedTuple):
    """A site in its newest version that stands; `versions` are all that are held, the first first, this one last."""

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

    @property
    def closed(self) -> bool:
        """Whether it is looked after no more: what was said of it stays; a version said since is open again."""
        return self.item.id in self.ended

    def active(self, now: Micros) -> tuple[Volume, ...]:
        """Return the volumes that are active now."""
        if self.closed:
            return ()
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
        self._kept: tuple[_Kept, ...] | None = None
        self._sites: tuple[Protected, ...] = ()
        self._counted: frozenset[ItemId] | None = None
        self._facts: Facts | None = None
        self._asked = Micros(0)
        self.beyond = False
        """Whether there are more than are looked after."""
        holdings.on_news.append(self._heard)

    def sites(self) -> tuple[Protected, ...]:
        """Return the member's sites, each in its newest version that stands, by the first."""
        if self._kept is None:
            self._kept, self._facts = tuple(self._read()), None
        now = self._sayings.now()
        if self._facts is not self._holdings.facts or not 0 <= now - self._asked < LABELS:
            self._facts, self._asked = self._holdings.facts, now
            counted = frozenset(item for one in self._kept for item in self._counting(one))
            if counted != self._counted:
                self._sites = tuple(site for one in self._kept if (site := self._site(one, counted)) is not None)
                self._counted = counted
        return self._sites

    def _heard(self, verified: Verified) -> None:
        if verified.statement.kind in CHANGES and verified.statement.member == self._me:
            self._kept = self._counted = None

    # -- what is held, whatever became of it

    def _read(self) -> Iterable["_Kept"]:
        held = {said.id: (said, seen) for said, seen in self._all()}
        family = {item: frozenset({item}) for item in held}
        for item, (_, (verified, _)) in held.items():
            for later in corrections(verified, self._holdings.facts):
                joined = family[item] | family.get(later, frozenset())
                family |= dict.fromkeys(joined, joined)
        for joined in sorted(set(family.values()), key=min):
            versions = sorted((held[item] for item in joined), key=lambda one: one[1][1].admission)
            about = self._sayings.kept(versions[0][0].id)
            others = (self._sayings.kept(said.id) for said, _ in versions[1:])
            yield _Kept(tuple((said, verified) for said, (verified, _) in versions), about.plus(others))

    def _all(self) -> list[tuple[Said[Site], Seen]]:
        found: list[tuple[Said[Site], Seen]] = []
        after = 0
        while len(found) < MAX_SITES:
            rows = self._reader.items(after, SLICE, self._me, "site", newest=True)
            kept = self._sayings.kept_among([row.id for row in rows], Site)
            found += [(said, seen) for said, seen in kept if _makes_sense(said.form)]
            if len(rows) < SLICE:
                self.beyond = False
                return found
            after = rows[-1].admission
        self.beyond = bool(self._reader.items(after, 1, self._me, "site", newest=True))
        return found

    # -- what of it counts

    def _counting(self, kept: "_Kept") -> Iterable[ItemId]:
        """Yield the versions that stand, and the words that everybody has who sees the newest of these."""
        newest = self._newest(kept)
        if newest is None:
            return
        yield newest.id
        now, versions = self._sayings.now(), {one.id: one for _, one in kept.versions}
        as_wide = {
            item for item, one in versions.items() if item == newest.id or counts(one, newest, self._holdings, now)
        }
        for item, (word, row) in kept.about.seen.items():
            about = subject_of(_form(word)) if row.author == self._me else None  # nobody else opens or shuts our site
            if about in as_wide and self._sayings.stands(word) and counts(word, versions[about], self._holdings, now):
                yield item

    def _newest(self, kept: "_Kept") -> Verified | None:
        """Return the last version that stands and that all see who see the one before it; None where none stands."""
        newest: Verified | None = None
        for _, one in kept.versions:
            if self._sayings.stands(one) and (
                newest is None or counts(one, newest, self._holdings, self._sayings.now())
            ):
                newest = one
        return newest

    def _site(self, kept: "_Kept", counted: frozenset[ItemId]) -> Protected | None:
        newest = [(said, item) for said, item in kept.versions if said.id in counted]
        if not newest:
            return None
        said, item = newest[-1]
        about = About(self._sayings, (seen for one, seen in kept.about.seen.items() if one in counted))
        return Protected(
            versions=(*(one.id for one, _ in kept.versions if one.id != said.id), said.id),
            item=item,
            said=said,
            notices=about.said(Notice),
            exemptions=about.said(Exemption),
            ended=lifted(about.said(Lifted)),
        )


class _Kept(NamedTuple):
    """All versions of one site that are held, in the order in which they came, and what was said about any."""

    versions: tuple[tuple[Said[Site], Verified], ...]
    about: About


def _form(word: Verified) -> Value | None:
    return next((form for sort in WORDS if (form := form_of(word.statement, sort)) is not None), None)


def _makes_sense(site: Site) -> bool:
    """Return whether a site could be said so: what other hands than ours signed in our name is not checked before."""
    try:
        check_site(site, Micros(0))
    except Malformed:
        return False
    return True
