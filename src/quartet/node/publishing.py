"""Publish what an officer says: sign, commit, decide - one transaction - and hand it to the pumps.

A fact is prepared first, so that its officer can assert the very bytes that are signed.
"""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Final

import msgspec

from quartet.core.attachment import parts_of
from quartet.core.encoding import Value, b64, encode, unb64
from quartet.core.facts import AnyFact, Facts, Purged, fact_of
from quartet.core.faults import Malformed, Untrusted
from quartet.core.hats import hat_of
from quartet.core.ids import ControlId, ItemId, Micros, OfficerName
from quartet.core.release import Viewer
from quartet.core.statement import ASSERTED_KINDS, ROOT, ROOT_KINDS, Assertion, Contained, Statement, item_id, reference
from quartet.core.verify import Verified, sign_statement
from quartet.desk import check_audience, check_form
from quartet.desk.identification import check_duty
from quartet.desk.warning import check_beside
from quartet.node.askedfacts import AskedFacts
from quartet.node.cancelling import Cancelling
from quartet.node.correcting import Correcting
from quartet.node.drafting import (
    Speaker,
    check_text,
    circles_of,
    cited,
    fact_statement,
    item_statement,
    marking_of,
    naming_herself,
    resolve,
)
from quartet.node.factviews import FactDraft, Prepared
from quartet.node.flashes import HOUR, Flashes
from quartet.node.holdings import Holdings
from quartet.node.ledger import INCARNATION
from quartet.node.parts import Parts
from quartet.node.registry import Registry
from quartet.node.seeing import Seeing, check_purposes
from quartet.node.sitewords import check_marked
from quartet.node.together import Together
from quartet.node.unasserted import Unasserted
from quartet.node.viewing import view_to_state
from quartet.node.views import Attachment, Draft, Preview, Published, Sight
from quartet.store import Tx

PREPARED_FOR: Final = HOUR
"""How long an officer may take to assert what was prepared for her."""
Also = Callable[[Tx, ItemId], None]
NODE_OFFICER: Final = OfficerName("node")
"""The name under which a node states what no person does: that it purged."""

COMPUTED_FROM: Final = frozenset({"feed", "flight-plan", "identification", "track-offer"})
"""What frames and the log of entries and exits are made of: what was made of it goes with it."""


