"""Fuse what one viewer may hold: local tracks of several sources to one track a mover, and what each is made of.

The result depends on these tracks alone: not on the order in which they came, not on how often, and not on what anybody
else may see, because nothing of that is here.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from quartet.core.frame import Track
from quartet.core.ids import MemberId, Micros
from quartet.picture.compiled import Floats, Integers
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
    latest: dict[tuple[str, str], Batch] = {}
    for batch in batches:
        held = latest.get(batch.key)
        if held is None or (batch.at, repr(batch.tracks)) > (held.at, repr(held.tracks)):
            latest[batch.key] = batch
    ordered = tuple(latest[key] for key in sorted(latest) if latest[key].tracks)
    if not ordered:
        return NOTHING
    t = stacked(ordered)
    order, starts = _groups(_grouped(t.state, t.marks))
    sizes = np.diff(starts)
    alone = np.repeat(sizes == 1, sizes)
    several = np.concatenate(([0], np.cumsum(sizes[sizes > 1])))
    first = np.concatenate(([0], np.cumsum([len(batch.tracks) for batch in ordered])))[:-1]
    return Fusion(ordered, first, order[alone], *_placed(t, order[~alone], several))


def warm() -> None:
    """Compile what is not compiled yet, or read it where an earlier process kept it, before a viewer waits for it."""
    one = Track(b"4b1805", 0, 0, None, None, None, (100, 0, 100), (b"adsb:4b1805",), 0)
    fuse(batch_of(MemberId("north"), place, Micros(0), (one,)) for place in "ab")


def _grouped(s: Floats, m: Integers) -> Integers:
    """Return for each track the first of those that are one mover with it, the likeliest pair joined first."""
    best, costs = np.full((len(s), NEIGHBOURS), -1, np.int64), np.full((len(s), NEIGHBOURS), np.inf)
    named_alike(s, m, np.argsort(m[:, ADDRESS], kind="stable"), best, costs)
    at, reach, cells = spots(s, m, _middle(m[:, SEEN]))
    order = np.argsort(cells, kind="stable")
    near(s, m, order, at[order], reach[order], cells[order], best, costs)
    edges, paid = edges_of(best, costs)
    return joined(s, m, best, edges[np.argsort(paid, kind="stable")])


def _middle(seen: Integers) -> int:
    """Return the time about which the tracks were seen: no clock that is far off moves it."""
    return int(np.sort(seen)[(len(seen) - 1) // 2])


def _groups(head: Integers) -> tuple[Integers, Integers]:
    """Return the tracks group by group, each in order, and where each group begins, with the end of the last."""
    order = np.argsort(head, kind="stable")
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


_NONE: Final = np.zeros(0, np.int64)
NOTHING: Final = Fusion(
    (), _NONE, _NONE, _NONE, np.zeros(1, np.int64), _NONE, np.zeros((0, 2), np.int64), np.zeros((0, 3)), _NONE
)
"""What no tracks are fused to."""
