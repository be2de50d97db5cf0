"""Movements at sites and over boundaries leave through no door, though all of them stand open and give what may pass.

A mover enters the member's airspace and a site of it; the desk is alarmed, both are logged. Beside that two officers
warn the world: what collects the doors' bytes must find this in each, else it could not be seen that nothing leaves.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from capdoors import BEARER, SHA256, door, free_port, opened, until_up
from identified import box
from models import assist, server, translator
from prometheus_client import CollectorRegistry, generate_latest
from test_cap_out import siren
from test_sites import a_site
from warned import HAZARD, listed, warn
from world import World, exchange

from quartet.console.metrics import NodeFigures
from quartet.core.encoding import encode
from quartet.core.faults import Fault
from quartet.core.frame import verify_frame
from quartet.core.ids import MemberId, Micros
from quartet.node.node import Node
from quartet.node.views import FeedDraft, Sighting, moment
from quartet.picture.identify.geojson import read_airspaces
from quartet.picture.proximity import warm

pytestmark = pytest.mark.anyio
STRANGER = "4b1805"
SITE, CUSTODIAN, SPACE = "Heron sanctuary", "the warden of the herons", "FIR-OF-HERONS"
NEAR = tuple(word.encode() for word in (SITE, CUSTODIAN, SPACE, "must keep away"))
"""What tells that there is a site, that somebody is near it, or that a boundary was crossed."""
SAID = (HAZARD.encode(), b"giving way")
"""What two officers warn the world of."""
BORDER = 7.95
DOORS = {"feed", "folder", "hook", "model", "east"}


class Doors(NamedTuple):
    """A member of which every door is open: what each gave so far."""

    world: World
    gave: Callable[[], Any]

    @property
    def north(self) -> Node:
        return self.world.nodes["north"]

    async def leaks(self, words: Iterable[bytes]) -> set[str]:
        """Return by which doors any of these words left."""
        gave: dict[str, bytes] = await self.gave()
        return {name for name, data in gave.items() if any(word in data for word in words)}

    async def until_leaks(self, words: Iterable[bytes], doors: set[str]) -> None:
        async with asyncio.timeout(120):
            while not await self.leaks(words) >= doors:  # noqa: ASYNC110 - another's bytes have no event
                await asyncio.sleep(0.05)


@asynccontextmanager
async def wide_open(folder: Path) -> AsyncIterator[Doors]:
    """North with an open feed, folder and hook for which its duty officer answers, a model's server, and east."""
    port = free_port()
    await asyncio.to_thread(warm)  # a node that compiles while its world runs hears nobody meanwhile
    async with AsyncExitStack() as stack:
        hook, model = await stack.enter_async_context(siren()), await stack.enter_async_context(server())
        world = await stack.enter_async_context(exchange(folder, "north", "east"))
        listen = {"listen": f"127.0.0.1:{port}", "token_sha256": SHA256}
        settings = door(**listen, principals=["duty"], folder="out", hooks=[hook.hook])
        await stack.enter_async_context(opened(world, settings, folder / "cap"))
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}"))
        node = world.nodes["north"]
        assist(node, folder, translator=translator(model, principals=["duty"], tlp="AMBER+STRICT"))
        await until_up(client, "/", b"")

        async def feed() -> bytes:
            listed = (await client.get("/cap/feed", headers=BEARER)).content
            links = {part.split(b'"')[0].decode() for part in listed.split(b'href="')[1:]}
            return listed + b"".join([(await client.get(one, headers=BEARER)).content for one in sorted(links)])

        async def gave() -> dict[str, bytes]:
            return {
                "feed": await feed(),
                "folder": b"".join(one.read_bytes() for one in sorted((folder / "cap").rglob("*.xml"))),
                "hook": b"".join(hook.offered),
                "model": b"".join(model.bodies),
                "east": held(world, "east"),
                "figures": generate_latest(figures(node)),
            }

        yield Doors(world, gave)


def figures(node: Node) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(NodeFigures(node.health))
    return registry


def held(world: World, member: str) -> bytes:
    """Return every statement that a member holds, and every frame that came to it, opened."""
    reader, keyring = world.stores[member].reader, world.nodes[member].registry.keyring
    items = [encode(world.nodes[member].show(world.viewer(member), row.ref)) for row in reader.items(0, 1_000)]
    kept = reader.frames_between(Micros(0), Micros(2**53 - 1), 10_000)
    frames = [repr(verify_frame(data, MemberId(frm), keyring)).encode() for frm, _, data in kept]
    return b"".join([*items, *frames])


async def comes_and_goes(doors: Doors, feed: str) -> None:
    """Let a stranger fly into north's airspace and to its site in its midst, by north's own sensor."""
    world, node, viewer = doors.world, doors.north, doors.world.viewer("north")
    for lon in (7.9, 7.92, 7.94, 7.96, 7.98, 8.0, 8.0):
        world.later(10)
        now = world.now("north")
        plot = Sighting(id=STRANGER, lat=47.5, lon=lon, at=moment(now), alt_m=900.0, speed_mps=150.0, track_deg=90.0)
        await node.feeds.sight(viewer, feed, (plot,))
        await world.until(lambda lon=lon: [round(one.lon, 2) for one in node.picture(viewer)] == [lon])  # type: ignore[misc]
        looked = node.identifying._looked
        await world.until(lambda looked=looked: node.identifying._looked > looked)  # type: ignore[misc]


@pytest.mark.parametrize("to", [(), ("east",)])
async def test_movements_at_a_site_and_over_a_boundary_leave_through_no_door(
    tmp_path: Path, to: tuple[MemberId, ...]
) -> None:
    """The movers themselves go to whom their sensor's marking names, and nothing that was made of them does."""
    async with wide_open(tmp_path) as doors:
        world, node, viewer = doors.world, doors.north, doors.world.viewer("north")
        home = {"type": "FeatureCollection", "features": [box(SPACE, BORDER, 46.0, 9.0, 48.0)]}
        node.identifying.know(read_airspaces(encode(home)), (SPACE,), {})
        node.identity.page(viewer)
        site = await node.publish(node.desk.sites.register(a_site(name=SITE, custodian=CUSTODIAN)), viewer)
        feed = (await node.feeds.open(viewer, FeedDraft(tlp="AMBER", to=to, title="mast"))).ref

        await comes_and_goes(doors, feed)
        await world.until(lambda: "site-warning" in world.alarms("north"))
        (episode,) = node.desk.sites.log.left(viewer)
        assert (episode.mover, episode.level) == (STRANGER, "INSIDE")
        movements = (await node.identity.movements(viewer, None, None, 50)).items
        assert [(one.way, one.address) for one in movements] == [("ENTRY", STRANGER)]
        for ref in (site.ref, episode.ref):
            with pytest.raises(Fault, match="display-only"):
                await node.assisting.translate(viewer, ref, "fr")
        for _ in range(2):
            said = await warn(world, desks=("east",), tlp="CLEAR", public=True)
            await node.assisting.translate(viewer, said, "fr")
            await world.until(lambda ref=said: world.holds("east", ref))  # type: ignore[misc]
        await doors.until_leaks(SAID, DOORS)

        assert await doors.leaks(SAID) == DOORS
        assert await doors.leaks(NEAR) == set()
        assert await doors.leaks([STRANGER.encode()]) == set(to)
        assert {one.to for one in world.hub.tapped if one.kind == "t" and one.frm == "north"} == set(to)
        assert len((await listed(world, "east", "all")).items) == 2
