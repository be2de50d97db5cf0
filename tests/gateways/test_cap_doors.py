"""CAP doors at running nodes: each way in reaches the desks that the settings name, each way out what may pass."""

import asyncio
from pathlib import Path

import httpx
import nats
import pytest
from cap import bare, checked, said
from capdoors import BEARER, SHA256, door, drop, early, free_port, named, opened, rows, stages, until_up, written
from lxml import etree
from warned import acknowledge, listed, propose, shown, warn, warning
from world import exchange, spelt

from quartet.core.ids import SECOND, Micros
from quartet.gateways.cap.words import time_text
from quartet.wire.natsbinary import find_binary

pytestmark = pytest.mark.anyio
PERSONS = ("east/duty", "north/duty", "north/second")
"""Who may see a RED warning; the officer who answers for what reads at the door is none of them."""
ATOM = "{http://www.w3.org/2005/Atom}"


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


async def test_a_cancel_without_a_word_ends_all_that_it_refers_to_and_says_so_in_their_languages(
    tmp_path: Path,
) -> None:
    source = {"name": "met", "folder": "in", "desks": ["east"]}
    async with exchange(tmp_path, "north", "east") as world, opened(world, door(sources=[source]), tmp_path / "cap"):
        folder, sent = tmp_path / "cap" / "in", time_text(world.now("north"))
        for identifier in ("A-1", "A-2", "A-3"):
            await drop(folder, identifier, early(world, identifier=identifier, sent=sent))
        end = bare(
            world.now("north"),
            identifier="C",
            msgType="Cancel",
            references=named(world, "A-1", "A-3", sent=sent),
            note="it was a drill",
        )
        checked(end)
        ref = await drop(folder, "end", end)

        found = await stages(world, "east", 4)
        assert found == {"A-1": "CANCELLED", "A-2": "IN_FORCE", "A-3": "CANCELLED", "C": "IN_FORCE"}
        row = (await shown(world, "east", ref)).row
        assert (row.word, row.info[0].headline) == ("CANCEL", "Crue en aval")
        assert row.info[0].protect == "Cette alerte est annulée. it was a drill"
        assert row.areas[0].name == "Basse vallée"


@pytest.mark.parametrize("kind", ["Cancel", "Update"])
async def test_what_is_over_when_it_comes_ends_what_it_refers_to_all_the_same(tmp_path: Path, kind: str) -> None:
    source = {"name": "met", "folder": "in", "desks": ["east"]}
    async with exchange(tmp_path, "north", "east") as world, opened(world, door(sources=[source]), tmp_path / "cap"):
        folder, now = tmp_path / "cap" / "in", world.now("north")
        sent = time_text(now)
        for identifier in ("A-1", "A-2"):
            await drop(folder, identifier, early(world, identifier=identifier, sent=sent))
        over = {"identifier": "C", "msgType": kind, "expires": time_text(Micros(now - 60 * SECOND))}
        await drop(folder, "end", early(world, **over, references=named(world, "A-1", "A-2", sent=sent)))

        assert await stages(world, "east", 3) == {"A-1": "CANCELLED", "A-2": "CANCELLED", "C": "IN_FORCE"}


async def test_an_update_without_a_word_takes_the_place_of_all_and_keeps_what_is_to_be_done(tmp_path: Path) -> None:
    source = {"name": "met", "folder": "in", "desks": ["east"]}
    async with exchange(tmp_path, "north", "east") as world, opened(world, door(sources=[source]), tmp_path / "cap"):
        folder, sent = tmp_path / "cap" / "in", time_text(world.now("north"))
        for identifier in ("A-1", "A-2"):
            await drop(folder, identifier, early(world, identifier=identifier, sent=sent))
        update = {"identifier": "U", "msgType": "Update", "references": named(world, "A-1", "A-2", sent=sent)}
        ref = await drop(folder, "more", bare(world.now("north"), **update))

        assert await stages(world, "east", 3) == {"A-1": "UPDATED", "A-2": "UPDATED", "U": "IN_FORCE"}
        assert (await shown(world, "east", ref)).row.info[0].protect == "Quittez les rives."


async def test_the_end_of_several_that_goes_on_by_a_door_refers_to_all_of_them(tmp_path: Path) -> None:
    source = {"name": "met", "folder": "in"}
    settings = door(sources=[source], folder="out", principals=["duty"])
    async with exchange(tmp_path, "north", "east") as world, opened(world, settings, tmp_path / "cap"):
        folder, sent = tmp_path / "cap" / "in", time_text(world.now("north"))
        for identifier in ("A-1", "A-2"):
            await drop(folder, identifier, early(world, identifier=identifier, sent=sent))
        end = {"identifier": "C", "msgType": "Cancel", "references": named(world, "A-1", "A-2", sent=sent)}
        await drop(folder, "end", bare(world.now("north"), **end))

        found = {row.source.identifier: row for row in await rows(world, "north", 3) if row.source}
        root = checked(await written(tmp_path / "cap" / "out" / f"{found['C'].id}.xml"))
        assert said(root, "msgType") == ["Cancel"]
        assert {one.split(",")[1] for one in said(root, "references")[0].split()} == {
            found["A-1"].id,
            found["A-2"].id,
        }


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
