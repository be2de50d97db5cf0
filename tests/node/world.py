"""A trial exchange whose nodes all run in this process, on a hub that tests can cut, tap and make hostile.

    async with exchange(tmp_path) as world:
        report = await world.send("north", ["east"], "near Dam 3")
        await world.until(lambda: world.holds("east", report.ref))

Keys, folders, databases, seals and logs are the real ones; only the carrier is in memory.
"""

import asyncio
import atexit
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from atonce import at_once
from quartet.core.charter import CharterState, found
from quartet.core.cover import COVER_OFF
from quartet.core.encoding import Value, encode
from quartet.core.faults import Fault, Unavailable
from quartet.core.ids import SECOND, ItemId, MemberId, Micros, OfficerName
from quartet.core.keys import SecretKey
from quartet.core.release import Viewer
from quartet.core.statement import ASSERTED_KINDS, ROOT, Assertion, assert_item, item_id, sign_bytes
from quartet.core.verify import Verified, verify_statement
from quartet.exercise.plan import Duty
from quartet.exercise.setup import new_exchange
from quartet.node.asking import Query
from quartet.node.clock import Clock
from quartet.node.continuity import go_on
from quartet.node.desk.speech import Speech
from quartet.node.drafting import fact_statement
from quartet.node.factviews import FactDraft
from quartet.node.folder import MemberFolder
from quartet.node.keyset import Keyset
from quartet.node.node import Node
from quartet.node.office import open_offline
from quartet.node.officerkey import read_officer_key
from quartet.node.parts import Keys, Parts
from quartet.node.vault import open_vault
from quartet.node.views import Draft, Page, Published, Receipts, Row
from quartet.store import Store, open_store
from quartet.wire import MemoryHub

MEMBERS: Final = ("north", "east", "south", "west")
CHAIR: Final = Duty(OfficerName("chair"), roles=("chair",))
OFFICERS: Final = (Duty(OfficerName("duty")), Duty(OfficerName("second")), CHAIR)
PATIENCE: Final = 120.0
"""Seconds that a busy machine gets for what takes one; what was said before clocks were moved counts for sixty."""
Word = Literal["grant", "recall", "cancel-recall", "narrow", "widen"]


