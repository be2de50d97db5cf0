"""What of a graph hangs together, and which of its nodes are all joined with each other; in any order, the same."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Final, Generic, Protocol, Self, TypeVar


class _Ordered(Hashable, Protocol):
    def __lt__(self, other: Self, /) -> bool: ...


N = TypeVar("N", bound=_Ordered)

MAX_STEPS: Final = 20_000
"""Steps of one search for cliques; what is not found by then is not found."""


def components(nodes: Iterable[N], edges: Iterable[tuple[N, N]]) -> list[tuple[N, ...]]:
    """Return the nodes that hang together, however far round; each part in order, and the parts."""
    part = {node: {node} for node in nodes}
    for one, other in edges:
        small, large = sorted((part[one], part[other]), key=len)
        if small is not large:
            large |= small
            part.update(dict.fromkeys(small, large))
    return sorted(tuple(sorted(found)) for found in {id(found): found for found in part.values()}.values())


class Cliques(Generic[N]):
    """The maximal cliques of a graph, by Bron and Kerbosch with a pivot; `more` if not all were looked for."""

    def __init__(self, joined: Mapping[N, set[N]], most: int) -> None:
        self.more = False
        self._steps = 0
        self._most = most
        self.found: list[tuple[N, ...]] = sorted(self._grow(joined, (), set(joined), set()))

    def _grow(
        self, joined: Mapping[N, set[N]], held: tuple[N, ...], left: set[N], seen: set[N]
    ) -> Iterator[tuple[N, ...]]:
        self._steps += 1
        if not left and not seen:
            self._most -= 1
            yield tuple(sorted(held))
        if not left:
            return
        pivot = max(sorted(left | seen), key=lambda node: len(joined[node] & left))
        for node in sorted(left - joined[pivot]):
            if self._steps > MAX_STEPS or self._most < 1:
                self.more = True
                return
            yield from self._grow(joined, (*held, node), left & joined[node], seen & joined[node])
            left = left - {node}
            seen = seen | {node}
