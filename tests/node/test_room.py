"""A disk that is nearly full stops taking in before it stops sending out."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from world import World, exchange

from disks import fill
from quartet.console.metrics import wellness
from quartet.core.faults import Unavailable
from quartet.core.ids import MemberId

pytestmark = pytest.mark.anyio
MIB = 2**20
EAST = MemberId("east")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may make a small disk")


async def test_below_the_floor_nothing_is_taken_in_and_a_recall_still_goes_out_and_comes_in(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", recall_delay_s=60) as world:
        mine = await world.send("east", ["north"], "said before")
        theirs = await world.send("north", ["east"], "soon taken back")
        await world.until(lambda: world.holds("north", mine.ref) and world.holds("east", theirs.ref))
        room = world.nodes["east"].room
        floor, room.floor = room.floor, 2**60

        later = await world.send("north", ["east"], "waits at north")
        with pytest.raises(Unavailable, match="disk-low"):
            await world.send("east", ["north"], "too late")
        with pytest.raises(Unavailable, match="disk-low"):
            await world.nodes["east"].put_part(world.viewer("east"), "A" * 43, 0, b"x")
        await world.recall("east", mine.ref)
        await world.recall("north", theirs.ref)
        await world.until(lambda: not world.holds("north", mine.ref) and not world.holds("east", theirs.ref))
        await world.until(lambda: "disk-low" in world.alarms("east"))
        assert not world.holds("east", later.ref)

        room.floor = floor
        await world.until(lambda: world.holds("east", later.ref))
        await world.until(lambda: "disk-low" not in world.alarms("east"))
        assert world.text("east", later.ref) == "waits at north"


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[None]:
    """Lay a file system of so many bytes over a folder."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@asynccontextmanager
async def small_world(tmp_path: Path, size: int) -> AsyncIterator[World]:
    """North, and east whose database lies on a disk of so many bytes; neither runs yet."""
    async with exchange(tmp_path, "north", "east", start=False) as world:
        for name in ("north", "east"):
            await world.stop(name)
        with small_disk(world.database("east").parent, size):
            world.member("east").instance.unlink()  # else the empty disk is a database that was lost
            yield world
            await world.stop("east")


def grow(folder: Path, size: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(folder)], check=True)


@as_root
async def test_a_small_disk_is_never_full_and_what_waits_arrives_once_there_is_room(tmp_path: Path) -> None:
    async with small_world(tmp_path, 24 * MIB) as world:
        disk = world.database("east").parent
        world.start("north")
        world.start("east").room.floor = 14 * MIB
        await world.linked()
        sent = []
        while "disk-low" not in world.alarms("east"):
            sent.append(await world.send("north", ["east"], os.urandom(60_000).hex()))
            await asyncio.sleep(0.1)
        waits = await world.send("north", ["east"], "waits at north")
        await world.until(lambda: not world.nodes["north"].peers[EAST].outgoing.full)

        assert not {"disk-full", "store-failed"} & world.alarms("east")
        assert world.stores["east"].reader.row(waits.id) is None
        await asyncio.to_thread(grow, disk, 400 * MIB)
        reader = world.stores["east"].reader
        await world.until(lambda: all(reader.row(item.id) is not None for item in (*sent, waits)), 60)


@as_root
async def test_a_full_disk_is_told_although_no_alarm_can_be_written_on_it_and_until_it_has_room(tmp_path: Path) -> None:
    async with small_world(tmp_path, 16 * MIB) as world:
        world.start("north")
        east = world.start("east")
        east.room.floor = MIB
        report = await world.send("north", ["east"], "said before")
        await world.until(lambda: world.holds("east", report.ref))

        filler = await asyncio.to_thread(fill, world.database("east").parent)
        told_at_once = "disk-low" in world.alarms("east")
        await world.until(lambda: "disk-full" in world.alarms("east"))
        written = {alarm.reason for alarm in world.stores["east"].reader.alarms()}
        full = wellness(east.health.pulse()).reasons
        readable = world.text("east", report.ref)
        filler.unlink()
        await world.until(lambda: not {"disk-full", "disk-low"} & world.alarms("east"))
        await world.until(lambda: wellness(east.health.pulse()).ok)

        assert told_at_once
        assert not {"disk-full", "disk-low"} & written, "this world does not test what is told from memory"
        assert "disk-full" in full
        assert readable == "said before"


@as_root
async def test_a_node_that_begins_on_a_full_disk_goes_on_once_there_is_room(tmp_path: Path) -> None:
    async with small_world(tmp_path, 16 * MIB) as world:
        world.start("north")
        world.start("east").room.floor = MIB
        await world.linked()
        await world.stop("north")
        report = await world.send("east", ["north"], "on its way when the node ended")
        reader = world.stores["east"].reader
        await world.until(lambda: any(row.state == "sent" for row in reader.deliveries(report.id)))
        await world.stop("east")
        world.open("east").room.floor = MIB
        filler = await asyncio.to_thread(fill, world.database("east").parent)
        world.start("north")
        world.run("east")
        await world.until(lambda: "disk-full" in world.alarms("east"))
        filler.unlink()

        await world.until(lambda: world.holds("north", report.ref))
        await world.until(lambda: not {"disk-full", "disk-low"} & world.alarms("east"))
