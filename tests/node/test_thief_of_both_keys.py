"""A thief with a member's log key and link key is followed by the others; then its root takes the keys back."""

from pathlib import Path

import pytest
from carriers import carry, cut_off, to_and_fro
from rotating import new_link, take_back
from thief import FAR, NORTH, Thief
from world import World, exchange

from quartet.core.articles import ActPayload
from quartet.core.charter import propose, sign_act
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.proof.export import verify_proof
from quartet.core.restored import NONCE_SIZE, Returned
from quartet.node import returning
from quartet.node.renewing import disowned
from quartet.node.views import Published

pytestmark = pytest.mark.anyio


def alarms(world: World, member: str) -> set[str]:
    return {one.reason for one in world.stores[member].reader.alarms()}


def proves(world: World, member: str, said: Published) -> str:
    """Return whom a stranger who has the charter believes to have said something, by what a member shows."""
    proof = world.nodes[member].reading.proof(world.viewer(member), said.ref)
    return verify_proof(proof, world.charter_bytes()).author


async def test_a_member_goes_on_behind_a_thief_whom_a_quorum_followed_and_nothing_that_it_said_is_lost(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path) as world:
        before = await world.send("north", ["east", "west"], "said before the theft")
        await world.until(lambda: all(world.proven(one, before.ref) for one in ("north", "east", "west")))
        thief = Thief(world, "east", "south")
        await thief.begins()
        meanwhile = await world.send("north", ["east", "west"], "said while the thief was followed")
        theirs = await world.send("west", ["north"], "came while the thief was followed")
        await world.until(lambda: world.holds("west", meanwhile.ref) and world.holds("north", theirs.ref))
        await world.ticks("north")
        await thief.is_followed("east", "south")
        world.hub.drop_if = None
        await world.until(lambda: "log-forked" in alarms(world, "east"))
        await world.until(lambda: "sent-elsewhere" in alarms(world, "north"))

        await take_back(world, "north", link=True)
        await world.linked()
        after = await world.send("north", ["east", "west"], "said under the new keys")
        said = (before, meanwhile, after)
        await world.until(lambda: all(world.proven(one, s.ref) for one in ("north", "east", "west") for s in said))
        await world.until(lambda: world.proven("west", theirs.ref))
        assert {proves(world, one, s) for one in ("north", "east", "west") for s in said} == {"north"}
        await world.until(lambda: not world.nodes["north"].recovering.silent and not on_its_way(world))

        ours = world.stores["north"].reader
        assert ours.leaves(thief.origin, 0, len(thief.leaves)) == thief.leaves, "what a quorum cosigned stays"
        ((first, last),) = disowned(world.stores["north"])
        assert (first, last) == (thief.first + thief.parted, thief.first + len(thief.leaves) - 1)
        await world.until(lambda: alarms(world, "north") == {"log-disowned"})
        for one in ("east", "south", "west"):
            await world.until(lambda: alarms(world, one) - {"key-revoked"} == {"log-key-revoked"})  # noqa: B023 - awaited
        assert [await world.problems(one) for one in world.nodes] == [[], [], [], []]


def on_its_way(world: World) -> bool:
    return "keys-renewed" in alarms(world, "north")


