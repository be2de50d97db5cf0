"""Warnings as a door to another system may have them: each asked of the gate for that door, each time anew.

What goes says what the warning says and how it is marked; of its sources, its officers and its desks it says nothing.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from msgspec import structs

from quartet.core.encoding import Value
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.marking import Marking
from quartet.core.release import Door, Released
from quartet.desk import KIND_OF
from quartet.desk.warning import (
    MAX_WINDOW,
    Alert,
    AnyWarning,
    Check,
    Early,
    WarningForm,
    checked_by,
    ended_by,
    over_at,
)
from quartet.node.desk.dooralarms import DoorAlarms
from quartet.node.desk.sayings import Sayings
from quartet.node.desk.warningrows import FORMS
from quartet.node.holdings import Holdings
from quartet.node.inforce import DRILL, shared
from quartet.node.parts import Parts
from quartet.node.seeing import Seeing, nobody_at
from quartet.store import ItemRow, Tx

MOST: Final = 500
"""Warnings of a sort that a door is given, the newest of those that may pass it, and of drills as many: no other
counts."""

PAGE: Final = 100
"""Rows that are read at once."""

MOST_BEFORE: Final = 256
"""Warnings that one is said to take the place of: those before them are long over."""

_SENT: Final = "cap sent "


class Outgoing(Value, frozen=True):
    """A warning that may pass a door. `at` is when it left: when its second officer confirmed what was `written`.

    `public` is that the whole world may have it; `follows` those before it, oldest first, as far as the door may have
    those too.
    """

    id: str
    author: MemberId
    at: Micros
    form: WarningForm
    marking: Marking
    public: bool
    follows: tuple[tuple[str, MemberId, Micros], ...] = ()
    written: Micros = Micros(0)


class Ended(Value, frozen=True):
    """A warning in force that could pass a door, and was taken back since: nothing of what it said is told.

    `follows` are those whose place it took, or which it ended: a door that gives one says that it holds again.
    """

    id: ItemId
    author: MemberId
    said: Micros
    """When the warning left."""
    at: Micros
    """When it was taken back."""
    until: Micros
    marking: Marking
    public: bool
    follows: tuple[ItemId, ...] = ()
    written: Micros = Micros(0)


class WarningDoor:
    """Gives doors the warnings that they may have."""

    def __init__(self, parts: Parts, holdings: Holdings, seeing: Seeing, sayings: Sayings) -> None:
        self._store = parts.store
        self.alarms = DoorAlarms(parts)
        self.now: Callable[[], Micros] = parts.clock.now
        self.entropy = parts.entropy
        self._holdings = holdings
        self._seeing = seeing
        self._sayings = sayings
        self._reader = holdings.store.reader

    def warnings(self, door: Door) -> tuple[Outgoing, ...]:
        """Return the warnings that may pass a door now and are not over, the newest first."""
        now = self._sayings.now()
        found = [one for form in FORMS for one in shared(self._of(form, door, now), _is_drill, MOST)]
        return tuple(sorted(found, key=lambda one: (-one.at, one.id)))

    def withdrawn(self, door: Door) -> tuple[Ended, ...]:
        """Return the warnings in force that could pass a door and were taken back, the newest first."""
        now = self._sayings.now()
        found = [one for form in FORMS for one in shared(self._taken_back(form, door, now), _is_drill, MOST)]
        return tuple(sorted(found, key=lambda one: (-one.at, one.id)))

    def sent_as(self, word: str) -> str | None:
        """Return as what something went a way already, by the word under which that is remembered; None if not."""
        found = self._store.reader.meta(_SENT + word)
        return None if found is None else found.partition(" ")[2]

    async def remember(self, told: Iterable[tuple[str, str, Micros]]) -> None:
        """Remember of each that it went a way, as what, for as long as it could go again; forget what is over."""
        now, told = self.now(), tuple(told)
        over = [key for key, value in self._store.reader.metas(_SENT).items() if int(value.partition(" ")[0]) < now]

        def job(tx: Tx) -> None:
            tx.drop_metas(over)
            for word, what, until in told:
                tx.set_meta(_SENT + word, f"{until} {what}")

        await self._store.write(job)

    def _of(self, form: type[Alert] | type[Early], door: Door, now: Micros) -> Iterator[Outgoing]:
        for row in self._rows(form, now):
            said = self._passed(row, form, door, now)
            left = None if said is None or over_at(said, row.received) <= now else self._left_at(said)
            if said is not None and left is not None:
                yield self._told(said, left, row, door, now)

    def _taken_back(self, form: type[Alert] | type[Early], door: Door, now: Micros) -> Iterator[Ended]:
        for row in self._rows(form, now):
            told = self._seeing.withdrawn_at(row.id, door, now)
            said = None if told is None else self._sayings.said((told.item, row), form)
            left = None if said is None else self._left_at(said)
            if told is not None and said is not None and left is not None:
                marking = self._holdings.marking(told.item, now)
                public = self._seeing.withdrawn_at(row.id, nobody_at(door), now) is not None
                until, before = over_at(said, row.received), ended_by(said.form)
                yield Ended(said.id, said.member, left, told.at, until, marking, public, before, said.at)

    def _rows(self, form: type[Alert] | type[Early], now: Micros) -> Iterator[ItemRow]:
        """Yield what was kept here recently enough to be in force, the newest first, of whatever date its author is.

        One that was kept while our clock was wrong ends nothing: only where a whole page is old, nothing follows.
        """
        after = 0
        while rows := self._reader.items(after, PAGE, kind=KIND_OF[form], newest=True):
            recent = [row for row in rows if row.received >= now - MAX_WINDOW]
            if not recent:
                return
            yield from (row for row in recent if row.state != "PURGED")
            after = rows[-1].admission

    def _passed(self, row: ItemRow, form: type[Alert] | type[Early], door: Door, now: Micros) -> AnyWarning | None:
        decision = None if row.state == "PURGED" else self._seeing.passes(row.id, door, now)
        return self._sayings.said((decision.item, row), form) if isinstance(decision, Released) else None

    def _left_at(self, said: AnyWarning) -> Micros | None:
        """Return when a warning left its member: with its second officer's word, or as it was said if none is due.

        None while that word is missing: it may be on its way, and a drill's counts for nothing that is so.
        """
        if not isinstance(said.form, Alert) or said.form.release == "OVERRIDE":
            return said.at
        item = self._holdings.verified(said.id)
        check = None if item is None else checked_by(said, self._sayings.held(said.id).alike(item, Check))
        return None if check is None else max(said.at, check.at)

    def _told(self, said: AnyWarning, left: Micros, row: ItemRow, door: Door, now: Micros) -> Outgoing:
        """Return what a door is told: that it holds until it is over by itself, however long it says."""
        verified = self._holdings.verified(said.id)
        assert verified is not None  # it passed just now
        marking = self._holdings.marking(verified, now)
        public = self._seeing.worlds(said.id, door, now)
        follows = tuple(sorted(self._before(said, type(said.form), door, now), key=lambda one: (one[2], one[0])))
        form = structs.replace(said.form, until=over_at(said, row.received))
        return Outgoing(said.id, said.member, left, form, marking, public, follows, said.at)

    def _before(
        self, said: AnyWarning, form: type[Alert] | type[Early], door: Door, now: Micros
    ) -> Iterator[tuple[ItemId, MemberId, Micros]]:
        """Yield the warnings whose place one takes, and those whose place these took, the nearest first."""
        seen, waiting = {said.id}, deque(ended_by(said.form))
        while waiting and len(seen) <= MOST_BEFORE:
            item = waiting.popleft()
            row = None if item in seen else self._reader.row(item)
            before = None if row is None else self._passed(row, form, door, now)
            seen.add(item)
            if before is not None and before.member == said.member and self._alike(before.id, said.id):
                yield before.id, before.member, self._left_at(before) or before.at
                waiting.extend(ended_by(before.form))

    def _alike(self, *items: ItemId) -> bool:
        """Return whether items are all of an exercise, or none: a drill takes the place of nothing that is so."""
        held = map(self._holdings.verified, items)
        return len({one is not None and self._sayings.drills(one) for one in held}) == 1


def _is_drill(one: Outgoing | Ended) -> bool:
    return DRILL in one.marking.caveat_words
