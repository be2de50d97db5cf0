"""A sky over the border of two members' airspaces, at a clock that stands until it is moved."""

import asyncio
import json
from typing import Any, Final

import msgspec

from quartet.core.facts import Narrow, Recall
from quartet.core.ids import SECOND, ControlId, ItemId, MemberId, Micros
from quartet.core.marking import Marking
from quartet.core.release import Viewer
from quartet.core.verify import Verified
from quartet.node.identify.registered import Registered
from quartet.node.identify.views import IdentityView, MovementView
from quartet.node.node import Node
from quartet.picture.identify.airspace import Airspace
from quartet.picture.identify.geojson import read_airspaces
from quartet.picture.plot import AnyPlot, Plot
from quartet.picture.radar import Radar
from sky import Sky

BORDER: Final = 8.0
"""Longitude of the boundary: north's airspace lies west of it, east's east of it."""


def box(name: str, west: float, south: float, east: float, north: float) -> dict[str, Any]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def spaces() -> tuple[Airspace, ...]:
    features = [box("NORTH", 6.0, 46.0, BORDER, 48.0), box("EAST", BORDER, 46.0, 10.0, 48.0)]
    return read_airspaces(json.dumps({"type": "FeatureCollection", "features": features}).encode())


def know(node: Node, **registered: Registered) -> None:
    """Let a node know both airspaces, its own as the one to watch, and some aircraft: `x4b1805=Registered(...)`."""
    known = {address.removeprefix("x"): one for address, one in registered.items()}
    node.identifying.know(spaces(), (node.me.upper(),), known)


def heard(at: Micros, address: str, lat: float, lon: float, **more: Any) -> Plot:
    """Return what a receiver hears of an aircraft that flies east."""
    fields: dict[str, Any] = {"alt_m": 9_000.0, "speed_mps": 220.0, "track_deg": 90.0, "accuracy_m": 60.0, **more}
    return Plot(at=at, sensor="mast", icao24=address, lat=lat, lon=lon, on_ground=False, **fields)


class Border:
    """The members of a sky, who know their airspaces."""

    def __init__(self, sky: Sky) -> None:
        self.sky = sky
        for node in sky.nodes.values():
            know(node)
            for trained in ((), ("HUMANITARIAN",)):
                node.identity.page(self.viewer(node.me, trained))

    @property
    def now(self) -> Micros:
        return self.sky.clock.now()

    def take(self, feed: str, *plots: AnyPlot, stands: tuple[Radar, ...] = ()) -> None:
        of, ref = self.sky._feeds[feed]
        verified = self.sky.nodes[of].holdings.verified(_item(self.sky.nodes[of], ref))
        assert verified is not None
        self.sky.nodes[of].frames.take(verified, plots, stands)

    async def warm(self, member: str) -> None:
        """Wait until a member's tracker is compiled."""
        tracking = self.sky.nodes[MemberId(member)].frames.tracking
        while not tracking._ready():  # noqa: ASYNC110 - a thread compiles it
            await asyncio.sleep(0.05)

    async def passes(self, seconds: int = 1) -> None:
        """Let seconds pass: everybody tells what it sees, and looks."""
        for _ in range(seconds):
            await self.sky.tick()
            for node in self.sky.nodes.values():
                await node.identifying.look(self.now)
                await node.identity.offers.look(self.now)

    async def recalls(self, member: str, item: Verified) -> None:
        """Let a member take back an item of its own."""
        await self._says(member, "recall", Recall((_own(item),), reason="NORMAL", in_incident=False))

    async def narrows(self, member: str, item: Verified, **marking: Any) -> None:
        """Let a member narrow an item of its own."""
        await self._says(member, "narrow", Narrow(control=_own(item), marking=Marking(tlp="AMBER", **marking)))

    async def _says(self, member: str, kind: str, body: Recall | Narrow) -> None:
        fact = await self.sky.world.say(member, kind, body, at=self.now, tell=False)
        await self.sky.nodes[MemberId(member)].publisher._state(fact, self.now)

    def feed(self, name: str) -> Verified:
        """Return the statement of a feed."""
        of, item = self.sky._opened[name]
        found = self.sky.nodes[of].holdings.verified(item)
        assert found is not None
        return found

    def viewer(self, member: str, trained: tuple[str, ...] = (), roles: tuple[str, ...] = ("watch",)) -> Viewer:
        viewer = self.sky.world.viewer(member)
        return msgspec.structs.replace(viewer, trained=frozenset(trained), roles=roles)

    def aircraft(self, member: str, **who: Any) -> dict[str, IdentityView]:
        node = self.sky.nodes[MemberId(member)]
        return {one.key: one for one in node.identity.page(self.viewer(member, **who)).aircraft}

    async def movements(self, member: str, **who: Any) -> tuple[MovementView, ...]:
        node = self.sky.nodes[MemberId(member)]
        return (await node.identity.movements(self.viewer(member, **who), None, None, 500)).items


def _item(node: Node, ref: str) -> ItemId:
    (item,) = node.holdings.store.reader.by_ref(ref)
    return item


def _own(item: Verified) -> ControlId:
    assert item.own is not None
    return item.own.id


def later(at: Micros, seconds: float) -> Micros:
    return Micros(at + round(seconds * SECOND))
