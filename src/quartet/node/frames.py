"""Live tracks: a frame a tick of what our sensors see, to each member the segments that the gate releases to it.

Latest wins: nothing here is stored and forwarded. Frames are kept for replay, and their headers' hashes are logged.
"""

import asyncio
from collections.abc import Iterable
from typing import Final

import msgspec

from quartet.core.encoding import encode
from quartet.core.faults import Unavailable, Untrusted
from quartet.core.frame import Group, VerifiedFrame, VerifiedSegment, make_frames, pack_frame, verify_frame
from quartet.core.ids import SECOND, ControlId, ItemId, MemberId, Micros
from quartet.core.keyring import Keyring
from quartet.core.release import Released, Viewer
from quartet.core.verify import Verified
from quartet.node.admitting import Admitting
from quartet.node.holdings import Holdings
from quartet.node.ledger import INCARNATION
from quartet.node.parts import Parts
from quartet.node.registry import Registry
from quartet.node.seeing import Seeing
from quartet.node.views import Sighting, TrackView, micros, moment
from quartet.picture.plot import AnyPlot, Plot, own_name
from quartet.picture.track import Picture, fold, position_of, tracks
from quartet.store import Tx
from quartet.wire import seal

KEPT: Final = 86_400 * SECOND
"""How long frames are kept for replay."""
SHOWN: Final = 60 * SECOND
"""How old a frame may be to be shown as now."""
AHEAD: Final = 2 * 3_600 * SECOND
"""How far ahead of our clock a frame may be dated: an hour off must not blind us, for ever must not be shown."""
MAX_PIECES: Final = 1_024
"""Sets of controls of one member, and segments of one tick under one of them, that are kept to be shown."""
MAX_REPLAYED: Final = 20_000
"""Frames looked through for the picture of a time that is past."""
SEED_SIZE: Final = 32

Place = tuple[MemberId, tuple[ControlId, ...]]
"""Whose tracks, under which set of controls."""
Piece = tuple[VerifiedFrame, list[VerifiedSegment]]
"""The newest segments that one member made under one set of controls, and the frame that they came in."""


