"""The presiding officer has duties and no sight: what she may not do, every node refuses under her own key."""

from pathlib import Path
from typing import Any

import pytest
from proposing import ALL, NORTH, position, propose, settled, short_days, shown
from world import CHAIR, World, exchange

from quartet.core.articles import ActPayload, Changes
from quartet.core.charter import propose as propose_act
from quartet.core.charter import sign_act
from quartet.core.encoding import unb64
from quartet.core.faults import Fault, Unavailable, Untrusted
from quartet.core.ids import SECOND, MemberId
from quartet.core.release import Viewer
from quartet.core.statement import item_id, sign_bytes
from quartet.core.verify import verify_statement
from quartet.node.factviews import FactDraft
from quartet.node.office import open_offline
from quartet.node.views import Draft

pytestmark = pytest.mark.anyio
__all__ = ["short_days"]

MEMBERS_WORDS: dict[str, dict[str, Any]] = {
    "position": {"stance": "CONCUR"},
    "acknowledgement": {},
    "closing-statement": {"positions": []},
    "step": {"move": "STOP"},
    "withdrawal": {},
    "task": {"owner": "east", "what": "patrol", "begins": 1, "ends": 2},
    "after-action": {"text": "x"},
}
"""What is a member's to say on a proposal."""


def chair_of(name: str) -> Viewer:
    return Viewer(member=MemberId(name), name=CHAIR.name, roles=CHAIR.roles)


@pytest.mark.parametrize("kind", sorted(MEMBERS_WORDS))
async def test_no_word_of_a_member_is_taken_from_the_chair_at_her_own_node_or_at_any_other(
    tmp_path: Path, kind: str
) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = await propose(world)
        node, viewer = world.nodes["north"], chair_of("north")
        said = {"version": ref, **MEMBERS_WORDS[kind]}
        draft = Draft(kind=kind, tlp="AMBER", title="x", text="x", to=(MemberId("east"),), form=said)
        prepared = node.asserting.prepare(draft, viewer)
        with pytest.raises(Untrusted, match="chair-may-not"):
            await node.commit(prepared, world.asserted("north", CHAIR.name, prepared.id))

        raw = unb64(prepared.statement)
        forged = sign_bytes(raw, world.keys("north").item, world.asserted("north", CHAIR.name, item_id(raw)))
        for member in ALL:
            with pytest.raises(Untrusted, match="chair-may-not"):
                verify_statement(forged, None, world.nodes[member].registry.keyring)


