"""No early warning is lost and none doubled: what cannot be kept waits, what is no file is set aside, with a reason."""

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cap import alert, checked, said
from capdoors import door, drop, early, opened, rows, written
from nats.aio.client import Client
from nats.aio.msg import Msg
from warned import listed
from world import World, exchange, spelt

from quartet.core.faults import Malformed, Unavailable
from quartet.core.ids import SECOND, ItemId, Micros
from quartet.core.verify import Verified
from quartet.gateways.cap.reading import read_cap
from quartet.gateways.cap.subject import Subject
from quartet.gateways.cap.words import time_text
from quartet.node.earlysource import EarlySource

pytestmark = pytest.mark.anyio
SOURCE = {"name": "met", "folder": "in", "desks": ["east"]}


@contextmanager
def busy(path: Path) -> Iterator[None]:
    """Have another process's transaction hold a database, so that nothing can be kept in it."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def folder_of(tmp_path: Path) -> Path:
    folder = tmp_path / "cap" / "in"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def originals(world: World) -> list[str]:
    return [row.title for row in world.rows("north") if row.title.startswith("Original")]


async def there(path: Path) -> None:
    async with asyncio.timeout(30):
        while not await asyncio.to_thread(os.path.lexists, path):  # noqa: ASYNC110 - a file has no event
            await asyncio.sleep(0.05)


async def test_a_warning_that_the_store_cannot_keep_waits_where_it_is_and_is_kept_once_when_it_can(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with (
        exchange(tmp_path, "north", "east") as world,
        opened(world, door(sources=[SOURCE]), tmp_path / "cap"),
    ):
        folder = folder_of(tmp_path)
        await drop(folder, "0", early(world, identifier="A-0"))
        with busy(world.database("north")):
            (folder / "1.xml").write_bytes(early(world, identifier="A-1"))
            async with asyncio.timeout(60):
                while "store-busy" not in world.nodes["north"].desk.doors.alarms.whole("early-waits"):  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
            assert (folder / "1.xml").exists()
            assert not list((folder / "bad").glob("*"))

        found = await rows(world, "east", 2)
        await there(folder / "done" / "1.xml")

        assert {row.source.identifier for row in found if row.source} == {"A-0", "A-1"}
        assert len(originals(world)) == 2
        await world.until(lambda: "early-waits" not in world.alarms("north"))


async def test_what_came_before_is_not_read_back_for_each_try_while_the_store_keeps_nothing(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        relaying, source = world.nodes["north"].desk.relaying, door(sources=[SOURCE]).sources[0]
        first, second = (read_cap(early(world, identifier=one), "met", world.now("north")).came for one in "12")
        assert first is not None
        assert second is not None
        told = await relaying.relay(source, first)
        known = relaying._all()
        with busy(world.database("north")), pytest.raises(Unavailable, match="store-busy"):
            await relaying.relay(source, second)

        assert relaying._all() is known
        assert await relaying.relay(source, first) == told
        assert (await relaying.relay(source, second)).id != told.id


async def test_a_warning_and_its_original_are_in_the_store_at_once(tmp_path: Path) -> None:
    async with (
        exchange(tmp_path, "north", "east") as world,
        opened(world, door(sources=[SOURCE]), tmp_path / "cap"),
    ):
        held: list[list[str]] = []

        def news(verified: Verified) -> None:
            if verified.statement.kind == "early-warning":
                held.append([row.title for row in world.rows("north")])

        world.nodes["north"].holdings.on_news.append(news)
        await drop(folder_of(tmp_path), "1", early(world))

        assert len(held) == 1
        assert any(title.startswith("Original") for title in held[0])


async def test_after_a_restart_what_came_is_still_known_and_not_said_again(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        folder = folder_of(tmp_path)
        data = early(world)
        async with opened(world, door(sources=[SOURCE]), tmp_path / "cap"):
            ref = await drop(folder, "1", data)
        await world.stop("north")
        world.start("north")
        async with opened(world, door(sources=[SOURCE]), tmp_path / "cap"):
            assert await drop(folder, "2", data) == ref

        assert len((await listed(world, "north", "all")).items) == len(originals(world)) == 1


async def test_what_was_destroyed_is_known_again_after_a_restart_and_not_relayed_anew(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        folder, data = folder_of(tmp_path), early(world)
        async with opened(world, door(sources=[SOURCE]), tmp_path / "cap"):
            ref = await drop(folder, "1", data)
        (row,) = (await listed(world, "north", "all")).items
        node = world.nodes["north"]
        verified = node.holdings.verified(row.id)
        assert verified is not None
        assert await node.recalls.destroy(verified, None, lambda: True)
        await world.stop("north")
        world.start("north")
        async with opened(world, door(sources=[SOURCE]), tmp_path / "cap"):
            assert await drop(folder, "2", data) == ref
            assert await drop(folder, "3", early(world, identifier="A-2")) != ref

        assert len(originals(world)) == 2
        kept = world.stores["north"].reader.metas("early came ")
        assert len(kept) == 2
        assert "authority.example" not in spelt(kept)


async def test_other_content_under_one_identity_is_a_warning_of_its_own_and_alarms_the_watch(tmp_path: Path) -> None:
    async with (
        exchange(tmp_path, "north", "east") as world,
        opened(world, door(sources=[SOURCE]), tmp_path / "cap"),
    ):
        folder, sent = folder_of(tmp_path), time_text(world.now("north"))
        data = early(world, sent=sent)  # written once: a second later it expires a second later
        first, again = await drop(folder, "1", data), await drop(folder, "2", data)
        await world.ticks("north", 3)
        assert "early-conflict" not in world.alarms("north")
        other = await drop(folder, "3", data.replace(b"Quittez les rives.", b"Restez."))

        assert again == first != other
        assert {row.info[0].protect for row in await rows(world, "east", 2)} == {"Quittez les rives.", "Restez."}
        await world.until(lambda: "early-conflict" in world.alarms("north"))
        alarms = {one.reason: one.detail for one in world.nodes["north"].status(world.viewer("north")).alarms}
        assert first in alarms["early-conflict"]
        assert other in alarms["early-conflict"]

        end = early(world, identifier="C", msgType="Cancel", references=f"floods@authority.example,A-1,{sent}")
        await drop(folder, "4", end)
        stages = {row.ref: row.stage for row in await rows(world, "east", 3)}
        assert (stages[first], stages[other]) == ("CANCELLED", "CANCELLED")
        await world.until(lambda: "early-conflict" not in world.alarms("north"))


async def test_one_identifier_sent_at_another_time_is_another_message(tmp_path: Path) -> None:
    async with (
        exchange(tmp_path, "north", "east") as world,
        opened(world, door(sources=[SOURCE]), tmp_path / "cap"),
    ):
        folder, now = folder_of(tmp_path), world.now("north")
        await drop(folder, "1", early(world, sent=time_text(Micros(now - 60 * SECOND))))
        await drop(folder, "2", early(world, sent=time_text(now)))

        assert len(await rows(world, "east", 2)) == 2
        await world.ticks("north", 3)
        assert "early-conflict" not in world.alarms("north")


async def test_what_is_no_regular_file_is_set_aside_and_keeps_nothing_else_waiting(tmp_path: Path) -> None:
    async with (
        exchange(tmp_path, "north", "east") as world,
        opened(world, door(sources=[SOURCE]), tmp_path / "cap"),
    ):
        folder, outside = folder_of(tmp_path), tmp_path / "outside"
        outside.write_bytes(early(world, identifier="ELSEWHERE"))
        os.mkfifo(folder / "0.xml")
        (folder / "1.xml").symlink_to(outside)
        (folder / "2.xml").mkdir()
        (folder / "3.xml").write_bytes(b" " * 200_000)
        ref = await drop(folder, "9", early(world))

        (row,) = await rows(world, "east")
        assert row.ref == ref
        for name, reason in (("0", "not-a-file"), ("1", "not-a-file"), ("2", "not-a-file"), ("3", "too-large")):
            note = said(checked(await written(folder / "bad" / f"{name}.answer")), "note")[0]
            assert note.startswith(reason)
            await there(folder / "bad" / f"{name}.xml")
        assert outside.exists()


async def test_nothing_is_written_through_a_link_and_the_warning_is_relayed_all_the_same(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        folder, outside = folder_of(tmp_path), tmp_path / "outside"
        outside.mkdir()
        (folder / "done").symlink_to(outside)
        async with opened(world, door(sources=[SOURCE]), tmp_path / "cap"):
            (folder / "1.xml").write_bytes(early(world, identifier="A-1"))
            (folder / "2.xml").write_bytes(early(world, identifier="A-2"))

            assert len(await rows(world, "east", 2)) == 2
            await world.until(lambda: "early-waits" in world.alarms("north"))

        assert list(outside.iterdir()) == []


async def test_what_waits_in_a_sources_folder_is_alarmed_of_though_its_subject_takes_what_comes(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        folder, node, settings = folder_of(tmp_path), world.nodes["north"], door(sources=[SOURCE])
        (folder / "done").symlink_to(tmp_path)
        async with opened(world, settings, tmp_path / "cap"):
            (folder / "1.xml").write_bytes(early(world, identifier="A-1"))
            await world.until(lambda: "early-waits" in world.alarms("north"))

            said_there = Msg(Client(), "early.met", data=early(world, identifier="A-2"))
            await Subject(settings.sources[0], settings, node, tmp_path.joinpath)._take(said_there, Client())

            assert "cannot be read or moved" in node.desk.doors.alarms.whole("early-waits")
            assert len(await rows(world, "north", 2)) == 2


@pytest.mark.parametrize("stem", ["x" * 251, "é" * 125])
async def test_a_name_may_be_as_long_as_names_are(tmp_path: Path, stem: str) -> None:
    async with (
        exchange(tmp_path, "north", "east") as world,
        opened(world, door(sources=[SOURCE]), tmp_path / "cap"),
    ):
        folder = folder_of(tmp_path)
        (folder / f"{stem}.xml").write_bytes(early(world))

        await rows(world, "east")
        await there(folder / "done" / f"{os.fsdecode(os.fsencode(stem)[:200])}.xml")


async def test_a_second_file_of_one_name_overwrites_nothing_that_lies_aside(tmp_path: Path) -> None:
    async with (
        exchange(tmp_path, "north", "east") as world,
        opened(world, door(sources=[SOURCE]), tmp_path / "cap"),
    ):
        folder = folder_of(tmp_path)
        for n, data in enumerate((b"<a/>", b"<b/>")):
            (folder / "x.xml").write_bytes(data)
            await there(folder / "bad" / f"x{'' if n == 0 else '-1'}.xml")

        assert {path.read_bytes() for path in (folder / "bad").glob("*.xml")} == {b"<a/>", b"<b/>"}


async def test_drills_without_end_push_out_no_warning_that_is_so_nor_after_a_new_beginning(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        relaying, source = world.nodes["north"].desk.relaying, EarlySource(name="met", desks=("east",))
        now = world.now("north")

        async def relayed(number: int, status: str) -> ItemId:
            came = read_cap(alert(now, identifier=f"A-{number}", status=status), "met", now).came
            assert came is not None
            return (await relaying.relay(source, came)).id

        real = await relayed(0, "Actual")
        relaying._all().most = 2
        drills = [await relayed(n, "Exercise") for n in range(1, 5)]

        for _ in range(2):
            assert await relayed(0, "Actual") == real
            assert await relayed(4, "Exercise") == drills[-1]
            relaying._known = None  # as after a new beginning: it is read back
        assert await relayed(1, "Exercise") != drills[0]


async def test_an_authoritys_drill_ends_no_warning_that_is_so(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        node, source = world.nodes["north"], EarlySource(name="met", desks=("north",))
        now = world.now("north")

        async def relayed(name: str, status: str, **more: str) -> ItemId:
            came = read_cap(alert(now, identifier=name, status=status, **more), "met", now).came
            assert came is not None
            return (await node.desk.relaying.relay(source, came)).id

        real = await relayed("A-0", "Actual")
        reference = f"floods@authority.example,A-0,{time_text(now)}"
        with pytest.raises(Malformed, match="unknown-reference"):
            await relayed("A-1", "Exercise", msgType="Cancel", references=reference)
        await relayed("A-2", "Exercise", msgType="Update", references=reference)

        (row,) = (await listed(world, "north")).items
        assert (row.id, row.stage) == (real, "IN_FORCE")
