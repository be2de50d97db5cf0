"""What a new item that contains others is offered: a marking as narrow as each of theirs, in every field.

Commutative, associative, idempotent, an upper bound. A word that is not known counts as narrower than all that are.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from typing import Final, TypeVar

from msgspec import UNSET, UnsetType, structs

from quartet.core.control import Control, person_hash
from quartet.core.ids import MemberId, Micros
from quartet.core.marking import ATTRIBUTION_ORDER, MODE_ORDER, ONWARD_ORDER, TLP_ORDER, Marking, tlp_at

_EVERYBODY: Final = None
W = TypeVar("W", bound=str)


def combine(markings: Sequence[Marking]) -> Marking:
    """Return the marking that a new item containing items so marked is offered; of one, that one in its plain form."""
    if not markings:
        raise ValueError("nothing to combine: an item that contains nothing is marked by its author alone")
    return reduce(_narrower, markings[1:], _plain(markings[0]))


def open_persons(control: Control, known: Iterable[str]) -> Marking:
    """Return a control's marking with the persons among `known` (`member/name`) whose hashes it lists.

    Who is listed but not known to us is lost: fewer may view, never more.
    """
    if isinstance(control.marking.persons, UnsetType):
        return control.marking
    listed = set(control.marking.persons)
    named = {name for name in known if _hash(control.serial, name) in listed}
    return structs.replace(control.marking, persons=tuple(sorted(named)))


def _hash(serial: str, person: str) -> str:
    member, _, name = person.partition("/")
    return person_hash(serial, member, name)


def _plain(marking: Marking) -> Marking:
    """Return a marking as combined with itself: what says nothing omitted, national labels dropped."""
    return _narrower(marking, marking)


def _narrower(a: Marking, b: Marking) -> Marking:
    tlp, steps = _profile(a, b)
    caveats = tuple(sorted({*a.caveat_words, *b.caveat_words}))
    return Marking(
        tlp=tlp,
        rel=_set(_meet(_rel(a), _rel(b))),
        persons=_set(_meet(_persons(a), _persons(b))),
        onward=_stricter(ONWARD_ORDER, a.onward_word, b.onward_word),
        mode=_stricter(MODE_ORDER, a.mode_word, b.mode_word),
        purposes=_set(_meet(_words(a.purposes), _words(b.purposes))),
        caveats=caveats or UNSET,
        hold=True if a.held and b.held else UNSET,
        attribution=_stricter(ATTRIBUTION_ORDER, a.attribution_word, b.attribution_word),
        expires=_first(a.expires, b.expires),
        review_at=_first(a.review_at, b.review_at),
        downgrade=steps or UNSET,
    )


def _rank(order: Sequence[str]) -> Callable[[str], tuple[int, str]]:
    return lambda word: (order.index(word) if word in order else len(order), word)


def _stricter(order: Sequence[str], *words: str) -> str:
    return max(words, key=_rank(order))


def _profile(a: Marking, b: Marking) -> tuple[str, tuple[tuple[Micros, str], ...]]:
    """Return the TLP over time that is at every time the stricter of both."""
    first = present = _stricter(TLP_ORDER, a.tlp, b.tlp)
    steps: list[tuple[Micros, str]] = []
    for at in sorted({at for at, _ in (*a.steps, *b.steps)}):
        word = _stricter(TLP_ORDER, tlp_at(a, at), tlp_at(b, at))
        if word != present:
            steps.append((at, word))
            present = word
    return first, tuple(steps)


def _rel(marking: Marking) -> frozenset[MemberId] | None:
    """Return who is named; what the world may have at every time names everybody."""
    return _EVERYBODY if _always_the_worlds(marking) else frozenset(marking.named)


def _always_the_worlds(marking: Marking) -> bool:
    clear = marking.tlp == "CLEAR" and all(word == "CLEAR" for _, word in marking.steps)
    known = marking.mode_word in MODE_ORDER and marking.attribution_word in ATTRIBUTION_ORDER
    return clear and known and marking.onward_word == "TLP_RULE" and not marking.caveat_words and marking.rel != ()


def _persons(marking: Marking) -> frozenset[str] | None:
    """Return the persons named; absent is nobody where it is ever RED, and no restriction elsewhere."""
    if isinstance(marking.persons, UnsetType):
        red = "RED" in (marking.tlp, *(word for _, word in marking.steps))
        return frozenset() if red else _EVERYBODY
    return frozenset(marking.persons)


def _words(words: tuple[str, ...] | UnsetType) -> frozenset[str] | None:
    return _EVERYBODY if isinstance(words, UnsetType) else frozenset(words)


def _meet(a: frozenset[W] | None, b: frozenset[W] | None) -> frozenset[W] | None:
    if a is None or b is None:
        return b if a is None else a
    return a & b


def _set(words: frozenset[W] | None) -> tuple[W, ...] | UnsetType:
    return UNSET if words is None else tuple(sorted(words))


def _first(a: Micros | UnsetType, b: Micros | UnsetType) -> Micros | UnsetType:
    times = [at for at in (a, b) if not isinstance(at, UnsetType)]
    return min(times) if times else UNSET