async def test_the_chair_consents_and_recalls_for_nobody(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        report = await world.send("east", ["north"], "near Dam 3")
        own = await world.send("north", ["east"], "near Dam 4")
        await world.until(lambda: world.holds("north", report.ref))

        for draft in (
            FactDraft(kind="grant", ref=report.ref, member=MemberId("south")),
            FactDraft(kind="recall", ref=report.ref),
            FactDraft(kind="recall", ref=own.ref),
            FactDraft(kind="grant", ref=own.ref, member=MemberId("south")),
            FactDraft(kind="narrow", ref=own.ref, tlp="AMBER+STRICT"),
            FactDraft(kind="widen", ref=own.ref, members=(MemberId("south"),)),
        ):
            with pytest.raises(Fault):
                await _state(world, draft)
        assert world.holds("north", report.ref)


async def _state(world: World, draft: FactDraft) -> None:
    node, viewer = world.nodes["north"], chair_of("north")
    prepared = await node.prepare(viewer, draft)
    await node.commit(prepared, world.asserted("north", CHAIR.name, prepared.id))


async def test_the_chair_sees_nothing_that_was_not_released_to_her_member(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        hidden = await world.send("east", ["south"], "between us")
        await world.until(lambda: world.holds("south", hidden.ref))
        node = world.nodes["north"]

        with pytest.raises(Unavailable, match="unknown-item"):
            node.show(chair_of("north"), hidden.ref)


async def test_the_chair_suspends_nobody_alone(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        act = ActPayload(world.now("north"), MemberId("south"), "as the chair decides", None, None)
        alone = sign_act(
            propose_act(world.nodes["north"].registry.state, "suspend", act),
            [open_offline(world.member("north"), None).root],
        )

        for member in ALL:
            with pytest.raises(Fault):
                await world.nodes[member].take_act(alone)


async def test_what_the_chair_announces_is_compared_and_a_period_is_only_ever_made_longer(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = await propose(world)
        end = shown(world, "east", ref).row.decide_by
        later = int(end.timestamp() * SECOND) + 100 * SECOND
        await world.presides("north", "ANNOUNCE", about=ref, state="ADOPTED")
        await world.presides("north", "EXTEND", about=ref, until=int(end.timestamp() * SECOND) - 300 * SECOND)
        await world.presides("north", "EXTEND", about=ref, until=later)
        await world.until(lambda: all(shown(world, m, ref).row.decide_by > end for m in ALL), 60)
        await world.until(lambda: all([a.right for a in shown(world, m, ref).announced] == [False] for m in ALL), 60)

        for member in ALL:
            view = shown(world, member, ref)
            assert int(view.row.decide_by.timestamp() * SECOND) == later
            assert view.row.state == "OPEN"
            chair = world.nodes[member].desk.chairs.show(world.viewer(member))
            assert (chair.presides, len(chair.log)) == (NORTH, 3)


async def test_who_presides_is_shown_her_own_acts_and_no_word_that_is_a_members(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = await propose(world)
        node = world.nodes["north"]
        rota = node.desk.chairs.rotas[-1].members
        may = {m: world.nodes[m].desk.chairs.show(chair_of(m)).may for m in rota}

        assert "position" in shown(world, "north", ref).may
        assert node.desk.actions.show(chair_of("north"), ref).may == ()
        assert node.desk.chairs.show(world.viewer("north")).may == ()
        assert {"CONVENE", "EXTEND", "RULE", "ANNOUNCE"} <= set(may[rota[0]])
        assert "TAKE" not in may[rota[0]]
        assert [may[m] for m in rota[1:]] == [("TAKE",)] + [()] * (len(rota) - 2)


async def test_the_chair_of_another_member_extends_nothing_while_it_does_not_preside(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = await propose(world)
        end = shown(world, "east", ref).row.decide_by
        said = await world.presides("east", "EXTEND", about=ref, until=int(end.timestamp() * SECOND) + 60 * SECOND)
        await world.until(lambda: all(world.holds(m, said.ref) for m in ALL))

        assert {shown(world, m, ref).row.decide_by for m in ALL} == {end}
        log = world.nodes["south"].desk.chairs.show(world.viewer("south")).log
        assert [(one.ref, one.holds) for one in log] == [(said.ref, False)]


async def test_the_chair_closes_no_incident(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        node, viewer = world.nodes["north"], chair_of("north")
        now = world.now("north")
        form = {"since": now - SECOND, "until": now, "area": "the harbour"}
        incident = await world.send("north", ["east", "south"], "x", kind="incident", form=form)
        step = {"incident": incident.ref, "move": "CLOSE"}
        draft = Draft(kind="incident-step", tlp="AMBER", title="x", text="x", to=(MemberId("east"),), form=step)
        prepared = node.asserting.prepare(draft, viewer)

        with pytest.raises(Untrusted, match="chair-may-not"):
            await node.commit(prepared, world.asserted("north", CHAIR.name, prepared.id))


async def test_a_vote_of_the_chair_breaks_no_tie(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = await propose(world)
        await position(world, "north", ref, "CONCUR")
        await position(world, "east", ref, "OBJECT", "not now")
        await settled(world, ref, 2)
        with pytest.raises(Untrusted):
            await world.about("north", ref, "position", {"version": ref, "stance": "CONCUR"}, officer=CHAIR.name)

        assert [s.stance for s in shown(world, "south", ref).stands] == ["OBJECT", "CONCUR", None]


async def test_the_chair_sees_before_she_signs_who_would_have_it_and_so_does_who_asserts(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        ref = await propose(world)
        node, east = world.nodes["north"], (MemberId("east"),)
        asks = {"asked": ["east"], "precedence": "ROUTINE"}
        stance = {"version": ref, "stance": "CONCUR"}

        for viewer, kind, form in (
            (chair_of("north"), "procedure", {"act": "PRESENT"}),
            (chair_of("north"), "request", asks),
            (world.viewer("north"), "position", stance),
        ):
            draft = Draft(kind=kind, tlp="AMBER", title="x", text="x", to=east, form=form)
            told = {one.member: one.admitted for one in node.preview(draft, viewer)}
            assert told == {"east": True, "south": False}


async def test_the_chair_reads_what_is_for_her_eyes_alone_and_its_author_is_told(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        note = await world.send("east", ["north"], "for the chair", tlp="RED", persons=("north/chair",))
        await world.until(lambda: world.stores["north"].reader.row(note.id) is not None)

        assert (await world.nodes["north"].view(chair_of("north"), note.ref)).title == "A report"
        await world.until(lambda: world.receipts("east", note.ref).viewed.keys() == {"north/chair"}, 60)


async def test_what_a_chair_said_is_whole_once_its_member_presides_no_more(tmp_path: Path) -> None:
    async with exchange(tmp_path, *ALL) as world:
        said = await world.presides("north", "PRESENT")
        await world.until(lambda: all(world.holds(m, said.ref) for m in ALL))
        rota = (MemberId("east"), MemberId("south"))
        changes = Changes(None, None, None, None, None, None, None, None, rota)
        payload = ActPayload(world.now("north"), None, "a rota", None, changes)
        roots = [open_offline(world.member(m), None).root for m in ALL]
        state = world.nodes["north"].registry.state
        await world.nodes["north"].take_act(sign_act(propose_act(state, "set", payload), roots))
        await world.until(lambda: all(world.nodes[m].registry.state.epoch == 1 for m in ALL), 60)

        assert [await world.problems(m) for m in ALL] == [[], [], []]
        with pytest.raises(Untrusted, match="not-in-rota"):
            await world.presides("north", "PRESENT")
