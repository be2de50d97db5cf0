"""Say how an item is marked now: as its author signed it, narrowed and widened it since, and as its dates have it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

from msgspec import UNSET, UnsetType, structs

from quartet.core.admission import admits, clause
from quartet.core.control import Control, person_hash
from quartet.core.facts import Facts
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.marking import MODE_ORDER, ONWARD_ORDER, Marking
from quartet.core.membership import Membership
from quartet.core.reasons import Reason
from quartet.core.terms import FOREVER, Terms, label_at, terms_at
from quartet.core.verify import Verified, VerifiedControl

DRILL: Final = "EXERCISE"
"""The caveat of what is not so, but practised; nothing simulated is shown without it."""
FEED: Final = "feed"
T = TypeVar("T")


def drills(item: Verified, facts: Facts, now: Micros) -> bool:
    """Return whether an item, or any part that it carries, is of an exercise: by how each is marked now."""
    return drilling(item.controls, facts, now)


def drilling(controls: Iterable[VerifiedControl], facts: Facts, now: Micros) -> bool:
    """Return whether what some controls govern is of an exercise, by how it is marked now."""
    return any(DRILL in terms_at(one.control, facts.on(one.id), now).caveats for one in controls)


def is_drill(name: str) -> bool:
    """Return whether a name says itself that what bears it is of an exercise, as those of its tracks do."""
    return name.startswith(f"{DRILL}/")


def called(name: str, *, exercise: bool) -> str:
    """Return what a line calls something, and before it that it is of an exercise, unless its name begins so."""
    return f"{DRILL} {name}" if exercise and not is_drill(name) else name


class Share:
    """What each world may still have of something: so many for what is so, and as many for drills."""

    def __init__(self, most: int) -> None:
        self._left = {False: most, True: most}

    @property
    def spent(self) -> bool:
        """Whether neither may have more."""
        return not any(self._left.values())

    def takes(self, *, drill: bool) -> bool:
        """Return whether its world may have one more, which it has now."""
        fits = self._left[drill] > 0
        self._left[drill] -= fits
        return fits


def shared(found: Iterable[T], is_drill: Callable[[T], bool], most: int) -> Iterator[T]:
    """Yield so many at most of what is so, and so many of drills, in their order; once both are had nothing is asked.

    However many drills there are, none has what is so fall off the end of a list.
    """
    share = Share(most)
    for one in found:
        if share.takes(drill=is_drill(one)):
            yield one
        if share.spent:
            return


class Drilled:
    """Whether items are of an exercise, each looked at once: a page names the same feeds again and again."""

    def __init__(self, held: Callable[[ItemId], Verified | None], facts: Facts, now: Micros) -> None:
        self._held = held
        self._facts = facts
        self._now = now
        self._known: dict[str, bool] = {}

    def any(self, items: Iterable[str]) -> bool:
        """Return whether any of some items is of an exercise, as far as they are held."""
        return any(map(self._is, items))

    def feeds(self, items: Iterable[str]) -> tuple[str, ...]:
        """Return those of some items that are sensors' feeds."""
        held = ((item, self._held(ItemId(item))) for item in items)
        return tuple(item for item, one in held if one is not None and one.statement.kind == FEED)

    def _is(self, item: str) -> bool:
        if item not in self._known:
            verified = self._held(ItemId(item))
            self._known[item] = verified is not None and drills(verified, self._facts, self._now)
        return self._known[item]


def marking_now(verified: Verified, facts: Facts, membership: Membership, now: Micros) -> Marking:
    """Return the marking of an item's own control as it is in force; what was never changed stands as it was signed."""
    own, signed = verified.own, verified.statement.marking
    said = None if own is None else facts.on(own.id)
    if own is None or said is None or not (said.narrows or said.widens):
        return signed
    terms = terms_at(own.control, said, now)
    if not terms.known:
        return structs.replace(signed, rel=())  # a word that nobody knows closed it to everybody else
    return structs.replace(
        signed,
        tlp=label_at(own.control, said, now),
        rel=signed.rel if terms.world(now) else _named(verified, facts, membership, now),
        persons=_persons(own.control, signed, terms),
        onward=ONWARD_ORDER[terms.onward],
        mode=MODE_ORDER[terms.mode],
        purposes=UNSET if terms.purposes is None else tuple(sorted(terms.purposes)),
        caveats=tuple(sorted(terms.caveats)) or UNSET,
        expires=UNSET if terms.expires == FOREVER else terms.expires,
        downgrade=UNSET,
    )


def _persons(control: Control, signed: Marking, terms: Terms) -> tuple[str, ...] | UnsetType:
    """Return which of the persons that the author named are named still: a narrowing names them by their hashes."""
    if terms.persons is None or isinstance(signed.persons, UnsetType):
        return signed.persons
    hidden = ((one, one.partition("/")) for one in signed.persons)
    return tuple(one for one, (member, _, name) in hidden if person_hash(control.serial, member, name) in terms.persons)


def _named(verified: Verified, facts: Facts, membership: Membership, now: Micros) -> tuple[MemberId, ...]:
    """Return whom the control names now, by its marking and by widenings; whom grants let have it they name."""
    own = verified.own
    if own is None:
        return ()
    said = facts.on(own.id)
    candidates = {*verified.statement.marking.named, *(m for fact in said.widens for m in fact.body.rel)}
    candidates |= {m for fact in said.narrows for m in fact.body.marking.named}
    asked = clause(verified, own, facts, membership, now)
    granted = {fact.id for fact in said.grants}
    answers = {m: admits(verified, asked, MemberId(m), facts, membership, now) for m in sorted(candidates)}
    return tuple(MemberId(m) for m, by in answers.items() if not isinstance(by, Reason) and granted.isdisjoint(by))


__all__ = ["DRILL", "Drilled", "Share", "called", "drilling", "drills", "marking_now", "shared"]