class World:
    """Members by name, their nodes while these run, and the hub between them."""

    def __init__(self, folder: Path, founded: Path, hub: MemoryHub, clock: Callable[[int], Clock] = Clock) -> None:
        self.folder = folder
        self._clock = clock
        self._founded = founded
        self.hub = hub
        self.nodes: dict[str, Node] = {}
        self.stores: dict[str, Store] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._ahead: dict[str, int] = {}
        self._clocks: dict[str, Clock] = {}
        self.rotated: dict[str, Keyset] = {}
        """The keys of members whose root gave them others since the founding."""

    # -- members

    def member(self, name: str) -> MemberFolder:
        return MemberFolder(self.folder / name)

    def keys(self, name: str) -> Keyset:
        return self.rotated.get(name) or self.founding(name)

    def founding(self, name: str) -> Keyset:
        """Return the keys that a member had at the founding, whatever root gave it since."""
        return _keys(self._founded / name)

    def database(self, name: str) -> Path:
        return self.member(name).root / "store" / "quartet.db"

    def charter_bytes(self) -> bytes:
        return self.member("north").charter.read_bytes()

    def charter(self) -> CharterState:
        return found(self.charter_bytes())

    def viewer(self, name: str, officer: str = "duty") -> Viewer:
        return Viewer(member=MemberId(name), name=OfficerName(officer), roles=("watch",))

    def set_clock(self, name: str, seconds: int) -> None:
        """Have a member's clock go ahead of the others' from its next start on, as the exercise's setting does."""
        self._ahead[name] = seconds * SECOND

    def later(self, seconds: int) -> None:
        """Move everybody's clock on."""
        for name, clock in self._clocks.items():
            clock.move(seconds * SECOND)
            self._ahead[name] = self._ahead.get(name, 0) + seconds * SECOND

    def open(self, name: str) -> Node:
        """Make a member's node over its own database; it does not run yet."""
        clock = self._clocks[name] = self._clock(self._ahead.get(name, 0))
        folder, keys = self.member(name), self.keys(name)
        store = self.stores[name] = open_store(self.database(name), keys.store)
        go_on(store, folder.instance, clock.now())
        parts = Parts(
            me=MemberId(name),
            keys=Keys.of(keys),
            store=store,
            carrier=self.hub.carrier(MemberId(name)),
            clock=clock,
            entropy=os.urandom,
            trial=True,
            places=self.member(name).places,
        )
        manifest, officers = folder.wire_manifest(name), folder.officer_manifest(name)
        node = self.nodes[name] = Node(parts, self.charter(), manifest.read_bytes(), officers.read_bytes())
        return node

    def start(self, name: str) -> Node:
        node = self.open(name)
        self.run(name)
        return node

    def run(self, name: str) -> None:
        """Run a node that was opened."""
        self._tasks[name] = asyncio.create_task(self.nodes[name].run())

    async def stop(self, name: str) -> None:
        """End a node as a process ends: what it had in memory is gone."""
        task = self._tasks.pop(name, None)
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        self.nodes.pop(name)
        self.stores.pop(name).close()

    # -- what officers do

    async def send(self, name: str, to: list[str], text: str, *, officer: str = "duty", **more: Any) -> Published:
        fields: dict[str, Any] = {"tlp": "AMBER", "title": "A report", **more}
        draft = Draft(text=text, to=tuple(MemberId(m) for m in to), **fields)
        return await self.nodes[name].publish(draft, self.viewer(name, officer))

    async def seal(self, name: str, to: list[str], text: str, **more: Any) -> Published:
        """Send what has a deadline: the seal of ratings of something that the author alone holds."""
        of = await self.send(name, [], "a question of our own")
        form = {"question": of.ref, "seal": "A" * 43}
        return await self.send(name, to, text, kind="rating-seal", form=form, **more)

    async def about(self, name: str, ref: str, kind: str, form: dict[str, Any], **more: Any) -> Published:
        """Have an officer say something about an item, in a form; she asserts it with her own key where that is due."""
        officer = more.pop("officer", "duty")
        node, viewer = self.nodes[name], self.viewer(name, officer)
        draft = node.desk.speaking.draft(viewer, ref, Speech(kind=kind, form=form, **more))
        if kind not in ASSERTED_KINDS:
            return await node.publish(draft, viewer)
        prepared = node.asserting.prepare(draft, viewer)
        return await node.commit(prepared, self.asserted(name, officer, prepared.id))

    async def presides(self, name: str, act: str, **about: Any) -> Published:
        """Have a member's chair do something, under her own hat and key, before everybody."""
        node, viewer = self.nodes[name], Viewer(member=MemberId(name), name=CHAIR.name, roles=CHAIR.roles)
        others = tuple(MemberId(m) for m in self.nodes if m != name)
        draft = Draft(kind="procedure", tlp="AMBER", title=act, text="", to=others, form={"act": act, **about})
        prepared = node.asserting.prepare(draft, viewer)
        return await node.commit(prepared, self.asserted(name, CHAIR.name, prepared.id))

    async def fact(self, name: str, kind: Word, ref: str, *, officer: str = "duty", **more: Any) -> Published:
        """Have an officer grant, recall or cancel, under her own key."""
        draft = FactDraft(kind=kind, ref=ref, root=officer == ROOT, **more)
        node = self.nodes[name]
        prepared = await node.prepare(self.viewer(name, "duty" if draft.root else officer), draft)
        return await node.commit(prepared, self.asserted(name, officer, prepared.id))

    async def say(
        self, name: str, kind: str, body: Value, *, officer: str = "duty", at: int | None = None, tell: bool = True
    ) -> Verified:
        """State a fact with a member's keys, dated as one likes: what its command line has no word for, or a thief's.

        Without `tell` it goes into the member's log and into a drawer.
        """
        node, keys = self.nodes[name], self.keys(name)
        statement = fact_statement(kind, body, node.publisher.speaker(OfficerName(officer), self.now(name)))
        statement = msgspec.structs.replace(statement, at=statement.at if at is None else at)
        data = encode(statement)
        assertion = self.asserted(name, officer, item_id(data)) if kind in ASSERTED_KINDS else None
        verified = verify_statement(sign_bytes(data, keys.item, assertion), None, node.registry.keyring)
        if tell:
            await self.tell(name, verified)
        else:
            await self.stores[name].write(lambda tx: tx.add_commitment(verified.c, "item"))
        return verified

    async def tell(self, name: str, verified: Verified) -> None:
        """Have a member's node keep a statement that its keys signed, and pass it on."""
        await self.nodes[name].publisher._state(verified, self.now(name))

    def now(self, name: str) -> Micros:
        return self._clocks[name].now()

    def asserted(self, name: str, officer: str, item: Any) -> Assertion:
        folder = self._founded / name
        return assert_item(item, _root_key(folder) if officer == ROOT else _officer_key(folder, OfficerName(officer)))

    def root(self, name: str) -> SecretKey:
        """Return a member's root key, opened once for all worlds: hardening its passphrase takes a second."""
        return _root_key(self._founded / name)

    async def recall(self, name: str, ref: str, *, officer: str = "duty") -> Published:
        return await self.fact(name, "recall", ref, officer=officer)

    # -- what officers see

    def rows(self, name: str, officer: str = "duty") -> tuple[Row, ...]:
        return self.page(name, Query(), officer).items

    def page(self, name: str, query: Query, officer: str = "duty") -> Page:
        return at_once(self.nodes[name].read(self.viewer(name, officer), query))

    def holds(self, name: str, ref: str, officer: str = "duty") -> bool:
        return any(row.ref == ref for row in self.rows(name, officer))

    def text(self, name: str, ref: str, officer: str = "duty") -> str:
        return str(self.nodes[name].show(self.viewer(name, officer), ref).body["text"])

    def receipts(self, name: str, ref: str) -> Receipts:
        return self.nodes[name].receipts(self.viewer(name), ref)

    def link(self, name: str, to: str) -> str:
        links = self.nodes[name].status(self.viewer(name)).links
        return next(link.state for link in links if link.member == to)

    def alarms(self, name: str) -> set[str]:
        return {alarm.reason for alarm in self.nodes[name].status(self.viewer(name)).alarms}

    def on_record(self, name: str, ref: str, k: int = 3) -> bool:
        """Whether so many witnesses cosigned an item, as a member finds; what has not come to it is not on record."""
        try:
            return self.nodes[name].show(self.viewer(name), ref).on_record.k >= k
        except Unavailable:
            return False

    def proven(self, name: str, ref: str) -> bool:
        """Whether a member can prove an item by now: a quorum cosigned one checkpoint over it, not each another."""
        try:
            return bool(self.nodes[name].reading.proof(self.viewer(name), ref))
        except Unavailable:
            return False

    def dated(self, name: str, fact: Published | Verified) -> bool:
        """Whether a member knows since when a fact, and its own receipt of it, is on record: delays run from there."""
        known = self.nodes[name].recalls._coverage(ItemId(fact.id), self.now(name))
        return known is not None and None not in (known.recorded, known.receipted)

    async def problems(self, name: str) -> list[str]:
        report = await self.nodes[name].verify(self.viewer(name))
        return [f"{p.reason} {p.where}" for p in report.problems]

    def raw(self, name: str) -> bytes:
        """Return every byte of the files in which a member keeps: database, write-ahead log, staging."""
        files = sorted(p for p in self.database(name).parent.rglob("*") if p.is_file())
        return b"".join(p.read_bytes() for p in files)

    # -- waiting

    async def until(self, predicate: Callable[[], object], deadline: float = PATIENCE) -> None:
        """Wait until something is so; fail with what the nodes say of themselves."""
        end = time.monotonic() + max(deadline, PATIENCE)
        while not predicate():
            self.check()
            if time.monotonic() > end:
                raise AssertionError(f"not so after {deadline} s; " + "; ".join(self._say(m) for m in self.nodes))
            await asyncio.sleep(0.02)
        self.check()

    async def linked(self, *names: str) -> None:
        """Wait until these members' nodes have heard each other."""
        among = names or tuple(self._tasks)
        await self.until(lambda: all(self.link(a, b) == "up" for a in among for b in among if a != b))

    async def all_came(self, name: str, to: str) -> None:
        """Wait until every parcel that a member sent another has come; confirmed or not, for beats never cease."""
        sent, came = self.nodes[name].peers[MemberId(to)], self.nodes[to].peers[MemberId(name)]
        await self.until(lambda: came.incoming.through == sent.outgoing.seq)

    async def ticks(self, name: str, count: int = 3) -> None:
        """Wait until a member has closed so many more ticks: what was on its way before has been handled."""
        size = self.nodes[name].ledger.size
        await self.until(lambda: self.nodes[name].ledger.size >= size + count)

    def check(self) -> None:
        """Raise what ended a node, if anything did."""
        for task in self._tasks.values():
            if task.done():
                task.result()

    def _say(self, name: str) -> str:
        try:
            return encode(self.nodes[name].status(self.viewer(name))).decode()
        except Fault as fault:
            return f"{name}: {fault}"


