"""A clock an hour off and a full disk, at real nodes: what officers there and elsewhere see; nothing is lost."""

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from commandline import Shell
from live import MEMBERS, Live, Officer, one_line, process, running, small_disks, until

from disks import fill
from quartet.exercise.setup import new_exchange

pytestmark = pytest.mark.slow

SMALL = ("north", "west")
FLOOR_MB = 1
"""What a member leaves free of a small disk; the default is more than all of it."""
ROOM_FOR_ITS_NUMBER = 2 * 4096
"""And not for what the database needs beside it."""
HOUR = 3600
LONG = "the reservoir is watched " * 4000

Desk = Callable[[str], Officer]


@pytest.fixture(scope="module")
def exchange() -> Iterator[Live]:
    """Four members; where we are root, north and west have a small disk each."""
    with tempfile.TemporaryDirectory(prefix="q-") as folder:
        root = Path(folder) / "t"
        new_exchange(root, MEMBERS)
        for member in SMALL:
            change(root / member / "settings.toml", None, f"disk_floor_mb = {FLOOR_MB}")
        with small_disks(root, *(SMALL if os.geteuid() == 0 else ())), running(root) as made:
            yield made


@pytest.fixture
def desk(shell: Shell, exchange: Live) -> Desk:
    return lambda member: Officer(shell, exchange, member)


@pytest.fixture
def small(exchange: Live) -> None:
    if not all((exchange.root / member).is_mount() for member in SMALL):
        pytest.skip("only root can make a small disk")


@pytest.mark.usefixtures("small")
def test_a_sender_whose_disk_is_full_is_told_and_loses_nothing(exchange: Live, desk: Desk) -> None:
    north, east = desk("north"), desk("east")
    kept = [north.send("before the disk was full", "east")]
    filler = fill(north.folder.root)
    until(lambda: "disk-low" in north.alarms())  # the room is looked at ten times a second, and not at every item

    for _ in range(50):
        said = north("send", "--tlp", "AMBER", "--to", "east", "-", stdin=LONG.encode())
        if said.code:
            break
        kept.append(said.out.strip())
    refused = north.refused("send", "--tlp", "AMBER", "--to", "east", "-", stdin=LONG.encode())
    read = north.refs()
    alarmed = north.alarms()
    exchange.kill("north")
    exchange.start("north")
    read_again, alarmed_again = north.refs(), north.alarms()
    again_refused = north.refused("send", "--tlp", "AMBER", "--to", "east", "-", stdin=LONG.encode())
    filler.unlink()

    assert (said.code, said.reason) == (refused.code, refused.reason) == (3, "disk-low")
    assert "free space" in refused.error
    assert set(kept) <= set(read) == set(read_again)
    assert "disk-low" in alarmed.keys() & alarmed_again.keys(), "a disk that takes no alarm keeps it from being told"
    assert (again_refused.code, again_refused.reason) == (3, "disk-low"), "it starts, and reads, on a full disk"
    until(lambda: not {"disk-low", "disk-full"} & set(north.alarms()))
    again = north.send("the disk has room again", "east")
    until(lambda: {*kept, again} <= set(east.refs()))
    assert {*kept, again} <= set(north.refs())
    assert north.json("verify")["ok"]


@pytest.mark.usefixtures("small")
def test_a_node_that_lost_even_its_reserve_says_so_in_one_line_and_starts_once_there_is_room(
    exchange: Live, desk: Desk
) -> None:
    west = desk("west")
    exchange.stop("west")
    west.folder.reserve.unlink()
    filler = fill(west.folder.root)
    unstarted = [process("serve", "--dir", west.folder.root)]
    os.truncate(filler, filler.stat().st_size - ROOM_FOR_ITS_NUMBER)
    unstarted.append(process("serve", "--dir", west.folder.root))
    filler.unlink()
    exchange.start("west")

    assert [Path(said.error.split(": ")[1]).name for said in unstarted] == ["node.pid", "quartet.db"]
    for said in unstarted:
        one_line(said)
        assert (said.code, said.reason) == (3, "disk-full")
        assert "free space on its disk" in said.error
    assert west.json("verify")["ok"]


