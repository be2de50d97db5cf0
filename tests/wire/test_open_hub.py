"""A hub that opened every permission, over real NATS: it hears all, speaks for all, and gets and changes nothing.

Whoever sits there has what the hub has: every public key, every sealed byte, and the right to publish as anybody.
"""

import asyncio
import base64
import os
import re
import time
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from atonce import at_once
from quartet.core.encoding import decode, unb64
from quartet.core.ids import MemberId, Micros, OfficerName
from quartet.core.keys import SecretKey
from quartet.core.manifest import EpochKey
from quartet.core.parcel import Content, Header, content_hash, pack, pack_contents
from quartet.core.release import Viewer
from quartet.core.signed import decode_signed_bytes
from quartet.exercise.setup import new_exchange
from quartet.node.asking import Query
from quartet.node.folder import HubFolder, MemberFolder
from quartet.node.hubs import hub_members, hub_urls
from quartet.node.keyset import HubKeys, Keyset
from quartet.node.node import Node
from quartet.node.office import authority_pem, charter_of
from quartet.node.registry import decode_contact
from quartet.node.settings import load_hub, load_member
from quartet.node.vault import open_vault
from quartet.node.views import Draft, Published
from quartet.serve import make_node
from quartet.store import open_store
from quartet.wire import NatsCarrier
from quartet.wire.hubadmin import put_in_force
from quartet.wire.natslink import Access
from quartet.wire.natsserver import NatsServer
from quartet.wire.nkey import nkey_public, nkey_seed
from quartet.wire.seal import public_epoch, seal
from quartet.wire.site import hub_server, member_server

pytestmark = pytest.mark.anyio
NORTH, EAST, WEST = (MemberId(name) for name in ("north", "east", "west"))
MEMBERS: Final = (NORTH, EAST, WEST)
INSIDER: Final = nkey_seed(os.urandom(32))
TICK_S: Final = 1
PATIENCE_S: Final = 90.0
FLUSH_S: Final = 60
FLOOD: Final = 5_000
RIGHTS: Final = re.compile(r", permissions: \{ publish: \{[^}]*\}, subscribe: \{[^}]*\} \}")


