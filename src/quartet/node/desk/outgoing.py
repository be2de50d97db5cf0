"""Warnings as a door to another system may have them: each asked of the gate for that door, each time anew.

What goes says what the warning says and how it is marked; of its sources, its officers and its desks it says nothing.
"""

from collections.abc import Callable, Iterator
from typing import Final

from quartet.core.encoding import Value
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.marking import Marking
from quartet.core.release import Door, Released
from quartet.desk import KIND_OF, Said
from quartet.desk.warning import MAX_WINDOW, Alert, AnyWarning, Check, Early, WarningForm
from quartet.node.desk.sayings import Sayings
from quartet.node.desk.warnings import FORMS
from quartet.node.holdings import Holdings
from quartet.node.parts import Parts
from quartet.node.seeing import Seeing
from quartet.store import ItemRow, Tx

MOST: Final = 500
"""Warnings of a sort that a door is given, the newest."""

_SENT: Final = "cap sent "


class Outgoing(Value, frozen=True):
    """A warning that may pass a door. `public` is that the whole world may have it; `follows` those before it, oldest
    first, as far as the door may have those too."""

    id: ItemId
    author: MemberId
    at: Micros
    form: WarningForm
    marking: Marking
    public: bool
    follows: tuple[tuple[ItemId, MemberId, Micros], ...] = ()


class WarningDoor:
    """Gives doors the warnings that they may have."""

    def __init__(self, parts: Parts, holdings: Holdings, seeing: Seeing, sayings: Sayings) -> None:
        self._store = parts.store
        self.now: Callable[[], Micros] = parts.clock.now
        self.entropy = parts.entropy
        self._holdings = holdings
        self._seeing = seeing
        self._sayings = sayings
        self._reader = holdings.store.reader

    def warnings(self, door: Door) -> tuple[Outgoing, ...]:
        """Return the warnings that may pass a door now and are not over, the newest first."""
        now = self._sayings.now()
        found = [one for form in FORMS for one in self._of(form, door, now)]
        return tuple(sorted(found, key=lambda one: (-one.at, one.id)))

    def was_sent(self, word: str) -> bool:
        """Return whether something went a way already, by the word under which that is remembered."""
        return self._store.reader.meta(_SENT + word) is not None

    async def sent(self, word: str, until: Micros) -> None:
        """Remember that something went a way, for as long as it could go again; forget what is over."""
        now = self.now()
        over = [key for key, value in self._store.reader.metas(_SENT).items() if int(value) < now]

        def job(tx: Tx) -> None:
            tx.drop_metas(over)
            tx.set_meta(_SENT + word, str(until))

        await self._store.write(job)

    def _of(self, form: type[Alert] | type[Early], door: Door, now: Micros) -> Iterator[Outgoing]:
        for row in self._reader.items(0, MOST, kind=KIND_OF[form], newest=True):
            if row.at < now - 2 * MAX_WINDOW:
                return
            said = self._passed(row, form, door, now)
            if said is not None and now < said.form.until and self._was_checked(said):
                yield self._told(said, form, door, now)

    def _passed(self, row: ItemRow, form: type[Alert] | type[Early], door: Door, now: Micros) -> AnyWarning | None:
        decision = None if row.state == "PURGED" else self._seeing.passes(row.id, door, now)
        return self._sayings.said((decision.item, row), form) if isinstance(decision, Released) else None

    def _was_checked(self, said: AnyWarning) -> bool:
        """Return whether nothing is missing: of another member's, its second officer's word may be on its way."""
        if not isinstance(said.form, Alert) or said.form.release == "OVERRIDE":
            return True
        checks: tuple[Said[Check], ...] = self._sayings.held(said.id).said(Check)
        return any(one.member == said.member and one.officer != said.officer for one in checks)

    def _told(self, said: AnyWarning, form: type[Alert] | type[Early], door: Door, now: Micros) -> Outgoing:
        verified = self._holdings.verified(said.id)
        assert verified is not None  # it passed just now
        marking = self._holdings.marking(verified, now)
        public = self._seeing.worlds(said.id, door, now)
        follows = tuple(self._before(said, form, door, now))[::-1]
        return Outgoing(said.id, said.member, said.at, said.form, marking, public, follows)

    def _before(
        self, said: AnyWarning, form: type[Alert] | type[Early], door: Door, now: Micros
    ) -> Iterator[tuple[ItemId, MemberId, Micros]]:
        """Yield the warnings whose place one takes, the last first."""
        seen = {said.id}
        while said.form.previous is not None and said.form.previous not in seen:
            seen.add(said.form.previous)
            row = self._reader.row(ItemId(said.form.previous))
            before = None if row is None else self._passed(row, form, door, now)
            if before is None or before.member != said.member:
                return
            yield before.id, before.member, before.at
            said = before
