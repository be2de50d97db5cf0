"""What the folds read: who said what, under which hat, when, and since when that is proven.

A fold takes any number of these, in any order and with any of them twice, and gives the state that they justify. So
every node that holds the same items comes to the same end, and one that holds fewer comes to no end that they forbid.
"""

from collections.abc import Iterable
from typing import Final, Generic, Literal, TypeVar

from quartet.core.encoding import Value
from quartet.core.ids import ItemId, MemberId, Micros, OfficerName

MEMBER: Final = "MEMBER"
CHAIR: Final = "CHAIR"

F = TypeVar("F", bound=Value)
F_co = TypeVar("F_co", bound=Value, covariant=True)


class Said(Value, Generic[F_co], frozen=True):
    """One signed item with the form that it carries.

    `timely` is the earliest T by which the item is timely (RELEASE, "Time"): on record by T, and receipted by another
    member on record by T + 60 s. None while that is not proven: then it counts for nothing that has a deadline.
    """

    id: ItemId
    member: MemberId
    officer: OfficerName
    at: Micros
    form: F_co
    hat: Literal["MEMBER", "CHAIR"] = MEMBER
    timely: Micros | None = None

    def by(self, deadline: Micros) -> bool:
        """Return whether the item is timely by a deadline, whatever date it gives itself."""
        return self.timely is not None and self.timely <= deadline


def distinct(said: Iterable[Said[F]]) -> tuple[Said[F], ...]:
    """Return each item once, in an order that no arrival decides: by date, then by id."""
    return tuple(sorted({one.id: one for one in said}.values(), key=lambda one: (one.at, one.id)))


def for_members(said: Iterable[Said[F]]) -> tuple[Said[F], ...]:
    """Return what was said for a member: the chair's hat has no position, no vote and no asset."""
    return tuple(one for one in distinct(said) if one.hat == MEMBER)


def by_name(field: str, said: Iterable[Said[F]]) -> dict[ItemId, tuple[Said[F], ...]]:
    """Return what was said, by the item that a field of the form names: read once, however many are asked about."""
    found: dict[ItemId, list[Said[F]]] = {}
    for one in distinct(said):
        found.setdefault(getattr(one.form, field), []).append(one)
    return {item: tuple(ones) for item, ones in found.items()}


def about(field: str, item: ItemId, said: Iterable[Said[F]]) -> tuple[Said[F], ...]:
    """Return what was said for members about exactly one item, which a field of the form names."""
    return tuple(one for one in for_members(said) if getattr(one.form, field) == item)
