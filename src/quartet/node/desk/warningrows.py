"""Warnings as rows of a list: what each viewer sees of how they stand, and what waits for a second officer.

Drills have a share of their own in every list: however many there are, none has what is so fall off its end.
"""

from collections.abc import AsyncIterator, Iterator
from typing import Final

from msgspec import structs

from quartet.core.encoding import b64, encode
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.release import Viewer
from quartet.core.verify import Verified
from quartet.desk import KIND_OF
from quartet.desk.warning import (
    MAX_WINDOW,
    PROPOSED_FOR,
    Ack,
    Alert,
    AnyWarning,
    Check,
    Early,
    Stands,
    over_at,
    stands,
)
from quartet.node.desk.sayings import About, Sayings, Seen
from quartet.node.desk.warningdrafts import row_of, taken_back
from quartet.node.desk.warningviews import DRAFT, AskedView, Seconds, WaitingView, WarningRow, Which
from quartet.node.holdings import Holdings
from quartet.node.inforce import Share
from quartet.node.parts import Parts
from quartet.node.secondofficer import SecondOfficer
from quartet.node.seeing import WATCH, Seeing
from quartet.node.views import moment
from quartet.store import ItemRow

AnyForm = type[Alert] | type[Early]
FORMS: Final[tuple[AnyForm, ...]] = (Alert, Early)
MOST: Final = 500
"""Warnings of a sort that are listed, the newest; and of drills as many."""
LOOKED_AT: Final = 4 * MOST
"""Warnings that are looked at for a list of all, the newest: past a flood of drills what is so is found."""


