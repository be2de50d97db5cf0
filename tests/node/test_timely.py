"""What was not on record in time counts for nothing: a drawer with a perfect proof is still a drawer."""

from pathlib import Path

import msgspec
import pytest
from test_hostile_hub import EAST, NORTH, forge
from world import World, exchange

from quartet.core.encoding import b64, encode
from quartet.core.facts import Grant
from quartet.core.ids import SECOND, ItemId, MemberId, Micros
from quartet.core.parcel import Content
from quartet.core.statement import decode_signed
from quartet.core.timely import RECEIPT_ALLOWANCE, TOLERANCE
from quartet.core.verify import Verified
from quartet.node import timeliness
from quartet.node.views import Published
from quartet.wire.memory import Passed

pytestmark = pytest.mark.anyio
WEST = MemberId("west")
HASTE_S = 90
"""How long what lies in a drawer has to get on record in time: a busy machine takes seconds."""


def verdict(world: World, member: str, fact: Verified | Published) -> str | None:
    return world.stores[member].reader.verdicts().get(ItemId(fact.id))


async def rests_on_north(world: World) -> Published:
    """South makes an item, for west too, of one of north's that west may not have."""
    source = await world.send("north", ["south", "east"], "the source")
    await world.until(lambda: world.holds("south", source.ref))
    made = await world.send("south", ["north", "west"], "what we make of it", contains=(source.ref,))
    await world.until(lambda: world.holds("north", made.ref))
    return made


def consent(world: World, made: Published, author: str = "south") -> Grant:
    """Return the grant that would give the author's item to west under north's control."""
    verified = world.nodes[author].holdings.verified(made.id)
    assert verified is not None
    control = verified.contained[0].id
    return Grant(control=control, item=made.id, author=MemberId(author), member=WEST, until=None, scope="ITEM")


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
        at = world.now("north") - TOLERANCE + HASTE_S * SECOND
        grant = await world.say("north", "grant", consent(world, made), at=at, tell=False)
        records = world.nodes["north"].timeliness.records
        await world.until(lambda: records._own(grant.c, world.now("north")))
        proven = records._own(grant.c, world.now("north"))
        assert proven is not None
        assert proven <= at + TOLERANCE, "so that its proof is perfect"

        world.later(HASTE_S + RECEIPT_ALLOWANCE // SECOND + 5)
        await world.tell("north", grant)
        await world.until(lambda: verdict(world, "south", grant) == "LATE")
        reader = world.stores["south"].reader
        await world.until(lambda: reader.path(grant.c))
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


async def test_a_receipt_for_a_refused_copy_proves_nothing_of_a_grant_in_a_drawer(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        source = await world.send("north", ["east"], "the source")
        await world.until(lambda: world.holds("east", source.ref))
        made = await world.send("east", ["north", "west"], "what we make of it", contains=(source.ref,))
        await world.until(lambda: world.holds("north", made.ref))
        at = world.now("north") - TOLERANCE + HASTE_S * SECOND
        grant = await world.say("north", "grant", consent(world, made, "east"), at=at, tell=False)
        reader, records = world.stores["east"].reader, world.nodes["east"].timeliness.records

        copy = forge(world, [Content("signed", damaged(grant))], world.keys("north").link)
        world.hub.carry(Passed(NORTH, EAST, "p", copy))
        await world.until(lambda: records.own_receipt(grant.id, world.now("east")))
        refused = reader.made_receipt(grant.id)
        assert refused is not None
        world.later(HASTE_S + RECEIPT_ALLOWANCE // SECOND + 5)
        await world.tell("north", grant)
        await world.until(lambda: reader.row(grant.id))
        world.nodes["east"].timeliness._next = Micros(0)
        await world.nodes["east"].timeliness.look(world.now("east"))

        assert verdict(world, "east", grant) == "LATE"
        assert reader.made_receipt(grant.id) != refused
        assert await world.problems("east") == []


def damaged(fact: Verified) -> bytes:
    """Return a statement as it travels, with a signature that is false."""
    signed = decode_signed(fact.signed)
    first = signed.signatures[0]
    false = msgspec.structs.replace(first, sig=b64(bytes(64)))
    return encode(msgspec.structs.replace(signed, signatures=(false,)))


async def test_however_many_facts_are_late_each_is_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timeliness, "MAX_LOOKED_AT", 1)
    monkeypatch.setattr(timeliness, "LOOK_AGAIN", 10**15)
    async with exchange(tmp_path) as world:
        made = await rests_on_north(world)
        days = [world.now("north") - n * 24 * 3600 * SECOND for n in (1, 2, 3)]
        late = {(await world.say("north", "grant", consent(world, made), at=at)).id for at in days}
        looking = world.nodes["north"].timeliness
        await world.until(lambda: late == set(world.nodes["north"].holdings.facts.late))

        looked = set()
        for _ in late:
            looking._next = Micros(0)
            looked |= {fact.id for fact in looking._waiting(world.now("north"))}

        assert looked == late