@pytest.mark.usefixtures("small")
def test_a_receiver_whose_disk_is_full_owes_a_receipt_until_it_has_room(desk: Desk) -> None:
    north, west = desk("north"), desk("west")
    before = north.send("before west's disk was full", "west")
    until(lambda: before in west.refs())
    filler = fill(west.folder.root)

    sent = [north("send", "--tlp", "AMBER", "--to", "east,west", "-", stdin=LONG.encode()) for _ in range(12)]
    refs = [said.out.strip() for said in sent]
    until(lambda: all("east" in north.delivered(ref) for ref in refs))
    late = [ref for ref in refs if "west" not in north.delivered(ref)]
    waiting = next(link for link in north.json("status")["links"] if link["member"] == "west")["due"]
    readable = west.refs()
    filler.unlink()

    assert [said.code for said in sent] == [0] * len(sent)
    assert late
    assert waiting >= len(late)
    assert before in readable
    until(lambda: all("west" in north.delivered(ref) for ref in refs), 60)
    assert {before, *refs} <= set(west.refs())
    assert west.json("verify")["ok"]
    assert north.json("verify")["ok"]


@pytest.mark.parametrize("offset", [HOUR, -HOUR], ids=["ahead", "behind"])
def test_a_clock_an_hour_off_is_told_marked_and_mended(exchange: Live, desk: Desk, offset: int) -> None:
    north, south = desk("north"), desk("south")
    before = north.send("before the clock was off", "south")
    until(lambda: before in south.refs())

    set_clock(exchange, "south", offset)
    until(lambda: south.json("status")["clock"] == "UNSURE")
    until(lambda: "clock-unsure" in south.alarms())
    alarm = south.alarms()["clock-unsure"]
    unsure = south.send("said by a clock that is off", "north")
    meanwhile = north.send("said while south's clock is off", "south")
    until(lambda: "north" in south.delivered(unsure))
    until(lambda: "south" in north.delivered(meanwhile))
    until(lambda: north.json("show", meanwhile)["on_record"]["k"] == 2)
    shown = south.json("show", unsure)
    shown_there, shown_here = unsure in north.refs(), meanwhile in south.refs()
    others = {member: desk(member).json("status")["clock"] for member in ("north", "east", "west")}
    uncosigned = north.json("show", meanwhile)["on_record"]
    set_clock(exchange, "south", 0)

    assert re.fullmatch(
        rf"this clock is 3[56]\d\d s {'ahead of' if offset > 0 else 'behind'} the others'.*; set it right", alarm
    )
    assert shown["provenance"]["clock"] == "UNSURE"
    assert shown_there, "what an unsure clock dates ahead is hidden from those who should read it"
    assert shown_here, "what is dated ahead of an unsure clock is hidden from those who should read it"
    assert set(others.values()) == {"SURE"}
    assert (uncosigned["k"], uncosigned["n"]) == (2, 3)
    until(lambda: south.json("status")["clock"] == "SURE" and "clock-unsure" not in south.alarms())
    until(lambda: north.json("show", meanwhile)["on_record"]["k"] == 3)
    after = south.send("said by a clock that is right", "north")
    until(lambda: after in north.refs())
    assert north.json("show", after)["provenance"]["clock"] == "SURE"
    assert {before, meanwhile, unsure, after} <= set(south.refs())
    assert {before, meanwhile, unsure, after} <= set(north.refs())
    assert all(desk(member).json("verify")["ok"] for member in ("north", "south"))


def set_clock(exchange: Live, member: str, offset: int) -> None:
    """Put a member's clock `offset` seconds off by the exercise's setting, as its administrator would."""
    exchange.stop(member)
    change(exchange.folder(member).settings, "exercise", f"clock_offset_s = {offset}")
    exchange.start(member)


def change(settings: Path, table: str | None, line: str) -> None:
    """Write a setting into a table of a file, or before all of them, in the place of what it was."""
    name = line.partition(" ")[0]
    kept = [old for old in settings.read_text().splitlines() if not old.startswith(name)]
    kept.insert(0 if table is None else kept.index(f"[{table}]") + 1, line)
    settings.write_text("\n".join(kept) + "\n")
