"""Live tracks: a frame a tick of what our sensors see, to each member the segments that the gate releases to it.

Latest wins: nothing here is stored and forwarded. Frames are kept for replay, and their headers' hashes are logged.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import msgspec

from quartet.core.encoding import encode
from quartet.core.faults import Unavailable, Untrusted
from quartet.core.frame import (
    Frame,
    Group,
    Track,
    VerifiedFrame,
    cut_frame,
    make_frames,
    pack_frame,
    shown_to,
    verify_frame,
)
from quartet.core.ids import SECOND, ControlId, ItemId, MemberId, Micros
from quartet.core.packing import unpad
from quartet.core.release import Released, Viewer
from quartet.core.verify import Verified
from quartet.node.admitting import Admitting
from quartet.node.fusing import Fusing, views_of
from quartet.node.holdings import Holdings
from quartet.node.identify.heard import Heard
from quartet.node.ledger import INCARNATION
from quartet.node.parts import DAY, Parts
from quartet.node.past import Past
from quartet.node.pieces import Piece, Place, fresh, keep
from quartet.node.plots import check_plot
from quartet.node.registry import Registry
from quartet.node.seeing import Seeing
from quartet.node.tracking import Tracking
from quartet.node.trackviews import TrackView
from quartet.node.views import Sighting, micros
from quartet.node.worlds import Worlds
from quartet.picture.fusion import Fusion
from quartet.picture.look import Kind
from quartet.picture.plot import AnyPlot, Plot, own_name
from quartet.picture.radar import Radar
from quartet.picture.scene import NO_KINDS
from quartet.picture.track import Picture, fold, tracks
from quartet.store import Tx
from quartet.store.frames import MAX_FRAMES
from quartet.wire.seal import seal

PRUNE_EVERY: Final = 60 * SECOND
"""How often what is kept for replay is pruned."""
AHEAD: Final = 2 * 3_600 * SECOND
"""How far ahead of our clock a frame may be dated: an hour off must not blind us, for ever must not be shown."""
SEED_SIZE: Final = 32
TRACKING_KEY: Final = 16
UNKNOWN: Final = "?"
"""What the part of a frame is called that is under controls of which no feed came yet."""
SPREAD: Final = 1_000
"""A frame is numbered by its moment in microseconds, and one of so many: a count would tell of frames for others."""


class Frames:
    """Makes, sends, takes and shows frames."""

    def __init__(self, parts: Parts, registry: Registry, holdings: Holdings, seeing: Seeing) -> None:
        self._parts = parts
        self._registry = registry
        self._holdings = holdings
        self._admitting = Admitting(registry, holdings, seeing)
        self.worlds = Worlds(holdings)
        self._fusing = Fusing(parts.me, drills=self.worlds.drills)
        self.past = Past(parts, registry, self._admitting, self.worlds)
        self.tracking = Tracking(parts.entropy(TRACKING_KEY))
        self.heard = Heard()
        self.kinds: Callable[[Viewer], tuple[str, Mapping[str, Kind]]] = lambda _: ("", NO_KINDS)
        """What the aircraft are said to be in a viewer's picture, by their keys; and the name of all who see it so."""
        self.doubted: Callable[[Viewer], frozenset[str]] = lambda _: frozenset()
        """Whose address is in conflict by what a viewer may hold."""
        self._feeds: dict[ItemId, Picture] = {}
        self._seq = parts.store.reader.last_frame(parts.me)
        self._last: dict[MemberId, VerifiedFrame] = {}
        self._recent: dict[Place, Piece] = {}
        self._pruned = Micros(0)
        self._newest: tuple[list[Frame], list[Verified]] = [], []
        """The frames of this tick, for parcels that have a place for them."""
        self._given: dict[MemberId, int] = {}

    def sight(self, feed: Verified, sightings: Iterable[Sighting]) -> None:
        """Take what one of our sensors saw; raise `Malformed("out-of-range")` for what would break a frame."""
        plots = [_plot(s, feed) for s in sightings]
        for plot in plots:
            check_plot(plot)
        self.take(feed, plots)

    def take(self, feed: Verified, plots: Sequence[AnyPlot], stands: Iterable[Radar] = ()) -> None:
        """Take plots of one of our sensors: where a radar speaks under its marking, all are tracked together."""
        stands = tuple(stands)
        self.heard.take(feed.id, plots, {radar.name: radar for radar in stands})
        if self.tracking.take(feed.id, plots, stands):
            self._feeds.pop(feed.id, None)
            return
        placed = [plot for plot in plots if isinstance(plot, Plot)]
        named = [plot for plot in placed if plot.number is not None or own_name(plot) is not None]
        ours = [msgspec.structs.replace(plot, sensor=feed.id[:8]) for plot in named]
        self._feeds[feed.id] = fold(self._feeds.get(feed.id, Picture()), ours, self._parts.clock.now())

    async def tick(self, now: Micros) -> int:
        """Make the frames of this tick, log them, and send each member its own; return how many tracks they hold.

        All feeds are worked at first: when a frame leaves tells how busy we are, its bytes do not (decision 169).
        """
        await self._prune(now)
        self._newest = [], []
        groups: list[Group] = []
        feeds: list[Verified] = []
        for item, seen in (await self._tracked(now)).items():
            feed = self._holdings.verified(item)
            if feed is None:
                self._feeds.pop(item, None)
                self.tracking.forget(item)
                self.heard.forget(item)
            elif seen:
                groups.append(Group(tuple(sorted(encode(c.sealed) for c in feed.controls)), seen))
                feeds.append(feed)
        if not groups:
            return 0
        await self._say(groups, feeds, now)
        return sum(len(g.tracks) for g in groups)

    async def _tracked(self, now: Micros) -> dict[ItemId, tuple[Track, ...]]:
        """Return the tracks of each feed of ours: as their movers tell them, or as the tracker finds them."""
        self._feeds = {item: fold(picture, (), now) for item, picture in self._feeds.items()}
        told = {item: tracks(picture, now) for item, picture in self._feeds.items()}
        return {**told, **await self.tracking.tracks(now)}

    async def _prune(self, now: Micros) -> None:
        """Drop what was kept long enough: our own frames and others', whether anything is seen now or not."""
        if abs(now - self._pruned) < PRUNE_EVERY:
            return
        self._pruned = now
        kept = self._parts.frames_kept
        most = MAX_FRAMES * max(1, kept // DAY)
        await self._parts.store.write(lambda tx: tx.prune_frames(Micros(now - kept), most))

    async def _say(self, groups: list[Group], feeds: list[Verified], now: Micros) -> None:
        made = make_frames(
            groups,
            exchange=self._registry.exchange,
            member=self._parts.me,
            incarnation=INCARNATION,
            seq=max(self._seq + 1, now),
            at=now,
            key=self._parts.keys.item,
            seed=self._parts.entropy(SEED_SIZE),
            spread=SPREAD,
        )
        numbers = [frame.seq for frame in made]
        self._seq = numbers[-1]
        me = self._parts.me
        own = [_released(self._holdings, feed, me, now) for feed in feeds]
        packed = [pack_frame(frame, me, [r for r in own if r is not None]) for frame in made]

        parts = [self._parts_of(data) for data in packed]

        def job(tx: Tx) -> None:
            for n, frame in enumerate(made):
                tx.add_commitment(frame.commitment, "frame")
                _put(tx, me, numbers[n], now, parts[n])

        await self._parts.store.write(job)
        for data in packed:
            keep(self._recent, verify_frame(data, me, self._registry.keyring), self.worlds.drills)
        if self._registry.cover is not None:
            self._newest = made, feeds
            return
        for member in self._registry.others():
            released = self._released_of(feeds, member, now)
            for frame in made:
                if shown_to(frame, member, released):
                    await self._send(member, pack_frame(frame, member, released), now)

    def due(self, member: MemberId, now: Micros) -> list[tuple[bytes, tuple[ItemId, ...]]]:
        """Return the frames of this tick that a member was not given yet, by the gate's word of now; each once.

        For parcels, where there is cover: each with the feeds that it was made of.
        """
        made, feeds = self._newest
        fresh = [frame for frame in made if frame.seq > self._given.get(member, 0)]
        if not fresh:
            return []
        self._given[member] = max(frame.seq for frame in fresh)
        released = self._released_of(feeds, member, now)
        shown = [frame for frame in fresh if shown_to(frame, member, released)]
        named = tuple(r.item.id for r in released)
        return [(unpad(pack_frame(frame, member, released)), named) for frame in shown]

    def _released_of(self, feeds: list[Verified], member: MemberId, now: Micros) -> list[Released]:
        return [r for feed in feeds if (r := _released(self._holdings, feed, member, now)) is not None]

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
        keep(self._recent, frame, self.worlds.drills)
        seq, at = frame.header.seq, frame.header.at
        parts = self._parts_of(plaintext)
        await self._parts.store.write(lambda tx: _put(tx, frm, seq, at, parts))

    def picture(self, viewer: Viewer) -> list[TrackView]:
        """Return the tracks that a viewer may see now."""
        return views_of(self.fused(self.admitted(viewer)), self._parts.clock.now(), self.kinds(viewer)[1])

    async def past_picture(self, viewer: Viewer, at: Micros) -> list[TrackView]:
        """Return the tracks that a viewer could see at a time, less what was recalled since; raise as `Past.check`."""
        self.past.check(at)
        then = await self.past.at(at)
        return views_of(self.fused_once(self.past.admitted(then, viewer)), at)

    def admitted(self, viewer: Viewer) -> list[tuple[Place, Piece]]:
        """Return what a viewer may see now: the newest segments of each member, under each set of controls."""
        now = self._parts.clock.now()
        return self._seen(fresh(self._recent, now), viewer, now)

    def fused(self, admitted: Sequence[tuple[Place, Piece]]) -> Fusion:
        """Return what a viewer's pieces are fused to: from these alone, once for all who are admitted to the same."""
        return self._fusing.now(admitted)

    def own_feeds(self, viewer: Viewer) -> tuple[ItemId, ...]:
        """Return our feeds on which something was heard and that a viewer may see."""
        feeds = ((feed, self._holdings.verified(feed)) for feed in self.heard.feeds)
        own = ((feed, tuple(sorted(c.id for c in verified.controls))) for feed, verified in feeds if verified)
        return tuple(feed for feed, controls in own if self.admits(controls, viewer))

    def feeds_of(self, controls: Iterable[ControlId]) -> tuple[ItemId, ...]:
        """Return the feeds under whose controls tracks are, and nothing that was made of them."""
        return tuple(self._parts.store.reader.feeds_under(controls))

    def admits(self, controls: tuple[ControlId, ...], viewer: Viewer) -> bool:
        """Return whether a viewer may see now what is under a set of controls."""
        return self._admitting.admits(controls, viewer, self._parts.clock.now())

    def fused_once(self, admitted: Iterable[tuple[Place, Piece]]) -> Fusion:
        """Return the same of a time that is past, and keep nothing; from any thread."""
        return self._fusing.once(admitted)

    def news(self, verified: Verified) -> None:
        """Take note of a new statement: who may see what is asked anew."""
        self._admitting.news(verified)

    def _seen(self, pieces: dict[Place, Piece], viewer: Viewer, now: Micros) -> list[tuple[Place, Piece]]:
        admits = self._admitting.admits
        return [(place, pieces[place]) for place in sorted(pieces) if admits(place[1], viewer, now)]

    def _parts_of(self, plaintext: bytes) -> dict[str, bytes]:
        """Return a frame in parts by the feeds that govern them, so that each goes when its feed does.

        What no feed here governs yet is left out: no recall would take it.
        """

        def feeds(controls: frozenset[ControlId]) -> str:
            return " ".join(sorted(self.feeds_of(controls))) or (UNKNOWN if controls else "")

        return {name: part for name, part in cut_frame(plaintext, feeds).items() if name != UNKNOWN}


def _put(tx: Tx, member: MemberId, seq: int, at: Micros, parts: dict[str, bytes]) -> None:
    """Keep a frame, part by part."""
    for n, (feed, data) in enumerate(parts.items()):
        tx.put_frame(member, seq, at, data, feed, lead=n == 0)


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
