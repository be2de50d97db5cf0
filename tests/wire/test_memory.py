import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import until

from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.ids import MemberId
from quartet.wire.bucket import TokenBucket
from quartet.wire.carrier import MAX_DATA, Arrival, Carrier
from quartet.wire.inbox import Limits
from quartet.wire.memory import HELD_SECONDS, MemoryHub, Weather

pytestmark = pytest.mark.anyio
NORTH, EAST, SOUTH = MemberId("north"), MemberId("east"), MemberId("south")


@asynccontextmanager
async def heard(
    carrier: Carrier, handler: Callable[[Arrival], Awaitable[None]] | None = None
) -> AsyncIterator[list[Arrival]]:
    arrived: list[Arrival] = []

    async def take(arrival: Arrival) -> None:
        arrived.append(arrival)

    task = asyncio.create_task(carrier.run(handler or take))
    await asyncio.sleep(0)
    try:
        yield arrived
    finally:
        task.cancel()
        await asyncio.wait([task])


def data(arrived: list[Arrival]) -> list[bytes]:
    return [arrival.data for arrival in arrived]


async def test_what_is_sent_arrives_in_order_with_its_sender_and_kind() -> None:
    hub = MemoryHub()
    north, east = hub.carrier(NORTH), hub.carrier(EAST)

    async with heard(east) as arrived:
        for number in range(10):
            await north.send(EAST, "p", bytes([number]))
        await until(lambda: len(arrived) == 10)

    assert data(arrived) == [bytes([number]) for number in range(10)]
    assert {(arrival.frm, arrival.kind) for arrival in arrived} == {(NORTH, "p")}


async def test_what_came_before_we_listened_waits() -> None:
    hub = MemoryHub()
    north, east = hub.carrier(NORTH), hub.carrier(EAST)
    await north.send(EAST, "p", b"early")

    async with heard(east) as arrived:
        await until(lambda: arrived)

    assert data(arrived) == [b"early"]


async def test_a_cut_member_knows_it_and_nothing_reaches_it_until_mended() -> None:
    hub = MemoryHub()
    north, east = hub.carrier(NORTH), hub.carrier(EAST)
    hub.cut(EAST)

    async with heard(east) as arrived:
        await north.send(EAST, "p", b"lost")
        assert north.linked(EAST)
        assert not east.linked(NORTH)
        with pytest.raises(Unavailable, match="link-down"):
            await east.send(NORTH, "p", b"no way out")
        hub.mend(EAST)
        await north.send(EAST, "p", b"found")
        await until(lambda: b"found" in data(arrived))

    assert data(arrived) == [b"found"]


async def test_the_weather_loses_doubles_and_overtakes_alike_from_one_seed() -> None:
    async def sail(seed: int) -> list[bytes]:
        hub = MemoryHub(seed=seed, weather=Weather(drop=0.2, duplicate=0.2, reorder=0.3))
        north, east = hub.carrier(NORTH), hub.carrier(EAST)
        async with heard(east) as arrived:
            for number in range(60):
                await north.send(EAST, "p", bytes([number]))
            await asyncio.sleep(2 * HELD_SECONDS)
            hub.weather = Weather()
            await north.send(EAST, "p", b"last")
            await until(lambda: b"last" in data(arrived))
        return [text for text in data(arrived) if text != b"last"]

    first = await sail(7)

    assert first == await sail(7)
    assert first != await sail(8)
    assert len(set(first)) < 60
    assert len(first) > len(set(first))
    assert first != sorted(first)


async def test_the_tap_sees_every_byte_and_a_test_may_drop_what_it_likes() -> None:
    hub = MemoryHub(tap=True)
    hub.drop_if = lambda passed: passed.data == b"second"
    north, east = hub.carrier(NORTH), hub.carrier(EAST)

    async with heard(east) as arrived:
        for text in (b"first", b"second", b"third"):
            await north.send(EAST, "t", text)
        await until(lambda: b"third" in data(arrived))

    assert data(arrived) == [b"first", b"third"]
    assert hub.taps(b"econ") == 1


async def test_too_large_a_message_is_refused_at_the_sender() -> None:
    with pytest.raises(Malformed, match="too-large"):
        await MemoryHub().carrier(NORTH).send(EAST, "p", bytes(MAX_DATA + 1))


async def test_a_peer_at_its_bound_loses_its_own_messages_and_no_others() -> None:
    hub = MemoryHub(limits=Limits(queue_messages=5))
    north, east, south = hub.carrier(NORTH), hub.carrier(EAST), hub.carrier(SOUTH)
    for number in range(50):
        await south.send(EAST, "p", bytes([number]))
    await north.send(EAST, "p", b"from north")

    async with heard(east) as arrived:
        await until(lambda: len(arrived) >= 6)

    assert [arrival.data for arrival in arrived if arrival.frm == SOUTH] == [bytes([number]) for number in range(5)]
    assert [arrival.data for arrival in arrived if arrival.frm == NORTH] == [b"from north"]
    assert east.counters()["dropped.south"] == 45


async def test_a_queue_is_bounded_in_bytes_too() -> None:
    hub = MemoryHub(limits=Limits(queue_bytes=1000))
    north, east = hub.carrier(NORTH), hub.carrier(EAST)

    for _ in range(5):
        await north.send(EAST, "p", bytes(400))

    assert east.counters()["dropped.queue-full"] == 3


async def test_a_slow_peer_does_not_hold_up_another() -> None:
    hub = MemoryHub()
    north, east, south = hub.carrier(NORTH), hub.carrier(EAST), hub.carrier(SOUTH)
    done: list[MemberId] = []

    async def slow_for_south(arrival: Arrival) -> None:
        if arrival.frm == SOUTH:
            await asyncio.Event().wait()
        done.append(arrival.frm)

    async with heard(east, slow_for_south):
        await south.send(EAST, "p", b"slow")
        await north.send(EAST, "p", b"quick")
        await until(lambda: done)

    assert done == [NORTH]


async def test_a_peer_over_its_rate_is_slowed_before_the_handler_sees_it() -> None:
    hub = MemoryHub(limits=Limits(messages_per_second=20, message_burst=5))
    south, east, began = hub.carrier(SOUTH), hub.carrier(EAST), time.monotonic()

    async with heard(east) as arrived:
        for number in range(50):
            await south.send(EAST, "p", bytes([number]))
        await until(lambda: len(arrived) >= 7)
        lasted = time.monotonic() - began

    assert len(arrived) <= 5 + 20 * lasted + 1
    assert east.counters()["slowed"] >= 1


async def test_a_fault_is_counted_and_a_bug_raises() -> None:
    hub = MemoryHub()
    north, east = hub.carrier(NORTH), hub.carrier(EAST)

    async def judge(arrival: Arrival) -> None:
        raise Untrusted("bad-seal") if arrival.kind == "p" else KeyError("a bug")

    task = asyncio.create_task(east.run(judge))
    await north.send(EAST, "p", b"refused")
    await until(lambda: east.counters().get("refused.bad-seal") == 1)
    await north.send(EAST, "t", b"bug")
    with pytest.raises(ExceptionGroup):
        await task


@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0, 3)), max_size=30))
def test_a_bucket_never_lets_more_through_than_burst_and_rate(steps: list[tuple[float, float]]) -> None:
    bucket = TokenBucket(rate=2.0, burst=5.0, now=0.0)
    now, paid = 0.0, 0.0

    for pause, price in steps:
        now += pause
        paid += price
        now += bucket.take(price, now)

        assert paid <= 5.0 + 2.0 * now + 1e-6
