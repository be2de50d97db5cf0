"""Live tracks: a frame a tick of what our sensors see, to each member the segments that the gate releases to it.

Latest wins: nothing here is stored and forwarded. Frames are kept for replay, and their headers' hashes are logged.
"""

from collections.abc import Iterable
from typing import Final

from quartet.core.encoding import encode
from quartet.core.faults import Unavailable, Untrusted
from quartet.core.frame import Group, VerifiedFrame, make_frames, pack_frame, verify_frame
from quartet.core.ids import SECOND, ControlId, ItemId, MemberId, Micros
from quartet.core.release import Released, Viewer
from quartet.core.verify import Verified
from quartet.node.holdings import Holdings
from quartet.node.ledger import INCARNATION
from quartet.node.parts import Parts
from quartet.node.registry import Registry
from quartet.node.views import Sighting, TrackView, micros, moment
from quartet.picture.plot import Plot
from quartet.picture.track import Picture, fold, position_of, tracks
from quartet.store import Tx
from quartet.wire import seal

KEPT: Final = 86_400 * SECOND
"""How long frames are kept for replay."""
SHOWN: Final = 60 * SECOND
"""How old a frame may be to be shown as now."""
AHEAD: Final = 2 * 3_600 * SECOND
"""How far ahead of our clock a frame may be dated: an hour off must not blind us, for ever must not be shown."""
MAX_A_TICK: Final = 64
"""Frames of one tick of one member that are kept to be shown."""
SEED_SIZE: Final = 32


class Frames:
    """Makes, sends, takes and shows frames."""

    def __init__(self, parts: Parts, registry: Registry, holdings: Holdings) -> None:
        self._parts = parts
        self._registry = registry
        self._holdings = holdings
        self._feeds: dict[ItemId, Picture] = {}
        self._seq = parts.store.reader.last_frame(parts.me)
        self._last: dict[MemberId, list[VerifiedFrame]] = {}

    def sight(self, feed: Verified, sightings: Iterable[Sighting]) -> None:
        """Take what one of our sensors saw."""
        now = self._parts.clock.now()
        plots = [_plot(s, feed) for s in sightings]
        self._feeds[feed.id] = fold(self._feeds.get(feed.id, Picture()), plots, now)

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
        self._last[me] = [verify_frame(data, me, self._registry.keyring) for data in packed]
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
        if last and frame.header.seq <= last[-1].header.seq:
            return
        if frame.header.at > self._parts.clock.now() + AHEAD:
            raise Untrusted("frame-ahead", f"{frm} dates a frame {frame.header.at}")
        same_tick = last is not None and last[-1].header.at == frame.header.at
        self._last[frm] = [*last, frame][-MAX_A_TICK:] if last is not None and same_tick else [frame]
        seq, at = frame.header.seq, frame.header.at
        feeds = {item for s in frame.segments for item in self._carriers({c.id for c in s.controls})}
        feed = feeds.pop() if len(feeds) == 1 else ""
        await self._parts.store.write(lambda tx: tx.put_frame(frm, seq, at, plaintext, feed))

    def picture(self, viewer: Viewer, at: Micros | None) -> list[TrackView]:
        """Return the tracks that a viewer may see now, or could see at a time (less what was recalled since)."""
        now = self._parts.clock.now()
        if at is None:
            frames = [f for some in self._last.values() for f in some if now - f.header.at <= SHOWN]
        else:
            kept = self._parts.store.reader.frames_at(at, Micros(at - SHOWN))
            frames = [verify_frame(data, member, self._registry.keyring) for member, data in kept]
        return [track for frame in frames for track in self._tracks(frame, viewer, now)]

    def _tracks(self, frame: VerifiedFrame, viewer: Viewer, now: Micros) -> Iterable[TrackView]:
        for segment in frame.segments:
            ids = {c.id for c in segment.controls}
            if not any(self._admits(item, ids, viewer, now) for item in self._carriers(ids)):
                continue
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

    def _carriers(self, ids: set[ControlId]) -> list[ItemId]:
        return self._parts.store.reader.items_carrying(ids)

    def _admits(self, item: ItemId, ids: set[ControlId], viewer: Viewer, now: Micros) -> bool:
        verified = self._holdings.verified(item)
        if verified is None or not ids <= {c.id for c in verified.controls}:
            return False
        return isinstance(self._holdings.gate.view(item, viewer, now), Released)


def _released(holdings: Holdings, feed: Verified, to: MemberId, now: Micros) -> Released | None:
    """Return the gate's yes for a feed and a member, or None."""
    decision = holdings.gate.release(feed.id, to, now)
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
