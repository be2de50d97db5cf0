"""Classes of viewers: officers who have been admitted to the same since this node began share what is computed.

Where one is admitted to something that another is not, they part, and each goes on from what both could see. What one
may have no more - it was taken back, narrowed, expired - is forgotten for her at the next look, with all that was made
of it. So nothing that is computed for one rests on what she may not hold. Entries and exits are kept under the name of
a class; an officer reads those of the classes that she was in.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

import msgspec

from quartet.core.encoding import b64, encode
from quartet.core.ids import ItemId
from quartet.core.release import Viewer
from quartet.node.pieces import Piece, Place
from quartet.picture.identify.spoofing import Checks
from quartet.picture.identify.watch import Watch

MAX_LINES: Final = 400
"""Classes of the past that an officer is remembered to have been in; the oldest go first."""
LINEAGE: Final = "identify-lines"
NAME_SIZE: Final = 9

Pieces = Sequence[tuple[Place, Piece]]


class Admitted(NamedTuple):
    """What a viewer is admitted to: tracks by their places, feeds of this member's own sensors, and what is said."""

    pieces: Pieces = ()
    feeds: tuple[ItemId, ...] = ()
    said: frozenset[ItemId] = frozenset()

    @property
    def alike(self) -> tuple[object, ...]:
        """What is the same for viewers who are admitted to the same."""
        return tuple(place for place, _ in self.pieces), self.feeds, self.said


class Key(NamedTuple):
    """Which viewer: an officer with the purpose that she stated, if any, and what she is trained for."""

    name: str
    purpose: str
    trained: tuple[str, ...]
    body: str


class Class:
    """Viewers who have been admitted to the same, and what is followed for them."""

    def __init__(self, name: str, watch: Watch, checks: Checks, drilled: frozenset[str] = frozenset()) -> None:
        self.name = name
        self.drilled = drilled
        self.watch = watch
        self.checks = checks
        self.viewers: dict[Key, Viewer] = {}
        self.admitted = Admitted()

    @property
    def rests(self) -> frozenset[str]:
        """The items from which all is that is remembered for them."""
        return self.watch.rests | self.checks.rests

    def turned(self, drilled: frozenset[str]) -> frozenset[str]:
        """Return which feeds are of an exercise now and were not: what they told of the real is of it no more."""
        new = drilled - self.drilled
        self.drilled |= new
        return new

    def forget(self, lost: frozenset[str]) -> None:
        """Forget what is from items that they may have no more."""
        self.watch.forget(lost)
        self.checks.forget(lost)

    def begin_anew(self) -> None:
        """Forget all that was followed."""
        self.watch, self.checks = Watch(), Checks()


class Classes:
    """Sorts viewers into classes, and remembers which they were in."""

    def __init__(self, entropy: Callable[[int], bytes], kept: str | None) -> None:
        self._entropy = entropy
        self._classes: list[Class] = []
        self._lines: dict[str, list[str]] = {} if kept is None else msgspec.json.decode(kept, type=dict[str, list[str]])
        self.changed = False

    @property
    def kept(self) -> str:
        """What is to be kept of who was in which class; it is asked for once after a change."""
        self.changed = False
        return encode(self._lines).decode()

    def sorted(self, viewers: Iterable[Viewer], admitted: Callable[[Viewer], Admitted]) -> list[Class]:
        """Return the classes as of now, each with what its viewers are admitted to."""
        present = {key_of(viewer): viewer for viewer in viewers}
        known = {key: one for one in self._classes for key in one.viewers}
        for key in present.keys() - known.keys():
            if (less := _less(key, known)) is not None:
                known[key] = known[less]
        groups: dict[tuple[int, tuple[object, ...]], tuple[Class | None, list[Key], Admitted]] = {}
        for key, viewer in present.items():
            seen = admitted(viewer)
            old = known.get(key)
            groups.setdefault((id(old), seen.alike), (old, [], seen))[1].append(key)
        self._classes = self._parted(list(groups.values()), present)
        return self._classes

    def of(self, viewer: Viewer) -> Class | None:
        """Return the class that a viewer is in; None for one who was not sorted yet."""
        key = key_of(viewer)
        return next((one for one in self._classes if key in one.viewers), None)

    def lines(self, viewer: Viewer) -> tuple[str, ...]:
        """Return the names of the classes that a viewer was in."""
        return tuple(self._lines.get(_line(key_of(viewer)), ()))

    def _parted(
        self, groups: list[tuple[Class | None, list[Key], Admitted]], present: dict[Key, Viewer]
    ) -> list[Class]:
        """Return a class for each group: the old one where it stays whole, a copy of it where it parts."""
        made = []
        for old, keys, seen in groups:
            whole = old is not None and set(old.viewers) & present.keys() == set(keys)
            one = old if old is not None and whole else self._new(old)
            one.viewers = {key: present[key] for key in keys}
            one.admitted = seen
            for key in keys:
                self._note(key, one.name)
            made.append(one)
        return made

    def _new(self, old: Class | None) -> Class:
        name = b64(self._entropy(NAME_SIZE))
        if old is None:
            return Class(name, Watch(), Checks())
        return Class(name, old.watch.copy(), old.checks.copy(), old.drilled)

    def _note(self, key: Key, name: str) -> None:
        line = self._lines.setdefault(_line(key), [])
        if name not in line:
            line.append(name)
            del line[:-MAX_LINES]
            self.changed = True


def key_of(viewer: Viewer) -> Key:
    """Return which viewer this is."""
    return Key(viewer.name, viewer.purpose or "", tuple(sorted(viewer.trained)), viewer.body or "")


def _less(key: Key, known: Iterable[Key]) -> Key | None:
    """Return as whom a viewer was known who is trained for more now: what she could see she still can."""
    same = [one for one in known if _line(one) == _line(key) and set(one.trained) <= set(key.trained)]
    return max(same, key=lambda one: len(one.trained), default=None)


def _line(key: Key) -> str:
    """Return whose line it is: hers, whatever she was or is trained for. Each row asks the gate for her as she is."""
    return "\n".join((key.name, key.purpose, key.body))
