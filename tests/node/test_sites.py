"""A mover nears a site: whoever may see both is warned, acknowledges and calls; and nobody else learns of either."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from world import exchange

from quartet.core.ids import SECOND
from quartet.node.desk.siteviews import SiteDraft
from quartet.node.views import Published
from sky import EAST, NORTH, WEST, Sky, sky

pytestmark = pytest.mark.anyio

STRANGER = "4b1805"


def circle(radius_m: int = 2_000, **more: Any) -> str:
    about = {"name": "dam", "radius_m": radius_m, **more}
    return json.dumps(
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [8.0, 47.5]}, "properties": about}
    )


def a_site(**more: Any) -> SiteDraft:
    fields: dict[str, Any] = {
        "tlp": "AMBER+STRICT",
        "name": "Heron sanctuary",
        "sort": "SANCTUARY",
        "custodian": "the warden",
        "phones": ("04 56",),
        "geojson": circle(),
    }
    return SiteDraft(**{**fields, **more})


@asynccontextmanager
async def at_north(folder: Path) -> AsyncIterator[Sky]:
    async with exchange(folder, "north", "east", "west", start=False) as world, sky(world) as made:
        await made.feed("mast", NORTH, EAST, WEST)
        yield made


async def registered(made: Sky, **more: Any) -> Published:
    node, viewer = made.nodes[NORTH], made.world.viewer("north")
    return await node.publish(node.desk.sites.register(a_site(**more)), viewer)


async def flies(made: Sky, lats: list[float], icao24: str = STRANGER) -> None:
    """Let a mover be seen going north at each latitude, four seconds apart."""
    for lat in lats:
        await made.sees("mast", icao24, lat=lat)
        made.clock.at += 3 * SECOND
        await made.tick()
        await made.nodes[NORTH].desk.sitewatch.look(made.clock.now())


def shown(made: Sky, officer: str = "duty") -> Any:
    return made.nodes[NORTH].desk.sites.log.left(made.world.viewer("north", officer))


async def test_what_nears_a_site_is_advised_predicted_and_inside_each_once(tmp_path: Path) -> None:
    async with at_north(tmp_path) as made:
        await registered(made)

        step = 800 / 111_320
        await flies(made, [47.0 + step * n for n in range(70)])
        (episode,) = shown(made)

        assert [one.level for one in episode.warnings] == ["ADVISORY", "PREDICTED", "INSIDE"]
        assert episode.mover == STRANGER
        assert episode.name == "Heron sanctuary"
