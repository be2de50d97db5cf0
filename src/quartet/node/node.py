"""One member's running node: what officers and doors ask of it, and the tasks that keep it going.

This file only puts the parts together; each rule lies in the part that is named for it.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Iterator
from datetime import datetime
from typing import Final

from quartet.core.charter import CharterState
from quartet.core.faults import Fault, Malformed, Unavailable
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.keyring import OfficerEntry
from quartet.core.release import Viewer
from quartet.core.statement import Assertion
from quartet.node.alarms import look_round
from quartet.node.arriving import Arriving
from quartet.node.asking import Query
from quartet.node.asserting import Asserting
from quartet.node.assist.assisting import Assisting
from quartet.node.attachments import Attachments
from quartet.node.audit import audit
from quartet.node.beginning import begin
from quartet.node.cancelling import Cancelling
from quartet.node.carrying import Carrying
from quartet.node.community import Community, community
from quartet.node.consents import Consents
from quartet.node.contacts import Contacts
from quartet.node.copies import Copies
from quartet.node.desk.room import Desk
from quartet.node.dissemination import Dissemination
from quartet.node.duties import Duties
from quartet.node.epochs import Epochs
from quartet.node.factviews import FactDraft, Prepared
from quartet.node.feeds import Feeds
from quartet.node.frames import Frames
from quartet.node.handover import Handover
from quartet.node.health import Health
from quartet.node.history import History
from quartet.node.holdings import Holdings
from quartet.node.identify.identifying import Identifying
from quartet.node.identify.room import IdentityRoom
from quartet.node.identify.spoken import Spoken
from quartet.node.ledger import Ledger
from quartet.node.live import Live
from quartet.node.loops import SHOWN, made_ready
from quartet.node.manifests import recall_manifests
from quartet.node.neighbours import Neighbours
from quartet.node.parts import Parts
from quartet.node.peer import Peer
from quartet.node.proofs import Proofs
from quartet.node.publishing import Publisher, published
from quartet.node.pump import Pump
from quartet.node.reading import Reading
from quartet.node.recalls import Recalls
from quartet.node.receive import Receiver
from quartet.node.records import Records
from quartet.node.recovering import Recovering
from quartet.node.redeciding import Redeciding
from quartet.node.registry import Registry
from quartet.node.replay import Replays
from quartet.node.restating import Restating
from quartet.node.room import Room
from quartet.node.secondofficer import SecondOfficer
from quartet.node.seeing import Seeing
from quartet.node.sensing import Sensing
from quartet.node.statusviews import Status
from quartet.node.steps import take_all
from quartet.node.surveying import Surveying
from quartet.node.talking import Talking
from quartet.node.threads import Threads
from quartet.node.timeliness import Timeliness
from quartet.node.trackviews import TrackView
from quartet.node.views import Draft, Event, Page, Preview, Published, Receipts, Shown, VerifyReport, Why, micros
from quartet.node.watching import Watching
from quartet.node.witness import Witness

CONTACT_EVERY: Final = 30
"""Ticks between two contacts while nobody asks."""
BEGIN_AGAIN_S: Final = 1.0
"""How soon a node that a full disk kept from beginning tries again."""


class Node:
    """A member's node. `run` keeps it going; the other methods are for officers and doors."""

    def __init__(self, parts: Parts, state: CharterState, manifest: bytes, officers: bytes) -> None:
        """Start from the charter and this member's own manifests; what the store knows is read back."""
        self.me = parts.me
        self._parts = parts
        self.registry = Registry(parts.me, state)
        for act in parts.store.reader.acts()[state.epoch :]:
            self.registry.learn_act(act)
        recall_manifests(self.registry, parts.store, manifest, officers)
        self.holdings = Holdings(parts.me, parts.store, self.registry, parts.clock)
        self.holdings.start()
        self.redeciding = Redeciding(self.registry, self.holdings)
        self.ledger = Ledger(parts, self.registry)
        self.witness, self.epochs = Witness(parts, self.registry), Epochs(parts, self.registry)
        self.contacts = Contacts(parts, self.registry, self.epochs)
        self.contacts.recall()
        self.room, self.attachments = Room(parts.store.path.parent, parts.floor), Attachments(parts.store)
        self.neighbours = Neighbours(parts, self.registry, self._make)
        self.peers = self.neighbours.peers
        self.recovering = Recovering(parts, self.registry, self.holdings, self.ledger, self.witness, self.peers)
        self.seeing = Seeing(self.registry, self.holdings)
        self.threads = Threads(self.registry, self.holdings, self.seeing, self.attachments)
        self.proofs = Proofs(parts, self.registry, self.holdings, self.ledger, self.witness)
        records = Records(parts, self.proofs.dating)
        cancelling = Cancelling(self.holdings, records)
        self.publisher = Publisher(parts, self.registry, self.holdings, self.seeing, cancelling, self.wake)
        self.handover = Handover(parts, self.holdings, self.publisher, self.attachments, self.room, self.wake)
        self.second = SecondOfficer(parts, self.holdings, self.publisher)
        self.asserting = Asserting(parts.clock, self.holdings, self.publisher, self.room, self.second)
        self.talking = Talking(parts.clock, self.threads, self.publisher, self.handover)
        self.frames = Frames(parts, self.registry, self.holdings, self.seeing)
        self.live, self.history = Live(parts, self.frames), History(parts, self.registry, self.frames.past)
        self.replays = Replays(self.live, self.frames.past)
        self.sensing = Sensing(parts, self.holdings, self.publisher, self.frames)
        self.surveying = Surveying(parts, self.sensing, self.seeing)
        self.timeliness = Timeliness(parts, self.registry, self.holdings, records)
        self.recalls = Recalls(parts, self.holdings, records, self.publisher, self.seeing, self.peers)
        self.restating = Restating(parts, self.holdings, self.publisher)
        seen = self.seeing, self.attachments, self.threads
        self.reading = Reading(parts, self.registry, self.holdings, self.ledger, self.witness, *seen)
        self.assisting = Assisting(parts, self.registry, self.seeing, self.holdings, self.reading)
        self.copies = Copies(self.reading, self.attachments, self.publisher)
        self.consents = Consents(
            parts, self.registry, self.holdings, self.seeing, self.reading, self.publisher, cancelling
        )
        self.duties = Duties(parts, self.registry, self.holdings, self.seeing)
        known = parts, self.registry, self.holdings, self.seeing, self.threads, records
        self.desk = Desk(
            *known, self.publisher, self.reading, self.consents, self.duties, self.frames, self.second, self.room
        )
        spoken = Spoken(self.holdings, self.seeing)
        spoken.begin(parts.clock.now())
        self.identifying = Identifying(parts, self.registry, self.frames, spoken)
        self.identity = IdentityRoom(parts, self.desk.sayings, self.threads, self.frames, self.identifying, spoken)
        self.dissemination = Dissemination(
            parts, self.seeing, self.reading, self.consents, self.desk.requests, self.desk.consents
        )
        self.feeds = Feeds(self.handover, self.reading, self.room, self.frames)
        seeing = self.seeing, self.room, self.peers, self.desk.sites.alarms, self.reading.book
        self.health = Health(parts, self.registry, self.ledger, self.witness, *seeing)
        self.health.ports = self.assisting.on
        self._pumps = self.neighbours.pumps
        took = self.epochs, self.contacts, self.frames, self.room, self.neighbours, self.recovering
        self.arriving = Arriving(parts, self.registry, *took)
        by_file = self.epochs, self.neighbours, self.recovering, self.arriving
        self.carrying = Carrying(parts, self.registry, *by_file)
        self.neighbours.look()
        self.watching = Watching(parts.store.reader, self.reading, self.holdings)
        self.holdings.on_news += [self.watching.news, self.frames.news, spoken.news]
        self.registry.on_change.append(self._charter_changed)

    def _make(self, peer: Peer) -> tuple[Pump, Receiver]:
        common = (self._parts, self.registry, self.holdings)
        pump = Pump(
            *common, self.ledger, self.witness, self.attachments, self.recovering, self.contacts, self.frames, peer
        )
        return pump, Receiver(*common, self.witness, self.attachments, self.proofs, peer)

    def _charter_changed(self) -> None:
        """Let the gate and the neighbours know at once; the rows are decided again at the next tick."""
        self.holdings.gate.charter_changed(self.registry.membership)
        self.neighbours.look()

    async def run(self) -> None:
        """Keep the node going until cancelled."""
        while not await self._began():  # noqa: ASYNC110 - the disk has no event
            await asyncio.sleep(BEGIN_AGAIN_S)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._parts.carrier.run(self.arriving.took))
            tasks.create_task(self._ticks())
            tasks.create_task(self.neighbours.run())
            tasks.create_task(self.reading.book.run())
            tasks.create_task(self.identifying.run(self.health.failed))
            tasks.create_task(made_ready(SHOWN))

    async def _began(self) -> bool:
        """Write what must be there before anybody is spoken to; return whether the disk took it."""
        try:
            await begin(self._parts, self.registry, self.epochs, self.peers)
            await self.handover.finish()
        except Unavailable as error:
            self.health.failed(error, self._parts.clock.now())
            return False
        return True

    def wake(self) -> None:
        """Let every pump look."""
        self.neighbours.wake()

    async def _ticks(self) -> None:
        count = 0
        while True:
            began = self._parts.clock.now()
            wait = self.ledger.due_in(began)
            await asyncio.sleep(wait)
            now = self._parts.clock.now()
            try:
                await take_all(self._steps(now, count))
                self.health.ticked(Micros(began + int(wait * SECOND)), self._parts.clock.now())
            except (Fault, sqlite3.Error) as error:
                self.health.failed(error, now)
            count += 1

    def _steps(self, now: Micros, count: int) -> Iterator[Awaitable[object]]:
        whole = count % CONTACT_EVERY == 0
        yield self.recovering.look(now)
        if not self.recovering.active:
            yield from self._said(now)
        yield self.epochs.look(now)
        self.neighbours.look()
        for member, pump in tuple(self._pumps.items()):
            ask = self.registry.epoch_key(member, now) is None
            if ask or whole:
                yield self.contacts.say(member, ask=ask)
            yield pump.tick(now)
        for author, content in self.attachments.asks(now):
            if author in self.peers:
                self.peers[author].asks.append(content)
        yield self.handover.look(count)
        yield self.neighbours.alarm(now)
        yield look_round(self._parts, self.room, self.witness.counting, self.holdings.damaged, now, whole=whole)

    def _said(self, now: Micros) -> Iterator[Awaitable[object]]:
        """Yield the steps in which the node says something."""
        if not self.recovering.silent:
            yield self.ledger.tick(now)
        yield self.frames.tick(now)
        yield self.surveying.look(now)
        yield self.proofs.look(now)
        yield self._reconsider(now)
        yield self.recalls.look(now)
        yield self.restating.look(now)
        yield self.desk.look(now)
        yield self.identity.offers.look(now)

    async def _reconsider(self, now: Micros) -> None:
        """Decide anew what time has changed; wake the pumps where something may go."""
        turned = await self.timeliness.look(now)
        if await self.redeciding.look(now, lambda row: self.timeliness.records.stated(row, now)) or turned:
            self.wake()

    def officer(self, name: str) -> OfficerEntry | None:
        """Return one of this member's own officers."""
        return self.registry.keyring.officer(self.me, name)

    def community(self) -> Community:
        """Return the circles and agreements of the charter, which every officer may read."""
        return community(self.registry.state, self._parts.clock.now())

    async def publish(self, draft: Draft, viewer: Viewer) -> Published:
        """Publish an item; with its files, which were handed over part by part before. Once, if it has a word."""
        return await self.handover.publish(draft, viewer)

    def keeping_key(self, viewer: Viewer) -> bytes:
        """Return the key under which an officer's page keeps her drafts: from the store's key, for her alone."""
        return self._parts.store.box.derived(f"keeping {viewer.name}")

    def preview(self, draft: Draft, viewer: Viewer) -> list[Preview]:
        """Return what each other member would have of a draft."""
        return self.publisher.preview(draft, viewer)

    async def read(self, viewer: Viewer, query: Query) -> Page:
        """Return a page of what a viewer may see."""
        return await self.reading.read(viewer, query)

    def show(self, viewer: Viewer, ref: str) -> Shown:
        """Return one item whole."""
        return self.reading.show(viewer, ref)

    async def view(self, viewer: Viewer, ref: str) -> Shown:
        """Return one item whole to a person: a RED one of another member never without her view receipt."""
        await self.copies.viewed(viewer, ref)
        return self.show(viewer, ref)

    def why(self, viewer: Viewer, ref: str, member: str) -> Why:
        """Tell why a member has an item or not."""
        if member not in self.registry.state.members:
            known = ", ".join(sorted(self.registry.state.members))
            raise Malformed("unknown-member", f"{member!r} is no member; members are {known}")
        return self.reading.why(viewer, ref, MemberId(member))

    def receipts(self, viewer: Viewer, ref: str) -> Receipts:
        """Tell who has an item, who purged it and who owes."""
        return self.reading.receipts(viewer, ref)

    async def put_part(self, viewer: Viewer, attachment: str, number: int, data: bytes) -> None:
        """Take a part of a file that a draft of the same officer will name."""
        self.handover.put_part(viewer, attachment, number, data)

    async def prepare(self, viewer: Viewer, draft: FactDraft) -> Prepared:
        """Prepare a fact about an item for the officer to assert."""
        return self.publisher.prepare(viewer, draft)

    async def commit(self, prepared: Prepared, assertion: Assertion) -> Published:
        """Publish what was prepared, a fact or an item, with the officer's own signature."""
        if self.asserting.takes(prepared):
            return published(await self.asserting.commit(prepared, assertion))
        return published(await self.publisher.commit(prepared, assertion))

    def status(self, viewer: Viewer) -> Status:
        """Tell how the node is."""
        return self.health.status(viewer)

    def picture(self, viewer: Viewer) -> list[TrackView]:
        """Return the tracks that a viewer may see now."""
        return self.frames.picture(viewer)

    async def past_picture(self, viewer: Viewer, at: datetime) -> list[TrackView]:
        """Return the tracks that a viewer could see at a time."""
        return await self.frames.past_picture(viewer, micros(at))

    async def verify(self, viewer: Viewer) -> VerifyReport:
        """Check every log the node knows, beside the running node; what she may not see is named to nobody."""
        store, state = self._parts.store, self.registry.state
        audited = await asyncio.to_thread(audit, store, state, self.me)
        now = self._parts.clock.now()
        return audited.report(lambda finding: self.seeing.found(finding, viewer, now))

    async def take_act(self, data: bytes) -> None:
        """Take an act that its signatures carry; the others get it with the next parcels."""
        state = self.registry.learn_act(data)
        await self._parts.store.write(lambda tx: tx.put_act(len(state.acts), data))
        self.wake()

    async def take_officers(self, data: bytes) -> None:
        """Take this member's newest list of officers; the others get it with the next parcels."""
        manifest = self.registry.learn_officers(data, self.me)
        if manifest is not None:
            version = manifest.version
            await self._parts.store.write(lambda tx: tx.put_manifest("officers", self.me, version, data))
            self.wake()

    def watch(self, viewer: Viewer, after: str) -> AsyncIterator[Event]:
        """Tell what is new for a viewer after a cursor; what she missed first, then as it comes."""
        return self.watching.watch(viewer, after)
