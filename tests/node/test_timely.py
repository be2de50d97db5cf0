"""What was not on record in time counts for nothing: a drawer with a perfect proof is still a drawer."""

from pathlib import Path

import pytest
from world import World, exchange

from quartet.core.facts import Grant
from quartet.core.ids import SECOND, ItemId, MemberId
from quartet.core.timely import RECEIPT_ALLOWANCE, TOLERANCE
from quartet.core.verify import Verified
from quartet.node.views import Published

pytestmark = pytest.mark.anyio
WEST = MemberId("west")


def verdict(world: World, member: str, fact: Verified | Published) -> str | None:
    return world.stores[member].reader.verdicts().get(ItemId(fact.id))


async def rests_on_north(world: World) -> Published:
    """South makes an item, for west too, of one of north's that west may not have."""
    source = await world.send("north", ["south", "east"], "the source")
    await world.until(lambda: world.holds("south", source.ref))
    made = await world.send("south", ["north", "west"], "what we make of it", contains=(source.ref,))
    await world.until(lambda: world.holds("north", made.ref))
    return made


def consent(world: World, made: Published) -> Grant:
    """Return the grant that would give south's item to west under north's control."""
    verified = world.nodes["south"].holdings.verified(made.id)
    assert verified is not None
    control = verified.contained[0].id
    return Grant(control=control, item=made.id, author=MemberId("south"), member=WEST, until=None, scope="ITEM")


async def test_a_fresh_grant_counts_at_once_and_is_judged_timely_by_all_who_hold_it(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        made = await rests_on_north(world)
        grant = await world.say("north", "grant", consent(world, made))
        await world.until(lambda: world.holds("west", made.ref))

        await world.until(lambda: all(verdict(world, m, grant) == "TIMELY" for m in ("north", "south", "west")))
        await world.stop("south")
        world.start("south")

        assert verdict(world, "south", grant) == "TIMELY"
        assert not world.nodes["south"].holdings.unjudged


async def test_a_grant_from_a_drawer_with_a_perfect_proof_gives_nothing(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        made = await rests_on_north(world)
        at = world.now("north") - TOLERANCE + 15 * SECOND
        grant = await world.say("north", "grant", consent(world, made), at=at, tell=False)
        records = world.nodes["north"].timeliness.records
        await world.until(lambda: records._own(grant.c, world.now("north")))
        proven = records._own(grant.c, world.now("north"))
        assert proven is not None
        assert proven <= at + TOLERANCE, "so that its proof is perfect"

        world.later(15 + RECEIPT_ALLOWANCE // SECOND + 5)
        await world.tell("north", grant)
        await world.until(lambda: verdict(world, "south", grant) == "LATE")
        reader = world.stores["south"].reader
        await world.until(lambda: reader.path(grant.c), 40)
        await world.send("south", ["west"], "sent after it", title="last")
        await world.until(lambda: any(row.title == "last" for row in world.rows("west")))

        assert not world.holds("west", made.ref)
        assert world.nodes["south"].why(world.viewer("south"), made.ref, "west").reason == "not-named"
        late = {m: grant.id in world.nodes[m].holdings.facts.late for m in ("north", "south")}
        assert late == {"north": True, "south": True}
        await world.stop("south")
        assert grant.id in world.start("south").holdings.facts.late


async def test_what_a_thief_of_the_keys_dates_back_gives_nothing_and_a_grant_of_today_does(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        made = await rests_on_north(world)
        yesterday = world.now("north") - 24 * 3600 * SECOND
        grant = await world.say("north", "grant", consent(world, made), at=yesterday)
        await world.until(lambda: verdict(world, "south", grant) == "LATE")
        assert not world.holds("west", made.ref)

        again = await world.say("north", "grant", consent(world, made))
        await world.until(lambda: world.holds("west", made.ref))

        assert verdict(world, "south", grant) == "LATE"
        await world.until(lambda: verdict(world, "south", again) == "TIMELY")
