"""What is read, and what a job may write."""

from collections.abc import Iterator
from contextlib import nullcontext

from quartet.core.ids import MemberId, Micros
from quartet.store.attachments import AttachmentWrites
from quartet.store.audit import AuditReads
from quartet.store.frames import MAX_FRAMES, NewFrame
from quartet.store.returned import ReturnReads, ReturnWrites
from quartet.store.rows import Group


class Reader(AuditReads, ReturnReads):
    """Everything that is read. Each query stands alone, is short, and leaves nothing open."""

    def frames_at(self, at: Micros, since: Micros) -> list[tuple[MemberId, bytes]]:
        """Return each member's newest frame of a span of time."""
        return [] if self._frames is None else self._frames.at(at, since)

    def frames_between(
        self, since: Micros, until: Micros, limit: int = 1000
    ) -> Iterator[tuple[MemberId, Micros, bytes]]:
        """Yield the frames of a span of time, oldest first: for replay."""
        return iter(()) if self._frames is None else self._frames.between(since, until, limit)

    def frames_thinned(
        self, since: Micros, until: Micros, step: int, limit: int = 1000
    ) -> Iterator[tuple[MemberId, Micros, bytes]]:
        """Yield each member's last tick of every `step` microseconds, oldest first: for the way of a track."""
        return iter(()) if self._frames is None else self._frames.thinned(since, until, step, limit)

    def last_frame(self, member: MemberId) -> int:
        """Return the number of a member's newest frame; 0 before the first."""
        return 0 if self._frames is None else self._frames.last(member)


class Tx(AttachmentWrites, ReturnWrites):
    """One job's writes; they are kept together or not at all. Made by the writer, valid inside its job."""

    def __init__(self, group: Group) -> None:
        super().__init__(group)
        self._frames: list[NewFrame] = []

    def keep(self) -> None:
        """End the job well; its frames are kept first, in their own file, so that a fault there is this job's alone."""
        if self._frames:
            self._group.frames.put(self._frames)
        super().keep()

    @property
    def read(self) -> Reader:
        """Read the database with everything that this job, and those before it, wrote."""
        self._settle()
        group = self._group
        return Reader(lambda: nullcontext(group.connection), group.path, group.sealer, group.frames)

    def put_frame(self, member: MemberId, seq: int, at: Micros, data: bytes, feed: str = "", lead: bool = True) -> None:
        """Keep a part of a frame for replay, in a file of its own; `feed` names what governs it, one part leads."""
        self._frames.append(NewFrame(member, seq, at, data, feed, lead))

    def prune_frames(self, before: Micros, keep: int = MAX_FRAMES) -> None:
        """Forget the frames before a time, and the oldest beyond so many."""
        self._group.frames.prune(before, keep)

    def drop_feed(self, feed: str) -> None:
        """Destroy all frames of a feed, and the key that they lie under."""
        self._group.frames.drop_feed(feed)
        self._own.scrub = True
