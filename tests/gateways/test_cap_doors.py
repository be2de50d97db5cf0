"""CAP doors at running nodes: each way in reaches the desks that the settings name, each way out what may pass."""

import asyncio
import hashlib
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import nats
import pytest
from cap import alert, checked, said
from lxml import etree
from msgspec import convert
from warned import acknowledge, listed, propose, shown, warn, warning
from world import World, exchange, spelt

from quartet.core.ids import SECOND, Micros
from quartet.gateways.cap import keep_cap
from quartet.gateways.cap.words import time_text
from quartet.node.desk.warningviews import WarningRow
from quartet.node.earlysource import CapDoor
from quartet.wire.natsbinary import find_binary

pytestmark = pytest.mark.anyio
TOKEN = "a word that nobody guesses"
SHA256 = hashlib.sha256(TOKEN.encode()).hexdigest()
BEARER = {"authorization": f"Bearer {TOKEN}"}
PERSONS = ("east/duty", "north/duty", "north/second")
"""Who may see a RED warning; the officer who answers for what reads at the door is none of them."""
ATOM = "{http://www.w3.org/2005/Atom}"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def door(**more: Any) -> CapDoor:
    fields = {"name": "sirens", "domain": "warnings.example", "sender_name": "Civil protection", **more}
    return convert(json.loads(json.dumps(fields)), CapDoor)


@asynccontextmanager
async def opened(world: World, settings: CapDoor, folder: Path, member: str = "north") -> AsyncIterator[None]:
    await asyncio.to_thread(folder.mkdir, exist_ok=True)
    task = asyncio.create_task(keep_cap((settings,), world.nodes[member], folder.joinpath))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def early(world: World, **more: str) -> bytes:
    now = world.now("north")
    return alert(now, **{"expires": time_text(Micros(now + 7200 * SECOND)), **more})


async def rows(world: World, member: str, count: int = 1) -> tuple[WarningRow, ...]:
    """Return the warnings at a member once there are so many."""
    async with asyncio.timeout(60):
        while len(found := (await listed(world, member, "all")).items) < count:  # noqa: ASYNC110 - a list has no event
            await asyncio.sleep(0.05)
    return found


async def test_an_early_warning_that_is_dropped_is_alarmed_at_every_named_desk_and_nowhere_else(tmp_path: Path) -> None:
    source = {"name": "met", "folder": "in", "desks": ["east", "east/dam-3"]}
    async with (
        exchange(tmp_path, "north", "east", "south") as world,
        opened(world, door(sources=[source]), tmp_path / "cap"),
    ):
        (tmp_path / "cap" / "in").mkdir(exist_ok=True)
        (tmp_path / "cap" / "in" / "bad.xml").write_bytes(b"<alert/>")
        (tmp_path / "cap" / "in" / "one.xml").write_bytes(early(world))

        (row,) = await rows(world, "east")
        answer = checked(await written(tmp_path / "cap" / "in" / "done" / "one.answer"))
        error = checked(await written(tmp_path / "cap" / "in" / "bad" / "bad.answer"))
        await world.ticks("south", 2)

        assert (row.waits, row.info[0].protect, row.release) == (("", "dam-3"), "Quittez les rives.", None)
        assert row.source is not None
        assert (row.source.door, row.source.sender, row.officer) == ("met", "floods@authority.example", "node")
        assert (said(answer, "msgType"), said(answer, "note")) == (["Ack"], [row.ref])
        assert (said(error, "msgType"), said(error, "note")[0][:7]) == (["Error"], "bad-cap")
        assert (await listed(world, "south", "all")).items == ()
        acked = await acknowledge(world, "east", row.ref, "dam-3")
        await world.until(lambda: world.holds("north", acked.ref))


async def written(path: Path) -> bytes:
    async with asyncio.timeout(30):
        while not await asyncio.to_thread(path.exists):  # noqa: ASYNC110 - a file has no event
            await asyncio.sleep(0.05)
    return await asyncio.to_thread(path.read_bytes)