class Publisher:
    """Makes this member's statements."""

    def __init__(
        self,
        parts: Parts,
        registry: Registry,
        holdings: Holdings,
        seeing: Seeing,
        cancelling: Cancelling,
        wake: Callable[[], None],
    ) -> None:
        self._parts = parts
        self._registry = registry
        self._holdings = holdings
        self._seeing = seeing
        self._cancelling = cancelling
        self._asked = AskedFacts(parts.me, registry, holdings)
        self._correcting = Correcting(parts.me, holdings, seeing)
        self._wake = wake
        self.together = Together(parts, holdings, wake)
        self._flashes = Flashes()
        self._viewing = asyncio.Lock()
        self._unasserted = Unasserted()

    async def publish(self, draft: Draft, viewer: Viewer, also: Also | None = None) -> Verified:
        """Publish an item; raise `Malformed` for what cannot be said so. Its files are noted as not whole yet.

        `also` is written with it, in its transaction.
        """
        now = self._parts.clock.now()
        verified = self._sign(self._statement(draft, viewer, now))
        with self._flashes.said(verified.statement, now):
            return await self._kept(verified, now, draft.attachments, also)

    def stated(self, draft: Draft, viewer: Viewer) -> bytes:
        """Return the bytes of an item that its officer is to assert; raise `Malformed` for what cannot be said so."""
        now = self._parts.clock.now()
        if draft.corrects is not None:
            raise Malformed("not-corrected", f"a {draft.kind} that is asserted stands as it is: say a new one")
        return encode(self._statement(draft, viewer, now))

    def urgent(self, draft: Draft, officer: OfficerName) -> Draft:
        """Return a draft as it goes: from the seventh FLASH of an officer's hour on as IMMEDIATE, and it says so."""
        return self._flashes.urgent(draft, officer, self._parts.clock.now())

    def saying(self, verified: Verified) -> AbstractContextManager[None]:
        """Count a FLASH of ours while it is stored."""
        return self._flashes.said(verified.statement, self._parts.clock.now())

    async def put(self, data: bytes, assertion: Assertion | None) -> Verified:
        """Publish an item by its bytes, asserted where that is due; raise `Untrusted` where she may not say it.

        `Untrusted("flash-spent")` is of a FLASH that was prepared before the officer had said six in this hour.
        """
        verified = self.signed(data, assertion)
        with self.saying(verified):
            return await self._kept(verified, self._parts.clock.now())

    async def by_node(
        self, draft: Draft, form: Value | None, also: Also | None = None, contains: tuple[Contained, ...] = ()
    ) -> Verified:
        """Publish what no person says, as that a sensor speaks; `also` with it, and the controls of what it carries."""
        return await self._kept(self.said_by_node(draft, form, contains), self._parts.clock.now(), also=also)

    def said_by_node(self, draft: Draft, form: Value | None, contains: tuple[Contained, ...] = ()) -> Verified:
        """Sign what no person says; nothing is kept yet."""
        speaker = self.speaker(NODE_OFFICER, self._parts.clock.now())
        statement = item_statement(draft, form, speaker, marking_of(draft, draft.to), contains, cited((), form))
        return self._sign(statement)

    async def _kept(
        self, verified: Verified, now: Micros, attachments: Iterable[Attachment] = (), also: Also | None = None
    ) -> Verified:
        async with self._holdings.turn([verified], now):
            await self._keep(verified, attachments, also)
        self._wake()
        return verified

    async def _keep(self, verified: Verified, attachments: Iterable[Attachment], also: Also | None) -> None:
        self._holdings.check_open()
        facts, now = self._holdings.facts, self._parts.clock.now()
        rows = self._holdings.decide_new(verified, now)
        files = [(file.id, parts_of(file.size)) for file in attachments]

        def job(tx: Tx) -> None:
            self._holdings.keep_item(tx, verified, rows, facts, now)
            for root, parts in files:
                tx.put_attachment(verified.id, root, parts, False)
            if also is not None:
                also(tx, verified.id)

        try:
            await self._parts.store.write(job)
        except BaseException:
            self._holdings.forget(verified.id)
            raise
        self._holdings.learned(verified, now)

    def preview(self, draft: Draft, viewer: Viewer) -> list[Preview]:
        """Return what each other member would have of a draft; nothing is stored or sent.

        Who gets an item hangs neither on the hat nor on who asserts it: nobody signs for a look.
        """
        now = self._parts.clock.now()
        said = self._statement(draft, viewer, now)
        kind = "report" if said.kind in ASSERTED_KINDS else said.kind
        verified = self._sign(msgspec.structs.replace(said, hat="MEMBER", kind=kind))
        sees = Sight(
            author=self._parts.me,
            officer=viewer.name,
            kind=draft.kind,
            title=draft.title,
            text=draft.text,
            marking=verified.statement.marking,
            attachments=draft.attachments,
        )
        return [
            Preview(member=member, admitted=True, reason=None, sees=sees)
            if state == "due"
            else Preview(member=member, admitted=False, reason=reason, sees=None)
            for _, member, state, _, reason in self._holdings.decide(verified, self._holdings.facts, now)
        ]

    def _statement(self, draft: Draft, viewer: Viewer, now: Micros) -> Statement:
        check_text(draft)
        circles = circles_of(self._registry.state.terms)
        to = resolve(draft.to, self._registry.state.members, circles)
        old = self._correcting.corrected(draft, viewer, now)
        contains = self._correcting.contained(draft.contains, old, viewer, now)

        def find(ref: str) -> ItemId:
            return self._seeing.find(ref, viewer, now)[1].id

        speaker = self.speaker(viewer.name, now)
        form = check_form(draft.kind, draft.form, speaker.at, find)
        check_beside(form, draft.title, draft.text)
        check_duty(form, viewer.roles)
        draft = self.urgent(draft, viewer.name)
        cites = cited([*map(find, draft.cites), *([] if old is None else [old.id])], form)
        check_audience(form, (draft.tlp, *(step.tlp for step in draft.downgrade)), to, self._parts.me)
        check_purposes(draft.purposes, self._registry.membership.purposes)
        marking = marking_of(naming_herself(draft, f"{self._parts.me}/{viewer.name}"), to)
        check_marked(form, marking, contains, old, self._holdings, now)
        return item_statement(draft, form, speaker, marking, contains, cites)

    def speaker(self, officer: OfficerName, now: Micros) -> Speaker:
        """Return who speaks, and when: what every statement of ours begins with."""
        entry = self._registry.keyring.officer(self._parts.me, officer)
        return Speaker(
            exchange=self._registry.exchange,
            epoch=self._registry.state.epoch,
            member=self._parts.me,
            officer=officer,
            at=self._parts.clock.dated(now),
            sure=self._parts.clock.sure,
            nonce=self._parts.entropy(32),
            hat="MEMBER" if entry is None else hat_of(entry.roles),
        )

    def _sign(self, statement: Statement, assertion: Assertion | None = None) -> Verified:
        """Sign a statement, and believe it only as a recipient would."""
        return self.signed(encode(statement), assertion)

    def signed(self, data: bytes, assertion: Assertion | None) -> Verified:
        """Sign a statement's bytes, and believe them only as a recipient would; nothing is kept."""
        tick, serial = self._registry.membership.tick, self._parts.entropy(16)
        key, keyring = self._parts.keys.item, self._registry.keyring
        return sign_statement(data, key, keyring, tick=tick, serial=serial, assertion=assertion)

    def prepare(self, viewer: Viewer, draft: FactDraft) -> Prepared:
        """Return the bytes of a fact for its officer to assert; raise where it could not count."""
        now = self._parts.clock.now()
        verified = self._seeing.about(draft.ref, viewer, now)
        if draft.root and draft.kind not in ROOT_KINDS:
            raise Malformed("not-roots", f"root recalls and cancels; a {draft.kind} is an officer's to state")
        name = ROOT if draft.root else viewer.name
        body = self._asked.body(draft, verified, name, now)
        statement = fact_statement(draft.kind, body, self.speaker(name, now))
        data = encode(statement)
        self._cancelling.check_said(statement, item_id(data), self._parts.clock.dated(now))
        prepared = Prepared(statement=b64(data), id=item_id(data), marked=self._asked.marked(draft, verified))
        self._unasserted.add(viewer.name, prepared.id)
        return prepared

    def is_prepared(self, item: ItemId) -> bool:
        """Return whether a fact with this id was prepared here, and waits to be asserted."""
        return item in self._unasserted

    async def commit(self, prepared: Prepared, assertion: Assertion | None) -> Verified:
        """Publish a prepared fact with its officer's assertion; raise `Untrusted` if it is not hers."""
        now = self._parts.clock.now()
        data = unb64(prepared.statement)
        if item_id(data) not in self._unasserted or assertion is None:
            raise Untrusted("not-prepared", "these bytes were not prepared here, or nobody asserts them")
        statement = msgspec.json.decode(data, type=Statement)
        if self._parts.clock.sure and statement.at + PREPARED_FOR < now:
            raise Untrusted("not-prepared", "these bytes were prepared too long ago to count: ask for new ones")
        self._cancelling.check_said(statement, item_id(data), self._parts.clock.dated(now))
        verified = self.signed(data, assertion)
        await self._state(verified, now)
        return verified

    async def correct(self, ref: str, new: ItemId, viewer: Viewer) -> None:
        """Tell whoever was sent an item of ours that another takes its place; once, however often it is said."""
        now = self._parts.clock.now()
        body = self._correcting.body(self._seeing.published(ref, viewer, now).id, new)
        if body is not None:
            speaker = replace(self.speaker(viewer.name, now), hat="MEMBER")
            await self._state(self._sign(fact_statement("correction", body, speaker)), now)

    async def viewed(self, verified: Verified, viewer: Viewer) -> None:
        """State that a person saw a RED item of another member: once, and its author gets it."""
        now, me = self._parts.clock.now(), self._parts.me
        if view_to_state(verified, viewer, me, self._holdings.facts, now) is None:
            return
        async with self._viewing:
            body = view_to_state(verified, viewer, me, self._holdings.facts, now)  # another look may have stated it
            if body is not None:
                speaker = replace(self.speaker(viewer.name, now), hat="MEMBER")  # what she saw her member tells
                statement = fact_statement("view-receipt", body, speaker, "ROUTINE")
                await self._state(self._sign(statement), now)

    async def purged(
        self,
        item: ItemId,
        c: str,
        recall: ItemId | None,
        controls: tuple[ControlId, ...],
        stub: bytes,
        still: Callable[[], bool],
    ) -> bool:
        """Destroy an item and state that this node did, in one transaction: neither is ever without the other.

        Return False where it was `still` not to be, when the facts were ours alone.
        """
        now = self._parts.clock.now()
        until = Micros(now + int(self._parts.store.reader.meta("backup-every") or 0))
        body = Purged(controls=tuple(sorted(controls)), item=item, c=c, recall=recall, backups_by=until)
        statement = fact_statement("purged", body, self.speaker(NODE_OFFICER, now))
        verified = self._sign(statement)
        row = self._parts.store.reader.row(item)
        is_source = row is not None and row.kind in COMPUTED_FROM

        def destroy(tx: Tx) -> None:
            tx.purge(item, stub, now)
            if is_source:
                tx.drop_feed(item)

        async with self._holdings.turns.learn():
            if not still():
                return False
            await self._state_alone(verified, now, destroy)
        self._wake()
        return True

    async def _state(self, verified: Verified, now: Micros) -> None:
        async with self._holdings.turns.learn():
            await self._state_alone(verified, now)
        self._wake()

    async def _state_alone(self, verified: Verified, now: Micros, also: Callable[[Tx], object] | None = None) -> None:
        self._holdings.check_open()
        fact: AnyFact = fact_of(verified, now)
        facts: Facts = self._holdings.arrived(self._holdings.facts, fact, now)
        rows = self._holdings.touched_rows(fact, verified, facts, self._parts.clock.now())
        destroy = self._holdings.destroys(fact, facts)

        def job(tx: Tx) -> None:
            self._holdings.keep_item(tx, verified, rows, facts, now)
            if also is not None:
                also(tx)
            for item, why in destroy:
                tx.put_recall(item, why, now)
            if isinstance(fact.body, Purged):
                tx.set_purged(ItemId(fact.body.item), fact.member, now)

        await self._parts.store.write(job)
        self._holdings.learned(verified, now, fact=fact, late=fact.id in facts.late)


def published(verified: Verified) -> Published:
    """Return how a new statement is named."""
    return Published(id=verified.id, ref=reference(verified.statement.member, verified.id))


__all__ = ["INCARNATION", "Publisher", "published"]