class WarningRows:
    """Finds warnings, and tells how they stand."""

    def __init__(
        self, parts: Parts, holdings: Holdings, seeing: Seeing, sayings: Sayings, second: SecondOfficer
    ) -> None:
        self._me = parts.me
        self._holdings = holdings
        self._seeing = seeing
        self._sayings = sayings
        self._second = second
        self._reader = parts.store.reader

    async def found(self, viewer: Viewer, which: Which) -> AsyncIterator[tuple[WarningRow, Seen]]:
        """Yield the warnings that a viewer sees: how many, and how old, hangs on nothing that she does not see."""
        for form in FORMS:
            share, looked = Share(MOST), 0
            async for said, seen in self._one_by_one(form, viewer):
                now, looked = self._sayings.now(), looked + 1
                over = looked > LOOKED_AT if which == "all" else seen[1].received < now - MAX_WINDOW
                if over or share.spent:
                    break
                told = which == "all" or now < over_at(said, seen[1].received)
                if told and share.takes(drill=self._sayings.drills(seen[0])):
                    yield self.row(said, seen, viewer, now), seen

    def row(self, said: AnyWarning, seen: Seen, viewer: Viewer, now: Micros) -> WarningRow:
        """Return a warning as a row that tells this reader who acknowledges here."""
        known = self.stands(said, seen, self._sayings.about(said.id, viewer, now), now)
        return self._asked(row_of(said, seen[1], known, self._me, drill=self._sayings.drills(seen[0])), viewer)

    def withdrawn(self, viewer: Viewer) -> Iterator[tuple[WarningRow, Seen]]:
        """Yield what is told of the warnings in force that were taken back: hazard, area, and by whom."""
        now = self._sayings.now()
        for form in FORMS:
            for row in self._lately(KIND_OF[form], now):
                told = self._seeing.withdrawn_warning(row.id, viewer, now)
                said = None if told is None else self._sayings.said((told.item, row), form)
                if told is None or said is None:
                    continue
                known = standing_of(said, (told.item, row), None, {}, now)
                whole = row_of(said, row, known, self._me, drill=self._sayings.drills(told.item))
                yield taken_back(whole, told.by), (told.item, row)

    def waiting(self, viewer: Viewer) -> Iterator[WaitingView]:
        """Yield the warnings that wait for a second officer, as far as this one may see them."""
        now = self._sayings.now()
        for row in self._second.kept(now):
            seen = self._seeing.see(row.id, viewer, now)
            alert = None if seen is None else self._second.proposed(seen.item, now)
            said = None if alert is None else self._sayings.said((alert, row), Alert)
            if seen is None or alert is None or said is None:
                continue
            known, before = standing_of(said, (alert, row), None, {}, now), said.form.previous
            shown = row_of(said, row, known, self._me, drill=self._sayings.drills(alert))
            yield WaitingView(
                id=row.id,
                ref=row.ref,
                author=self._me,
                officer=said.officer,
                at=moment(said.at),
                tlp=alert.statement.marking.tlp,
                row=structs.replace(shown, stage=DRAFT, waits=(), missing=(), unreached=()),
                to=tuple(MemberId(m) for m in alert.statement.marking.named if m != self._me),
                until=moment(Micros(said.at + PROPOSED_FOR)),
                statement=b64(encode(alert.statement)),
                mine=viewer.name != said.officer,
                previous=None if before is None else self._sayings.ref(ItemId(before), viewer, now),
                second=self.seconds(seen.item, said),
            )

    def stands(self, said: AnyWarning, seen: Seen, about: About, now: Micros) -> Stands:
        """Return how a warning stands by what was said about it, and by who has it."""
        return standing_of(said, seen, about, self._sayings.received(said.id), now)

    def seconds(self, item: Verified, said: AnyWarning) -> Seconds:
        """Return who of our officers may be a warning's second one, and what she must be trained for."""
        readers = self._sayings.readers(item.id)
        return Seconds(tuple(one for one in readers if one != said.officer), self._sayings.marking(item).caveat_words)

    def answers(self, viewer: Viewer, desk: str) -> bool:
        """Return whether a viewer acknowledges for a desk of ours: anybody where there is no role for it."""
        return self._role(desk) in (None, *viewer.roles)

    def _role(self, desk: str) -> str | None:
        """Return whose role it is to acknowledge for a desk of ours: its own; the watch's where nobody has that."""
        roles = {role for officer in self._holdings.registry.keyring.officers(self._me) for role in officer.roles}
        return next((role for role in (role_of(desk), WATCH) if role in roles), None)

    def _asked(self, row: WarningRow, viewer: Viewer) -> WarningRow:
        """Return a row that tells this reader who acknowledges for each desk of ours that did not."""
        asked = (AskedView(desk, self._role(desk) or "", self.answers(viewer, desk)) for desk in row.waits)
        return structs.replace(row, asked=tuple(asked))

    async def _one_by_one(self, form: AnyForm, viewer: Viewer) -> AsyncIterator[tuple[AnyWarning, Seen]]:
        async for some in self._sayings.slices(form, viewer):
            for one in some:
                yield one

    def _lately(self, kind: str, now: Micros) -> Iterator[ItemRow]:
        """Yield the items of a kind that came while one that is in force may have come: however many there are."""
        after = 0
        while rows := self._reader.items(after, MOST, kind=kind, newest=True):
            for row in rows:
                if row.received < now - MAX_WINDOW:
                    return
                if row.state != "PURGED":
                    yield row
            after = rows[-1].admission


def role_of(desk: str) -> str:
    """Return the role of the officers of a desk: of a site's desk by its name, else the watch's."""
    return f"desk:{desk}" if desk else WATCH


def standing_of(
    said: AnyWarning, seen: Seen, about: About | None, received: dict[MemberId, Micros], now: Micros
) -> Stands:
    """Return how a warning stands by what is known here: of another member's nobody here knows who has it."""
    row = seen[1]
    everybody = received if row.mine else {desk.member: row.received for desk in said.form.desks}
    later: tuple[AnyWarning, ...] = () if about is None else about.alike(seen[0], type(said.form))
    checks, acks = ((), ()) if about is None else (about.alike(seen[0], Check), about.alike(seen[0], Ack))
    return stands(said, later, checks, acks, now, sent=row.received, received=everybody)
