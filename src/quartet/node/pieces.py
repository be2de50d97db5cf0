"""What is on view at one moment: the newest tracks that each member told under each set of controls.

It is the same for now and for a time that is past. Who may see which of it is asked of the gate, elsewhere.
"""

from collections.abc import Callable
from itertools import accumulate
from typing import Final

from quartet.core.frame import VerifiedFrame, VerifiedSegment
from quartet.core.ids import SECOND, ControlId, MemberId, Micros
from quartet.core.marking import TLP_ORDER, tlp_at

SHOWN: Final = 60 * SECOND
"""How old a frame may be to be shown as now."""
MAX_PIECES: Final = 1_024
"""Sets of controls of one member, and segments of one tick under one of them, that are kept to be shown; of its
exercises as many."""
MAX_KEPT: Final = 32_768
"""Tracks of one member that are kept to be shown, the newest: four times what a segment holds; a frame may be followed
by any number of the same tick. Of its exercises as many: none of theirs takes the place of what is so."""

Place = tuple[MemberId, tuple[ControlId, ...]]
"""Whose tracks, under which set of controls."""
Piece = tuple[VerifiedFrame, list[VerifiedSegment]]
"""The newest segments that one member made under one set of controls, and the frame that they came in."""


Drills = Callable[[Place, Piece], bool]
"""Whether what lies at a place is of an exercise."""


def keep(pieces: dict[Place, Piece], frame: VerifiedFrame, drills: Drills) -> None:
    """Let a frame take the place of the tracks of the same tick before, set of controls by set of controls.

    What is shown of one feed must not depend on what another, that the viewer may not see, still says.
    """
    new: dict[Place, list[VerifiedSegment]] = {}
    for segment in frame.segments:
        new.setdefault((frame.header.member, tuple(sorted(c.id for c in segment.controls))), []).append(segment)
    for place, segments in new.items():
        old = pieces.pop(place, None)
        same_tick = old is not None and old[0].header.at == frame.header.at
        known = old[1] if old is not None and same_tick else []
        pieces[place] = (frame, [*known, *segments][-MAX_PIECES:])
    own = [p for p in pieces if p[0] == frame.header.member]
    for place in [p for p in own if frame.header.at - pieces[p][0].header.at > SHOWN]:
        del pieces[place]
    worlds: dict[bool, list[Place]] = {False: [], True: []}
    for place in [p for p in own if p in pieces]:
        worlds[drills(place, pieces[place])].append(place)
    for places in worlds.values():
        _bound(pieces, places)


def _bound(pieces: dict[Place, Piece], places: list[Place]) -> None:
    """Leave of some places, the newest last, what fits in a share."""
    for place in places[:-MAX_PIECES]:
        del pieces[place]
    left = MAX_KEPT
    for place in reversed(places[-MAX_PIECES:]):
        said, segments = pieces[place]
        few = _newest(segments, left)
        left -= sum(len(segment.columns.id) for segment in few)
        if few:
            pieces[place] = said, few
        else:
            del pieces[place]


def _newest(segments: list[VerifiedSegment], most: int) -> list[VerifiedSegment]:
    """Return the newest segments that hold so many tracks at most."""
    ends = accumulate(len(segment.columns.id) for segment in reversed(segments))
    count = sum(1 for end in ends if end <= most)
    return segments[len(segments) - count :] if count < len(segments) else segments


def fresh(pieces: dict[Place, Piece], now: Micros) -> dict[Place, Piece]:
    """Return what is still shown at a time."""
    return {place: piece for place, piece in pieces.items() if now - piece[0].header.at <= SHOWN}


def label_of(piece: Piece) -> str:
    """Return the marking of a piece when its frame was made, the narrowest of all its controls."""
    at = piece[0].header.at
    labels = [tlp_at(one.control.marking, at) for segment in piece[1] for one in segment.controls]
    return max(labels, key=place_of, default=TLP_ORDER[-1])


def place_of(tlp: str) -> int:
    """Return the place of a marking from one on; a word that is not known counts as the narrowest."""
    return TLP_ORDER.index(tlp) + 1 if tlp in TLP_ORDER else len(TLP_ORDER)
