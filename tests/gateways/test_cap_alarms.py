"""What the watch is told of a door that does not take or give what it should: the cause beside the count."""

from pathlib import Path

import pytest
from capdoors import door, opened
from test_cap_out import siren
from warned import warn
from world import World, exchange

from quartet.desk.warning import Info

pytestmark = pytest.mark.anyio


def why(world: World, reason: str) -> str:
    """Return what north's watch is told by an alarm."""
    alarms = world.nodes["north"].status(world.viewer("north")).alarms
    return "; ".join(one.detail for one in alarms if one.reason == reason)


async def test_an_alarm_of_alerts_not_taken_says_what_was_answered_to_each(tmp_path: Path) -> None:
    def picky(data: bytes) -> int:
        return 422 if b"POISON" in data else 413 if b"LONG" in data else 200

    async with siren(picky) as one:
        settings = door(principals=["duty"], hooks=[one.hook])
        async with exchange(tmp_path, "north", "east") as world, opened(world, settings, tmp_path / "cap"):
            for headline in ("POISON", "LONG"):
                await warn(world, desks=("east",), info=(Info("en", "Flood", headline, "Go up."),))

            says = "it has not taken 2 alerts, it answered HTTP 413, it answered HTTP 422: call it"
            await world.until(lambda: says in why(world, "cap-not-reached"))


async def test_a_source_whose_ca_file_cannot_be_read_is_alarmed_of_by_that(tmp_path: Path) -> None:
    source = {"name": "met", "nats": "tls://127.0.0.1:1", "nats_ca_file": "none.pem", "subject": "early.met"}
    settings = door(sources=[source])
    async with exchange(tmp_path, "north", "east") as world, opened(world, settings, tmp_path / "cap"):
        await world.until(lambda: "its ca_file cannot be read" in why(world, "early-source-away"))