async def test_a_member_whose_numbers_a_thief_of_its_link_key_used_up_is_heard_again_under_a_new_one(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        thief = Thief(world, "east")
        await thief.begins()
        thief.show("east")
        await world.until(lambda: world.nodes["east"].peers[NORTH].incoming.through > FAR)
        world.hub.drop_if = None
        await world.until(lambda: "sent-elsewhere" in alarms(world, "north"))
        unheard = await world.send("north", ["east"], "said while nobody hears it")

        await new_link(world, "north")
        await world.until(lambda: world.proven("east", unheard.ref) and world.proven("north", unheard.ref))
        await world.until(lambda: not on_its_way(world) and not alarms(world, "north"))
        assert [await world.problems(one) for one in world.nodes] == [[], []]


@pytest.mark.rare
async def test_new_keys_sign_nothing_before_no_quorum_is_left_that_may_have_followed_a_thief(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        before = await world.send("north", ["east"], "said before")
        await world.until(lambda: world.proven("east", before.ref))
        await world.stop("south")
        await world.stop("west")
        await take_back(world, "north")
        waiting = await world.send("north", ["east"], "said, and not on record yet")
        await world.until(lambda: world.holds("east", waiting.ref))
        await world.ticks("east")
        assert world.nodes["north"].ledger.note is None
        assert told(world).endswith("waits for south, west")

        world.start("south")
        await world.until(lambda: world.proven("east", waiting.ref))
        assert told(world).endswith("waits for west")
        world.start("west")
        await world.until(lambda: not alarms(world, "north"))
        assert disowned(world.stores["north"]) == []


async def test_new_keys_are_answered_by_files_where_no_wire_leads(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "west") as world:
        cut_off(world)
        await take_back(world, "north", link=True)
        said = await world.send("north", ["west"], "said under the new keys")
        await carry(world, "north", "west")
        assert not world.holds("west", said.ref), "first it must be known from where the streams go on"

        await carry(world, "west", "north")
        await world.until(lambda: not world.nodes["north"].recovering.silent)
        await to_and_fro(world, "north", "west")
        await to_and_fro(world, "north", "west")
        assert all(world.proven(one, said.ref) for one in ("north", "west"))
        await world.until(lambda: not on_its_way(world))


def told(world: World) -> str:
    """Return what north's officers are told of its new keys."""
    return next(one.detail for one in world.stores["north"].reader.alarms() if one.reason == "keys-renewed")


@pytest.mark.rare
async def test_new_keys_wait_for_who_alone_counts_and_go_on_behind_what_it_recorded_while_another_was_absent(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, "north", "east", "west") as world:
        before = await world.send("north", ["east"], "said before")
        await world.until(lambda: all(world.proven(one, before.ref) for one in ("north", "east")))
        at, state = world.now("north"), world.nodes["north"].registry.state
        ends = Micros(at + 3_600 * SECOND)
        payload = ActPayload(at=at, subject=MemberId("west"), reason="drill", admitted=None, changes=None, until=ends)
        act = sign_act(propose(state, "absent", payload), [world.root("north"), world.root("east")])
        await world.nodes["north"].take_act(act)
        await world.until(lambda: {node.registry.state.epoch for node in world.nodes.values()} == {1})
        thief = Thief(world, "east")
        await thief.begins()
        meanwhile = await world.send("north", ["west"], "said while east followed the thief")
        await world.until(lambda: world.holds("west", meanwhile.ref))
        await world.ticks("north")
        await thief.is_followed("east")
        world.hub.drop_if = None

        await world.stop("east")
        await take_back(world, "north", link=True)
        await world.until(lambda: on_its_way(world) and told(world).endswith("waits for east"))
        assert world.nodes["north"].recovering.silent, "east may have recorded what west never saw"
        world.start("east")
        after = await world.send("north", ["east"], "said under the new keys")
        await world.until(lambda: world.proven("east", after.ref) and world.proven("north", meanwhile.ref))
        leaves = world.stores["north"].reader.leaves(thief.origin, 0, len(thief.leaves))
        assert leaves == thief.leaves, "what east alone made a record stays"
        assert "log-forked" not in alarms(world, "east")


async def test_who_answered_before_a_restart_is_asked_again_for_the_answer_was_not_kept(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        before = await world.send("north", ["east"], "said before")
        await world.until(lambda: world.proven("east", before.ref))
        await world.stop("south")
        await world.stop("west")
        await take_back(world, "north")
        await world.until(lambda: on_its_way(world) and told(world).endswith("waits for south, west"))
        await world.stop("north")
        world.start("north")

        world.start("south")
        await world.until(lambda: not world.nodes["north"].recovering.silent)


async def test_keys_that_are_taken_back_again_ask_anew_though_somebody_never_answered_to_those_before(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, "north", "east", "west") as world:
        before = await world.send("north", ["east"], "said before")
        await world.until(lambda: world.proven("east", before.ref))
        await world.stop("west")
        await take_back(world, "north")
        await world.until(lambda: on_its_way(world) and told(world).endswith("waits for west"))
        await world.ticks("north")

        await world.stop("east")
        await take_back(world, "north")
        await world.until(lambda: on_its_way(world) and told(world).endswith("waits for east, west"))
        assert world.nodes["north"].recovering.silent
        assert world.nodes["north"].ledger.note is None


async def test_leaves_of_a_log_that_began_with_another_tick_end_nothing(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        before = await world.send("north", ["east"], "said before")
        await world.until(lambda: world.proven("north", before.ref))
        thief, east = Thief(world, "east"), MemberId("east")
        await thief.begins()
        thief.grow(2)
        thief.first -= 1
        renewing = world.nodes["north"].recovering._renewing
        leaves = b"".join(thief.leaves[renewing.base :])

        said = Returned(bytes(NONCE_SIZE), 1, 1, thief.note(), renewing.base, leaves, (), whole=True)
        assert renewing.heard(east, said)
        assert await renewing.go_on(world.now("north")), "it is no chain that a quorum may have"
        assert not disowned(world.stores["north"])


async def test_a_thief_ahead_of_the_clock_is_silenced_by_a_link_key_first_and_the_log_key_is_taken_back_behind_him(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(returning, "AGAIN", 0)  # the others go along with one a minute
    async with exchange(tmp_path) as world:
        before = await world.send("north", ["east", "west"], "said before the theft")
        await world.until(lambda: all(world.proven(one, before.ref) for one in ("north", "east", "west")))
        thief = Thief(world, "east", "south")
        await thief.begins()
        thief.grow(world.nodes["north"].ledger.size - thief.parted + 100)
        for one in thief.cut:
            thief.show(one)
        await world.until(lambda: all(thief.covered(one) >= len(thief.leaves) for one in thief.cut))
        world.hub.drop_if = None

        await new_link(world, "north")
        await world.until(lambda: on_its_way(world) and not world.nodes["north"].recovering.silent)
        assert world.stores["north"].reader.leaves(thief.origin, 0, len(thief.leaves)) == thief.leaves
        await take_back(world, "north")
        after = await world.send("north", ["east", "west"], "said under the new keys")
        await world.until(lambda: all(world.proven(one, after.ref) for one in ("north", "east", "west")))
        assert "revoked-too-early" not in alarms(world, "east") | alarms(world, "south")
