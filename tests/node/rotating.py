"""Have a member's root give it other keys, as `quartet keys rotate log` and `link` do while the node stands still."""

import os

from msgspec import structs
from world import World

from quartet.core.ids import MemberId, Tick
from quartet.core.keys import SecretKey
from quartet.core.manifest import WireManifest, sign_wire_manifest
from quartet.node.office import read_wire_manifest, with_link_key, with_log_keys


async def take_back(world: World, name: str, early: int = 0, *, link: bool = False) -> WireManifest:
    """Give a member new log keys and start it again; the old ones are not valid from its next tick on.

    `early` puts that so many ticks back, as no root may. With `link` its link key is another too.
    """
    await world.stop(name)
    last, folder, keys = world.open(name).ledger.last, world.member(name), world.keys(name)
    await world.stop(name)
    assert last is not None
    before, _ = read_wire_manifest(folder, MemberId(name), world.charter())
    now = world.now(name) // world.charter().membership.tick
    fresh = structs.replace(keys, log=SecretKey(os.urandom(32)), log_ml_dsa=os.urandom(32))
    after = with_log_keys(before, fresh.log.public, fresh.slow_log_public, Tick(max(now, last.number + 1) - early))
    if link:
        fresh = structs.replace(fresh, link=SecretKey(os.urandom(32)))
        after = with_link_key(after, fresh.link.public)
    folder.wire_manifest(name).write_bytes(sign_wire_manifest(after, world.root(name)))
    world.rotated[name] = fresh
    world.start(name)
    return after


async def new_link(world: World, name: str) -> None:
    """Give a member a new link key and start it again."""
    await world.stop(name)
    folder, keys = world.member(name), world.keys(name)
    before, _ = read_wire_manifest(folder, MemberId(name), world.charter())
    fresh = world.rotated[name] = structs.replace(keys, link=SecretKey(os.urandom(32)))
    after = with_link_key(before, fresh.link.public)
    folder.wire_manifest(name).write_bytes(sign_wire_manifest(after, world.root(name)))
    world.start(name)
