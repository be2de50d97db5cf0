"""Direct links between two members' servers: what passes, what does not, and what is said where none stands."""

import asyncio
import json
import re
import socket
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from directs import NOWHERE, Directs, star
from nats.aio.client import Client
from nats.aio.msg import Msg
from worlds import EAST, NORTH, NOW, SOUTH, WEST, nkey_of, until

from quartet.core.faults import Unavailable
from quartet.core.ids import MemberId
from quartet.exercise.cut import CutProxy
from quartet.wire.carrier import Way
from quartet.wire.natsserver import free_port
from quartet.wire.site import change_ways
from quartet.wire.tls import new_authority

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


def heard(made: Directs, at: MemberId, frm: MemberId) -> list[bytes]:
    return [arrival.data for arrival in made.arrived[at] if arrival.frm == frm]


async def say_until_heard(made: Directs, frm: MemberId, to: MemberId, text: bytes) -> None:
    async with asyncio.timeout(60):
        while text not in heard(made, to, frm):
            if made.carriers[frm].linked(to):
                await made.carriers[frm].send(to, "p", text)
            await asyncio.sleep(0.05)


async def test_two_members_without_any_hub_speak_directly_and_a_third_is_reached_by_neither(tmp_path: Path) -> None:
    async with star(tmp_path, (), NORTH, EAST) as made:
        made.carriers[NORTH].add_peer(SOUTH)

        await say_until_heard(made, NORTH, EAST, b"directly")
        await say_until_heard(made, EAST, NORTH, b"and back")

        assert made.carriers[EAST].way(NORTH) == Way("direct", "", direct=True)
        assert made.carriers[NORTH].way(SOUTH) == Way("none")
        with pytest.raises(Unavailable, match="link-down"):
            await made.carriers[NORTH].send(SOUTH, "p", b"by neither")


async def turn_hostile(made: Directs, member: MemberId, peer: MemberId) -> Client:
    """Have a member strike every permission out of its own server, and log in to the account of a direct link there."""
    server = made.servers[member]
    config = re.sub(r", permissions: \{.*?\} \}", "", server.config_path.read_text())
    await server.stop()
    server.write(config)
    await server.start()
    await until(lambda: made.carriers[member].way(peer).by == "direct")
    client = Client()
    access = made.access[member]
    await client.connect(access.url, nkeys_seed_str=access.direct[peer].login)
    made.stack.push_async_callback(client.close)
    return client


async def test_nobody_uses_a_member_that_listens_as_a_hub(tmp_path: Path) -> None:
    async with star(tmp_path, ("hub-1",), NORTH, EAST, SOUTH) as made:
        hostile = await turn_hostile(made, EAST, NORTH)
        seen: list[Msg] = []

        async def listen(message: Msg) -> None:
            seen.append(message)

        for subject in (">", "f.>", "f.north.south.*", "f.south.north.*", "$SYS.>"):
            await hostile.subscribe(subject, cb=listen)
        await hostile.flush()
        for number in range(5):
            for subject in ("f.east.south.p", "f.south.north.p", "f.north.south.p", "f.north.east.p"):
                await hostile.publish(subject, b"forged")
            await hostile.publish("f.east.north.p", b"own", reply="f.north.south.p")
            await made.carriers[NORTH].send(SOUTH, "p", b"secret %d" % number)
            await made.carriers[SOUTH].send(NORTH, "p", b"secret too %d" % number)
        await say_until_heard(made, NORTH, EAST, b"for east")
        await say_until_heard(made, EAST, NORTH, b"last word")
        await say_until_heard(made, NORTH, SOUTH, b"last word")
        await say_until_heard(made, SOUTH, NORTH, b"last word")

        assert b"own" in heard(made, NORTH, EAST)
        assert b"forged" not in heard(made, SOUTH, EAST) + heard(made, SOUTH, NORTH) + heard(made, NORTH, SOUTH)
        assert not [message for message in seen if message.data.startswith(b"secret")]
        assert b"for east" in [message.data for message in seen], "so that there is something to find"
        assert {m.subject for m in seen if m.data != b"forged"} <= {"f.north.east.p", "f.east.north.p"}


