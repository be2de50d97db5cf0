"""What machines are told of a node, its figures and its log, has no content in it."""

import io
import json
import logging
import os
from pathlib import Path

import pytest
from prometheus_client import generate_latest
from world import World, exchange

from quartet.console.metrics import figures, wellness
from quartet.core.ids import MemberId, Micros
from quartet.node.health import magnitude
from quartet.node.journal import Line, changes, libraries, open_journal, tell

TEXT = "canary-text-81c2"
TITLE = "canary-title-5d0e"


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


async def published(world: World) -> list[str]:
    """Have a canary go from north to east, RED, and be viewed and recalled; return every word that is content."""
    sent = await world.send("north", ["east"], TEXT, title=TITLE, tlp="RED", persons=("east/second",))
    east = world.nodes["east"]
    await world.until(lambda: east.holdings.verified(sent.id))
    await east.view(world.viewer("east", "second"), sent.ref)
    await world.recall("north", sent.ref)
    detail = f"{sent.ref} came with two commitments"
    for store in world.stores.values():
        await store.write(lambda tx: tx.put_alarm("second-commitment", MemberId("east"), detail, Micros(1)))
    return [TEXT, TITLE, sent.ref, sent.id, sent.id[:8], "second/", "duty", "officer"]


@pytest.mark.anyio
async def test_no_text_title_reference_or_officer_is_in_figures_or_log(tmp_path: Path) -> None:
    told = io.StringIO()
    journal = open_journal(told)
    with libraries(journal):
        async with exchange(tmp_path, "north", "east") as world:
            before = {name: node.health.pulse() for name, node in world.nodes.items()}
            words = await published(world)
            await world.linked()
            shown = b""
            for name, node in world.nodes.items():
                shown += generate_latest(figures(node.health))
                for line in changes(before[name], node.health.pulse()):
                    tell(journal, line)
            try:
                raise KeyError(TEXT, TITLE)
            except KeyError:
                logging.getLogger("some.library").exception("could not take %s", words[2])

    text = shown.decode() + told.getvalue()
    assert [word for word in words if word in text] == []
    assert 'quartet_link_up{to="east"} 1.0' in shown.decode()
    assert {line["event"] for line in lines(told)} >= {"alarm", "library"}
    assert next(line for line in lines(told) if line["event"] == "library")["error"] == "KeyError"


@pytest.mark.anyio
async def test_a_link_that_goes_and_an_alarm_that_ends_are_told_once(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        one = world.nodes["north"].health.pulse()
        await world.stop("east")
        await world.until(lambda: world.link("north", "east") != "up")
        two = world.nodes["north"].health.pulse()

    assert [(line.event, line.about) for line in changes(one, two)] == [
        ("link", {"to": "east", "state": two.links[MemberId("east")].state})
    ]
    assert changes(two, two) == []


@pytest.mark.anyio
async def test_a_node_that_ticks_is_well_and_one_with_a_full_disk_is_not(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        node = world.nodes["north"]
        await world.until(lambda: node.health.pulse().tick_lag_s is not None)

        await world.until(lambda: wellness(node.health.pulse()).ok)

        await world.stores["north"].write(lambda tx: tx.put_alarm("disk-full", MemberId("north"), "", Micros(1)))
        await world.until(lambda: wellness(node.health.pulse()).reasons == ("disk-full",))


def test_a_log_that_has_no_room_stops_nobody() -> None:
    with Path("/dev/full").open("w", buffering=1) as full:
        journal = open_journal(full)

        tell(journal, Line("serving"))
        with libraries(journal):
            logging.getLogger("some.library").error("told to nobody")
        with pytest.raises(OSError, match="No space left"):
            full.flush()
        os.dup2(os.open(os.devnull, os.O_WRONLY), full.fileno())


@pytest.mark.parametrize(("count", "told"), [(0, 0), (1, 1), (9, 1), (10, 10), (99, 10), (2_345, 1_000)])
def test_what_waits_is_told_by_its_power_of_ten(count: int, told: int) -> None:
    assert magnitude(count) == told


def test_a_person_at_a_terminal_reads_lines_and_a_machine_json() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    person, machine = Terminal(), io.StringIO()
    for out in (person, machine):
        open_journal(out).info("serving", name="north")

    assert "serving" in person.getvalue()
    assert lines(machine)[0]["name"] == "north"
    with pytest.raises(json.JSONDecodeError):
        json.loads(person.getvalue())
