"""What the node alarms its watch of about warnings, once a tick: desks that did not acknowledge, or were not reached.

The desk itself is alarmed by the warning; these rows stand in `status` and in the figures, which name no item to who
may not see it.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final, NamedTuple

from msgspec import UnsetType

from quartet.core.ids import SECOND, ItemId, MemberId, Micros
from quartet.core.recall import recalled
from quartet.core.terms import FOREVER
from quartet.core.verify import Verified
from quartet.desk import KIND_OF
from quartet.desk.warning import (
    MAX_WINDOW,
    PROPOSED_FOR,
    REACHED_WITHIN,
    Ack,
    Alert,
    AnyWarning,
    Check,
    Early,
    Proposed,
    Stage,
    Stands,
)
from quartet.node.desk.sayings import Sayings, Seen
from quartet.node.desk.warningrows import FORMS, standing_of
from quartet.node.holdings import Holdings
from quartet.node.inforce import Share
from quartet.node.parts import Parts
from quartet.node.secondofficer import SecondOfficer
from quartet.node.seeing import TRAINED, Seeing
from quartet.store import ItemRow, Tx

LOOKED_AT: Final = (KIND_OF[Alert], KIND_OF[Early], KIND_OF[Proposed])
SAID_OF: Final = frozenset({KIND_OF[Ack], KIND_OF[Check], KIND_OF[Alert], KIND_OF[Early]})
LOOK_AGAIN: Final = 3600 * SECOND
MOST: Final = 200
"""Warnings of a sort that are looked at, the newest, and of drills as many."""
PAGE: Final = 200
"""Rows that are read at once."""
READ_BACK: Final = 16
"""Pages of a sort that are read at most: past a flood of drills what is so is found, and the flood has its end."""
CONFLICT: Final = "early-conflict"
WRONG: Final = "warning-wrong"
UNSEEN: Final = "warning-unseen"
"""That a warning waits for a desk here and is shown to nobody here. It names no item: it is for who may give a role."""
Told = tuple[str, str, Micros]
"""An alarm, what it names, and since when that is so."""
SAYS: Final[Mapping[str, str]] = {
    "warning-waits": "a desk here has not acknowledged",
    UNSEEN: "a warning waits that no officer here may see, so that nobody acknowledges it:",
    "warning-not-reached": "a desk was not reached in time; call it:",
    "warning-unreviewed": "released without a second officer, who has still to review",
    "warning-review-late": "released without a second officer, and not reviewed within a day:",
    WRONG: "found wrong in review, and still in force: update or end it, or warn anew:",
    "warning-proposed": "a second officer must confirm",
    CONFLICT: "an authority's message came with other content under one identity; ask it which holds:",
}
"""The alarms, and what each says before it names what it is about."""


class Known(NamedTuple):
    """What is to be told of one item, and until when that stays so if nothing more is said of it."""

    told: tuple[Told, ...]
    until: Micros
    identity: tuple[str, ...] = ()
    """Of an authority's message in force: by which door, from whom, which, when sent."""
    ref: str = ""
    received: Micros = Micros(0)
    waits_for: ItemId | None = None
    """The warning that a second officer is to confirm: it ends when that comes."""


OVER: Final = Known((), Micros(FOREVER))


