"""What members say of aircraft, held here and still in force: statements, offers, answers, flight plans.

It is kept ready for every look; who may see which of it is asked of the gate, for each class of viewers. So many of
each form are kept of each member, of its exercises as many, and none for longer than its form allows: nobody's words
push out another's, no drill's what is so, and no date keeps anything for ever.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeVar

from quartet.core.encoding import Value
from quartet.core.ids import SECOND, ItemId, MemberId, Micros
from quartet.core.release import Viewer
from quartet.core.verify import Verified
from quartet.desk import KIND_OF, Said, form_of
from quartet.desk.flightplan import FlightPlan
from quartet.desk.flightplan import timed as can_fly
from quartet.desk.identification import OVER, Identification, TrackAnswer, TrackOffer, timed
from quartet.node.admitting import BEAT
from quartet.node.holdings import Holdings
from quartet.node.inforce import drills, shared
from quartet.node.seeing import Seeing

MOST: Final[Mapping[type[Value], int]] = MappingProxyType(
    {Identification: 2_000, TrackOffer: 200, TrackAnswer: 400, FlightPlan: 2_000}
)
"""Items of each form that are kept ready of one member, and of its exercises as many; their oldest go first."""
READ_BACK: Final = 8
"""How many times so many are read back at most when a node begins: past a flood of one world the other is found."""
SPOKEN: Final = tuple(MOST)
AHEAD: Final = 2 * 3_600 * SECOND
"""How far ahead of our clock an item may be dated, as a frame may."""
LANDED: Final = 3_600 * SECOND
ANSWERED: Final = 2 * 3_600 * SECOND
"""How long an answer is of use: the offer that it is about is over sooner."""
MAX_VIEWERS: Final = 256
F = TypeVar("F", bound=Value)


class _Whose(NamedTuple):
    """Of which member, and whether of its exercises, by how an item was marked as it came."""

    member: MemberId
    drill: bool


class _Visible(NamedTuple):
    """What a viewer may see, and by what and when it was asked."""

    news: int
    facts: object
    at: Micros
    found: frozenset[ItemId]


class Spoken:
    """Keeps ready what is said of aircraft."""

    def __init__(self, holdings: Holdings, seeing: Seeing) -> None:
        self.holdings = holdings
        self.seeing = seeing
        self._kept: dict[type[Value], dict[_Whose, OrderedDict[ItemId, Said[Any]]]] = {form: {} for form in SPOKEN}
        self._count = 0
        self._visible: dict[Viewer, _Visible] = {}
        holdings.on_purged.append(self._purged)

    def begin(self, now: Micros) -> None:
        """Read back what is still in force."""
        registry = self.holdings.registry
        for form in MOST:
            for member in (registry.me, *registry.others()):
                for verified in reversed(list(self._newest(form, member))):
                    self._take(form, verified, now)

    def news(self, verified: Verified) -> None:
        """Take note of a new item."""
        for form in SPOKEN:
            if verified.statement.kind == KIND_OF[form]:
                self._take(form, verified, self.holdings.clock.now())

    def held(self, form: type[F], now: Micros) -> list[Said[F]]:
        """Return what is held and in force in a form: for what the member does, not for any officer."""
        for kept in self._kept[form].values():
            for item in [item for item, said in kept.items() if _over(said, now)]:
                del kept[item]
        return [said for said in self._all(form) if self.holdings.verified(said.id) is not None]

    def seen(self, form: type[F], viewer: Viewer, now: Micros) -> list[Said[F]]:
        """Return what a viewer may see of it."""
        visible = self.visible(viewer, now)
        return [said for said in self.held(form, now) if said.id in visible]

    def visible(self, viewer: Viewer, now: Micros) -> frozenset[ItemId]:
        """Return which of all that is kept a viewer may see; the gate is asked again each beat, and after all news."""
        asked = self._count, self.holdings.facts
        known = self._visible.get(viewer)
        same = known is not None and known.news == asked[0] and known.facts is asked[1]
        if known is None or not same or not 0 <= now - known.at < BEAT:
            kept = [said.id for form in SPOKEN for said in self._all(form)]
            found = frozenset(item for item in kept if self.seeing.see(item, viewer, now) is not None)
            if len(self._visible) >= MAX_VIEWERS:
                self._visible.clear()
            known = self._visible[viewer] = _Visible(*asked, now, found)
        return known.found

    def _all(self, form: type[Value]) -> Iterator[Said[Any]]:
        for kept in self._kept[form].values():
            yield from kept.values()

    def _newest(self, form: type[Value], member: MemberId) -> Iterator[Verified]:
        """Yield what a member said in a form, the newest first, until both its worlds have their share."""
        return shared(self._read_back(form, member), self._is_drill, MOST[form])

    def _read_back(self, form: type[Value], member: MemberId) -> Iterator[Verified]:
        after, most = 0, MOST[form]
        for _ in range(READ_BACK):
            rows = self.holdings.store.reader.items(after, most, member, KIND_OF[form], newest=True)
            held = (self.holdings.verified(row.id) for row in rows if row.state != "PURGED")
            yield from (verified for verified in held if verified is not None)
            if len(rows) < most:
                return
            after = rows[-1].admission

    def _is_drill(self, verified: Verified) -> bool:
        return drills(verified, self.holdings.facts, self.holdings.clock.now())

    def _purged(self, item: ItemId) -> None:
        """Forget what was destroyed: what it said is nowhere here any more."""
        for kept in (one for members in self._kept.values() for one in members.values()):
            kept.pop(item, None)

    def _take(self, form: type[Value], verified: Verified, now: Micros) -> None:
        statement = verified.statement
        found = form_of(statement, form)
        if found is None:
            return
        said = Said(
            id=verified.id,
            member=statement.member,
            officer=statement.officer,
            at=Micros(statement.at),
            form=found,
            hat=statement.hat,
        )
        if said.at > now + AHEAD or not _timed(said) or _over(said, now):
            return
        whose = _Whose(said.member, self._is_drill(verified))
        kept = self._kept[form].setdefault(whose, OrderedDict())
        kept[said.id] = said
        while len(kept) > MOST[form]:
            kept.popitem(last=False)
        self._count += 1


def _timed(said: Said[Any]) -> bool:
    """Return whether an item is of a time that its form allows: others' nodes may have asked nobody."""
    match said.form:
        case Identification() | TrackOffer():
            return timed(said.form, said.at)
        case FlightPlan():
            return can_fly(said.form, said.at)
    return True


def _over(said: Said[Any], now: Micros) -> bool:
    match said.form:
        case Identification():
            return bool(said.form.valid_to <= now - OVER)
        case TrackOffer():
            return bool(said.form.crosses_at <= now - 2 * OVER)
        case FlightPlan():
            return said.form.ends <= now - LANDED
    return said.at <= now - ANSWERED
