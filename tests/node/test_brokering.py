"""A request through the chair: who asked stays with the chair's member, at every leg of question and answers."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from world import CHAIR, World, exchange, spelt

from quartet.core.control import decode_control
from quartet.core.encoding import encode, unb64
from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.ids import MemberId
from quartet.core.release import Viewer
from quartet.core.statement import Statement, decode_signed, decode_statement
from quartet.node.asking import Query
from quartet.node.desk.consentviews import Seek
from quartet.node.desk.requestviews import Answer, PassOn, Put, RequestView, Worth
from quartet.node.views import Draft, Published
from quartet.store import ItemRow

pytestmark = pytest.mark.anyio

NORTH, EAST, SOUTH, WEST = (MemberId(m) for m in ("north", "east", "south", "west"))
QUESTION = Put(title="Barges", text="Who moors at Dam 3?", asked=(SOUTH,), precedence="PRIORITY")


def chair_of(member: str) -> Viewer:
    return Viewer(member=MemberId(member), name=CHAIR.name, roles=CHAIR.roles)


async def as_chair(world: World, draft: Draft, member: str = "north") -> Published:
    """Have a member's chair assert a draft with her own key."""
    node = world.nodes[member]
    prepared = node.asserting.prepare(draft, chair_of(member))
    return await node.commit(prepared, world.asserted(member, CHAIR.name, prepared.id))


async def ask(world: World, member: str, *among: str, **marking: Any) -> str:
    """Have a member ask through north's chair; return once she has it."""
    form = {"asked": ["north"], "precedence": "PRIORITY", "broker": True, "among": list(among)}
    sent = await world.send(member, ["north"], "Who moors at Dam 3?", kind="request", form=form, **marking)
    reader = world.stores["north"].reader
    await world.until(lambda: reader.row(sent.id) is not None)
    return sent.ref


async def put(world: World, ref: str, question: Put = QUESTION) -> str:
    """Have north's chair put it to others, and say so to the asker."""
    desk = world.nodes["north"].desk
    sent = await as_chair(world, desk.brokering.question(chair_of("north"), ref, question))
    told = desk.requests.answer(chair_of("north"), ref, Answer("BROKERED", question=sent.ref))
    await as_chair(world, told)
    await world.until(lambda: all(world.holds(member, sent.ref) for member in question.asked))
    return sent.ref


async def reply(world: World, member: str, ref: str, answer: Answer) -> str:
    node, viewer = world.nodes[member], world.viewer(member)
    return (await node.publish(node.desk.requests.answer(viewer, ref, answer), viewer)).ref


def shown(world: World, member: str, ref: str, viewer: Viewer | None = None) -> RequestView:
    return world.nodes[member].desk.requests.show(viewer or world.viewer(member), ref)


def stage(world: World, member: str, ref: str, of: MemberId = NORTH) -> str:
    return shown(world, member, ref).row.stages[of]


async def test_a_hidden_asker_is_answered_through_the_chair_with_the_answerers_consent_and_rates_the_answer(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path) as world:
        ref = await ask(world, "east")
        question = await put(world, ref)
        await world.until(lambda: stage(world, "east", ref) == "BROKERED")

        told = await reply(world, "south", question, Answer("ANSWER", "Two barges of ours"))
        await world.until(lambda: world.holds("north", told))
        brokering = world.nodes["north"].desk.brokering
        passed = await as_chair(world, brokering.pass_on(chair_of("north"), told, PassOn()))
        await world.until(lambda: world.holds("south", passed.ref))
        assert not world.holds("east", passed.ref)
        await world.fact("south", "grant", passed.ref, member=EAST)
        await world.until(lambda: world.holds("east", passed.ref))
        assert world.text("east", passed.ref) == "Two barges of ours"
        assert not world.holds("west", passed.ref)

        requests = world.nodes["north"].desk.requests
        await as_chair(world, requests.answer(chair_of("north"), ref, Answer("ANSWER", "see it", cites=(passed.ref,))))
        await world.until(lambda: stage(world, "east", ref) == "ANSWERED")
        node, viewer = world.nodes["east"], world.viewer("east")
        await node.publish(node.desk.requests.close(viewer, ref, Worth(rating=4)), viewer)
        await world.until(lambda: shown(world, "north", ref).row.closed)

        behalf = shown(world, "north", question, chair_of("north")).behalf
        assert behalf is not None
        assert (behalf.ref, behalf.member, behalf.closed, behalf.rating) == (ref, EAST, True, 4)
        await as_chair(world, requests.close(chair_of("north"), question, Worth(rating=behalf.rating)))
        await world.until(lambda: shown(world, "south", question).rating == 4)
        assert [await world.problems(member) for member in world.nodes] == [[], [], [], []]