class WarningAlarms:
    """Raises and ends what is to be told about warnings; of each it works out anew only what may be different."""

    def __init__(
        self, parts: Parts, holdings: Holdings, seeing: Seeing, sayings: Sayings, second: SecondOfficer
    ) -> None:
        self._parts = parts
        self._holdings = holdings
        self._seeing = seeing
        self._keyring = holdings.registry.keyring
        self._sayings = sayings
        self._second = second
        self._told: dict[str, str] = {}
        self._known: dict[ItemId, Known] = {}
        self._moved: set[ItemId] = set()
        self._all = True
        holdings.on_news.append(self._news)
        holdings.on_receipts.append(self._receipts)

    def _news(self, verified: Verified) -> None:
        kind = verified.statement.kind
        if kind in LOOKED_AT:
            self._moved.add(verified.id)
            self._moved |= {item for item, known in self._known.items() if known.waits_for == verified.id}
        if kind in SAID_OF:  # an update is said of the one before
            self._moved |= {ItemId(c.item) for c in verified.statement.cites if not isinstance(c.item, UnsetType)}
        if kind in ("recall", "cancel-recall"):
            self._all = True

    def _receipts(self, _: MemberId, items: Sequence[ItemId]) -> None:
        self._moved |= self._known.keys() & set(items)

    async def look(self, now: Micros) -> None:
        """Raise what is so now, and end what is not any more; what a fault leaves is looked at the next time."""
        self._moved |= {item for item, known in self._known.items() if known.until <= now}
        if self._keyring is not self._holdings.registry.keyring:  # roles came or went: somebody may see what nobody saw
            self._keyring, self._all = self._holdings.registry.keyring, True
        if self._all:
            await self._find_all(now)
        for item in tuple(self._moved):
            self._known[item] = self._look_at(item, now)
            self._moved.discard(item)
            if self._known[item].until == FOREVER:
                del self._known[item]
            await asyncio.sleep(0)  # nothing waits for what is only told
        await self._tell_all(now)

    async def _tell_all(self, now: Micros) -> None:
        found: dict[str, dict[str, Micros]] = {}
        for reason, about, since in chain(self._conflicts(), *(known.told for known in self._known.values())):
            found.setdefault(reason, {})[about] = since
        for reason, says in SAYS.items():
            named = found.get(reason, {})
            detail = f"{says} {', '.join(sorted(named))}" if named else ""
            if detail != self._told.get(reason, None if detail else self._standing(reason)):
                await self._tell(reason, detail, min(named.values(), default=now), now)
            self._told[reason] = detail

    def _conflicts(self) -> Iterator[Told]:
        """Yield the authorities' messages in force of which another has the identity, since the second came."""
        same: dict[tuple[str, ...], list[Known]] = {}
        for known in self._known.values():
            if known.identity:
                same.setdefault(known.identity, []).append(known)
        for alike in same.values():
            second = sorted(known.received for known in alike)[1:2]
            yield from ((CONFLICT, known.ref, at) for known in alike for at in second)

    def _standing(self, reason: str) -> str:
        """Return what stands from before the node began, where nothing is to be told now."""
        return "stands" if self._parts.store.reader.has_alarm(reason, self._parts.me) else ""

    async def _tell(self, reason: str, detail: str, since: Micros, now: Micros) -> None:
        """Raise an alarm anew, as old as the oldest of what it names now; or end it."""
        me = self._parts.me

        def raised(tx: Tx) -> None:
            tx.end_alarm(reason, me, now)
            if detail:
                tx.put_alarm(reason, me, detail, since)

        await self._parts.store.write(raised)

    def _look_at(self, item: ItemId, now: Micros) -> Known:
        """Return what is to be told of one item, and until when that stays so if nothing is said."""
        row, verified = self._parts.store.reader.row(item), self._holdings.verified(item)
        if row is None or verified is None:
            return OVER
        if row.kind == KIND_OF[Proposed]:
            alert = self._second.proposed(verified, now) if row.author == self._parts.me else None
            end = OVER.until if alert is None else Micros(alert.statement.at + PROPOSED_FOR)
            waits = (("warning-proposed", row.ref, row.received),)
            return OVER if alert is None else Known(waits, end, waits_for=alert.id)
        if recalled(verified, self._holdings.facts, self._holdings.registry.membership):
            return OVER
        said = next((one for form in FORMS if (one := self._sayings.said((verified, row), form)) is not None), None)
        if said is None:
            return OVER
        received = self._sayings.received(item)
        known = standing_of(said, (verified, row), self._sayings.held(item), received, now)
        identity = _identity(said) if known.stage is Stage.IN_FORCE else ()
        told = tuple(self._about(row, verified, known, now))
        return Known(told, self._until(row, known, now), identity, row.ref, row.received)

    def _until(self, row: ItemRow, known: Stands, now: Micros) -> Micros:
        times = [known.until] if known.stage is Stage.IN_FORCE else []
        if row.mine and known.stage is Stage.IN_FORCE:
            times.append(Micros(row.received + REACHED_WITHIN))
        if known.owes_review():
            times += [known.review_by or now, Micros(now + LOOK_AGAIN)]
        return min((at for at in times if at > now), default=FOREVER)

    def _about(self, row: ItemRow, item: Verified, known: Stands, now: Micros) -> Iterator[Told]:
        if known.stage is Stage.IN_FORCE and any(one.member == self._parts.me for one in known.missing):
            shown = self._seeing.askers(item, now) != ()
            yield ("warning-waits", row.ref, row.received) if shown else (UNSEEN, self._lacks(item), row.received)
        if not row.mine:
            return
        if known.stage is Stage.IN_FORCE:
            for member in sorted({one.member for one in known.unreached}):
                yield "warning-not-reached", f"{row.ref} at {member}", Micros(row.received + REACHED_WITHIN)
            if known.checked is not None and known.checked.form.word == "WRONG":
                yield WRONG, row.ref, known.checked.at
        if known.review_by is not None and known.owes_review():
            late = now > known.review_by
            yield (
                ("warning-review-late", row.ref, known.review_by)
                if late
                else ("warning-unreviewed", row.ref, row.received)
            )

    def _lacks(self, item: Verified) -> str:
        """Return what would let somebody here see an item, and no word of it."""
        roles = [f"{TRAINED}{caveat}" for caveat in self._sayings.marking(item).caveat_words]
        if not roles:
            return "it is for persons who are no officers here: ask its author, or call the members"
        return f"give an officer the role {' and '.join(roles)} (quartet officer roles)"

    async def _find_all(self, now: Micros) -> None:
        """Have all looked at again; what a fault, or a recall meanwhile, leaves is found the next time."""
        self._all = False
        try:
            for kind in LOOKED_AT:
                async for row in self._rows(kind, now):
                    self._moved.add(row.id)
        except BaseException:
            self._all = True
            raise
        self._moved |= self._known.keys()

    async def _rows(self, kind: str, now: Micros) -> AsyncIterator[ItemRow]:
        """Yield what of a kind came while something is to be told of it, the newest first: of either world its share.

        Whether a row is of a drill its item alone says, which has to be opened: so others have their turn between.
        """
        share, oldest, after = Share(MOST), Micros(now - 2 * MAX_WINDOW), 0
        for _ in range(READ_BACK):
            rows = self._parts.store.reader.items(after, PAGE, kind=kind, newest=True)
            for seen in self._lately(rows, oldest):
                if share.takes(drill=self._is_drill(seen)):
                    yield seen[1]
                if share.spent:
                    return
            if all(row.received <= oldest for row in rows):
                return
            after = rows[-1].admission
            await asyncio.sleep(0)

    def _lately(self, rows: Iterable[ItemRow], oldest: Micros) -> Iterator[Seen]:
        for row in rows:
            verified = None if row.at <= oldest or row.state == "PURGED" else self._holdings.verified(row.id)
            if verified is not None:
                yield verified, row

    def _is_drill(self, seen: Seen) -> bool:
        return self._sayings.drills(seen[0])


def _identity(said: AnyWarning) -> tuple[str, ...]:
    if not isinstance(said.form, Early):
        return ()
    source = said.form.source
    return said.member, source.door, source.sender, source.identifier, str(source.sent)
