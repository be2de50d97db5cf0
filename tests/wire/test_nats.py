import asyncio
import json
import os
import re
import signal
from pathlib import Path

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from worlds import EAST, NORTH, NOW, SOUTH, WEST, World, nkey_of, until, world

from quartet.core.faults import Malformed, Unavailable
from quartet.core.ids import MemberId
from quartet.exercise.cut import CutProxy
from quartet.wire.carrier import MAX_DATA, Kind
from quartet.wire.hubadmin import leafs, put_in_force
from quartet.wire.natsconfig import HubMember
from quartet.wire.nkey import nkey_public, nkey_seed
from quartet.wire.site import change_members
from quartet.wire.tls import new_authority

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def say_until_heard(made: World, frm: MemberId, to: MemberId, text: bytes) -> None:
    """Send as the pump does, again and again until it is there: a carrier may lose what crosses a change."""
    async with asyncio.timeout(60):
        while text not in heard(made, to, frm):
            if made.carriers[frm].linked(to):
                await made.carriers[frm].send(to, "p", text)
            await asyncio.sleep(0.05)


def heard(made: World, at: MemberId, frm: MemberId) -> list[bytes]:
    return [arrival.data for arrival in made.arrived[at] if arrival.frm == frm]


async def raw(made: World, member: MemberId) -> Client:
    async def noted(error: Exception) -> None:
        """A refused publish or subscription is what these tests provoke."""

    client = Client()
    access = made.access[member]
    await client.connect(access.url, nkeys_seed_str=access.fed, error_cb=noted)
    made.stack.push_async_callback(client.close)
    return client


async def hub_knows(made: World, name: str) -> set[str]:
    access = made.hub_access[name]
    client = Client()
    await client.connect(access.url, nkeys_seed_str=access.system)
    made.stack.push_async_callback(client.close)
    return set((await leafs(client, name)).values())


async def turn_hostile(made: World, member: MemberId) -> Client:
    """Have a member strike every permission out of its own server, and log in there."""
    server = made.servers[member]
    config = re.sub(r", permissions: \{.*?\} \}", "", server.config_path.read_text())
    await server.stop()
    server.write(config)
    await server.start()
    await until(lambda: made.carriers[member].linked(NORTH))
    return await raw(made, member)


async def test_two_members_speak_through_a_hub_in_order_and_both_ways(tmp_path: Path) -> None:
    async with world(tmp_path, ("hub-1",), NORTH, EAST) as made:
        await say_until_heard(made, NORTH, EAST, b"ready")
        await say_until_heard(made, EAST, NORTH, b"ready too")
        kinds: tuple[Kind, ...] = ("p", "t", "m", "h")
        for number in range(100):
            await made.carriers[NORTH].send(EAST, kinds[number % 4], b"%d" % number)
        await until(lambda: len(made.arrived[EAST]) >= 101)

        assert heard(made, EAST, NORTH)[-100:] == [b"%d" % number for number in range(100)]
        assert [arrival.kind for arrival in made.arrived[EAST][-4:]] == list(kinds)


async def test_the_largest_message_passes_and_a_larger_one_is_refused(tmp_path: Path) -> None:
    async with world(tmp_path, ("hub-1",), NORTH, EAST) as made:
        await say_until_heard(made, NORTH, EAST, b"ready")
        await made.carriers[NORTH].send(EAST, "p", bytes(MAX_DATA))
        await until(lambda: bytes(MAX_DATA) in heard(made, EAST, NORTH))

        with pytest.raises(Malformed, match="too-large"):
            await made.carriers[NORTH].send(EAST, "p", bytes(MAX_DATA + 1))


async def test_a_member_that_opens_its_own_server_still_speaks_and_hears_for_itself_alone(tmp_path: Path) -> None:
    async with world(tmp_path, ("hub-1",), NORTH, EAST, SOUTH) as made:
        hostile = await turn_hostile(made, SOUTH)
        seen: list[Msg] = []

        async def listen(message: Msg) -> None:
            seen.append(message)

        for subject in (">", "f.>", "f.north.east.*", "f.north.south.*"):
            await hostile.subscribe(subject, cb=listen)
        await hostile.flush()
        for number in range(5):
            await hostile.publish("f.north.east.p", b"forged")
            await hostile.publish("f.east.north.p", b"forged")
            await hostile.publish("f.south.east.p", b"own", reply="f.east.north.p")
            await made.carriers[NORTH].send(EAST, "p", b"secret %d" % number)
            await asyncio.sleep(0.02)
        await say_until_heard(made, NORTH, SOUTH, b"for south")
        await say_until_heard(made, SOUTH, EAST, b"last word")

        assert b"forged" not in heard(made, EAST, NORTH) + heard(made, NORTH, EAST)
        assert b"own" in heard(made, EAST, SOUTH)
        assert heard(made, NORTH, EAST) == []
        assert not [message for message in seen if message.data.startswith(b"secret")]
        assert [message.data for message in seen if message.subject == "f.north.south.p"]


