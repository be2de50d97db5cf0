"""What a control asks for at a time: its marking, and what its controller narrowed since.

What a marking alone says is worked out once and remembered; most controls were never narrowed.
"""

from functools import lru_cache
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType, structs

from quartet.core.control import Control
from quartet.core.facts import NOTHING_SAID, ControlFacts, Fact, Narrow
from quartet.core.ids import MemberId, Micros
from quartet.core.marking import MODE_ORDER, ONWARD_ORDER, TLP_ORDER, Marking, known

FOREVER: Final = Micros(2**63)
REMEMBERED: Final = 8192
"""How many markings are remembered as worked out."""
RED: Final = TLP_ORDER.index("RED")
AMBER: Final = TLP_ORDER.index("AMBER")
CLEAR: Final = TLP_ORDER.index("CLEAR")
NEVER: Final = ONWARD_ORDER.index("NEVER")

Profile = tuple[tuple[Micros, int], ...]
"""A TLP over time: from each time on, that place in `TLP_ORDER`."""


class Terms(msgspec.Struct, frozen=True):
    """What holds for everybody but the controller. None for persons or purposes is no restriction."""

    known: bool
    rel: frozenset[MemberId]
    nobody: bool
    expires: Micros
    profiles: tuple[Profile, ...]
    onward: int
    mode: int
    caveats: frozenset[str]
    persons: frozenset[str] | None
    purposes: frozenset[str] | None
    purposes_named: frozenset[str]
    hold: bool

    def tlp(self, now: Micros) -> int:
        """Return the place in `TLP_ORDER` at `now`: the narrowest of what the marking and the narrowings say."""
        return max(_at(profile, now) for profile in self.profiles)

    def world(self, now: Micros) -> bool:
        """Return whether every member may have it at `now`, because the world may (if all its words are known)."""
        return not self.onward and not self.nobody and not self.caveats and self.tlp(now) == CLEAR

    @property
    def times(self) -> tuple[Micros, ...]:
        """The times at which something in here changes."""
        return (self.expires, *(at for profile in self.profiles for at, _ in profile))


def _at(profile: Profile, now: Micros) -> int:
    place = profile[0][1]
    for at, later in profile[1:]:
        if at <= now:
            place = later
    return place


@lru_cache(maxsize=REMEMBERED)
def terms_of(marking: Marking) -> Terms:
    """Return what a control's own marking asks for."""
    persons = None if isinstance(marking.persons, UnsetType) else frozenset(marking.persons)
    profile = _profile(marking)
    if persons is None and any(place == RED for _, place in profile):
        persons = frozenset()
    return structs.replace(
        _asked(marking),
        onward=_place(ONWARD_ORDER, marking.onward_word),
        persons=persons,
        nobody=marking.rel == (),
        hold=marking.held,
    )


@lru_cache(maxsize=REMEMBERED)
def _asked(marking: Marking) -> Terms:
    """Return what a marking asks for in so many words: what is absent restricts nothing."""
    return Terms(
        known=known(marking),
        rel=frozenset(marking.named),
        nobody=False,
        expires=FOREVER if marking.expiry is None else marking.expiry,
        profiles=(_profile(marking),),
        onward=0 if marking.onward is UNSET else _place(ONWARD_ORDER, marking.onward_word),
        mode=_place(MODE_ORDER, marking.mode_word),
        caveats=frozenset(marking.caveat_words),
        persons=None if isinstance(marking.persons, UnsetType) else frozenset(marking.persons),
        purposes=None if isinstance(marking.purposes, UnsetType) else frozenset(marking.purposes),
        purposes_named=frozenset() if isinstance(marking.purposes, UnsetType) else frozenset(marking.purposes),
        hold=True,
    )


def _profile(marking: Marking) -> Profile:
    return ((Micros(0), _place(TLP_ORDER, marking.tlp)), *((at, _place(TLP_ORDER, word)) for at, word in marking.steps))


def _place(order: tuple[str, ...], word: str) -> int:
    """Return where a word stands; one that is not known stands behind all."""
    return order.index(word) if word in order else len(order)


def _both(a: frozenset[str] | None, b: frozenset[str] | None) -> frozenset[str] | None:
    if a is None or b is None:
        return b if a is None else a
    return a & b