async def test_each_leg_has_a_clock_of_its_own_from_its_receipt(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        ref = await ask(world, "east")
        await world.until(lambda: shown(world, "east", ref).parts[0].due is not None)
        world.later(3600)
        question = await put(world, ref)
        await world.until(lambda: shown(world, "north", question).parts[0].due is not None)

        first, second = shown(world, "east", ref).parts[0].due, shown(world, "north", question).parts[0].due
        assert first is not None
        assert second is not None
        assert (second - first).total_seconds() >= 3600
        world.later(8 * 3600 - 1800)
        assert shown(world, "east", ref).row.overdue == (NORTH,)
        assert shown(world, "north", question).row.overdue == ()


async def test_what_is_asked_through_the_chair_goes_to_her_member_alone(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        form = {"asked": ["north"], "broker": True}
        with pytest.raises(Malformed, match="names-asker"):
            await world.send("east", ["north", "south"], "Who?", kind="request", form=form)
        with pytest.raises(Malformed, match="bad-form"):
            await world.send("east", ["north"], "Who?", kind="request", form={**form, "asked": ["north", "south"]})


async def test_she_alone_puts_it_to_others_as_strictly_and_to_those_only_whom_the_asker_lets_her_ask(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path) as world:
        ref = await ask(world, "east", "south")
        plain = await world.send("east", ["north"], "Who?", kind="request", form={"asked": ["north"]})
        await world.until(lambda: world.holds("north", plain.ref))
        desk, chair = world.nodes["north"].desk, chair_of("north")

        for viewer, asks, question, reason in (
            (world.viewer("north"), ref, QUESTION, "not-brokered"),
            (chair, plain.ref, QUESTION, "not-brokered"),
            (chair, ref, Put(title="t", text="x", asked=(WEST,)), "beyond-audience"),
            (chair, ref, Put(title="t", text="x", asked=(SOUTH,), to=(WEST,)), "beyond-audience"),
            (chair, ref, Put(title="t", text="x", asked=(SOUTH,), tlp="GREEN"), "tlp-wider"),
        ):
            with pytest.raises(Malformed, match=reason):
                desk.brokering.question(viewer, asks, question)
        for viewer, answer, reason in (
            (world.viewer("north"), Answer("ANSWER", "x"), "not-asked"),
            (chair, Answer("TRANSFER", transfer=SOUTH), "names-asker"),
            (chair, Answer("BROKERED"), "not-brokered"),
            (chair, Answer("BROKERED", question=plain.ref), "not-brokered"),
        ):
            with pytest.raises(Malformed, match=reason):
                desk.requests.answer(viewer, ref, answer)
        with pytest.raises(Malformed, match="not-asked"):
            desk.requests.answer(chair, plain.ref, Answer("ANSWER", "x"))
        with pytest.raises(Untrusted, match="chair-key-missing"):
            await world.nodes["north"].publish(desk.brokering.question(chair, ref, QUESTION), chair)


async def test_no_consent_is_asked_for_one_member_to_what_was_answered_to_the_chair(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        question = await put(world, await ask(world, "east"))
        told = await reply(world, "south", question, Answer("ANSWER", "Two barges"))
        await world.until(lambda: world.holds("north", told))
        desk, viewer = world.nodes["north"].desk, world.viewer("north")
        passed = await as_chair(world, desk.brokering.pass_on(chair_of("north"), told, PassOn()))
        within = await world.send("north", ["east", "south"], "what we heard", contains=(passed.ref,))

        for ref in (told, passed.ref, within.ref):
            with pytest.raises(Malformed, match="names-asker"):
                desk.consents.seek(viewer, ref, Seek(member=EAST, text="for them"))
        with pytest.raises(Malformed, match="not-brokered"):
            desk.brokering.pass_on(viewer, told, PassOn())
        own = await world.send("south", ["north"], "of south's own")
        await world.until(lambda: world.holds("north", own.ref))
        assert desk.consents.seek(viewer, own.ref, Seek(member=EAST, text="for them")).to == (SOUTH,)


async def test_an_officer_of_the_chairs_member_who_may_not_see_who_asks_is_not_told_by_the_question(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, "north", "east", "south") as world:
        ref = await ask(world, "east", tlp="RED", persons=("north/chair",))
        persons = ("south/duty", "north/duty")
        question = await put(world, ref, Put(title="t", text="x", asked=(SOUTH,), persons=persons))

        behalf = shown(world, "north", question, chair_of("north")).behalf
        assert behalf is not None
        assert behalf.member == EAST
        assert shown(world, "north", question).behalf is None
        with pytest.raises(Unavailable, match="unknown-item"):
            shown(world, "north", ref)


async def test_the_chair_reads_no_answer_that_was_not_sent_to_her_member(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        question = await put(world, await ask(world, "east"), Put(title="t", text="x", asked=(SOUTH, WEST)))
        aside = await reply(world, "south", question, Answer("PARTIAL", "between us", to=(WEST,)))
        await world.until(lambda: world.holds("west", aside))
        after = await reply(world, "south", question, Answer("ANSWER", "for all who have it"))
        await world.until(lambda: world.holds("north", after))

        with pytest.raises(Unavailable, match="unknown-item"):
            world.nodes["north"].show(chair_of("north"), aside)
        assert stage(world, "north", question, SOUTH) == "ANSWERED"
        assert aside not in spelt(shown(world, "north", question, chair_of("north")))


# -- the law: nobody but the chair's member can tell who asked


async def played(world: World, asker: str) -> set[str]:
    """Have somebody ask through north's chair, and all do what is to be done; only who asks differs.

    Return the answer, which is named where it is passed on.
    """
    ref = await ask(world, asker)
    question = await put(world, ref, Put(title="t", text="Who moors at Dam 3?", asked=(SOUTH, WEST, EAST)))
    told = await reply(world, "south", question, Answer("ANSWER", "Two barges"))
    await world.until(lambda: world.holds("north", told))
    desk = world.nodes["north"].desk
    passed = await as_chair(world, desk.brokering.pass_on(chair_of("north"), told, PassOn()))
    await world.until(lambda: world.holds("south", passed.ref))
    for member in (EAST, WEST):
        await world.fact("south", "grant", passed.ref, member=member)
    await world.until(lambda: all(world.holds(m, passed.ref) for m in ("east", "west")))
    answer = Answer("ANSWER", "see what was passed on", cites=(passed.ref,))
    await as_chair(world, desk.requests.answer(chair_of("north"), ref, answer))
    await world.until(lambda: stage(world, asker, ref) == "ANSWERED")
    node, viewer = world.nodes[asker], world.viewer(asker)
    await node.publish(node.desk.requests.close(viewer, ref, Worth(rating=5)), viewer)
    await world.until(lambda: shown(world, "north", ref).row.closed)
    await as_chair(world, desk.requests.close(chair_of("north"), question, Worth(rating=5)))
    await world.until(lambda: all(shown(world, m, question).row.closed for m in ("east", "south", "west")))
    return set(world.stores["south"].reader.by_ref(told))


def rows_of(world: World, member: str) -> list[ItemRow]:
    """Return all that a member's node holds, facts too: more than any officer sees. By who said it, and when.

    A grant and what it lets come are on their way at once: which is there first is chance in either world.
    """
    reader = world.stores[member].reader
    return sorted(reader.items(0, reader.last_admission()), key=lambda row: (row.author, row.at))


def statements(world: World, member: str) -> Iterator[Statement]:
    for row in rows_of(world, member):
        stored = world.stores[member].reader.item(row.id)
        assert stored is not None
        yield decode_statement(decode_signed(stored.signed).data)


def plainly(said: Statement) -> Any:
    """Return a statement without nonce and time, and of each control that it carries whose it is and for whom."""
    told = msgspec.json.decode(encode(said))
    controls = [decode_control(unb64(one.control)) for one in said.contains]
    told["contains"] = [[one.controller, msgspec.to_builtins(one.marking)] for one in controls]
    return {name: value for name, value in told.items() if name not in {"nonce", "at"}}


async def told_to(world: World, member: str, officer: str = "duty") -> list[str]:
    """Return what a member's node holds, and all that its officer is told of it; ids by their place, times masked."""
    node, viewer, rows = world.nodes[member], world.viewer(member, officer), rows_of(world, member)
    named = [row.ref for row in rows if row.kind in {"request", "reply", "message", "request-closed"}]
    await world.until(lambda: all(world.on_record(member, ref) for ref in named))
    found: list[Any] = [plainly(one) for one in statements(world, member)]
    found += [node.show(viewer, ref) for ref in named]
    if member == "south":  # whose answer it is learns who has it
        found += [node.consents.holders(viewer, row.ref) for row in rows if row.kind == "message"]
    found += [shown(world, member, row.ref) for row in rows if row.kind == "request"]
    found += [(await node.desk.requests.page(viewer, "all", "", 50)).items, node.desk.chairs.show(viewer)]
    found += [node.read(viewer, Query(newest=True)), [alarm.reason for alarm in node.status(viewer).alarms]]
    names = {name: f"<{n}>" for n, row in enumerate(rows) for name in (row.id, row.ref)}
    return [masked(spelt(one if not hasattr(one, "__await__") else await one), names) for one in found]


def masked(text: str, names: dict[str, str]) -> str:
    """Return a text with what items are called put as their place, and with its times and random words masked."""
    for name, place in names.items():
        text = text.replace(name, place)
    text = re.sub(r"\d{4}-\d\d-\d\dT[0-9:.]+Z", "<time>", text)
    return re.sub(r"\b\d{16}\b|(?<![\w-])[\w-]{32,43}(?![\w-])", "<drawn>", text)


async def heard(folder: Path, asker: str, member: str) -> tuple[list[str], set[str]]:
    """Return what a member is told where somebody asked, and what it names that is neither held nor the answer."""
    async with exchange(folder) as world:
        answer = await played(world, asker)
        held = {row.id for row in rows_of(world, member)}
        cites = [cite.item for one in statements(world, member) for cite in one.cites]
        return await told_to(world, member), {item for item in cites if isinstance(item, str)} - held - answer


@pytest.mark.parametrize(("other", "member"), [("west", "south"), ("north", "south"), ("north", "west")])
async def test_two_worlds_that_differ_only_in_who_asked_tell_a_receiver_the_same(
    tmp_path: Path, other: str, member: str
) -> None:
    """East asks in one; in the other a third member does, or north's own officer whose chair it is."""
    one, foreign = await heard(tmp_path / "a", "east", member)
    two, also_foreign = await heard(tmp_path / "b", other, member)

    assert foreign == also_foreign == set(), "an item that names what its receiver does not hold tells it apart"
    assert sum('"kind":"request"' in text and '"hat":"CHAIR"' in text for text in one) >= 1
    assert one == two
