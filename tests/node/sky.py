"""North, east and west with sensors, at a clock that stands until it is moved: what west is sent, and what it shows.

Nothing runs by itself, so that what differs between two such worlds differs because of what was told to them. Keys,
seals, stores and the gate are the real ones; frames go through the memory hub and west's own door.
"""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import msgspec
from world import World

from quartet.core.frame import SEGMENTS, verify_frame
from quartet.core.ids import SECOND, ItemId, MemberId, Micros
from quartet.core.marking import CAVEATS
from quartet.core.verify import Verified
from quartet.node.clock import Clock
from quartet.node.live import Lookout
from quartet.node.manifests import remember_own
from quartet.node.node import Node
from quartet.node.parts import Keys, Parts
from quartet.node.views import FeedDraft, Sighting, moment
from quartet.picture.livewire import LiveFrame, read_live
from quartet.picture.look import Look
from quartet.store import Store, open_store
from quartet.wire import Arrival

NORTH, EAST, WEST = MEMBERS = tuple(MemberId(name) for name in ("north", "east", "west"))
NOON: Final = 1_800_000_000 * SECOND
EVERYWHERE: Final = Look((-180.0, -90.0, 180.0, 90.0), 1.0)


class Still(Clock):
    """A clock that stands."""

    def __init__(self) -> None:
        super().__init__()
        self.at = NOON

    def now(self) -> Micros:
        return Micros(self.at)


class Sky:
    """Three nodes that share a clock, and what their sensors see."""

    def __init__(self, world: World, nodes: dict[MemberId, Node], stores: dict[MemberId, Store], clock: Still) -> None:
        self.world = world
        self.nodes = nodes
        self.stores = stores
        self.clock = clock
        self._feeds: dict[str, tuple[MemberId, str]] = {}
        self._opened: dict[str, tuple[MemberId, ItemId]] = {}
        self._map: Lookout = nodes[WEST].live.lookout(world.viewer("west"))
        self._map.ask(EVERYWHERE)
        self.drawn: list[LiveFrame] = []
        self.pictures: list[Any] = []
        self.sizes: list[tuple[str, str, int]] = []
        """Of all that came to west: from whom, what, how many bytes, as it was sent."""

    async def feed(
        self, name: str, of: MemberId, *to: MemberId, caveats: tuple[str, ...] = (), bring: bool = True
    ) -> None:
        """Let a member open a sensor, and `bring` the statement of it to whom it is for."""
        node = self.nodes[of]
        opened = await node.feeds.open(
            self.world.viewer(of), FeedDraft(tlp="AMBER", to=to, title=name, caveats=caveats)
        )
        self._feeds[name] = of, opened.ref
        self._opened[name] = of, ItemId(opened.id)
        for member in to if bring else ():
            await self.bring(name, member)

    async def bring(self, name: str, to: MemberId) -> None:
        """Bring the statement of a sensor to a member."""
        of, item = self._opened[name]
        verified = self.nodes[of].holdings.verified(item)
        assert verified is not None
        await self._bring(verified, to)

    async def _bring(self, verified: Verified, to: MemberId) -> None:
        holdings, now = self.nodes[to].holdings, self.clock.now()
        await self.stores[to].write(lambda tx: holdings.keep_item(tx, verified, [], holdings.facts, now))
        holdings.learned(verified, now)

    async def sees(self, name: str, icao24: str, *, lat: float = 47.0, accuracy_m: float = 100.0) -> None:
        """Let a sensor see an aircraft now."""
        of, ref = self._feeds[name]
        at = moment(self.clock.now())
        plot = Sighting(
            id=icao24, lat=lat, lon=8.0, at=at, alt_m=9_000.0, speed_mps=200.0, track_deg=0.0, accuracy_m=accuracy_m
        )
        sensor = msgspec.structs.replace(self.world.viewer(of), trained=CAVEATS)
        await self.nodes[of].feeds.sight(sensor, ref, (plot,))

    async def tick(self) -> None:
        """Let a second pass: everybody tells what it sees, and what is sent comes."""
        self.clock.at += SECOND
        hub = self.world.hub
        hub.tapped.clear()
        for node in self.nodes.values():
            await node.frames.tick(self.clock.now())
        self.sizes += [(one.frm, one.kind, len(one.data)) for one in hub.tapped if one.to == WEST]
        for passed in list(hub.tapped):
            await self.nodes[passed.to].arriving.took(Arrival(passed.frm, passed.kind, passed.data))
        data = self._map.told()
        if data is not None:
            self.drawn.append(read_live(data))
        self.pictures.append(self.picture(WEST))

    def picture(self, member: MemberId) -> list[Any]:
        """Return what an officer is shown."""
        return self.nodes[member].picture(self.world.viewer(member))

    def sent(self, to: MemberId = WEST) -> list[tuple[str, int, int, int, list[Any]]]:
        """Return every frame that came to a member: all of it but what was drawn at random.

        That is: salts, hashes (of segments, and at empty places), places, the signature, the controls' serials, and of
        the number what is less than a thousand.
        """
        found: list[tuple[str, int, int, int, list[Any]]] = []
        keyring = self.nodes[to].registry.keyring
        for member, at, data in self.stores[to].reader.frames_between(Micros(0), Micros(2**53 - 1), 10_000):
            frame = verify_frame(data, member, keyring)
            assert len(frame.header.segments) == SEGMENTS
            shown = [
                (one.columns, [(c.control.controller, c.control.marking) for c in one.controls])
                for one in frame.segments
            ]
            found.append((member, at, frame.header.seq // 1_000, len(data), sorted(shown, key=repr)))
        return found


@asynccontextmanager
async def sky(world: World) -> AsyncIterator[Sky]:
    """Open three nodes of a world that was not started, over stores of their own."""
    clock = Still()
    nodes: dict[MemberId, Node] = {}
    stores: dict[MemberId, Store] = {}
    async with AsyncExitStack() as stack:
        for name in MEMBERS:
            keys, folder = world.keys(name), world.member(name)
            path = Path(folder.root) / "sky" / "quartet.db"
            stores[name] = stack.enter_context(open_store(path, keys.store))
            parts = Parts(
                me=name,
                keys=Keys.of(keys),
                store=stores[name],
                carrier=world.hub.carrier(name),
                clock=clock,
                entropy=os.urandom,
                trial=True,
            )
            manifest, officers = folder.wire_manifest(name), folder.officer_manifest(name)
            nodes[name] = Node(parts, world.charter(), manifest.read_bytes(), officers.read_bytes())
            await remember_own(nodes[name].registry, stores[name])
            await nodes[name].epochs.start()
        for one in nodes.values():
            for name, other in nodes.items():
                if one is not other:
                    contact = other.epochs.contact()
                    one.registry.learn_manifest(contact.manifest, name)
                    for raw in contact.epoch_keys:
                        one.registry.learn_epoch_key(raw, name)
        yield Sky(world, nodes, stores, clock)


def spelt(value: Any) -> str:
    """Return any value as text, to compare it byte by byte."""
    return msgspec.json.encode(value, enc_hook=repr).decode()
