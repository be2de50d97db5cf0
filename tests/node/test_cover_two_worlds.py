"""Two worlds that differ in what the others say to each other: a hub, in west's hands, sees the same to the message."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

import msgspec
import proposing
import pytest
from proposing import short_days  # noqa: F401 - a day of these tests
from test_exchange import hand_over
from test_requests import ask, say
from virtual import Crossed, Timed, played, seen
from warned import warn
from world import World

from quartet.core.ids import SECOND, MemberId
from quartet.core.onrecord import read_on_record
from quartet.core.parcel import Content, is_filler, unpack
from quartet.core.proof.path import decode_path
from quartet.core.statement import decode_signed, decode_statement
from quartet.node.desk.requestviews import Answer
from quartet.node.views import FeedDraft, Sighting, moment
from quartet.wire import open_sealed
from quartet.wire.memory import Passed

NORTH, EAST, SOUTH, WEST = FOUR = ("north", "east", "south", "west")
Secret = Callable[[World], Awaitable[None]]
Trouble = Callable[[Timed], Awaitable[None]]


async def burst(world: World) -> None:
    """North and east say much to each other, urgent and not."""
    for n in range(60):
        await world.send(
            NORTH, [EAST], f"report {n} " + "x" * (n * 60), precedence="FLASH" if n % 9 == 0 else "ROUTINE"
        )
        await world.send(EAST, [NORTH, SOUTH], f"answer {n}")
        if n % 20 == 19:
            await asyncio.sleep(0.7)


async def file(world: World) -> None:
    """North sends east a file of three megabytes."""
    handed = await hand_over(world, NORTH, os.urandom(3_000_000))
    await world.send(NORTH, [EAST], "a film", attachments=(handed,))


async def sky(world: World) -> None:
    """North shows east what its sensor sees."""
    node, viewer = world.nodes[NORTH], world.viewer(NORTH)
    feed = await node.feeds.open(viewer, FeedDraft(tlp="AMBER", to=(MemberId(EAST),), title="Mast 4"))
    for n in range(60):
        plots = tuple(
            Sighting(id=f"3c{k:04x}", lat=47 + n / 1000 + k / 100, lon=8.0, at=moment(world.now(NORTH)), alt_m=900.0)
            for k in range(40)
        )
        await node.feeds.sight(viewer, feed.ref, plots)
        await asyncio.sleep(0.25)


async def taken_back(world: World) -> None:
    """North lets south have what it gave east, and recalls it from both."""
    report = await world.send(NORTH, [EAST], "for a while")
    await asyncio.sleep(3)
    await world.fact(NORTH, "grant", report.ref, member=MemberId(SOUTH))
    await asyncio.sleep(4)
    await world.recall(NORTH, report.ref)


async def asked(world: World) -> None:
    """North asks east, which answers."""
    ref = await ask(world, EAST)
    await say(world, EAST, ref, Answer("ANSWER", "Two barges"))


async def action(world: World) -> None:
    """North proposes an action to east and south, which concur."""
    ref = await proposing.propose(world)
    for member in (NORTH, EAST, SOUTH):
        await proposing.position(world, member, ref, "CONCUR")


async def warned(world: World) -> None:
    """North warns east and south."""
    await warn(world)


SECRETS: dict[str, Secret] = {
    "burst": burst,
    "file": file,
    "sky": sky,
    "taken back": taken_back,
    "asked": asked,
    "action": action,
    "warned": warned,
}


async def nothing(world: World) -> None:
    """Say nothing."""


class Told(NamedTuple):
    """A parcel that came to west, less what is drawn at random: hashes, signatures, nonces, places in a tree."""

    at: int
    frm: MemberId
    seq: int
    received: int
    voids: tuple[tuple[int, int], ...]
    log: int
    """How long the sender's log is."""
    contents: tuple[tuple[str, int, str], ...]
    """Of each its tag, its length, and what a statement says."""