async def test_a_hub_lets_in_neither_a_strange_nkey_nor_a_strange_certificate(tmp_path: Path) -> None:
    async with world(tmp_path, ("hub-1",), NORTH, EAST) as made:
        made.authorities[SOUTH] = made.authority(NORTH)
        await made.raise_member(SOUTH)
        made.authorities[WEST] = new_authority(NORTH, now=NOW, days=10)
        await made.raise_member(WEST, seed=NORTH)
        hub_log = made.hubs["hub-1"].log_path

        await until(lambda: "authentication error" in hub_log.read_text())
        await until(lambda: "failed to verify certificate" in hub_log.read_text())
        assert await hub_knows(made, "hub-1") == {"member-north", "member-east"}


async def test_a_hub_that_asks_a_members_server_how_it_is_gets_no_answer(tmp_path: Path) -> None:
    insider = nkey_seed(bytes(range(32)))
    async with world(tmp_path, ("hub-1",), NORTH, EAST) as made:
        hub, access = made.hubs["hub-1"], made.hub_access["hub-1"]
        inside = f'users: [\n    {{ nkey: "{nkey_public(insider)}" }}\n'
        opened = re.sub(r", permissions: \{.*?\} \}", "", hub.config_path.read_text())
        await hub.stop()
        hub.write(opened.replace("users: [\n", inside, 1))
        await hub.start()
        client, answers = Client(), list[bytes]()
        await client.connect(access.url, nkeys_seed_str=insider)
        made.stack.push_async_callback(client.close)

        async def hears(message: Msg) -> None:
            answers.append(message.data)

        place = client.new_inbox()
        await client.subscribe(place, cb=hears)
        await until(lambda: made.carriers[NORTH].linked(EAST) and made.carriers[EAST].linked(NORTH))
        for subject in (
            "$SYS.REQ.USER.INFO",
            "$SYS.REQ.ACCOUNT.PING.CONNZ",
            "$SYS.REQ.SERVER.PING",
            "$SYS.REQ.ACCOUNT.PING.STATZ",
            "$SYS.REQ.SERVER.PING.CONNZ",
        ):
            await client.publish(subject, b"", reply=place)
        await say_until_heard(made, NORTH, EAST, b"after it")
        await until(lambda: sum(b'"hub-1"' in answer for answer in answers) >= 3)

        assert {json.loads(answer)["server"]["name"] for answer in answers if b'"server"' in answer} == {"hub-1"}


async def test_when_a_hub_is_killed_members_go_on_over_the_other_and_it_comes_back(tmp_path: Path) -> None:
    async with world(tmp_path, ("hub-1", "hub-2"), NORTH, EAST) as made:
        await say_until_heard(made, NORTH, EAST, b"by the first hub")
        killed = made.hubs["hub-1"].pid
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        await until(lambda: not made.carriers[NORTH].linked(EAST))
        await say_until_heard(made, NORTH, EAST, b"by the second hub")
        await say_until_heard(made, EAST, NORTH, b"and back")

        await until(lambda: made.hubs["hub-1"].pid not in (None, killed))


async def test_members_at_different_hubs_reach_each_other(tmp_path: Path) -> None:
    async with world(tmp_path, ("hub-1", "hub-2"), NORTH, EAST) as made:
        await made.servers[EAST].stop()
        config = made.servers[EAST].config_path.read_text()
        made.servers[EAST].write(config.replace(f'"{made.hub_urls[0]}", ', ""))
        await made.servers[EAST].start()
        await until(lambda: made.carriers[EAST].linked(NORTH))

        await say_until_heard(made, NORTH, EAST, b"across the route")
        await say_until_heard(made, EAST, NORTH, b"and back")


async def test_a_killed_server_of_ours_is_started_again_and_mail_goes_on(tmp_path: Path) -> None:
    async with world(tmp_path, ("hub-1",), NORTH, EAST) as made:
        await say_until_heard(made, NORTH, EAST, b"before")
        pid = made.servers[NORTH].pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await until(lambda: not made.carriers[NORTH].linked(EAST))
        with pytest.raises(Unavailable, match="link-down"):
            await made.carriers[NORTH].send(EAST, "p", b"nowhere to go")

        await say_until_heard(made, NORTH, EAST, b"after")
        await say_until_heard(made, EAST, NORTH, b"after, too")
        assert made.servers[NORTH].restarts >= 1