class Frames:
    """Makes, sends, takes and shows frames."""

    def __init__(self, parts: Parts, registry: Registry, holdings: Holdings, seeing: Seeing) -> None:
        self._parts = parts
        self._registry = registry
        self._holdings = holdings
        self._admitting = Admitting(registry, holdings, seeing)
        self._looking_back = asyncio.Lock()
        self._feeds: dict[ItemId, Picture] = {}
        self._seq = parts.store.reader.last_frame(parts.me)
        self._last: dict[MemberId, VerifiedFrame] = {}
        self._recent: dict[Place, Piece] = {}

    def sight(self, feed: Verified, sightings: Iterable[Sighting]) -> None:
        """Take what one of our sensors saw."""
        self.take(feed, [_plot(s, feed) for s in sightings])

    def take(self, feed: Verified, plots: Iterable[AnyPlot]) -> None:
        """Take plots of one of our sensors; what names a mover and its place is shown, the rest is for a tracker."""
        placed = [plot for plot in plots if isinstance(plot, Plot)]
        named = [plot for plot in placed if plot.number is not None or own_name(plot) is not None]
        ours = [msgspec.structs.replace(plot, sensor=feed.id[:8]) for plot in named]
        self._feeds[feed.id] = fold(self._feeds.get(feed.id, Picture()), ours, self._parts.clock.now())

    async def tick(self, now: Micros) -> int:
        """Make the frames of this tick, log them, and send each member its own; return how many tracks they hold."""
        groups: list[Group] = []
        feeds: list[Verified] = []
        for item, picture in list(self._feeds.items()):
            self._feeds[item] = fold(picture, (), now)
            seen = tracks(self._feeds[item], now)
            feed = self._holdings.verified(item)
            if feed is None:
                del self._feeds[item]
            elif seen:
                groups.append(Group(tuple(sorted(encode(c.sealed) for c in feed.controls)), seen))
                feeds.append(feed)
        if not groups:
            return 0
        await self._say(groups, feeds, now)
        return sum(len(g.tracks) for g in groups)

    async def _say(self, groups: list[Group], feeds: list[Verified], now: Micros) -> None:
        made = make_frames(
            groups,
            exchange=self._registry.exchange,
            member=self._parts.me,
            incarnation=INCARNATION,
            seq=self._seq + 1,
            at=now,
            key=self._parts.keys.item,
            seed=self._parts.entropy(SEED_SIZE),
        )
        self._seq += len(made)
        me = self._parts.me
        own = [_released(self._holdings, feed, me, now) for feed in feeds]
        packed = [pack_frame(frame, me, [r for r in own if r is not None]) for frame in made]

        feed = feeds[0].id if len(feeds) == 1 else ""

        def job(tx: Tx) -> None:
            for n, frame in enumerate(made):
                tx.add_commitment(frame.commitment, "frame")
                tx.put_frame(me, self._seq - len(made) + 1 + n, now, packed[n], feed)
            tx.prune_frames(Micros(now - KEPT))

        await self._parts.store.write(job)
        for data in packed:
            self._keep(self._recent, verify_frame(data, me, self._registry.keyring))
        for member in self._registry.others():
            released = [r for f in feeds if (r := _released(self._holdings, f, member, now)) is not None]
            if released:
                for frame in made:
                    await self._send(member, pack_frame(frame, member, released), now)

    async def _send(self, member: MemberId, plaintext: bytes, now: Micros) -> None:
        key = self._registry.epoch_key(member, now)
        if key is None or not self._parts.carrier.linked(member):
            return
        sealed = seal(plaintext, exchange=self._registry.exchange, frm=self._parts.me, to=member, public=key)
        try:
            await self._parts.carrier.send(member, "t", sealed)
        except Unavailable:
            return

    async def took(self, plaintext: bytes, frm: MemberId) -> None:
        """Take a frame from a peer; an older one than the last is dropped."""
        frame = verify_frame(plaintext, frm, self._registry.keyring)
        last = self._last.get(frm)
        if last is not None and frame.header.seq <= last.header.seq:
            return
        if frame.header.at > self._parts.clock.now() + AHEAD:
            raise Untrusted("frame-ahead", f"{frm} dates a frame {frame.header.at}")
        self._last[frm] = frame
        self._keep(self._recent, frame)
        seq, at = frame.header.seq, frame.header.at
        feeds = {item for s in frame.segments for item in self._carriers({c.id for c in s.controls})}
        feed = feeds.pop() if len(feeds) == 1 else ""
        await self._parts.store.write(lambda tx: tx.put_frame(frm, seq, at, plaintext, feed))

    def picture(self, viewer: Viewer) -> list[TrackView]:
        """Return the tracks that a viewer may see now."""
        return [track for _, piece in self.admitted(viewer) for track in _tracks(piece)]

    async def past(self, viewer: Viewer, at: Micros) -> list[TrackView]:
        """Return the tracks that a viewer could see at a time, less what was recalled since.

        Thousands of signatures are checked for it: in a thread, and for one officer after the other.
        """
        async with self._looking_back:
            pieces = await asyncio.to_thread(self._at, at, self._registry.keyring)
        return [track for _, piece in self._seen(pieces, viewer, self._parts.clock.now()) for track in _tracks(piece)]

    def admitted(self, viewer: Viewer) -> list[tuple[Place, Piece]]:
        """Return what a viewer may see now: the newest segments of each member, under each set of controls."""
        now = self._parts.clock.now()
        fresh = {place: piece for place, piece in self._recent.items() if now - piece[0].header.at <= SHOWN}
        return self._seen(fresh, viewer, now)

    def news(self, verified: Verified) -> None:
        """Take note of a new statement: who may see what is asked anew."""
        self._admitting.news(verified)

    def _seen(self, pieces: dict[Place, Piece], viewer: Viewer, now: Micros) -> list[tuple[Place, Piece]]:
        admits = self._admitting.admits
        return [(place, pieces[place]) for place in sorted(pieces) if admits(place[1], viewer, now)]

    def _at(self, at: Micros, keyring: Keyring) -> dict[Place, Piece]:
        pieces: dict[Place, Piece] = {}
        for member, _, data in self._parts.store.reader.frames_between(Micros(at - SHOWN), at, MAX_REPLAYED):
            self._keep(pieces, verify_frame(data, member, keyring))
        return pieces

    def _keep(self, pieces: dict[Place, Piece], frame: VerifiedFrame) -> None:
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
        old_ones = [p for p in own if frame.header.at - pieces[p][0].header.at > SHOWN]
        for place in {*old_ones, *own[:-MAX_PIECES]}:
            del pieces[place]

    def _carriers(self, ids: set[ControlId]) -> list[ItemId]:
        return self._parts.store.reader.items_carrying(ids)


def _tracks(piece: Piece) -> Iterable[TrackView]:
    frame, segments = piece
    for segment in segments:
        for track in segment.columns.tracks():
            place = position_of(track, frame.header.at)
            yield TrackView(
                id=place.id,
                lat=place.lat,
                lon=place.lon,
                alt_m=place.alt_m,
                speed_mps=place.speed_mps,
                track_deg=place.track_deg,
                at=moment(place.at),
                source=frame.header.member,
            )


def _released(holdings: Holdings, feed: Verified, to: MemberId, now: Micros) -> Released | None:
    """Return the gate's yes for a feed and a member, or None."""
    decision = holdings.release(feed.id, to, now)
    return decision if isinstance(decision, Released) else None


def _plot(sighting: Sighting, feed: Verified) -> Plot:
    return Plot(
        at=micros(sighting.at),
        sensor=feed.id[:8],
        icao24=sighting.id,
        lat=sighting.lat,
        lon=sighting.lon,
        on_ground=False,
        alt_m=sighting.alt_m,
        speed_mps=sighting.speed_mps,
        track_deg=sighting.track_deg,
        accuracy_m=sighting.accuracy_m,
    )
