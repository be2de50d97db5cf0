"""A centre in which anything may be said by anybody, and what a member holds of it: the world of the folds' machine.

What is said, proven, received and taken back are facts; they come to a member in any order, any number of times, or
never. Suspensions are acts of the charter, which everybody has.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple, TypeVar

import msgspec
from joint import BEGAN, EAST, NORTH, SOUTH, WEST

from quartet.core.encoding import Value, b64
from quartet.core.ids import Epoch, ItemId, MemberId, Micros, OfficerName
from quartet.core.keyring import Rota
from quartet.core.statement import HELD_KINDS
from quartet.desk import KIND_OF, Said
from quartet.desk.stands import Away

MEMBERS: Final = (NORTH, EAST, SOUTH, WEST)
ROTA: Final = Rota(Epoch(0), Micros(0), (NORTH, EAST, SOUTH))
F = TypeVar("F", bound=Value)


class Fact(NamedTuple):
    """What a node may learn: an item, the proof of its time, that a member received it, or that it was taken back."""

    what: Literal["item", "proof", "receipt", "recall"]
    item: ItemId
    member: MemberId | None = None


@dataclass
class Held:
    """What one member holds, as it came: the input of the folds and of the plain rules."""

    items: list[Said[Any]]
    received: dict[ItemId, dict[MemberId, Micros]]
    recalled: frozenset[ItemId]
    away: list[Away]
    now: Micros
    rotas: Sequence[Rota]

    def came(self, form: type[F]) -> tuple[Said[F], ...]:
        """Return what came in a form, in whatever order and as often as it came."""
        return tuple(one for one in self.items if type(one.form) is form)

    def every(self, form: type[F]) -> list[Said[F]]:
        """Return what was said in a form, each once, by its date and then its id."""
        return sorted(set(self.came(form)), key=lambda one: (one.at, one.id))

    def members(self, form: type[F], **about: Any) -> list[Said[F]]:
        """Return what was said in a form for a member, and not for the chair; whose form says this."""
        spoken = (one for one in self.every(form) if one.hat == "MEMBER")
        return [one for one in spoken if all(getattr(one.form, name) == value for name, value in about.items())]


@dataclass
class Centre:
    """Everything that was ever said, and the time."""

    now: Micros = BEGAN
    said: dict[ItemId, Said[Any]] = field(default_factory=dict)
    received: dict[ItemId, dict[MemberId, Micros]] = field(default_factory=dict)
    recalled: set[ItemId] = field(default_factory=set)
    away: list[Away] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    rotas: list[Rota] = field(default_factory=lambda: [ROTA])
    kept: list[tuple[ItemId, MemberId, str, Any]] = field(default_factory=list)
    """Ratings that members sealed, with the nonce of their seal."""

    def says(self, member: MemberId, form: Any, *, at: int = 0, hat: Any = "MEMBER", proven: bool = True) -> Said[Any]:
        """Have a member say something, dated `at` from now; nobody can prove a time before the one when it spoke.

        Saying takes time: whoever looked before it looked when nothing of it was on record.
        """
        self.now = Micros(self.now + 1)
        made = ItemId(b64(hashlib.sha256(str(len(self.said)).encode()).digest()))
        date = Micros(max(0, self.now + at))
        self.said[made] = Said(made, member, OfficerName("duty"), date, form, hat, None)
        self.facts.append(Fact("item", made))
        if proven:
            self.proves(made)
        return self.said[made]

    def proves(self, item: ItemId) -> None:
        """Put an item on record now."""
        self.said[item] = msgspec.structs.replace(self.said[item], timely=self.now)
        self.facts.append(Fact("proof", item))

    def receives(self, item: ItemId, member: MemberId) -> None:
        """Have a member receipt an item now."""
        if self.received.setdefault(item, {}).setdefault(member, self.now) == self.now:
            self.facts.append(Fact("receipt", item, member))

    def agrees(self, *rota: MemberId) -> None:
        """Have the charter name who may preside from now on, in turn."""
        self.now = Micros(self.now + 1)
        self.rotas.append(Rota(Epoch(len(self.rotas)), self.now, rota))

    def recalls(self, item: ItemId) -> None:
        """Have its author take an item back."""
        self.recalled.add(item)
        self.facts.append(Fact("recall", item))

    def of(self, *forms: type[Value]) -> list[Said[Any]]:
        """Return what was said in these forms, and was not taken back."""
        return [one for one in self.said.values() if type(one.form) in forms and one.id not in self.recalled]

    def held(self, facts: Iterable[Fact]) -> Held:
        """Return what somebody holds to whom these facts came, in their order."""
        known = list(facts)
        proven = {one.item for one in known if one.what == "proof"}
        recalled = frozenset(one.item for one in known if one.what == "recall")
        received: dict[ItemId, dict[MemberId, Micros]] = {}
        for one in known:
            if one.what == "receipt" and one.member is not None:
                received.setdefault(one.item, {})[one.member] = self.received[one.item][one.member]
        came = (self.said[one.item] for one in known if one.what == "item")
        return Held(
            items=[_as_proven(one, proven) for one in came if one.id not in recalled or stays(one)],
            received=received,
            recalled=recalled,
            away=self.away,
            now=self.now,
            rotas=self.rotas,
        )


def stays(one: Said[Any]) -> bool:
    """Return whether an item stays with those who hold it when it is taken back: evidence, and what decides."""
    return KIND_OF[type(one.form)] in HELD_KINDS


def _as_proven(one: Said[Any], proven: set[ItemId]) -> Said[Any]:
    return one if one.id in proven else msgspec.structs.replace(one, timely=None)