async def test_by_default_nobody_but_this_member_has_what_comes_in_whatever_it_claims(tmp_path: Path) -> None:
    port = free_port()
    settings = door(listen=f"127.0.0.1:{port}", sources=[{"name": "met", "token_sha256": SHA256}])
    async with (
        exchange(tmp_path, "north", "east") as world,
        opened(world, settings, tmp_path / "cap"),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
    ):
        answer = await until_up(client, "/cap/in/met", early(world, scope="Public"))
        again = await client.post("/cap/in/met", content=early(world, scope="Public"), headers=BEARER)
        wrong = await client.post("/cap/in/met", content=early(world), headers={"authorization": "Bearer guess"})
        unknown = await client.post("/cap/in/other", content=early(world), headers=BEARER)
        odd = await client.post("/cap/in/met", content=b"<!DOCTYPE a>", headers=BEARER)
        large = await client.post("/cap/in/met", content=b" " * 200_000, headers=BEARER)
        await world.ticks("east", 2)

        (row,) = (await listed(world, "north", "all")).items
        assert said(checked(answer.content), "note") == said(checked(again.content), "note") == [row.ref]
        assert [r.status_code for r in (wrong, unknown, odd, large)] == [401, 401, 400, 413]
        assert said(checked(odd.content), "note")[0].startswith("bad-xml")
        assert world.rows("east") == ()


async def until_up(client: httpx.AsyncClient, path: str, data: bytes) -> httpx.Response:
    async with asyncio.timeout(30):
        while True:
            try:
                return await client.post(path, content=data, headers=BEARER)
            except httpx.ConnectError:
                await asyncio.sleep(0.1)


async def test_an_update_and_a_cancel_that_come_in_end_what_came_before_by_that_door(tmp_path: Path) -> None:
    source = {"name": "met", "folder": "in", "desks": ["east"]}
    async with exchange(tmp_path, "north", "east") as world, opened(world, door(sources=[source]), tmp_path / "cap"):
        folder = tmp_path / "cap" / "in"
        folder.mkdir(exist_ok=True)
        sent = time_text(world.now("north"))
        about = {"references": f"floods@authority.example,A-1,{sent}"}
        (folder / "0.xml").write_bytes(early(world, identifier="A-9", msgType="Cancel", references=f"x@y,Z,{sent}"))
        (folder / "1.xml").write_bytes(early(world))
        await rows(world, "east", 1)
        (folder / "2.xml").write_bytes(early(world, identifier="A-2", msgType="Update", **about))
        await rows(world, "east", 2)
        cancel = {"references": f"floods@authority.example,A-2,{sent}"}
        (folder / "3.xml").write_bytes(early(world, identifier="A-3", msgType="Cancel", **cancel))

        found = {row.source.identifier: row.stage for row in await rows(world, "east", 3) if row.source}
        assert found == {"A-1": "UPDATED", "A-2": "CANCELLED", "A-3": "IN_FORCE"}
        refused = checked(await written(folder / "bad" / "0.answer"))
        assert said(refused, "note")[0].startswith("unknown-reference")


async def test_a_subject_of_the_members_own_server_brings_early_warnings(tmp_path: Path) -> None:
    port = free_port()
    server = await asyncio.create_subprocess_exec(
        str(find_binary()), "-a", "127.0.0.1", "-p", str(port), stderr=asyncio.subprocess.DEVNULL
    )
    source = {"name": "met", "nats": f"nats://127.0.0.1:{port}", "subject": "early.met", "desks": ["east"]}
    try:
        async with (
            exchange(tmp_path, "north", "east") as world,
            opened(world, door(sources=[source]), tmp_path / "cap"),
        ):
            client = await nats.connect(f"nats://127.0.0.1:{port}")
            async with asyncio.timeout(60):
                while True:
                    try:
                        answer = await client.request("early.met", early(world), timeout=5)
                        break
                    except nats.errors.NoRespondersError:
                        await asyncio.sleep(0.2)
            (row,) = await rows(world, "east")
            await client.close()

            assert said(checked(answer.data), "note") == [row.ref]
    finally:
        server.terminate()
        await server.wait()


async def test_the_feed_and_the_folder_have_what_may_pass_and_no_more(tmp_path: Path) -> None:
    port = free_port()
    settings = door(listen=f"127.0.0.1:{port}", token_sha256=SHA256, principals=["chair"], folder="out")
    async with (
        exchange(tmp_path, "north", "east") as world,
        opened(world, settings, tmp_path / "cap"),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
    ):
        await until_up(client, "/", b"")
        shared = (await shown(world, "north", await warn(world, desks=("east",)))).row
        kept = (await shown(world, "north", await warn(world, desks=("east",), tlp="RED", persons=PERSONS))).row
        await propose(world, warning(world, desks=("east",)))
        dropped = checked(await written(tmp_path / "cap" / "out" / f"{shared.id}.xml"))

        feed = await client.get("/cap/feed", headers=BEARER)
        links = [one.get("href") for one in etree.fromstring(feed.content).iter(f"{ATOM}link")]
        one = await client.get(links[0] or "", headers=BEARER)
        hidden = await client.get(f"/cap/{kept.id}.xml", headers=BEARER)
        without = await client.get("/cap/feed")

        assert links == [f"/cap/{shared.id}.xml"]
        assert said(checked(one.content), "identifier") == said(dropped, "identifier") == [shared.id]
        assert (said(dropped, "scope"), said(dropped, "addresses")) == (["Private"], ["sirens@warnings.example"])
        assert (hidden.status_code, without.status_code) == (404, 401)
        assert not (tmp_path / "cap" / "out" / f"{kept.id}.xml").exists()


