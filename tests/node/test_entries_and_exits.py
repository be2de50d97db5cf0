"""The log of entries and exits: each row rests on what made it, is read as who may see that, and ends in time."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from identified import BORDER, Border, heard
from test_identifying import HILL, measured
from test_telling import CRAFT, filed
from world import exchange

from quartet.core.encoding import encode
from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, ItemId
from quartet.node.identify import room as rooms
from quartet.node.identify.identifying import MOVEMENTS_KEPT, KeptMovement
from quartet.node.views import micros
from quartet.store import NewMovement
from quartet.store.movements import SLICE
from sky import EAST, NORTH, sky

pytestmark = pytest.mark.anyio


@pytest.fixture
async def border(tmp_path: Path) -> AsyncIterator[Border]:
    async with exchange(tmp_path, "north", "east", "west", start=False) as world, sky(world) as made:
        await made.feed("mast", NORTH)
        yield Border(made)


async def crosses(border: Border, addresses: tuple[str, ...] = (CRAFT,), **more: Any) -> None:
    """Let aircraft fly out of north's airspace, heard by its mast."""
    for n in range(24):
        for m, address in enumerate(addresses):
            border.take("mast", heard(border.now, address, 46.5 + 0.1 * m, 7.985 + 0.0029 * n, **more))
        await border.passes()


def rests(border: Border) -> list[set[ItemId]]:
    """Return on what each row of north's log rests."""
    log, node = border.sky.stores[NORTH].movements, border.sky.nodes[NORTH]
    rows = log.read(node.identifying.lines(border.viewer("north")))
    return [set(msgspec.json.decode(one.data, type=KeptMovement).rests) for one in rows]


def item(border: Border, feed: str) -> ItemId:
    of, ref = border.sky._feeds[feed]
    (found,) = border.sky.stores[of].reader.by_ref(ref)
    return found


async def test_a_row_rests_on_the_feeds_and_the_plan_that_made_it_and_on_no_other_on_view(border: Border) -> None:
    await border.sky.feed("coast", EAST, NORTH)
    plan = await filed(border, EAST, NORTH)
    for n in range(24):
        border.take("mast", heard(border.now, CRAFT, 47.0, 7.985 + 0.0029 * n, callsign="SWR12A"))
        border.take("coast", heard(border.now, "3c6444", 46.3, 7.985 + 0.0029 * n))
        await border.passes()

    assert {"4b1805", "3c6444"} == {one.address for one in await border.movements("north")}
    assert sorted(rests(border), key=len) == [{item(border, "coast")}, {item(border, "mast"), plan.id}]


async def test_taking_back_another_feed_or_a_plan_takes_the_rows_that_rest_on_it_and_leaves_the_others(
    border: Border,
) -> None:
    await border.sky.feed("coast", EAST, NORTH)
    for n in range(24):
        border.take("mast", heard(border.now, CRAFT, 47.0, 7.985 + 0.0029 * n))
        border.take("coast", heard(border.now, "3c6444", 46.3, 7.985 + 0.0029 * n))
        await border.passes()

    border.sky.stores[NORTH].submit(lambda tx: tx.drop_feed(item(border, "coast"))).result()

    assert [one.address for one in await border.movements("north")] == [CRAFT]


async def test_who_is_trained_for_more_or_for_less_reads_on_in_what_she_may_still_see(border: Border) -> None:
    node, trained = border.sky.nodes[NORTH], ("HUMANITARIAN",)
    await border.sky.feed("hidden", NORTH, caveats=trained)
    for n in range(24):
        border.take("mast", heard(border.now, CRAFT, 47.0, 7.985 + 0.0029 * n))
        border.take("hidden", heard(border.now, "3c6444", 46.3, 7.985 + 0.0029 * n))
        await border.passes()
    more = {one.address for one in await border.movements("north", trained=(*trained, "EXERCISE"))}
    less = {one.address for one in await border.movements("north")}

    assert more == {CRAFT, "3c6444"}
    assert less == {CRAFT}
    assert node.identifying.lines(border.viewer("north", ("EXERCISE",))) == node.identifying.lines(
        border.viewer("north")
    )


async def test_who_is_trained_for_more_goes_on_with_what_was_followed(border: Border) -> None:
    for n in range(40):
        border.take("mast", heard(border.now, CRAFT, 47.0, 7.5 + 0.0029 * n))
        await border.passes()
    more = ("EXERCISE", "HUMANITARIAN")
    border.aircraft("north", trained=more)
    await border.passes(2)

    one, same = border.aircraft("north", trained=more)[CRAFT], border.aircraft("north")[CRAFT]

    assert one.since == same.since


