"""What needs a person is said before it is too late."""

from dataclasses import replace
from pathlib import Path

import pytest
from world import exchange

from quartet.core.ids import Micros
from quartet.node.alarms import certificate_alarm
from quartet.node.keyset import DAY, ENDS_SOON

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("days", "alarmed"), [(31, False), (29, True), (-1, True)])
async def test_a_certificate_that_ends_within_thirty_days_is_alarmed(tmp_path: Path, days: int, alarmed: bool) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        now = world.nodes["north"]._parts.clock.now()
        far, near = Micros(now + 700 * DAY), Micros(now + days * DAY)
        parts = replace(world.nodes["north"]._parts, certificates=(("TLS authority", far), ("TLS certificate", near)))

        await certificate_alarm(parts, now)

        assert ("certificate-ends" in world.alarms("north")) is alarmed


async def test_the_alarm_ends_once_the_certificate_was_renewed(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        parts = world.nodes["north"]._parts
        now = parts.clock.now()
        await certificate_alarm(replace(parts, certificates=(("TLS certificate", Micros(now + DAY)),)), now)
        assert "certificate-ends" in world.alarms("north")

        renewed = replace(parts, certificates=(("TLS certificate", Micros(now + ENDS_SOON + DAY)),))
        await certificate_alarm(renewed, now)

        assert "certificate-ends" not in world.alarms("north")
