"""What is past, on the same map as what is now: one moment after the other, as fast as somebody asks.

A replay is a clock that the node keeps, read when the map takes its next frame and at no other time: a browser that
stalls costs nothing, and sees what is due when it reads on. There are few of them at once, and they share one thread.
"""

from collections import Counter
from typing import Final

from quartet.core.faults import Unavailable
from quartet.core.ids import Micros, OfficerName
from quartet.core.release import Viewer
from quartet.node.live import BREATH, Edition, Live, next_seq
from quartet.node.past import Past, Then
from quartet.node.pieces import Piece, Place
from quartet.picture.livewire import LiveFrame, write_live
from quartet.picture.look import Back, Look, widened
from quartet.picture.scene import Scene, frame_of, within

MAX_OF_ONE: Final = 2
MAX_OF_ALL: Final = 8
"""Replays of one officer, however often she signed in, and of all."""

Admitted = list[tuple[Place, Piece]]


class Replays:
    """How many replays run, of each officer and in all."""

    def __init__(self, live: Live, past: Past) -> None:
        self._live = live
        self._past = past
        self._running: Counter[OfficerName] = Counter()

    def screen(self, viewer: Viewer) -> "Screen":
        """Return what keeps one viewer's map, live or past."""
        return Screen(self, self._live, viewer)

    def begin(self, viewer: Viewer) -> "Replay":
        """Return a replay for a viewer, to be ended, or raise `Unavailable("too-many-replays")`."""
        if self._running[viewer.name] >= MAX_OF_ONE or self._running.total() >= MAX_OF_ALL:
            raise Unavailable("too-many-replays", f"{MAX_OF_ONE} of one officer, {MAX_OF_ALL} in all: end another")
        self._running[viewer.name] += 1
        return Replay(self._live, self._past, viewer)

    def end(self, replay: "Replay") -> None:
        """Let another have its place."""
        self._running[replay.viewer.name] -= 1
        self._running += Counter()  # those at nought go


class Screen:
    """One viewer's map: of now, until it asks for what was."""

    def __init__(self, replays: Replays, live: Live, viewer: Viewer) -> None:
        self._replays = replays
        self._lookout = live.lookout(viewer)
        self._viewer = viewer
        self._replay: Replay | None = None

    def ask(self, look: Look) -> None:
        """Show this from now on; raise `Unavailable("too-many-replays")` if it begins one too many."""
        if look.past is not None:
            self._replay = self._replay or self._replays.begin(self._viewer)
            self._replay.ask(look, look.past)
            return
        self.close()
        self._lookout.ask(look)

    async def told(self) -> bytes | None:
        """Return the next frame, None while there is nothing to say; it counts as told from then on."""
        return self._lookout.told() if self._replay is None else await self._replay.told()

    def close(self) -> None:
        """End the replay, if there is one."""
        if self._replay is not None:
            self._replays.end(self._replay)
            self._replay = None
            self._lookout.forget()


class Replay:
    """One viewer's way through what is past."""

    def __init__(self, live: Live, past: Past, viewer: Viewer) -> None:
        self.viewer = viewer
        self._live = live
        self._past = past
        self._look: Look | None = None
        self._back = Back(at=Micros(0), speed=0)
        self._began = Micros(0)
        self._then: Then | None = None
        self._made: tuple[Admitted, Look | None] = [], None
        self._has: Edition | None = None
        self._spoke = Micros(0)

    def ask(self, look: Look, back: Back) -> None:
        """Show this from now on; the same moment and speed as before go on, whatever else is asked anew."""
        if self._look is None or back != self._back:
            self._back, self._began = back, self._live.now()
        self._look = widened(look)

    def due(self) -> Micros:
        """Return the moment that is due: never one that is still to come."""
        now = self._live.now()
        return Micros(min(now, self._back.at + max(0, now - self._began) * self._back.speed))

    async def told(self) -> bytes | None:
        """Return the next frame, None while there is nothing to say; the gate is asked each time."""
        look, at = self._look, self.due()
        if look is None:
            return None
        self._then = then = await self._past.at(at, self._then)
        admitted = self._past.admitted(then, self.viewer)
        if self._has is not None and self._same(admitted, look):
            return self._breath(self._has, at)
        before, now = self._has, self._live.now()
        edition = Edition(next_seq(before, at), at, Scene())
        data = await self._past.apart(lambda: self._drawn(admitted, look, edition, before))
        self._made = admitted, look
        if before is not None and data is None:
            return self._breath(before, at)
        self._has, self._spoke = edition, now
        return data

    def _same(self, admitted: Admitted, look: Look) -> bool:
        """Return whether what is on view is what she was told last."""
        seen, asked = self._made
        alike = asked is look and len(seen) == len(admitted)
        return alike and all(a[1] is b[1] for a, b in zip(seen, admitted, strict=True))

    def _drawn(self, admitted: Admitted, look: Look, edition: Edition, before: Edition | None) -> bytes | None:
        """Draw what an edition shows, and return what leads there; None if nothing on view is other than before."""
        edition.scene = within(self._live.drawn(admitted), look)
        if before is not None and before.scene == edition.scene:
            return None
        base = None if before is None else (before.seq, before.scene)
        return write_live(frame_of(edition.scene, edition.seq, edition.epoch, base)._replace(past=True))

    def _breath(self, has: Edition, at: Micros) -> bytes | None:
        """Return how late it is there by now; None where time stands and she was told a moment ago."""
        now = self._live.now()
        if has.epoch == at and now - self._spoke < BREATH:
            return None
        has.epoch, self._spoke = at, now
        return write_live(LiveFrame(has.seq, has.seq, at, (), cut=has.scene.cut, past=True))
