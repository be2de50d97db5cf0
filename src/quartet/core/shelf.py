"""A mapping that never changes and grows cheaply: a thousand small drawers, of which one is copied.

`plus` costs one drawer and the list of drawers, so that a set of a hundred thousand facts can grow one by one.
"""

from collections.abc import Hashable, Iterator
from typing import Final, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

DRAWERS: Final = 1024
_MASK: Final = DRAWERS - 1


class Shelf(Generic[K, V]):
    """An immutable mapping with `get`, `plus` and equality by content."""

    __slots__ = ("_drawers",)

    def __init__(self, drawers: tuple[dict[K, V] | None, ...] = (None,) * DRAWERS) -> None:
        self._drawers = drawers

    def get(self, key: K) -> V | None:
        """Return what stands under `key`, or None."""
        drawer = self._drawers[hash(key) & _MASK]
        return None if drawer is None else drawer.get(key)

    def plus(self, key: K, value: V) -> "Shelf[K, V]":
        """Return this shelf with `value` under `key`, in place of what stood there."""
        place = hash(key) & _MASK
        old = self._drawers[place]
        fresh = {key: value} if old is None else {**old, key: value}
        return Shelf((*self._drawers[:place], fresh, *self._drawers[place + 1 :]))

    def minus(self, key: K) -> "Shelf[K, V]":
        """Return this shelf without what stands under `key`; as it is if nothing does."""
        place = hash(key) & _MASK
        left = {k: v for k, v in (self._drawers[place] or {}).items() if k != key}
        return Shelf((*self._drawers[:place], left or None, *self._drawers[place + 1 :])) if key in self else self

    def values(self) -> Iterator[V]:
        """Yield everything on the shelf, in no order."""
        return (value for drawer in self._drawers if drawer is not None for value in drawer.values())

    def __iter__(self) -> Iterator[K]:
        return (key for drawer in self._drawers if drawer is not None for key in drawer)

    def __len__(self) -> int:
        return sum(len(drawer) for drawer in self._drawers if drawer is not None)

    def __contains__(self, key: K) -> bool:
        return self.get(key) is not None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shelf) and {k: self.get(k) for k in self} == {k: other.get(k) for k in other}

    def __hash__(self) -> int:
        return hash(frozenset(self))
