"""The two-person check of warnings: what one officer asserts waits here until another has read its exact bytes.

The author's assertion and the bytes lie in an item that stays at her member, so that a restart loses none. Only the
second officer's assertion lets the warning go, and both go in one transaction: no warning leaves checked by nobody.
"""

from collections.abc import Iterator
from typing import Final

from msgspec import UNSET, to_builtins

from quartet.core.encoding import b64, encode, unb64
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import ItemId, Micros
from quartet.core.marking import TLP_ORDER
from quartet.core.recall import recalled
from quartet.core.release import Viewer
from quartet.core.statement import Assertion, Statement, decode_statement
from quartet.core.verify import Verified
from quartet.desk import KIND_OF, form_of
from quartet.desk.warning import PROPOSED_FOR, Alert, Check, Proposed
from quartet.node.drafting import item_statement, title_of
from quartet.node.holdings import Holdings
from quartet.node.parts import Parts
from quartet.node.publishing import Publisher
from quartet.node.views import Draft
from quartet.store import ItemRow

KEPT_AT_HOME: Final = "AMBER"
"""How what waits is marked at least: before it was read by two it is for nobody else, whoever it will be for."""

SLICE: Final = 100


class SecondOfficer:
    """Keeps warnings until a second officer confirms them, and lets both words go together."""

    def __init__(self, parts: Parts, holdings: Holdings, publisher: Publisher) -> None:
        self._parts = parts
        self._holdings = holdings
        self._publisher = publisher

    def concerns(self, statement: Statement) -> bool:
        """Return whether a statement is not simply published: a warning to be checked, or the word that checks one."""
        alert = form_of(statement, Alert)
        return statement.kind == KIND_OF[Check] or (alert is not None and alert.release == "CHECKED")

    async def take(self, data: bytes, assertion: Assertion) -> Verified:
        """Keep a warning until it is confirmed, or let one go that now is; return what is kept then.

        Raise `Untrusted("same-officer")` for the author's own check, `Untrusted("not-proposed")` for a check of what
        waits for none or no more, and as any assertion does.
        """
        statement = decode_statement(data)
        if statement.kind == KIND_OF[Alert]:
            return await self._propose(self._publisher.signed(data, assertion), data, assertion)
        check = form_of(statement, Check)
        if check is None:
            raise Malformed("bad-form", "this checks no warning")
        said = self._publisher.signed(data, assertion)
        sent = self._holdings.verified(ItemId(check.alert))
        if sent is not None:
            check_second(sent.statement, statement)
            await self._publisher.put(data, assertion)
            return said
        await self._let_go(self.waiting(ItemId(check.alert), self._parts.clock.now()), said)
        return said

    def waiting(self, alert: ItemId, now: Micros) -> Verified:
        """Return a warning that waits for its second officer; raise `Untrusted("not-proposed")`."""
        for row in self.kept(now):
            kept = self._holdings.verified(row.id)
            found = None if kept is None else self.proposed(kept, now)
            if found is not None and found.id == alert:
                return found
        raise Untrusted("not-proposed", "no such warning waits here for a second officer, or no more")

    def kept(self, now: Micros) -> Iterator[ItemRow]:
        """Yield the items of ours in which warnings may wait, the newest first: all of the time in which one waits.

        How many others wrote meanwhile, whom a viewer may not know of, keeps none from her.
        """
        after = 0
        while rows := self._parts.store.reader.items(after, SLICE, self._parts.me, KIND_OF[Proposed], newest=True):
            for row in rows:
                if row.received + PROPOSED_FOR < now:
                    return
                if row.state != "PURGED":
                    yield row
            after = rows[-1].admission

    def proposed(self, kept: Verified, now: Micros) -> Verified | None:
        """Return the warning that waits in an item of ours, as it will be signed; None for one that waits no more.

        Its author's assertion is believed anew each time. She may take the item back: then nobody confirms it.
        """
        form = form_of(kept.statement, Proposed)
        if form is None or recalled(kept, self._holdings.facts, self._holdings.registry.membership):
            return None
        try:
            found = self._publisher.signed(unb64(form.statement), form.assertion)
        except (Malformed, Untrusted):  # her key was revoked since, or an officer wrote the item by hand
            return None
        fresh = now < found.statement.at + PROPOSED_FOR and self._holdings.verified(found.id) is None
        return found if fresh and found.id == form.alert and form_of(found.statement, Alert) is not None else None

    def check(self, alert: Verified, words: Check, viewer: Viewer, now: Micros) -> bytes:
        """Return the bytes by which a second officer confirms a warning, for her to assert: marked as it is."""
        speaker = self._publisher.speaker(viewer.name, now)
        draft = Draft(
            tlp=alert.statement.marking.tlp,  # type: ignore[arg-type]  # a word that its marking was made of
            title=title_of(alert.statement),
            text=words.text,
            kind=KIND_OF[Check],
            precedence=alert.statement.precedence,
            caveats=alert.statement.marking.caveat_words,
        )
        if self._holdings.verified(alert.id) is not None:  # a review goes by itself, and is her word alone
            draft = self._publisher.urgent(draft, viewer.name)
        statement = item_statement(draft, words, speaker, alert.statement.marking, (), (alert.id,))
        check_second(alert.statement, statement)
        return encode(statement)

    async def _propose(self, alert: Verified, data: bytes, assertion: Assertion) -> Verified:
        form = Proposed(alert=alert.id, statement=b64(data), assertion=assertion)
        return await self._publisher.by_node(_kept_at_home(alert.statement, form), form)

    async def _let_go(self, alert: Verified, check: Verified) -> None:
        """Publish a warning and the word that checks it: both, or neither."""
        check_second(alert.statement, check.statement)
        await self._publisher.together.keep((alert, check))


def check_second(alert: Statement, check: Statement) -> None:
    """Raise `Untrusted("same-officer")` unless another officer of the same member speaks."""
    if alert.member != check.member or alert.officer == check.officer:
        raise Untrusted("same-officer", f"{alert.officer} wrote it: another officer of {alert.member} reads it")


def _kept_at_home(alert: Statement, form: Proposed) -> Draft:
    """Return the item in which a warning waits: for the officers of its author alone who may see it then."""
    marking = alert.marking
    mine = tuple(p for p in marking.persons_named if p.startswith(f"{alert.member}/"))
    tlp = max(KEPT_AT_HOME, marking.tlp, key=TLP_ORDER.index)
    return Draft(
        tlp=tlp,  # type: ignore[arg-type]  # one of the two
        title=title_of(alert),
        text="",
        to=(),
        kind=KIND_OF[Proposed],
        persons=mine,
        caveats=marking.caveat_words,
        purposes=() if marking.purposes is UNSET else tuple(marking.purposes),
        onward="NEVER",
        precedence="IMMEDIATE",
        form=to_builtins(form),
    )
