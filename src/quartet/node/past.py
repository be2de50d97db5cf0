"""The picture of times that are past: what a viewer could see then, less what was taken back since.

The gate is asked twice: by the time of then, and by now. Signatures are checked again, in one thread for all who look
back: a moment costs what was said in the minute before it, and the next one only what was said since.
"""

import asyncio
from collections.abc import Callable
from typing import Final, NamedTuple, TypeVar

from quartet.core.faults import Malformed
from quartet.core.frame import verify_frame
from quartet.core.ids import SECOND, ControlId, Micros
from quartet.core.keyring import Keyring
from quartet.core.release import Viewer
from quartet.node.admitting import Admitting
from quartet.node.parts import Parts
from quartet.node.pieces import SHOWN, Piece, Place, fresh, keep
from quartet.node.registry import Registry
from quartet.node.views import moment
from quartet.node.worlds import Worlds

MAX_REPLAYED: Final = 20_000
"""Frames looked through for the picture of one moment."""
LATE: Final = Micros(10 * SECOND)
"""How long what was just said may be on its way: so much is read once more of what is nearly now."""

SPELT: Final = "%Y-%m-%dT%H:%M:%SZ"

T = TypeVar("T")


class Then(NamedTuple):
    """All that this node knew of one moment; nobody has seen it yet."""

    at: Micros
    pieces: dict[Place, Piece]


class Past:
    """Answers what was on view at a time."""

    def __init__(self, parts: Parts, registry: Registry, admitting: Admitting, worlds: Worlds) -> None:
        """Read what `parts` keep; `worlds` say which of it is of an exercise."""
        self._parts = parts
        self._registry = registry
        self._admitting = admitting
        self.worlds = worlds
        self._turn = asyncio.Lock()

    def check(self, at: Micros) -> None:
        """Raise `Malformed("not-yet")` for a time that is to come, `Malformed("not-kept")` for one of which nothing is.

        Since when something is kept follows from when this node began, and tells nothing of what was seen.
        """
        now, since = self._parts.clock.now(), self.since()
        if at > now + LATE:
            raise Malformed("not-yet", f"{moment(at):{SPELT}} is still to come: it is {moment(now):{SPELT}}")
        if at < since:
            raise Malformed(
                "not-kept", f"{moment(at):{SPELT}} is before {moment(since):{SPELT}}, when what is kept begins"
            )

    def since(self) -> Micros:
        """Return since when frames are kept: since this node's log began, or as long as the settings say."""
        kept, first = self._parts.clock.now() - self._parts.frames_kept, self._parts.store.reader.tick_at(0)
        return Micros(kept if first is None else max(kept, first.number * self._registry.state.terms.tick))

    async def at(self, at: Micros, before: Then | None = None) -> Then:
        """Return what was known of a moment; from an earlier one of the same minute it costs only what came since."""
        near = before if before is not None and before.at <= at <= before.at + SHOWN else None
        if near is not None and near.at == at:
            return near
        return await self.apart(lambda: self._read(at, near, self._registry.keyring))

    def admitted(self, then: Then, viewer: Viewer) -> list[tuple[Place, Piece]]:
        """Return what of a moment a viewer could see then, and may see now."""
        now = self._parts.clock.now()
        pieces = then.pieces
        return [(place, pieces[place]) for place in sorted(pieces) if self.admits(place[1], viewer, then.at, now)]

    def admits(self, controls: tuple[ControlId, ...], viewer: Viewer, then: Micros, now: Micros) -> bool:
        """Return whether a viewer could see what is under a set of controls at a time, and may see it now."""
        return self._admitting.admitted_then(controls, viewer, then, now)

    async def apart(self, work: Callable[[], T]) -> T:
        """Do what takes a while in a thread, one after the other for all who look back.

        Whoever leaves meanwhile leaves the turn when the work is done: however often somebody asks, it is one thread.
        """
        async with self._turn:
            running = asyncio.ensure_future(asyncio.to_thread(work))
            try:
                return await asyncio.shield(running)
            finally:
                if not running.done():
                    await asyncio.wait({running})

    def _read(self, at: Micros, near: Then | None, keyring: Keyring) -> Then:
        since = Micros(at - SHOWN)
        pieces: dict[Place, Piece] = {}
        if near is not None:
            late = LATE if self._parts.clock.now() - at < SHOWN else Micros(0)
            since = Micros(near.at + 1 - late)
            pieces = {place: piece for place, piece in near.pieces.items() if piece[0].header.at < since}
        for member, _, data in self._parts.store.reader.frames_between(since, at, MAX_REPLAYED):
            keep(pieces, verify_frame(data, member, keyring), self.worlds.drills)
        return Then(at, fresh(pieces, at))
