"""What members say of aircraft, held here and still in force: statements, offers, answers, flight plans.

It is kept ready for every look; who may see which of it is asked of the gate, for each class of viewers.
"""

from collections import OrderedDict
from typing import Any, Final, NamedTuple, TypeVar

from quartet.core.encoding import Value
from quartet.core.ids import SECOND, ItemId, Micros
from quartet.core.release import Viewer
from quartet.core.verify import Verified
from quartet.desk import KIND_OF, Said, form_of
from quartet.desk.flightplan import FlightPlan
from quartet.desk.identification import OVER, Identification, TrackAnswer, TrackOffer
from quartet.node.admitting import BEAT
from quartet.node.holdings import Holdings
from quartet.node.seeing import Seeing

SPOKEN: Final[tuple[type[Value], ...]] = (Identification, TrackOffer, TrackAnswer, FlightPlan)
MOST: Final = 5_000
"""Items of one form that are kept ready; the oldest go first."""
LANDED: Final = 3_600 * SECOND
MAX_VIEWERS: Final = 256
F = TypeVar("F", bound=Value)


class _Visible(NamedTuple):
    """What a viewer may see, and by what and when it was asked."""

    news: int
    facts: object
    at: Micros
    found: frozenset[ItemId]


class Spoken:
    """Keeps ready what is said of aircraft."""

    def __init__(self, holdings: Holdings, seeing: Seeing) -> None:
        self._holdings = holdings
        self._seeing = seeing
        self._kept: dict[type[Value], OrderedDict[ItemId, Said[Any]]] = {form: OrderedDict() for form in SPOKEN}
        self._count = 0
        self._visible: dict[Viewer, _Visible] = {}

    def begin(self, now: Micros) -> None:
        """Read back what is still in force."""
        for form in SPOKEN:
            for row in reversed(self._holdings.store.reader.items(0, MOST, kind=KIND_OF[form], newest=True)):
                verified = None if row.state == "PURGED" else self._holdings.verified(row.id)
                if verified is not None:
                    self._take(form, verified, now)

    def news(self, verified: Verified) -> None:
        """Take note of a new item."""
        for form in SPOKEN:
            if verified.statement.kind == KIND_OF[form]:
                self._take(form, verified, self._holdings.clock.now())

    def held(self, form: type[F], now: Micros) -> list[Said[F]]:
        """Return what is held and in force in a form: for what the member does, not for any officer."""
        kept = self._kept[form]
        for item in [item for item, said in kept.items() if _over(said.form, now)]:
            del kept[item]
        return [said for item, said in kept.items() if self._holdings.verified(item) is not None]

    def seen(self, form: type[F], viewer: Viewer, now: Micros) -> list[Said[F]]:
        """Return what a viewer may see of it."""
        visible = self.visible(viewer, now)
        return [said for said in self.held(form, now) if said.id in visible]

    def visible(self, viewer: Viewer, now: Micros) -> frozenset[ItemId]:
        """Return which of all that is kept a viewer may see; the gate is asked again each beat, and after all news."""
        asked = self._count, self._holdings.facts
        known = self._visible.get(viewer)
        same = known is not None and known.news == asked[0] and known.facts is asked[1]
        if known is None or not same or not 0 <= now - known.at < BEAT:
            kept = [item for held in self._kept.values() for item in held]
            found = frozenset(item for item in kept if self._seeing.see(item, viewer, now) is not None)
            if len(self._visible) >= MAX_VIEWERS:
                self._visible.clear()
            known = self._visible[viewer] = _Visible(*asked, now, found)
        return known.found

    def _take(self, form: type[Value], verified: Verified, now: Micros) -> None:
        statement = verified.statement
        found = form_of(statement, form)
        if found is None or _over(found, now):
            return
        kept = self._kept[form]
        kept[verified.id] = Said(
            id=verified.id,
            member=statement.member,
            officer=statement.officer,
            at=Micros(statement.at),
            form=found,
            hat=statement.hat,
        )
        while len(kept) > MOST:
            kept.popitem(last=False)
        self._count += 1


def _over(form: Value, now: Micros) -> bool:
    match form:
        case Identification():
            return form.valid_to <= now - OVER
        case TrackOffer():
            return form.crosses_at <= now - 2 * OVER
        case FlightPlan():
            return form.ends <= now - LANDED
    return False