def told(world: World, at: int, passed: Passed) -> Told | None:
    """Open a parcel with west's keys; None for one that says nothing."""
    node = world.nodes[WEST]
    exchange, secrets = node.registry.exchange, node.epochs.secrets
    plain = open_sealed(passed.data, exchange=exchange, frm=passed.frm, to=passed.to, secrets=secrets)
    if is_filler(plain):
        return None
    opened = unpack(plain, passed.frm, passed.to, exchange, node.registry.link_key(passed.frm))
    header = opened.header
    log = 0 if header.checkpoint is None else int(header.checkpoint.splitlines()[1])
    contents = sorted((one.tag, length(one), said(one.data) if one.tag == "signed" else "") for one in opened.contents)
    received = 0 if header.received is None else header.received[0]
    return Told(at, passed.frm, header.seq, received, header.voids, log, tuple(contents))


def length(one: Content) -> int:
    """Return how long a content is without its place in a tick: that is drawn, and a small number takes fewer bytes."""
    match one.tag:
        case "path":
            slot = decode_path(one.data).slot
        case "on-record":
            slot = msgspec.msgpack.decode(read_on_record(one.data).proof)[0]
        case _:
            return len(one.data)
    return len(one.data) - len(msgspec.msgpack.encode(slot))


def said(signed: bytes) -> str:
    """Return what a statement says and when, without names that are drawn at random."""
    statement = decode_statement(decode_signed(signed).data)
    return f"{statement.kind} {statement.at} {bytes(statement.body)!r}"


class Both(NamedTuple):
    """What the hub saw, and what came to west."""

    crossed: list[Crossed]
    told: list[Told | None]


def lived(folder: Path, secret: Secret, trouble: Trouble | None = None, until: float = 36) -> Both:
    """Live in a world in which west is told a few things, each at its time, and the others have a secret beside it."""
    came: list[Told | None] = []

    async def script(timed: Timed) -> None:
        def reads(passed: Passed) -> None:
            if (passed.to, passed.kind) == (WEST, "p"):
                came.append(told(timed.world, round(timed.now * SECOND), passed))

        timed.hub.reads = reads
        await timed.at(6.1)
        troubled = asyncio.ensure_future((trouble or quiet)(timed))
        secretly = asyncio.ensure_future(secret(timed.world))
        for n in range(4):
            await timed.at(8.2 + 4 * n)
            await timed.world.send(NORTH, [WEST], f"for west {n}")
            await timed.world.send(WEST, [NORTH, EAST], f"of west {n}")
        await timed.at(until)
        await asyncio.gather(troubled, secretly)

    hub = played(folder, script, *FOUR, cover="narrow")
    return Both(seen(hub), sorted(came, key=repr))


async def quiet(timed: Timed) -> None:
    """Have no trouble."""


async def member_away(timed: Timed) -> None:
    """South is cut off for five seconds."""
    await timed.at(12)
    timed.hub.cut(MemberId(SOUTH))
    await timed.at(19)
    timed.hub.mend(MemberId(SOUTH))


async def hub_down(timed: Timed) -> None:
    """Nobody reaches a hub for six seconds."""
    await timed.at(12)
    timed.hub.down = True
    await timed.at(18)
    timed.hub.down = False


async def node_ends(timed: Timed) -> None:
    """East's node ends, and starts again; who speaks from it waits."""
    await timed.at(12)
    await timed.world.stop(EAST)
    await timed.at(17)
    timed.world.start(EAST)


TROUBLES: dict[str, Trouble] = {"member away": member_away, "hub down": hub_down, "node ends": node_ends}


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Both:
    return lived(tmp_path_factory.mktemp("without"), nothing)


@pytest.mark.parametrize("secret", SECRETS, ids=str)
def test_what_the_others_say_to_each_other_changes_nothing_that_a_hub_sees_and_west_gets(
    tmp_path: Path, without: Both, secret: str
) -> None:
    with_it = lived(tmp_path, SECRETS[secret])

    assert with_it.crossed == without.crossed
    assert [(a, b) for a, b in zip(with_it.told, without.told, strict=True) if a != b] == []


@pytest.mark.parametrize("trouble", TROUBLES, ids=str)
def test_an_outage_shows_how_long_it_was_and_not_what_waited(tmp_path: Path, trouble: str) -> None:
    for name in ("with", "without"):
        (tmp_path / name).mkdir()

    full = lived(tmp_path / "with", burst, TROUBLES[trouble])
    empty = lived(tmp_path / "without", nothing, TROUBLES[trouble])

    assert full.crossed == empty.crossed
