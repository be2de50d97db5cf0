"""Fuse what one viewer may hold: local tracks of several sources to one track a mover, and what each is made of.

The result depends on these tracks alone: not on the order in which they came, not on how often, and not on what anybody
else may see, because nothing of that is here. What exercises' feeds see is fused by itself, and stands behind what is
so: nothing of one depends on the other.
"""

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from quartet.core.frame import Track
from quartet.core.ids import MemberId, Micros
from quartet.picture.compiled import Floats, Integers, kept
from quartet.picture.fusion.association import (
    ADDRESS,
    NEIGHBOURS,
    PLACE,
    SEEN,
    VELOCITY,
    Arrays,
    aligned,
    edges_of,
    joined,
    named_alike,
    near,
    spots,
)
from quartet.picture.fusion.intersection import intersected
from quartet.picture.fusion.local import Batch, batch_of, stacked
from quartet.picture.fusion.placing import placed
from quartet.picture.seen import Seen


class Part(NamedTuple):
    """A source's track in a fused one: the source by number, its track there, and whether it counts for the place."""

    source: int
    track: int
    counts: bool = True


class Fused(NamedTuple):
    """One mover as several tracks of it place it; place in 1e-7 degrees, covariance in m2, None where nobody told one.

    `parts` begin with the best. The place is that at `seen`, when the newest was seen.
    """

    parts: tuple[Part, ...]
    lat: int
    lon: int
    covariance: tuple[float, float, float] | None
    seen: Micros


class Fusion(NamedTuple):
    """What was fused of these sources, column by column.

    Tracks are numbered through all sources, `first` is the number of each source's first. `single` are those of which
    there is one alone. Of the others mover g is `parts[starts[g] : starts[g + 1]]`, the best first, `counts` says which
    of them place it; `units` (g, 2) latitude and longitude in 1e-7 degrees, `covariance` (g, 3) in m2, NaN where nobody
    told one, `seen` in microseconds.
    """

    batches: tuple[Batch, ...]
    first: Integers
    single: Integers
    parts: Integers
    starts: Integers
    counts: Integers
    units: Integers
    covariance: Floats
    seen: Integers

    def track(self, part: Part) -> Track:
        """Return what a part says."""
        return self.batches[part.source].tracks[part.track]

    def row(self, part: Part) -> Seen:
        """Return a part as scenes hold it."""
        return self.batches[part.source].rows[part.track]

    def called(self, part: Part) -> tuple[str, tuple[MemberId, ...]]:
        """Return a part's own id, and whose it is."""
        return self.batches[part.source].ids[part.track], self.batches[part.source].members

    def singles(self) -> list[Part]:
        """Return the tracks that are fused with no other, in order."""
        return list(map(Part, *self._where(self.single)))

    def fused(self) -> list[Fused]:
        """Return the movers of which there are several tracks, in order."""
        made = list(map(Part, *self._where(self.parts), self.counts.astype(bool).tolist()))
        told = [None if row[0] != row[0] else (row[0], row[1], row[2]) for row in self.covariance.tolist()]
        rows = zip(pairwise(self.starts.tolist()), self.units.tolist(), told, self.seen.tolist(), strict=True)
        return [Fused(tuple(made[a:b]), lat, lon, said, seen) for (a, b), (lat, lon), said, seen in rows]

    def _where(self, numbers: Integers) -> tuple[list[int], list[int]]:
        source = np.searchsorted(self.first, numbers, side="right") - 1
        return source.tolist(), (numbers - self.first[source]).tolist()


def fuse(batches: Iterable[Batch]) -> Fusion:
    """Return the fused tracks of these sources; of one source that is given twice what it said last."""
    ordered = _latest(batches)
    real = sum(not batch.drill for batch in ordered)
    if 0 < real < len(ordered):
        return _beside(_one_world(ordered[:real]), _one_world(ordered[real:]))
    return _one_world(ordered) if ordered else NOTHING


def _one_world(ordered: tuple[Batch, ...]) -> Fusion:
    """Return the fused tracks of some sources, all of them real or all of exercises."""
    t = stacked(ordered)
    order, starts = _groups(_grouped(t.state, t.marks))
    sizes = np.diff(starts)
    alone = np.repeat(sizes == 1, sizes)
    several = np.concatenate(([0], np.cumsum(sizes[sizes > 1])))
    first = np.concatenate(([0], np.cumsum([len(batch.tracks) for batch in ordered])))[:-1]
    return Fusion(ordered, first, order[alone], *_placed(t, order[~alone], several))


def _beside(one: Fusion, other: Fusion) -> Fusion:
    """Return what was fused of other sources behind what was fused of some."""
    tracks = sum(len(batch.tracks) for batch in one.batches)
    return Fusion(
        one.batches + other.batches,
        np.concatenate((one.first, other.first + tracks)),
        np.concatenate((one.single, other.single + tracks)),
        np.concatenate((one.parts, other.parts + tracks)),
        np.concatenate((one.starts, other.starts[1:] + one.starts[-1])),
        *(np.concatenate(both) for both in zip(one[5:], other[5:], strict=True)),
    )