async def test_a_flooding_member_does_not_cut_anothers_mail_off(tmp_path: Path) -> None:
    async with world(tmp_path, ("hub-1",), NORTH, EAST, SOUTH) as made:
        await say_until_heard(made, NORTH, EAST, b"ready")
        await say_until_heard(made, SOUTH, EAST, b"ready")
        flood = await raw(made, SOUTH)
        done = asyncio.Event()

        async def pour() -> None:
            while not done.is_set():
                for _ in range(100):
                    await flood.publish("f.south.east.p", bytes(2000))
                await asyncio.sleep(0)

        pouring = asyncio.create_task(pour())
        await until(lambda: made.carriers[EAST].counters().get("muted.south", 0) > 0)
        for number in range(20):
            await made.carriers[NORTH].send(EAST, "p", b"mail %d" % number)
        await until(lambda: b"mail 19" in heard(made, EAST, NORTH))
        done.set()
        await pouring

        assert [text for text in heard(made, EAST, NORTH) if text.startswith(b"mail")] == [
            b"mail %d" % number for number in range(20)
        ]
        assert made.carriers[EAST].counters()["dropped.south"] > 500
        assert made.carriers[EAST].counters().get("dropped.north", 0) == 0
        await say_until_heard(made, SOUTH, EAST, b"quiet again")


async def test_what_is_no_kind_of_ours_is_dropped(tmp_path: Path) -> None:
    async with world(tmp_path, ("hub-1",), NORTH, EAST) as made:
        await say_until_heard(made, NORTH, EAST, b"ready")
        client = await raw(made, NORTH)
        await client.publish("f.north.east.x", b"strange")
        await client.publish("f.north.east.p.q", b"strange")
        await client.flush()
        await until(lambda: made.carriers[EAST].counters().get("dropped.unknown-kind", 0) == 1)

        assert b"strange" not in heard(made, EAST, NORTH)


async def test_peers_come_and_go_while_the_carrier_runs(tmp_path: Path) -> None:
    async with world(tmp_path, ("hub-1",), NORTH, EAST) as made:
        await say_until_heard(made, NORTH, EAST, b"ready")
        made.carriers[EAST].remove_peer(NORTH)
        await until(lambda: not made.carriers[EAST].linked(NORTH))
        with pytest.raises(Unavailable, match="unknown-peer"):
            await made.carriers[EAST].send(NORTH, "p", b"to whom?")
        await made.carriers[NORTH].send(EAST, "p", b"not heard")

        made.carriers[EAST].add_peer(NORTH)
        await until(lambda: made.carriers[EAST].linked(NORTH))
        await say_until_heard(made, NORTH, EAST, b"heard again")

        assert b"not heard" not in heard(made, EAST, NORTH)


async def test_a_member_struck_out_of_a_hub_is_gone_and_one_let_in_is_there(tmp_path: Path) -> None:
    async with world(tmp_path, ("hub-1",), NORTH, EAST, SOUTH) as made:
        hub, access, settings = made.hubs["hub-1"], made.hub_access["hub-1"], made.hub_settings["hub-1"]
        made.members = (NORTH, EAST, SOUTH, WEST)
        await made.raise_member(WEST)
        now = (NORTH, EAST, WEST)
        known = [HubMember(member, nkey_of(member)) for member in now]

        await change_members(hub, access, settings, known, [made.authority(member).cert for member in now])

        assert "member-south" not in await hub_knows(made, "hub-1")
        await made.raise_carrier(WEST)
        made.carriers[NORTH].add_peer(WEST)
        await until(lambda: made.carriers[NORTH].linked(EAST) and made.carriers[EAST].linked(NORTH))
        await say_until_heard(made, NORTH, EAST, b"without south")
        await say_until_heard(made, NORTH, WEST, b"with west")
        assert not made.carriers[SOUTH].linked(EAST)


async def test_settings_that_a_hub_does_not_take_are_named(tmp_path: Path) -> None:
    async with world(tmp_path, ("hub-1",), NORTH) as made:
        with pytest.raises(Unavailable, match="hub-not-changed"):
            await put_in_force(made.hubs["hub-1"], made.hub_access["hub-1"], "nonsense {")


@pytest.mark.parametrize("way", ["cut", "freeze"])
async def test_a_link_that_is_cut_or_frozen_is_noticed_and_comes_back(tmp_path: Path, way: str) -> None:
    async with world(tmp_path, ("hub-1",), NORTH, EAST) as made:
        host, _, port = made.hub_urls[0].removeprefix("tls://").rpartition(":")
        tap = tmp_path / "crossed"
        async with CutProxy(0, (host, int(port)), tap=tap) as proxy:
            made.members = (NORTH, EAST, SOUTH)
            config = made.servers[EAST].config_path.read_text()
            await made.servers[EAST].stop()
            made.servers[EAST].write(config.replace(made.hub_urls[0], f"tls://127.0.0.1:{proxy.port}"))
            await made.servers[EAST].start()
            await until(lambda: made.carriers[EAST].linked(NORTH))
            await say_until_heard(made, NORTH, EAST, b"before the cut")
            if way == "cut":
                proxy.cut()
            else:
                proxy.freeze()
            await until(lambda: not made.carriers[EAST].linked(NORTH))
            assert made.carriers[NORTH].linked(EAST)

            proxy.mend()
            await until(lambda: made.carriers[EAST].linked(NORTH))
            await say_until_heard(made, NORTH, EAST, b"after the cut")
            await say_until_heard(made, EAST, NORTH, b"and back")

            assert proxy.crossed == tap.stat().st_size > 0
            assert b"the cut" not in tap.read_bytes()
