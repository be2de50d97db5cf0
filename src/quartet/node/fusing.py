"""What viewers see of what they are admitted to: fused once for all who are admitted to the same, from that alone.

While what fuses is compiled, on the first start on a machine, tracks stand apart: who called it would wait for that,
and with her all that the event loop does.

Nothing here asks the gate: who calls brings what it let through, and no other piece touches what is made of these.
"""

import math
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from quartet.core.ids import MemberId, Micros
from quartet.core.marking import TLP_ORDER
from quartet.node.pieces import Piece, Place, label_of, place_of
from quartet.node.trackviews import TrackPart, TrackView
from quartet.node.views import moment
from quartet.picture.fusion import Batch, Fused, Fusion, Part, apart, fuse, is_kept
from quartet.picture.fusion.telling import gives, height_from, id_of, key_of, members_of, motion_from, roots_of, row_of
from quartet.picture.look import KINDS, Kind
from quartet.picture.scene import NO_KINDS, Source, batched
from quartet.picture.seen import TLP_SHIFT
from quartet.picture.track import DEGREE, SIGMAS_95, state_of

MAX_FUSED: Final = 64
"""Sets of places whose fused tracks are kept; beyond it the longest unasked is forgotten."""
MAX_BATCHES: Final = 4_096

Drills = Callable[[Place, Piece], bool]
"""Whether what lies at a place is of an exercise."""


def _none(*_: object) -> bool:
    return False


class Fusing:
    """Fuses pieces, and remembers what of them is as it was."""

    def __init__(self, me: MemberId, is_ready: Callable[[], bool] = is_kept, drills: Drills = _none) -> None:
        """Begin with nothing; `is_ready` says whether what fuses is compiled, and is asked until it is; `drills` which
        pieces are of exercises' feeds: these are fused by themselves."""
        self._me, self._is_ready, self._ready = me, is_ready, False
        self._drills = drills
        self._batches: OrderedDict[Place, tuple[Piece, bool, Batch]] = OrderedDict()
        self._fused: OrderedDict[tuple[Place, ...], tuple[tuple[Piece, ...], tuple[bool, ...], Fusion]] = OrderedDict()

    def now(self, admitted: Sequence[tuple[Place, Piece]]) -> Fusion:
        """Return what these pieces are fused to; the same value while they are the same."""
        places, pieces = tuple(place for place, _ in admitted), tuple(piece for _, piece in admitted)
        drills = tuple(self._drills(place, piece) for place, piece in admitted)
        if not self._may_fuse():
            return apart(map(self._batch, places, pieces, drills))
        kept = self._fused.pop(places, None)
        same = kept is not None and all(old is new for old, new in zip(kept[0], pieces, strict=True))
        if kept is None or not same or kept[1] != drills:
            kept = pieces, drills, fuse(map(self._batch, places, pieces, drills))
        self._fused[places] = kept
        while len(self._fused) > MAX_FUSED:
            self._fused.popitem(last=False)
        return kept[2]

    def once(self, admitted: Iterable[tuple[Place, Piece]]) -> Fusion:
        """Return what these pieces are fused to, and keep nothing: they are of a time that is past."""
        found = (batched(source_of(*one, drill=self._drills(*one)), self._me) for one in admitted)
        return fuse(found) if self._may_fuse() else apart(found)

    def _may_fuse(self) -> bool:
        self._ready = self._ready or self._is_ready()
        return self._ready

    def _batch(self, place: Place, piece: Piece, drill: bool) -> Batch:
        kept = self._batches.pop(place, None)
        if kept is None or kept[0] is not piece or kept[1] is not drill:
            kept = piece, drill, batched(source_of(place, piece, drill=drill), self._me)
        self._batches[place] = kept
        while len(self._batches) > MAX_BATCHES:
            self._batches.popitem(last=False)
        return kept[2]


def source_of(place: Place, piece: Piece, *, drill: bool = False) -> Source:
    """Return a piece as a source of tracks, with the narrowest marking of its controls."""
    frame, segments = piece
    tracks = (track for segment in segments for track in segment.columns.tracks())
    return Source(place[0], " ".join(place[1]), frame.header.at, place_of(label_of(piece)), tracks, drill)


def views_of(fusion: Fusion, now: Micros, kinds: Mapping[str, Kind] = NO_KINDS) -> list[TrackView]:
    """Return what was fused as an officer is shown it at a moment, in the order of members and ids.

    `kinds` are what movers are said to be, by their keys.
    """
    made = [(part, _single(fusion, part, now, kinds)) for part in fusion.singles()]
    made += [(min(one.parts), _fused(fusion, one, now, kinds)) for one in fusion.fused()]
    return [view for _, view in sorted(made, key=lambda one: one[0])]


def _single(fusion: Fusion, part: Part, now: Micros, kinds: Mapping[str, Kind]) -> TrackView:
    track = fusion.track(part)
    one = Fused((part,), track.lat, track.lon, track.covariance, fusion.row(part).at)
    return _fused(fusion, one, now, kinds)


def _fused(fusion: Fusion, one: Fused, now: Micros, kinds: Mapping[str, Kind]) -> TrackView:
    height, motion = (fusion.track(find(fusion, one)) for find in (height_from, motion_from))
    row = row_of(fusion, one)
    return TrackView(
        id=id_of(fusion, one),
        lat=one.lat / DEGREE,
        lon=one.lon / DEGREE,
        alt_m=None if height.alt_m is None else float(height.alt_m),
        speed_mps=None if motion.speed_cms is None else motion.speed_cms / 100,
        track_deg=None if motion.track_cdeg is None else motion.track_cdeg / 100,
        at=moment(one.seen),
        source=members_of(fusion, one)[0],
        tlp=TLP_ORDER[(row.flags >> TLP_SHIFT) - 1],
        kind=kinds.get(key_of(fusion, one.parts), KINDS[row.kind]),
        accuracy_m=_accuracy(one.covariance),
        parts=tuple(_part(fusion, one, part) for part in one.parts),
        roots=roots_of(fusion, one),
        state=state_of(one.seen, now),
    )


def _part(fusion: Fusion, one: Fused, part: Part) -> TrackPart:
    member, name, seen = fusion.batches[part.source].member, *fusion.called(part)[:1], fusion.row(part).at
    return TrackPart(source=member, id=name, at=moment(seen), gives=gives(fusion, one, part))


def _accuracy(covariance: tuple[float, float, float] | None) -> float | None:
    """Return the radius that holds 95 %, of the ellipse's longer half-axis; in decimetres, as far as it means
    anything."""
    if covariance is None:
        return None
    ee, en, nn = covariance
    longest = (ee + nn) / 2 + math.hypot((ee - nn) / 2, en)
    return round(SIGMAS_95 * math.sqrt(max(0.0, longest)), 1)
