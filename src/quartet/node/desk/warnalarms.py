"""What the node alarms its watch of about warnings, once a tick: desks that did not acknowledge, or were not reached.

The desk itself is alarmed by the warning; these rows stand in `status` and in the figures, which name no item to who
may not see it.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.recall import recalled
from quartet.desk import KIND_OF
from quartet.desk.warning import MAX_WINDOW, Alert, Early, Proposed, Stage, Stands
from quartet.node.desk.sayings import Sayings
from quartet.node.desk.warnings import FORMS, standing_of
from quartet.node.holdings import Holdings
from quartet.node.parts import Parts
from quartet.node.secondofficer import SecondOfficer
from quartet.store import ItemRow

MOST: Final = 200
"""Warnings of a sort that are looked at, the newest."""
SAYS: Final[Mapping[str, str]] = {
    "warning-waits": "a desk here has not acknowledged",
    "warning-not-reached": "a desk was not reached in time; call it:",
    "warning-unreviewed": "released without a second officer, who has still to review",
    "warning-review-late": "released without a second officer, and not reviewed within a day:",
    "warning-proposed": "a second officer must confirm",
}
"""The alarms, and what each says before it names what it is about."""


class WarningAlarms:
    """Raises and ends what is to be told about warnings."""

    def __init__(self, parts: Parts, holdings: Holdings, sayings: Sayings, second: SecondOfficer) -> None:
        self._parts = parts
        self._holdings = holdings
        self._sayings = sayings
        self._second = second
        self._told: dict[str, str] = {}

    async def look(self, now: Micros) -> None:
        """Raise what is so now, and end what is not any more."""
        found: dict[str, list[str]] = {}
        for reason, about in self._found(now):
            found.setdefault(reason, []).append(about)
        for reason, says in SAYS.items():
            detail = f"{says} {', '.join(dict.fromkeys(found[reason]))}" if reason in found else ""
            if detail != self._told.get(reason, None if detail else self._standing(reason)):
                await self._tell(reason, detail, now)
            self._told[reason] = detail

    def _standing(self, reason: str) -> str:
        """Return what stands from before the node began, where nothing is to be told now."""
        return "stands" if self._parts.store.reader.has_alarm(reason, self._parts.me) else ""

    async def _tell(self, reason: str, detail: str, now: Micros) -> None:
        me = self._parts.me
        if detail:
            await self._parts.store.write(lambda tx: tx.put_alarm(reason, me, detail, now))
        else:
            await self._parts.store.write(lambda tx: tx.end_alarm(reason, me, now))

    def _found(self, now: Micros) -> Iterator[tuple[str, str]]:
        for form in FORMS:
            for row in self._rows(KIND_OF[form], now):
                known = self._known(row, form, now)
                if known is not None:
                    yield from self._about(row, known, now)
        for row in self._rows(KIND_OF[Proposed], now):
            kept = self._holdings.verified(row.id)
            if row.author == self._parts.me and kept is not None and self._second.proposed(kept, now) is not None:
                yield "warning-proposed", row.ref

    def _about(self, row: ItemRow, known: Stands, now: Micros) -> Iterator[tuple[str, str]]:
        if known.stage is Stage.IN_FORCE and any(one.member == self._parts.me for one in known.missing):
            yield "warning-waits", row.ref
        if not row.mine:
            return
        if known.stage is Stage.IN_FORCE:
            yield from (("warning-not-reached", f"{row.ref} at {member}") for member in _members(known))
        if known.owes_review():
            late = known.review_by is not None and now > known.review_by
            yield "warning-review-late" if late else "warning-unreviewed", row.ref

    def _rows(self, kind: str, now: Micros) -> Iterator[ItemRow]:
        for row in self._parts.store.reader.items(0, MOST, kind=kind, newest=True):
            if row.at > now - 2 * MAX_WINDOW and row.state != "PURGED":
                yield row

    def _known(self, row: ItemRow, form: type[Alert] | type[Early], now: Micros) -> Stands | None:
        verified = self._holdings.verified(row.id)
        if verified is None or recalled(verified, self._holdings.facts, self._holdings.registry.membership):
            return None
        said = self._sayings.said((verified, row), form)
        if said is None:
            return None
        about = self._sayings.held(ItemId(row.id))
        return standing_of(said, (verified, row), about, self._sayings.received(row.id), now)


def _members(known: Stands) -> list[MemberId]:
    return sorted({one.member for one in known.unreached})