class Site:
    """Three members' nodes in this process, each with a nats-server of its own, and a hub that is not honest."""

    def __init__(self, root: Path, stack: AsyncExitStack) -> None:
        self.root = root
        self.stack = stack
        self.nodes: dict[MemberId, Node] = {}
        self.heard: list[Msg] = []
        self.hub: NatsServer
        self.hub_access: Access
        self.honest = ""
        self.insider = Client()
        self.speaker = Client()

    async def raise_hub(self) -> None:
        """Start a hub where everybody may do everything, and have its host listen to all."""
        folder, state = HubFolder(self.root / "hub-1"), charter_of(MemberFolder(self.root / NORTH))
        wire = load_hub(folder).wire
        self.hub, self.hub_access, _ = hub_server(
            "hub-1",
            leaf=(wire.host, wire.port),
            members=hub_members(state, "hub-1", Micros(time.time_ns() // 1000)),
            identity=HubKeys.of(open_vault(folder.vault)).tls,
            member_authorities=[authority_pem(state.members[m]) for m in MEMBERS],
            folder=folder.run,
        )
        self.honest = self.hub._config
        self.hub.write(self.opened())
        await self.stack.enter_async_context(self.hub)
        for client in (self.insider, self.speaker):
            await client.connect(self.hub_access.url, nkeys_seed_str=INSIDER)
            self.stack.push_async_callback(client.close)
        await self.insider.subscribe(">", cb=self._hears, pending_msgs_limit=10**6, pending_bytes_limit=10**9)
        await self.insider.flush(FLUSH_S)

    def opened(self, closed_to: str = "") -> str:
        """Return the hub's settings without any permission, but for a subject that nobody may publish."""
        deny = f', permissions: {{ publish: {{ allow: ">", deny: "{closed_to}" }} }}' if closed_to else ""
        config, count = RIGHTS.subn(deny, self.honest)
        assert count == len(MEMBERS)
        return config.replace("users: [\n", f'users: [\n    {{ nkey: "{nkey_public(INSIDER)}" }}\n', 1)

    async def _hears(self, message: Msg) -> None:
        self.heard.append(message)

    async def raise_member(self, me: MemberId) -> None:
        folder = MemberFolder(self.root / me)
        settings, keys, state = load_member(folder), Keyset.of(open_vault(folder.vault)), charter_of(folder)
        store = self.stack.enter_context(open_store(folder.path(settings.store), keys.store))
        server, access, _ = member_server(
            me,
            seed=keys.nkey,
            hubs=hub_urls(settings, state),
            identity=keys.tls,
            authorities=[authority_pem(state.members[hub.host]) for hub in state.hubs],
            folder=folder.run,
        )
        await self.stack.enter_async_context(server)
        carrier = NatsCarrier(me, access)
        node = self.nodes[me] = make_node(folder, settings, state, keys, store, carrier)
        task = asyncio.create_task(node.run())
        self.stack.push_async_callback(end, task)

    # -- what officers do and see

    async def send(self, frm: MemberId, to: list[MemberId], text: str) -> Published:
        return await self.nodes[frm].publish(Draft(tlp="AMBER", title=text, text=text, to=tuple(to)), viewer(frm))

    def refs(self, at: MemberId) -> tuple[str, ...]:
        return tuple(row.ref for row in at_once(self.nodes[at].read(viewer(at), Query())).items)

    def link(self, at: MemberId, to: MemberId) -> str:
        return next(link.state for link in self.nodes[at].status(viewer(at)).links if link.member == to)

    def silence(self, at: MemberId, of: MemberId) -> tuple[float, str]:
        """Return for how many seconds a member has not heard another, and what it says of the link then."""
        told = self.nodes[at].status(viewer(at))
        link = next(link for link in told.links if link.member == of)
        assert link.heard is not None
        return (told.at - link.heard).total_seconds(), link.state

    def kept(self, at: MemberId) -> tuple[object, ...]:
        """Return what nobody but a member may change."""
        reader, registry = self.nodes[at]._parts.store.reader, self.nodes[at].registry
        counts = tuple(reader.count(table) for table in ("item", "receipt_batch", "manifest", "act", "evidence"))
        return self.refs(at), counts, registry.wire_manifests(), registry.state.acts

    async def problems(self) -> list[str]:
        reports = [await node.verify(viewer(member)) for member, node in self.nodes.items()]
        return [f"{p.reason} {p.where}" for report in reports for p in report.problems]

    def forged(self) -> bytes:
        """Return a parcel from north to east with all that is public in it: sealed for east, signed by nobody known."""
        contact = decode_contact(next(m.data for m in self.heard if m.subject == f"f.{EAST}.{NORTH}.m"))
        epoch = decode(decode_signed_bytes(contact.epoch_keys[0]).raw, EpochKey, 8192)
        exchange = self.nodes[NORTH].registry.exchange
        content = pack_contents([Content("officers", b"{}"), Content("act", b"{}"), Content("signed", b"{}")])
        header = Header(
            v=1,
            exchange=exchange,
            epoch=0,
            frm=NORTH,
            to=EAST,
            incarnations=(1, 1),
            seq=9_000,
            previous=None,
            received=None,
            voids=((1, 8_999),),
            content_hash=content_hash(content),
            checkpoint=None,
        )
        plain = pack(header, content, SecretKey(os.urandom(32))).plaintext
        return seal(plain, exchange=exchange, frm=NORTH, to=EAST, public=public_epoch(unb64(epoch.public)))


def viewer(member: MemberId) -> Viewer:
    return Viewer(member=member, name=OfficerName("duty"), roles=("watch",))


async def end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.wait([task])


async def until(true: Callable[[], object], seconds: float = PATIENCE_S) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - whatever it asks has no event
            await asyncio.sleep(0.02)


@asynccontextmanager
async def site(folder: Path, cover: str = "off") -> AsyncIterator[Site]:
    """Raise the hub, then the members, and wait until all have heard each other."""
    new_exchange(folder / "x", MEMBERS, tick_s=TICK_S, cover=cover)
    async with AsyncExitStack() as stack:
        made = Site(folder / "x", stack)
        await made.raise_hub()
        for member in MEMBERS:
            await made.raise_member(member)
        await until(lambda: all(made.link(a, b) == "up" for a in MEMBERS for b in MEMBERS if a != b))
        yield made


def spellings(word: str) -> list[bytes]:
    """Return a word as it may lie in bytes: plain, in UTF-16, in hex, and in base64 wherever it begins."""
    plain = word.encode()
    forms = [plain, word.encode("utf-16-le"), word.encode("utf-16-be"), plain.hex().encode()]
    for before in (b"", b"x", b"xx"):
        coded = base64.b64encode(before + plain + b"x" * (-(len(before) + len(plain)) % 3))
        inner = coded[4 if before else 0 : -4]
        forms += [inner, inner.replace(b"+", b"-").replace(b"/", b"_")]
    return forms


def found(word: str, data: bytes) -> bool:
    """Return whether a word lies in bytes in any spelling, or in what unpacks out of them."""
    texts = [data]
    for start in (m.start() for m in re.finditer(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08", data)):
        try:
            texts.append(zlib.decompressobj(47).decompress(data[start:], 1 << 20))
        except zlib.error:
            continue
    return any(form in text for text in texts for form in spellings(word))


def test_the_search_finds_a_word_however_it_is_spelt() -> None:
    word = "v8zt4kq1-canary"
    plain = b"before " + word.encode() + b" behind"

    for data in (plain, base64.b64encode(plain), base64.urlsafe_b64encode(b"." + plain), plain.hex().encode()):
        assert found(word, b"\x00\x01" + data + b"\xff")
    assert found(word, b"head" + zlib.compress(plain))
    assert found(word, word.encode("utf-16-le"))
    assert not found(word, os.urandom(100_000))


async def test_a_hub_with_every_right_gets_ciphertext_and_changes_nothing(tmp_path: Path) -> None:
    canary = f"canary-{os.urandom(8).hex()}"
    async with site(tmp_path) as made:
        report = await made.send(NORTH, [EAST], canary)
        await until(lambda: report.ref in made.refs(EAST))
        await until(lambda: made.nodes[NORTH].show(viewer(NORTH), report.ref).on_record.k == 2)
        before = {member: made.kept(member) for member in MEMBERS}
        seen = list(made.heard)

        for message in seen:
            await made.speaker.publish(message.subject, message.data)
            await made.speaker.publish(f"f.{NORTH}.{WEST}.{message.subject[-1]}", message.data)
        for _ in range(200):
            await made.speaker.publish(f"f.{NORTH}.{EAST}.p", made.forged())
            await made.speaker.publish(f"f.{NORTH}.{EAST}.m", os.urandom(500))
        for request in ("STREAM.PURGE.all", "STREAM.DELETE.all", "CONSUMER.DELETE.all.all"):
            await made.speaker.publish(f"$JS.API.{request}", b"{}", reply=f"f.{EAST}.{NORTH}.p")
        for _ in range(FLOOD):
            await made.speaker.publish(f"f.{WEST}.{EAST}.p", b"flood" * 100)
        await made.speaker.flush(FLUSH_S)
        refused = made.nodes[EAST]._parts.carrier.counters
        await until(lambda: refused().get("refused.bad-signature", 0) > 0)
        after = {member: made.kept(member) for member in MEMBERS}
        later = await made.send(NORTH, [EAST], "after the flood")
        await until(lambda: later.ref in made.refs(EAST))
        await until(lambda: all(made.link(a, b) == "up" for a in MEMBERS for b in MEMBERS if a != b))

        assert {m: kept[0] for m, kept in after.items()} == {m: kept[0] for m, kept in before.items()}
        assert after == before
        assert made.refs(EAST) == (report.ref, later.ref)
        assert made.refs(WEST) == ()
        assert await made.problems() == []
        assert len([m for m in seen if m.subject == f"f.{NORTH}.{EAST}.p"]) > 1, "so that there is something to find"
        assert not any(found(canary, m.subject.encode() + m.data) for m in made.heard)
        files = [path for at in ("hub-1", WEST) for path in (made.root / at).rglob("*") if path.is_file()]
        assert files
        assert not [path for path in files if found(canary, path.read_bytes())]


async def test_parcels_that_the_hub_drops_are_noticed_within_three_ticks_and_their_rows_arrive(tmp_path: Path) -> None:
    async with site(tmp_path) as made:
        await put_in_force(made.hub, made.hub_access, made.opened(closed_to=f"f.{NORTH}.{EAST}.p"))
        await until(lambda: made.link(EAST, WEST) == "up" and made.link(WEST, NORTH) == "up")

        report = await made.send(NORTH, [EAST, WEST], "near Dam 3")
        seen = [made.silence(EAST, NORTH)]
        while seen[-1][1] == "up":
            await asyncio.sleep(0.02)
            seen.append(made.silence(EAST, NORTH))
        await until(lambda: report.ref in made.refs(WEST))
        assert report.ref not in made.refs(EAST)
        await put_in_force(made.hub, made.hub_access, made.opened())
        await until(lambda: report.ref in made.refs(EAST))

        assert "up" not in {state for age, state in seen if age > 3 * TICK_S + 1}
        await until(lambda: made.link(EAST, NORTH) == "up")
        assert await made.problems() == []