async def test_who_listens_asks_the_server_that_dialled_nothing_and_gets_no_answer(tmp_path: Path) -> None:
    async with star(tmp_path, (), NORTH, EAST) as made:
        hostile = await turn_hostile(made, NORTH, EAST)
        await say_until_heard(made, NORTH, EAST, b"ready")
        seen: list[Msg] = []

        async def listen(message: Msg) -> None:
            seen.append(message)

        answer = hostile.new_inbox()
        await hostile.subscribe(answer, cb=listen)
        for subject in ("$SYS.REQ.USER.INFO", "$SYS.REQ.ACCOUNT.PING.CONNZ", "$JS.API.INFO", "$SYS.REQ.SERVER.PING"):
            await hostile.publish(subject, b"", reply=answer)
        await say_until_heard(made, NORTH, EAST, b"after it")
        await say_until_heard(made, EAST, NORTH, b"and back")

        assert {json.loads(m.data)["server"]["name"] for m in seen if b'"server"' in m.data} <= {"member-north"}


async def test_a_link_that_is_cut_gives_way_to_the_hub_and_is_taken_again(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        made = Directs(tmp_path, stack)
        made.members = (NORTH, EAST)
        await made.raise_hubs(("hub-1",), made.members)
        await made.raise_direct(NORTH, made.partner(EAST, dial=False))
        proxy = await stack.enter_async_context(CutProxy(0, ("127.0.0.1", made.ports[NORTH])))
        await made.raise_direct(EAST, made.partner(NORTH, dial=True, port=proxy.port))
        for member in made.members:
            await made.raise_carrier(member)
        carrier = made.carriers[EAST]
        await until(lambda: carrier.way(NORTH) == Way("direct", "hub-1", direct=True))
        await say_until_heard(made, EAST, NORTH, b"directly")
        hub = Client()
        await hub.connect(made.hub_access["hub-1"].url, nkeys_seed_str=made.hub_access["hub-1"].system)
        stack.push_async_callback(hub.close)
        crossed = await over_hub(hub)
        for number in range(20):
            await carrier.send(NORTH, "p", b"%d" % number)
        await until(lambda: heard(made, NORTH, EAST)[-1] == b"19")
        assert await over_hub(hub) == crossed, "while it stands the hub does not even see that they speak"

        proxy.freeze()
        await until(lambda: carrier.way(NORTH).by == "hub")
        await say_until_heard(made, EAST, NORTH, b"over the hub")
        proxy.mend()
        await until(lambda: carrier.way(NORTH).by == "direct")
        await say_until_heard(made, EAST, NORTH, b"directly again")
        for server in made.hubs.values():
            await server.stop()
        await until(lambda: carrier.way(NORTH) == Way("direct", "", direct=True))
        await say_until_heard(made, NORTH, EAST, b"without a hub")


async def over_hub(client: Client) -> int:
    """Return how many messages of members a hub has carried."""
    answer = json.loads((await client.request("$SYS.REQ.SERVER.PING.LEAFZ", b"")).data)
    return sum(int(leaf["in_msgs"]) for leaf in answer["data"]["leafs"])


async def test_a_partner_that_is_struck_out_is_gone_and_the_others_are_back(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        made = Directs(tmp_path, stack)
        made.members = (NORTH, EAST, SOUTH)
        partners = [made.partner(one, dial=False) for one in (EAST, SOUTH)]
        await made.raise_direct(NORTH, *partners)
        for one in (EAST, SOUTH):
            await made.raise_direct(one, made.partner(NORTH, dial=True))
        for one in made.members:
            await made.raise_carrier(one, linked=False)
        await until(lambda: all(made.carriers[one].way(NORTH).by == "direct" for one in (EAST, SOUTH)))
        before = made.servers[NORTH].pid

        made.carriers[NORTH].remove_peer(EAST)
        await change_ways(
            made.servers[NORTH],
            made.access[NORTH],
            made.settings[NORTH],
            [NOWHERE],
            [made.authority(NORTH).cert],
            partners[1:],
            ("127.0.0.1", made.ports[NORTH]),
        )
        await until(lambda: made.carriers[EAST].way(NORTH).by == "none")
        await until(lambda: made.servers[NORTH].pid not in (None, before))
        await until(lambda: made.carriers[NORTH].way(SOUTH).by == "direct")
        await say_until_heard(made, SOUTH, NORTH, b"still here")
        await until(lambda: made.carriers[EAST].way(NORTH).trouble == "direct-refused")

        assert made.carriers[EAST].way(NORTH) == Way("none", "", direct=True, trouble="direct-refused")
        assert made.carriers[NORTH].way(EAST).by == "none"
        assert b"still here" in heard(made, NORTH, SOUTH)


async def test_why_a_link_does_not_stand_is_told_in_one_word(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        made = Directs(tmp_path, stack)
        made.members = (NORTH, EAST, SOUTH, WEST)
        await made.raise_direct(NORTH, made.partner(EAST, dial=False, nkey=nkey_of("another")))
        made.ports[WEST] = free_port()
        made.authorities[SOUTH], made.ports[SOUTH] = new_authority(SOUTH, now=NOW, days=10), made.ports[NORTH]
        await made.raise_direct(EAST, *(made.partner(one, dial=True) for one in (NORTH, SOUTH, WEST)))
        for member in (NORTH, EAST):
            await made.raise_carrier(member, linked=False)

        words = {NORTH: "direct-refused", SOUTH: "direct-wrong-certificate", WEST: "direct-no-answer"}
        await until(lambda: {one: made.carriers[EAST].way(one).trouble for one in words} == words)
        assert made.carriers[NORTH].way(EAST).trouble == "direct-waits"
        assert made.carriers[NORTH].way(WEST) == Way("none"), "with whom no direct link is set up"
        assert "authentication error" in made.servers[NORTH].log_path.read_text()


async def test_who_floods_a_direct_link_is_muted_and_anothers_mail_comes(tmp_path: Path) -> None:
    async with star(tmp_path, (), NORTH, EAST, SOUTH) as made:
        await say_until_heard(made, SOUTH, NORTH, b"ready")
        flood = Client()
        await flood.connect(made.access[EAST].url, nkeys_seed_str=made.access[EAST].direct[NORTH].login)
        made.stack.push_async_callback(flood.close)
        done = asyncio.Event()

        async def pour() -> None:
            while not done.is_set():
                for _ in range(100):
                    await flood.publish("f.east.north.p", bytes(2000))
                await asyncio.sleep(0)

        pouring = asyncio.create_task(pour())
        counters = made.carriers[NORTH].counters
        await until(lambda: counters().get("muted.east", 0) > 0)
        for number in range(20):
            await made.carriers[SOUTH].send(NORTH, "p", b"mail %d" % number)
        await until(lambda: b"mail 19" in heard(made, NORTH, SOUTH))
        done.set()
        await pouring

        assert counters()["dropped.east"] > 0
        assert counters().get("dropped.south", 0) == 0


async def test_a_listeners_port_that_is_taken_is_named_with_what_to_do(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        made = Directs(tmp_path, stack)
        with socket.socket() as holder:
            holder.bind(("127.0.0.1", 0))
            holder.listen()
            made.ports[NORTH] = holder.getsockname()[1]

            with pytest.raises(
                Unavailable, match=rf"port-taken: .*{made.ports[NORTH]}: end what uses it, or set another"
            ):
                await made.raise_direct(NORTH, made.partner(EAST, dial=False))


async def test_an_address_that_is_not_this_machines_is_named_with_what_to_do(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        made = Directs(tmp_path, stack)

        with pytest.raises(Unavailable, match=r"address-not-here: member-north is to listen at 192\.0\.2\.7:7500"):
            await made.raise_direct(NORTH, made.partner(EAST, dial=False), at=("192.0.2.7", 7500))
