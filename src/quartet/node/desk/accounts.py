"""Close this member's account of a proposal when its time has run: all positions that it ever stated, or none.

Silence counts only if every participant did. A closing statement is a plain account, so the node makes it; whoever
kept a position in a drawer is found by it.
"""

from contextlib import suppress
from itertools import islice
from typing import Final

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, ItemId, MemberId, Micros
from quartet.core.verify import Verified
from quartet.desk import form_of
from quartet.desk.action import LAPSES, Acknowledged, Closing, Position, Proposal
from quartet.desk.chair import Procedure, extended
from quartet.desk.said import Said
from quartet.desk.stands import Told, clock_of, stands_at
from quartet.node.desk.chairs import Chairs
from quartet.node.desk.sayings import Sayings
from quartet.node.desk.speaking import beside
from quartet.node.desk.speech import Speech
from quartet.node.holdings import Holdings
from quartet.node.publishing import Publisher
from quartet.node.threads import Threads

LOOK_EVERY: Final = 5 * SECOND
MAX_LOOKED_AT: Final = 100
"""Accounts at a look."""
AT_START: Final = 500
"""Proposals, the newest, that are looked at when the node begins."""


class Accounts:
    """Knows the proposals of which this member's account is open."""

    def __init__(
        self, holdings: Holdings, sayings: Sayings, chairs: Chairs, threads: Threads, publisher: Publisher
    ) -> None:
        self._holdings = holdings
        self._sayings = sayings
        self._chairs = chairs
        self._threads = threads
        self._publisher = publisher
        self._open: dict[ItemId, Micros] = {}
        self._next = Micros(0)
        self._began = False
        holdings.on_news.append(self._heard)

    def _heard(self, verified: Verified) -> None:
        form = form_of(verified.statement, Proposal) if verified.statement.kind == "proposal" else None
        if form is not None and form.rule == "CONSENSUS" and self._holdings.me in form.participants:
            self._open[verified.id] = Micros(form.decide_by)

    async def look(self, now: Micros) -> None:
        """Close what is to be closed by now; what is recalled, or lapsed long ago, is forgotten.

        Few at a look, the others first at the next: a flood of proposals keeps the node from nothing else.
        """
        if now < self._next:
            return
        self._next = Micros(now + LOOK_EVERY)
        if not self._began:
            self._begin()
        due = list(islice((item for item, end in self._open.items() if now >= end), MAX_LOOKED_AT))
        procedures = self._chairs.held() if due else ()
        for item in due:
            closed = await self._closed(item, procedures, now)
            end = self._open.pop(item)
            if not closed:
                self._open[item] = end

    def _begin(self) -> None:
        self._began = True
        for row in self._holdings.store.reader.items(0, AT_START, kind="proposal", newest=True):
            verified = self._holdings.verified(row.id)
            if verified is not None:
                self._heard(verified)

    async def _closed(self, item: ItemId, procedures: tuple[Said[Procedure], ...], now: Micros) -> bool:
        """Close one account; return whether there is nothing more to do."""
        version = self._holdings.verified(item)
        said = None if version is None else self._said(version, procedures)
        if version is None or said is None or now > said.form.decide_by + 2 * LAPSES:
            return True
        end = Micros(said.form.decide_by)
        if now < end:
            self._open[item] = end  # the chair extended it
            return False
        told = self._told(said)
        mine = [one.id for one in told.positions if one.member == self._holdings.me]
        if any(one.member == self._holdings.me for one in told.closings):
            return True
        clock = clock_of(self._holdings.me, told)
        if stands_at(self._holdings.me, told, end).silent and (clock is None or now < clock):
            return False  # its clock has not begun, or runs: it may still say something that counts
        form = Closing(version=item, positions=tuple(sorted(mine)))
        with suppress(Malformed):  # no account can be said to a version that was marked so, and nothing waits for it
            marking, audience = self._holdings.marking(version, now), self._audience(version, said)
            draft = beside(version, marking, audience, Speech(kind="closing-statement", form={}))
            await self._publisher.by_node(draft, form)
        return True

    def _audience(self, version: Verified, said: Said[Proposal]) -> list[MemberId]:
        parties = {*said.form.parties, *said.form.observers}
        return [member for member in self._threads.audience(version) if member in parties]

    def _said(self, verified: Verified, procedures: tuple[Said[Procedure], ...]) -> Said[Proposal] | None:
        row = self._holdings.store.reader.row(verified.id)
        said = None if row is None else self._sayings.said((verified, row), Proposal)
        return None if said is None else extended(said, self._chairs.rotas, procedures)

    def _told(self, version: Said[Proposal]) -> Told:
        """Return what this member holds of a version, whatever one of its officers may see: an account leaves out no
        position that was ever stated, one that was taken back neither."""
        about = self._sayings.kept(version.id)
        return Told(
            version=version,
            positions=about.said(Position),
            acknowledged=about.said(Acknowledged),
            closings=about.said(Closing),
        )