async def test_where_nobody_answers_only_what_the_world_may_have_passes(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world, opened(world, door(folder="out"), tmp_path / "cap"):
        closed = (await shown(world, "north", await warn(world, desks=("east",)))).row
        public = (await shown(world, "north", await warn(world, desks=("east",), tlp="CLEAR", public=True))).row

        root = checked(await written(tmp_path / "cap" / "out" / f"{public.id}.xml"))

        assert said(root, "scope") == ["Public"]
        assert not (tmp_path / "cap" / "out" / f"{closed.id}.xml").exists()


async def test_an_update_replaces_in_the_feed_what_it_follows_and_refers_to_it(tmp_path: Path) -> None:
    port = free_port()
    settings = door(listen=f"127.0.0.1:{port}", token_sha256=SHA256, principals=["duty"])
    async with (
        exchange(tmp_path, "north", "east") as world,
        opened(world, settings, tmp_path / "cap"),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
    ):
        await until_up(client, "/", b"")
        first = await warn(world, desks=("east",))
        ref = await warn(world, desks=("east",), word="UPDATE", previous=first)
        row, before = (await shown(world, "north", ref)).row, (await shown(world, "north", first)).row

        feed = await client.get("/cap/feed", headers=BEARER)
        links = [one.get("href") for one in etree.fromstring(feed.content).iter(f"{ATOM}link")]
        root = checked((await client.get(f"/cap/{row.id}.xml", headers=BEARER)).content)

        assert links == [f"/cap/{row.id}.xml"]
        assert said(root, "references") == [f"north@warnings.example,{before.id},{before.at:%Y-%m-%dT%H:%M:%S}-00:00"]


async def test_a_hook_gets_each_alert_once_and_a_redirect_is_not_followed(tmp_path: Path) -> None:
    taken: list[tuple[str, bytes]] = []
    answers = iter([b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\n", b"HTTP/1.1 200 OK\r\n"])

    async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = next(int(line.split(":")[1]) for line in head.splitlines() if line.startswith("content-length"))
        taken.append((head, await reader.readexactly(length)))
        writer.write(next(answers, b"HTTP/1.1 200 OK\r\n") + b"content-length: 0\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answered, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    settings = door(principals=["duty"], hooks=[{"url": f"http://127.0.0.1:{port}/cap"}])
    async with server, exchange(tmp_path, "north", "east") as world, opened(world, settings, tmp_path / "cap"):
        row = (await shown(world, "north", await warn(world, desks=("east",)))).row
        await world.until(lambda: len(taken) == 2)
        await world.ticks("north", 6)

        assert len(taken) == 2
        assert [said(checked(data), "identifier") for _, data in taken] == [[row.id]] * 2
        assert "application/cap+xml" in taken[0][0]


async def test_a_source_that_gives_too_many_waits_and_loses_none(tmp_path: Path) -> None:
    source = {"name": "met", "folder": "in", "desks": ["east"], "per_minute": 2}
    async with exchange(tmp_path, "north", "east") as world, opened(world, door(sources=[source]), tmp_path / "cap"):
        folder = tmp_path / "cap" / "in"
        folder.mkdir(exist_ok=True)
        for n in range(3):
            (folder / f"{n}.xml").write_bytes(early(world, identifier=f"A-{n}"))
        await rows(world, "east", 2)
        await world.ticks("north", 4)
        assert len((await listed(world, "north", "all")).items) == 2

        world.later(61)

        assert len(await rows(world, "east", 3)) == 3


async def test_the_original_lies_at_this_member_alone(tmp_path: Path) -> None:
    source = {"name": "met", "folder": "in", "desks": ["east"]}
    async with exchange(tmp_path, "north", "east") as world, opened(world, door(sources=[source]), tmp_path / "cap"):
        (tmp_path / "cap" / "in").mkdir(exist_ok=True)
        (tmp_path / "cap" / "in" / "one.xml").write_bytes(early(world))
        await rows(world, "east")
        await world.until(lambda: any(row.title.startswith("Original") for row in world.rows("north")))

        assert not any(row.title.startswith("Original") for row in world.rows("east"))
        assert "Original" not in spelt(world.rows("east"))
