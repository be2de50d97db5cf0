"""Where one track was in the last minutes: from the frames that a viewer could see then, and may see now.

A track that she may not see and one that there never was are the same to her, in the words and in the work: all that
was kept of these minutes is looked through for either.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from quartet.core.faults import Malformed, Unavailable
from quartet.core.frame import Track, VerifiedFrame, verify_frame
from quartet.core.ids import SECOND, ControlId, MemberId, Micros
from quartet.core.keyring import Keyring
from quartet.core.release import Viewer
from quartet.node.parts import Parts
from quartet.node.past import Past
from quartet.node.pastviews import PastSpan, TrackHistory, TrackPoint
from quartet.node.registry import Registry
from quartet.node.views import moment
from quartet.picture.fusion import DRILL
from quartet.picture.track import position_of

MAX_MINUTES: Final = 60
POINTS: Final = 120
"""Points of a way; so many moments are looked at, evenly apart."""
MAX_FRAMES: Final = 4_000
"""Frames looked through for one way."""
MAX_NAME: Final = 64


class _Told(NamedTuple):
    """What a frame says of a track, under which controls, and whether that is of an exercise."""

    member: MemberId
    controls: tuple[ControlId, ...]
    at: Micros
    track: Track
    drill: bool


class History:
    """Answers where a track was."""

    def __init__(self, parts: Parts, registry: Registry, past: Past) -> None:
        self._parts = parts
        self._registry = registry
        self._past = past

    def span(self) -> PastSpan:
        """Return how far back the picture goes."""
        now = self._parts.clock.now()
        return PastSpan(moment(Micros(now - self._parts.frames_kept)), moment(now))

    async def of(
        self, viewer: Viewer, track: str, source: str | None, until: Micros | None, minutes: int
    ) -> TrackHistory:
        """Return the way of a track by its own name, up to now or to a time; raise `Unavailable("unknown-item")`.

        `source` names the members whose tracks are wanted, with spaces between them; None for all.
        """
        if not 1 <= minutes <= MAX_MINUTES or len(track) > MAX_NAME:
            raise Malformed("bad-query", f"minutes is 1 to {MAX_MINUTES}, and a track's name has {MAX_NAME} letters")
        now = self._parts.clock.now()
        end = now if until is None else min(until, now)
        since = Micros(end - minutes * 60 * SECOND)
        step = max(SECOND, minutes * 60 * SECOND // POINTS)
        keyring, name = self._registry.keyring, track.removeprefix(DRILL).encode()
        found = await self._past.apart(lambda: list(self._look(name, since, end, step, keyring)))
        members = None if source is None else set(source.split())
        of = (one for one in found if one.drill is track.startswith(DRILL))
        points = self._points((one for one in of if members is None or one.member in members), viewer, now)
        if not points:
            raise Unavailable("unknown-item", "there is no such track that you may see")
        return TrackHistory(track, moment(since), moment(end), step // SECOND, points)

    def _look(self, name: bytes, since: Micros, until: Micros, step: int, keyring: Keyring) -> Iterator[_Told]:
        for member, _, data in self._parts.store.reader.frames_thinned(since, until, step, MAX_FRAMES):
            yield from self._told(verify_frame(data, member, keyring), name)

    def _told(self, frame: VerifiedFrame, name: bytes) -> Iterator[_Told]:
        for segment in frame.segments:
            if name in segment.columns.id:
                track = segment.columns.tracks()[segment.columns.id.index(name)]
                controls = tuple(sorted(c.id for c in segment.controls))
                drill = self._past.worlds.drills((frame.header.member, controls), (frame, [segment]))
                yield _Told(frame.header.member, controls, frame.header.at, track, drill)

    def _points(self, found: Iterable[_Told], viewer: Viewer, now: Micros) -> tuple[TrackPoint, ...]:
        """Return the points that she may have, by the time when the track was seen; each once."""
        seen: dict[tuple[int, MemberId], TrackPoint] = {}
        for one in found:
            if self._past.admits(one.controls, viewer, one.at, now):
                at = Micros(one.at - one.track.age_ms * 1000)
                seen[at // SECOND, one.member] = _point(one)
        return tuple(seen[key] for key in sorted(seen))


def _point(told: _Told) -> TrackPoint:
    place = position_of(told.track, told.at)
    return TrackPoint(
        at=moment(place.at),
        lat=place.lat,
        lon=place.lon,
        alt_m=place.alt_m,
        speed_mps=place.speed_mps,
        track_deg=place.track_deg,
        source=told.member,
    )
