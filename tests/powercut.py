"""Make the disk that a power cut leaves, from what was recorded: what was synced is there, of the rest any part.

A write since the last sync of its file is there, lost, or torn between sectors; writes survive each by itself, in no
order. Names survive in their order within a folder, and one that is given anew is the old one or the new; a name is
there for certain once its folder was synced, never by a sync of its file. That is less than Linux's journals keep.
"""

import os
import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from diskrecord import Event

SECTOR: Final = 512
SYNCS: Final = frozenset({"sync", "sync-folder"})
_NAMES: Final = frozenset({"link", "unlink", "rename", "mkdir"})
EVERY: Final = "QUARTET_EVERY_CUT"
"""Set to 1, and every sync point is tried in several ways, not a sample of them."""


def whole() -> bool:
    """Return whether every sync point is to be tried."""
    return os.environ.get(EVERY, "") == "1"


def cuts(events: Sequence[Event], sample: int, begun: int = 0) -> list[tuple[int, str]]:
    """Return where to cut and how: before each sync takes hold, and after the last; a sample, the same each time.

    Half of a sample is of the worst: somebody was told something since the last sync, and all that is unsure is lost. A
    sample of more than there are is each place in two ways.
    """
    places = [n for n, event in enumerate(events) if n >= begun and event.what in SYNCS] + [len(events)]
    ways = ("all lost", "all kept", "torn", *(f"some {n}" for n in range(5)))
    tried = [(place, way) for place in places for way in ways]
    if whole():
        return tried
    chance = random.Random(1)  # which, and no secret
    some = [(place, way) for place in places for way in ("all lost", chance.choice(ways[1:]))]
    worst = [(place, "all lost") for place in places if _unsure(events[:place])]
    first = chance.sample(worst, min(sample // 2, len(worst)))
    rest = [one for one in some if one not in first]
    return sorted(first + chance.sample(rest, min(sample - len(first), len(rest))))


def _unsure(events: Sequence[Event]) -> bool:
    """Return whether somebody was told something since the last sync."""
    since = [event.what for event in events]
    last = max((n for n, what in enumerate(since) if what in SYNCS), default=0)
    return "said" in since[last:]


def said_before(events: Iterable[Event]) -> list[Any]:
    """Return what somebody had been told, in order."""
    return [event.said for event in events if event.what == "said"]


class _Disk:
    """What is there for certain, and what may be."""

    def __init__(self) -> None:
        self.data: dict[int, bytes] = {}
        self.unsure: dict[int, list[Event]] = {}
        self.names: dict[str, int | None] = {}
        """By path: the file's number, None for a folder."""
        self.unsure_names: list[Event] = []

    def take(self, event: Event) -> None:
        if event.what == "sync":
            content = bytearray(self.data.get(event.file, b""))
            for write in self.unsure.pop(event.file, []):
                _apply(content, write, [True] * _sectors(write))
            self.data[event.file] = bytes(content)
        elif event.what == "sync-folder":
            own = [e for e in self.unsure_names if os.path.dirname(e.path) == event.path]  # noqa: PTH120
            for name in own:
                self.name(name)
            self.unsure_names = [e for e in self.unsure_names if e not in own]
        elif event.what in _NAMES:
            self.unsure_names.append(event)
        elif event.what != "said":
            self.unsure.setdefault(event.file, []).append(event)

    def name(self, event: Event) -> None:
        if event.what == "unlink":
            self.names.pop(event.path, None)
            return
        if event.what == "rename" and self.names.get(event.old) == event.file:
            del self.names[event.old]
        self.names[event.path] = None if event.what == "mkdir" else event.file


def disk_after(events: Sequence[Event], way: str, seed: int, root: str, to: Path) -> None:
    """Lay down in `to` what a cut after these events leaves of `root`."""
    chance = random.Random(seed)
    disk = _Disk()
    for event in events:
        disk.take(event)
    for event in _surviving(disk.unsure_names, way, chance):
        disk.name(event)
    to.mkdir(parents=True)
    for path, number in sorted(disk.names.items(), key=lambda named: named[0]):
        place = to / os.path.relpath(path, root)
        if number is None and place.parent.is_dir():
            place.mkdir(exist_ok=True)
        elif number is not None and place.parent.is_dir():  # a file whose folder is lost is lost
            place.write_bytes(_content(disk, number, way, chance))
            place.chmod(0o600)


def _surviving(names: Sequence[Event], way: str, chance: random.Random) -> Iterator[Event]:
    """Yield the names that were given in time: in each folder up to some moment of its own."""
    by_folder: dict[str, list[int]] = {}
    for place, event in enumerate(names):
        by_folder.setdefault(os.path.dirname(event.path), []).append(place)  # noqa: PTH120
    kept: set[int] = set()
    for own in by_folder.values():
        most = {"all lost": 0, "all kept": len(own)}.get(way, chance.randint(0, len(own)))
        kept.update(own[:most])
    yield from (names[place] for place in sorted(kept))


def _content(disk: _Disk, number: int, way: str, chance: random.Random) -> bytes:
    content = bytearray(disk.data.get(number, b""))
    writes = disk.unsure.get(number, [])
    for place, write in enumerate(writes):
        _apply(content, write, _kept(way, place == len(writes) - 1, _sectors(write), chance))
    return bytes(content)


def _sectors(write: Event) -> int:
    first, last = write.at // SECTOR, (write.at + max(1, len(write.data)) - 1) // SECTOR
    return last - first + 1


def _kept(way: str, last: bool, sectors: int, chance: random.Random) -> list[bool]:
    """Return which sectors of a write reached the disk."""
    if way in ("all lost", "all kept"):
        return [way == "all kept"] * sectors
    if way == "torn":
        most = chance.randint(0, sectors) if last else sectors
        return [n < most for n in range(sectors)]
    match chance.choice(("kept", "lost", "torn", "holed")):
        case "kept":
            return [True] * sectors
        case "lost":
            return [False] * sectors
        case "torn":
            most = chance.randint(0, sectors)
            return [n < most for n in range(sectors)]
    return [chance.random() < 0.5 for _ in range(sectors)]


def _apply(content: bytearray, write: Event, kept: Sequence[bool]) -> None:
    if write.what == "truncate":
        if kept[0]:
            del content[write.at :]
            content.extend(bytes(write.at - len(content)))
        return
    if write.what == "whole" and any(kept):
        del content[len(write.data) :]
    start = write.at
    for n, there in enumerate(kept):
        end = min((write.at // SECTOR + n + 1) * SECTOR, write.at + len(write.data))
        if there and end > start:
            content.extend(bytes(max(0, end - len(content))))
            content[start:end] = write.data[start - write.at : end - write.at]
        start = end