async def test_page_by_page_each_row_comes_once_though_many_are_of_one_moment(border: Border) -> None:
    await crosses(border, tuple(f"4b18{n:02x}" for n in range(7)))
    node, viewer, found, after = border.sky.nodes[NORTH], border.viewer("north"), list[str | None](), ""
    assert len({one.at for one in await border.movements("north")}) == 1

    while True:
        page = await node.identity.movements(viewer, None, None, 3, after)
        found += [one.address for one in page.items]
        if page.next is None:
            break
        after = page.next

    assert sorted(map(str, found)) == [f"4b18{n:02x}" for n in range(7)]
    other = border.sky.world.viewer("north", "other")
    with pytest.raises(Malformed, match="bad-cursor"):
        await node.identity.movements(other, None, None, 3, after)


async def test_no_page_looks_at_more_than_so_many_rows_and_the_next_goes_on(
    border: Border, monkeypatch: pytest.MonkeyPatch
) -> None:
    await crosses(border)
    log, node, viewer = border.sky.stores[NORTH].movements, border.sky.nodes[NORTH], border.viewer("north")
    (line,) = node.identifying.lines(viewer)
    (kept,) = log.read([line])
    old = msgspec.json.decode(kept.data, type=KeptMovement)
    rows = [msgspec.structs.replace(old, at=old.at - n, space="EAST") for n in range(1, 2 * SLICE + 10)]
    log.put(row_of(line, one) for one in rows)
    log.put([row_of(line, msgspec.structs.replace(old, at=old.at - SECOND, id="last"))])
    monkeypatch.setattr(rooms, "MAX_LOOKED", SLICE)

    pages = [await node.identity.movements(viewer, None, "NORTH", 5)]
    while pages[-1].next is not None:
        pages.append(await node.identity.movements(viewer, None, "NORTH", 5, pages[-1].next))

    assert [[one.id for one in page.items] for page in pages] == [[CRAFT], [], ["last"]]


def row_of(line: str, one: KeptMovement) -> NewMovement:
    return NewMovement(at=one.at, whom=line, rests=one.rests, data=encode(one))


async def test_what_is_too_old_is_forgotten(border: Border) -> None:
    await crosses(border)
    assert len(await border.movements("north")) == 1

    border.sky.clock.at += MOVEMENTS_KEPT + 60 * SECOND
    await border.passes()

    assert rests(border) == []


@pytest.mark.parametrize("seconds", [3, 8])
async def test_who_answers_nobody_and_is_lost_soon_after_it_entered_is_logged_a_minute_later(
    border: Border, seconds: int
) -> None:
    """The radar's recording breaks off before the new side has held for fifteen seconds."""
    await border.sky.feed("hill", NORTH)
    await border.warm("north")
    for n in range(30 + seconds):
        if n % 2 == 0:
            plot = measured(border.now, 47.0, BORDER + 0.0029 * (29.5 - n), None)
            border.take("hill", msgspec.structs.replace(plot, seen="PSR"), stands=(HILL,))
        await border.passes()
    crossed_at = border.now - seconds * SECOND

    assert [one.flags for one in border.aircraft("north").values()] == [("NON_COOPERATIVE",)]
    assert await border.movements("north") == ()
    await border.passes(45)
    assert await border.movements("north") == ()
    await border.passes(25)

    (entered,) = await border.movements("north")
    assert (entered.way, entered.space, entered.address, entered.seen) == ("ENTRY", "NORTH", None, True)
    assert abs(micros(entered.at) - crossed_at) < 4 * SECOND
    assert entered.lon == pytest.approx(BORDER, abs=0.002)


async def test_who_is_only_carried_over_the_boundary_while_nothing_sees_it_did_not_enter(border: Border) -> None:
    await border.sky.feed("hill", NORTH)
    await border.warm("north")
    for n in range(24):
        if n % 2 == 0:
            plot = measured(border.now, 47.0, BORDER + 0.0029 * (29.5 - n), None)
            border.take("hill", msgspec.structs.replace(plot, seen="PSR"), stands=(HILL,))
        await border.passes()

    await border.passes(80)

    assert await border.movements("north") == ()


async def test_of_an_airspace_that_there_is_not_it_is_said_so(border: Border) -> None:
    node = border.sky.nodes[NORTH]

    with pytest.raises(Malformed, match="NOPE: there is no such airspace; there are: NORTH, EAST") as refused:
        await node.identity.movements(border.viewer("north"), None, "NOPE", 10)

    assert refused.value.reason == "unknown-airspace"
