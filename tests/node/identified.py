"""A sky over the border of two members' airspaces, for the tests of identification."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, Final

from world import World

from quartet.core.ids import SECOND, ItemId, MemberId, Micros
from quartet.node.identify.files import NOBODY
from quartet.node.identify.registered import Registered
from quartet.node.identify.views import IdentityView
from quartet.node.views import FeedDraft
from quartet.picture.identify.airspace import Airspace
from quartet.picture.identify.geojson import read_airspaces
from quartet.picture.plot import Plot

EARLY: Final = 900
"""For how many seconds a sky can be played; it begins so long before now."""


def box(name: str, west: float, south: float, east: float, north: float) -> dict[str, Any]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def spaces() -> tuple[Airspace, ...]:
    """Return two airspaces that meet at eight degrees east: of north in the west, of east in the east."""
    features = [box("NORTH", 6.0, 46.0, 8.0, 48.0), box("EAST", 8.0, 46.0, 10.0, 48.0)]
    return read_airspaces(json.dumps({"type": "FeatureCollection", "features": features}).encode())


class Border:
    """North and east, their airspaces, and a feed of each one's sensor."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._feeds: dict[str, str] = {}

    async def begin(self, *, north_to: tuple[str, ...] = (), **registered: Registered) -> None:
        """Let both know the airspaces, and open their feeds."""
        for name in ("north", "east"):
            known = {address.removeprefix("x"): one for address, one in registered.items()} or NOBODY
            self.world.nodes[name].identifying.know(spaces(), (name.upper(),), known)
            to = tuple(map(MemberId, north_to)) if name == "north" else ()
            await self.feed(name, name, to)

    async def feed(self, title: str, of: str, to: tuple[MemberId, ...] = (), **more: Any) -> str:
        draft = FeedDraft(tlp="AMBER", to=to, title=title, **more)
        opened = await self.world.nodes[of].feeds.open(self.world.viewer(of), draft)
        self._feeds[title] = opened.id
        return opened.ref

    def sees(self, feed: str, address: str, lat: float, lon: float, **more: Any) -> None:
        """Let a member's sensor see an aircraft now."""
        of = feed.split("/")[0]
        now = self.world.now(of)
        fields: dict[str, Any] = {"alt_m": 9_000.0, "speed_mps": 220.0, "track_deg": 90.0, "accuracy_m": 60.0, **more}
        plot = Plot(at=now, sensor="mast", icao24=address, lat=lat, lon=lon, on_ground=False, **fields)
        node = self.world.nodes[of]
        verified = node.holdings.verified(ItemId(self._feeds[feed]))
        assert verified is not None
        node.frames.take(verified, [plot])

    async def until(self, done: Callable[[], Any]) -> None:
        await self.world.until(done)

    def aircraft(self, member: str, officer: str = "duty") -> dict[str, IdentityView]:
        """Return what an officer's page says, by the aircraft's key."""
        node = self.world.nodes[member]
        return {one.key: one for one in node.identity.page(self.world.viewer(member, officer)).aircraft}


async def passes(seconds: float) -> None:
    await asyncio.sleep(seconds)


def seconds(n: float) -> Micros:
    return Micros(round(n * SECOND))