@cache
def _founded(
    names: tuple[str, ...], tick_s: float, recall_delay_s: float, officers: tuple[Duty, ...], cover: str
) -> Path:
    """Found an exchange once; each world is a copy, because drawing keys and hardening passphrases takes seconds."""
    folder = Path(tempfile.mkdtemp(prefix="quartet-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    new_exchange(folder / "x", names, tick_s=tick_s, recall_delay_s=recall_delay_s, officers=officers, cover=cover)
    return folder / "x"


@cache
def _keys(folder: Path) -> Keyset:
    return Keyset.of(open_vault(MemberFolder(folder).vault))


@cache
def _officer_key(folder: Path, officer: OfficerName) -> SecretKey:
    return read_officer_key(open_vault(MemberFolder(folder).officer_key(officer)))


@cache
def _root_key(folder: Path) -> SecretKey:
    return open_offline(MemberFolder(folder), None).root


@asynccontextmanager
async def exchange(
    folder: Path,
    *members: str,
    tick_s: float = 0.5,
    recall_delay_s: float = 1,
    hub: MemoryHub | None = None,
    start: bool = True,
    officers: tuple[Duty, ...] = OFFICERS,
    cover: str = COVER_OFF,
    clock: Callable[[int], Clock] = Clock,
) -> AsyncIterator[World]:
    """Found an exchange under a folder and run its nodes until the block ends."""
    names = members or MEMBERS
    founded = _founded(names, tick_s, recall_delay_s, officers, cover)
    world = World(Path(shutil.copytree(founded, folder / "x")), founded, hub or MemoryHub(tap=True), clock)
    try:
        for name in names:
            world.start(name) if start else world.open(name)
        if start:
            await world.linked()
        yield world
        world.check()
    finally:
        for name in list(world.nodes):
            await world.stop(name)


def spelt(value: Any) -> str:
    """Return any view as JSON, to look for a word in it."""
    return msgspec.json.encode(value).decode()
