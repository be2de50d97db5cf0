"""What others say of aircraft, by the thousand and of any time: it pushes out nothing of ours, and ends in time."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from identified import Border
from world import exchange

from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.verify import Verified
from quartet.desk import KIND_OF
from quartet.desk.identification import EARLIEST, LONGEST, Aircraft, Identification, TrackOffer
from quartet.node.identify.offers import NAMED, UNANSWERED
from quartet.node.identify.spoken import MOST, Spoken
from quartet.node.views import Draft
from sky import EAST, NORTH, sky

pytestmark = pytest.mark.anyio
END_OF_TIME = Micros(9_000_000_000 * SECOND)


@pytest.fixture
async def border(tmp_path: Path) -> AsyncIterator[Border]:
    async with exchange(tmp_path, "north", "east", "west", start=False) as world, sky(world) as made:
        yield Border(made)


async def says(border: Border, of: MemberId, form: TrackOffer | Identification) -> Verified:
    """Let a node say something that nothing there has checked, and bring it to north."""
    draft = Draft(kind=KIND_OF[type(form)], tlp="AMBER", title="", text="", to=(NORTH,) if of != NORTH else (EAST,))
    said = await border.sky.nodes[of].publisher.by_node(draft, form)
    if of != NORTH:
        await border.sky._bring(said, NORTH)
    return said


def offer(border: Border, to: str, n: int = 0, crosses_at: int | None = None) -> TrackOffer:
    at = border.now + 60 * SECOND if crosses_at is None else crosses_at
    return TrackOffer(MemberId(to), Aircraft(f"{n:06x}"), "PENDING", "NORTH", Micros(at))


async def test_a_flood_of_anothers_offers_pushes_out_none_of_ours(border: Border) -> None:
    ours = await says(border, NORTH, offer(border, "east"))
    for n in range(MOST[TrackOffer] + 3):
        await says(border, EAST, offer(border, "north", n))
    spoken = border.sky.nodes[NORTH].identity._spoken
    again = Spoken(border.sky.nodes[NORTH].holdings, border.sky.nodes[NORTH].seeing)
    again.begin(border.now)

    held, read = spoken.held(TrackOffer, border.now), again.held(TrackOffer, border.now)

    assert ours.id in {one.id for one in held}
    assert len(held) == MOST[TrackOffer] + 1
    assert {one.id for one in read} == {one.id for one in held}


async def test_what_was_destroyed_is_not_kept_ready_until_its_time_is_over(border: Border) -> None:
    said = await says(border, EAST, offer(border, "north"))
    node = border.sky.nodes[NORTH]
    spoken = node.identity._spoken
    assert said.id in {one.id for one in spoken._all(TrackOffer)}
    node.holdings.purged(said.id)

    assert said.id not in {one.id for one in spoken._all(TrackOffer)}


async def test_an_alarm_names_a_few_of_many_handovers_that_nobody_answered(border: Border) -> None:
    for n in range(NAMED + 4):
        await says(border, EAST, offer(border, "north", n))

    await border.sky.nodes[NORTH].identity.offers.look(border.now)

    (alarm,) = [one for one in border.sky.stores[NORTH].reader.alarms() if one.reason == UNANSWERED]
    assert "and 4 more: call east" in alarm.detail
    assert len(alarm.detail) < 400


@pytest.mark.parametrize("of", [NORTH, EAST])
async def test_what_is_dated_for_centuries_is_followed_for_no_time(border: Border, of: MemberId) -> None:
    craft, to = Aircraft("4b1805"), "east" if of == NORTH else "north"
    await says(border, of, offer(border, to, crosses_at=END_OF_TIME))
    await says(border, of, offer(border, to, crosses_at=border.now + EARLIEST + 1))
    await says(border, of, Identification(craft, "PENDING", END_OF_TIME))
    await says(border, of, Identification(craft, "PENDING", Micros(border.now + LONGEST + 1)))
    kept = await says(border, of, Identification(craft, "PENDING", Micros(border.now + LONGEST)))
    spoken = border.sky.nodes[NORTH].identity._spoken

    assert spoken.held(TrackOffer, border.now) == []
    assert [one.id for one in spoken.held(Identification, border.now)] == [kept.id]


async def test_what_dates_itself_far_ahead_of_our_clock_is_not_followed(border: Border) -> None:
    node = border.sky.nodes[EAST]
    border.sky.clock.at += 3 * 3_600 * SECOND
    ahead = Identification(Aircraft("4b1805"), "PENDING", Micros(border.now + SECOND))
    draft = Draft(kind="identification", tlp="AMBER", title="", text="", to=(NORTH,))
    said = await node.publisher.by_node(draft, ahead)
    border.sky.clock.at -= 3 * 3_600 * SECOND
    await border.sky._bring(said, NORTH)

    assert border.sky.nodes[NORTH].identity._spoken.held(Identification, border.now) == []