def apart(batches: Iterable[Batch]) -> Fusion:
    """Return the tracks of these sources each by itself, as `fuse` does of one source; nothing is compiled."""
    ordered = _latest(batches)
    sizes = [len(batch.tracks) for batch in ordered]
    first = np.concatenate(([0], np.cumsum(sizes)))[:-1].astype(np.int64)
    return NOTHING._replace(batches=ordered, first=first, single=np.arange(sum(sizes)))


def is_kept() -> bool:
    """Return whether all that `fuse` calls is there as machine code."""
    return all(map(kept, _LOOPS))


def warm() -> None:
    """Compile what is not compiled yet, or read it where an earlier process kept it, before a viewer waits for it."""
    one = Track(b"4b1805", 0, 0, None, None, None, (100, 0, 100), (b"adsb:4b1805",), 0)
    fuse(batch_of(MemberId("north"), place, Micros(0), (one,)) for place in "ab")


def _latest(batches: Iterable[Batch]) -> tuple[Batch, ...]:
    """Return each source that has tracks once, as it spoke last, in order: those of exercises come last."""
    latest: dict[tuple[str, str], Batch] = {}
    for batch in batches:
        held = latest.get(batch.key)
        if held is None or (batch.at, repr(batch.tracks)) > (held.at, repr(held.tracks)):
            latest[batch.key] = batch
    ordered = (latest[key] for key in sorted(latest) if latest[key].tracks)
    return tuple(sorted(ordered, key=lambda batch: batch.drill))


def _grouped(s: Floats, m: Integers) -> Integers:
    """Return for each track the first of those that are one mover with it, the likeliest pair joined first."""
    best, costs = np.full((len(s), NEIGHBOURS), -1, np.int64), np.full((len(s), NEIGHBOURS), np.inf)
    named = np.flatnonzero(m[:, ADDRESS])
    named_alike(s, m, named[np.argsort(m[named, ADDRESS], kind="stable")], best, costs)
    at, reach, cells = spots(s, m, _middle(m[:, SEEN]))
    order = _ranked(cells)
    near(s, m, order, at[order], reach[order], cells[order], best, costs)
    edges, paid = edges_of(best, costs)
    return joined(s, m, best, edges[_cheapest_first(paid)])


def _middle(seen: Integers) -> int:
    """Return the time about which the tracks were seen: no clock that is far off moves it."""
    middle = (len(seen) - 1) // 2
    return int(np.partition(seen, middle)[middle])


def _ranked(numbers: Integers) -> Integers:
    """Return the places of numbers from the least on, of two alike the first: a stable sort, and seven times as fast.

    Each is sorted with its place in its lowest bits; what leaves no room for that is sorted as usual.
    """
    if len(numbers) > 1 << _PLACES or not len(numbers) or np.abs(numbers).max() >= 1 << (62 - _PLACES):
        return np.argsort(numbers, kind="stable")
    return np.sort((numbers << _PLACES) | np.arange(len(numbers))) & ((1 << _PLACES) - 1)


def _cheapest_first(paid: Floats) -> Integers:
    """Return the places of costs from the least on, of two alike the first; hardly any are."""
    order = np.argsort(paid)
    ranked = paid[order]
    return np.argsort(paid, kind="stable") if (ranked[1:] == ranked[:-1]).any() else order


def _groups(head: Integers) -> tuple[Integers, Integers]:
    """Return the tracks group by group, each in order, and where each group begins, with the end of the last."""
    order = _ranked(head)
    ranked = head[order]
    begins = np.flatnonzero(np.concatenate(([True], ranked[1:] != ranked[:-1])))
    return order, np.concatenate((begins, [len(head)]))


def _placed(
    t: Arrays, parts: Integers, starts: Integers
) -> tuple[Integers, Integers, Integers, Integers, Floats, Integers]:
    """Return the columns of a `Fusion` from its parts on."""
    newest, at, spread, grade = aligned(t.state, t.marks, parts, starts)
    order, counts, offset, covariance = intersected(at, spread, grade, t.roots[parts], starts)
    degrees, turned = placed(t.state[newest, PLACE:VELOCITY], offset, covariance)
    units = np.rint(degrees * 1e7).astype(np.int64)
    return parts[order], starts, counts[order], units, turned, t.marks[newest, SEEN]


_PLACES: Final = 20
"""Bits that hold the place of a track among those that are fused at once."""
_LOOPS: Final[tuple[Callable[..., object], ...]] = (
    named_alike,
    spots,
    near,
    edges_of,
    joined,
    aligned,
    intersected,
    placed,
)
_NONE: Final = np.zeros(0, np.int64)
NOTHING: Final = Fusion(
    (), _NONE, _NONE, _NONE, np.zeros(1, np.int64), _NONE, np.zeros((0, 2), np.int64), np.zeros((0, 3)), _NONE
)
"""What no tracks are fused to."""
