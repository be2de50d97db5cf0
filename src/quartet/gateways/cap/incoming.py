"""Early warnings in: files that are dropped, and what is posted at the feed's door; `subject.py` has those of NATS.

Each answer is CAP's own: an Ack for what was taken, an Error with its reason word for what was not. Nothing that comes
in is lost: a file that is no warning lies under `bad/` with its Error, one that was taken under `done/`, and one that
could not be kept yet, for a full disk or a store that is busy, waits where it is and is tried again.
"""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from quartet.core.encoding import b64
from quartet.core.faults import Fault, Malformed, Unavailable
from quartet.gateways.cap.drop import Drop, Mark, open_drop
from quartet.gateways.cap.reading import Read, read_cap
from quartet.gateways.cap.words import time_text
from quartet.gateways.cap.writing import answer_xml
from quartet.gateways.cap.xml import MAX_CAP
from quartet.node.earlysource import CapDoor, EarlySource
from quartet.node.node import Node

LOOK_S: Final = 0.1
LONGEST_S: Final = 2.0
"""How long what could not be kept waits for the next try at most."""
STUCK_S: Final = 30.0
"""How long a file that cannot be read or moved is left alone."""
MAX_FILES: Final = 100
"""Files that are taken in one look; the others wait for the next."""
_LOG: Final = logging.getLogger("quartet.gateways")


class Taken(NamedTuple):
    """How something that came in was taken: the answer, the reason why not, and whether it may be `again`."""

    answer: bytes
    reason: str | None = None
    again: bool = False


async def take(data: bytes, source: EarlySource, settings: CapDoor, node: Node) -> Taken:
    """Take what came in by a source. What is `Malformed` will never be taken; any other fault is ours, and passes."""
    read: Read | None = None
    try:
        read = read_cap(data, source.name, node.desk.doors.now())
        if read.came is None:
            raise Malformed("not-a-warning", f"a message of type {read.type} and status {read.status} warns nobody")
        told = await node.desk.relaying.relay(source, read.came)
    except Fault as fault:
        answer = _answer("Error", read, f"{fault.reason}: {fault.detail}", settings, node)
        return Taken(answer, fault.reason, not isinstance(fault, Malformed))
    return Taken(_answer("Ack", read, told.ref, settings, node))


class Folder:
    """Takes the `.xml` files of a source's folder as they come.

    Whoever drops one writes it under another name first, and renames it when it is whole.
    """

    def __init__(self, source: EarlySource, settings: CapDoor, node: Node, folder: Path) -> None:
        self._source = source
        self._settings = settings
        self._node = node
        self._folder = folder
        self._stuck: dict[str, Mark] = {}
        """Files that cannot be read, or not be moved once they were dealt with: not looked at for a while."""
        self._again = 0.0

    async def keep(self) -> None:
        """Take what comes, until cancelled; what is wrong with one file keeps no other waiting."""
        wait = LOOK_S
        while True:
            why = await self._look()
            await self._node.desk.doors.alarms.tell("early-waits", f"{self._source.name} folder", why)
            wait = min(2 * wait, LONGEST_S) if why else LOOK_S
            await asyncio.sleep(wait)

    async def _look(self) -> str:
        """Take what lies there in the order of its names; return why something still does, or nothing."""
        with open_drop(self._folder) as drop:
            marks = {name: drop.mark(name) for name in drop.waiting(MAX_FILES + len(self._stuck))}
            self._stuck = {} if self._due() else {n: mark for n, mark in self._stuck.items() if marks.get(n) == mark}
            why = [f"{len(self._stuck)} files cannot be read or moved"] if self._stuck else []
            for name, mark in marks.items():
                if name in self._stuck or mark is None:
                    continue
                reason = await self._take(drop, name, mark)
                if reason is not None:  # those behind it may refer to it
                    return "; ".join([*why, f"what was dropped cannot be kept yet: {reason}"])
            return "; ".join(why)

    async def _take(self, drop: Drop, name: str, mark: Mark) -> str | None:
        """Take one file; return why nothing can be kept now, or None."""
        try:
            taken = await take(drop.read(name, MAX_CAP), self._source, self._settings, self._node)
        except Malformed as fault:
            answer = _answer("Error", None, f"{fault.reason}: {fault.detail}", self._settings, self._node)
            taken = Taken(answer, fault.reason)
        except Unavailable as fault:
            self._left(name, mark, fault.reason)
            return None
        except Exception:  # whatever is wrong with one, the others are taken
            _LOG.exception("an early warning that was dropped could not be taken")
            self._left(name, mark, "failed")
            return None
        if taken.again:
            return taken.reason
        if taken.reason is not None:
            _LOG.warning("early warning refused: %s", taken.reason)
        try:
            await asyncio.to_thread(drop.set_aside, name, mark, "bad" if taken.reason else "done", taken.answer)
        except Unavailable as fault:
            self._left(name, mark, fault.reason)
        return None

    def _due(self) -> bool:
        """Return whether what is stuck is to be tried again."""
        now = asyncio.get_running_loop().time()
        if now < self._again:
            return False
        self._again = now + STUCK_S
        return True

    def _left(self, name: str, mark: Mark, reason: str) -> None:
        """Leave a file where it is; it is looked at again after a while, or once it is another."""
        _LOG.warning("early warning that was dropped: %s", reason)
        self._stuck[name] = mark


async def keep_folder(source: EarlySource, settings: CapDoor, node: Node, place: Callable[[str], Path]) -> None:
    """Take what is dropped in a source's folder, until cancelled."""
    await Folder(source, settings, node, place(source.folder or "")).keep()


def _answer(word: str, read: Read | None, note: str, settings: CapDoor, node: Node) -> bytes:
    about = "" if read is None else f"{read.sender},{read.identifier},{time_text(read.sent)}"
    return answer_xml(
        "Ack" if word == "Ack" else "Error",
        b64(node.desk.doors.entropy(18)),
        f"{node.me}@{settings.domain}",
        node.desk.doors.now(),
        about,
        note,
        "unknown" if read is None else read.sender,
    )