def stricter(terms: Terms, asked: Terms) -> Terms:
    """Return terms that are as narrow as both; who is named by `rel` is not touched here."""
    return Terms(
        known=terms.known and asked.known,
        rel=terms.rel,
        nobody=terms.nobody,
        expires=min(terms.expires, asked.expires),
        profiles=(*terms.profiles, *asked.profiles),
        onward=max(terms.onward, asked.onward),
        mode=max(terms.mode, asked.mode),
        caveats=terms.caveats | asked.caveats,
        persons=_both(terms.persons, asked.persons),
        purposes=_both(terms.purposes, asked.purposes),
        purposes_named=terms.purposes_named | asked.purposes_named,
        hold=terms.hold,
    )


def narrowed(terms: Terms, marking: Marking) -> Terms:
    """Return terms as a narrowing with this marking leaves them, but for who is named; what is absent stays."""
    return stricter(terms, _asked(marking))


def in_force(control: Control, said: ControlFacts, now: Micros) -> tuple[Fact[Narrow], ...]:
    """Return the narrowings by the controller that have begun, in their order."""
    return tuple(f for f in said.narrows if f.member == control.controller and f.begins <= now)


def terms_at(control: Control, said: ControlFacts, now: Micros) -> Terms:
    """Return what a control asks for at `now`, its narrowings included."""
    terms = terms_of(control.marking)
    return _narrowed(terms, in_force(control, said, now)) if said.narrows else terms


def label_at(control: Control, said: ControlFacts, now: Micros) -> str:
    """Return the TLP label in force at `now`; a word that is not known stands as it came."""
    place = terms_at(control, said, now).tlp(now)
    return TLP_ORDER[place] if place < len(TLP_ORDER) else control.marking.tlp


def _narrowed(terms: Terms, narrows: tuple[Fact[Narrow], ...]) -> Terms:
    """Return terms as narrowings leave them; of a label over time that many ask for, one is kept."""
    profiles = dict.fromkeys(terms.profiles)
    for fact in narrows:
        asked = _asked(fact.body.marking)
        profiles |= dict.fromkeys(asked.profiles)
        terms = structs.replace(stricter(terms, asked), profiles=terms.profiles)
        if not isinstance(fact.body.marking.rel, UnsetType):
            terms = structs.replace(terms, nobody=True)
    return structs.replace(terms, profiles=tuple(profiles)) if narrows else terms


class Naming(msgspec.Struct, frozen=True):
    """Who is named apart from the marking: `dropped` is when the member was last dropped, None if never.

    `kept` are the times of the narrowings that name members of what was the world's until then. They name for as long
    as it would be the world's without them: where it would be closed by now, to name members would widen.
    """

    dropped: Micros | None
    kept: tuple[Micros, ...]


NEVER_DROPPED: Final = Naming(dropped=None, kept=())


def naming(control: Control, said: ControlFacts, to: MemberId, now: Micros) -> Naming:
    """Return what the narrowings in force do to one member."""
    narrows = in_force(control, said, now)
    silent = tuple(f for f in narrows if isinstance(f.body.marking.rel, UnsetType))
    named = tuple(f for f in narrows if not isinstance(f.body.marking.rel, UnsetType))
    if not named:
        return NEVER_DROPPED
    dropped = max((f.at for f in named if to not in f.body.marking.named), default=None)
    first = named[0].at
    before = _narrowed(terms_of(control.marking), tuple(f for f in silent if f.at < first))
    without = _narrowed(terms_of(control.marking), silent)
    worldly = before.world(first) and without.world(now)
    return Naming(dropped=dropped, kept=tuple(f.begins for f in named) if worldly else ())


def said_times(said: ControlFacts) -> tuple[Micros, ...]:
    """Return the times at which what is said about a control begins, changes or ends."""
    if said is NOTHING_SAID:
        return ()
    times = [fact.begins for fact in said.all]
    times += [grant.body.until for grant in said.grants if grant.body.until is not None]
    return (*times, *(at for fact in said.narrows for at in _asked(fact.body.marking).times))


__all__ = [
    "AMBER",
    "FOREVER",
    "NEVER",
    "NEVER_DROPPED",
    "RED",
    "Naming",
    "Terms",
    "in_force",
    "label_at",
    "naming",
    "narrowed",
    "said_times",
    "terms_at",
    "terms_of",
]
