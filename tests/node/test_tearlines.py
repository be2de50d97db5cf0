"""A tear-line is a new item of its sole controller, that says nowhere from what it was torn."""

from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from world import World, exchange

from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.ids import MemberId
from quartet.node.desk.tearlineviews import Signer, Stays, TearLine, TearLineCheck, TearLineText
from quartet.node.views import Published

pytestmark = pytest.mark.anyio

EAST, NORTH, SOUTH, WEST = (MemberId(m) for m in ("east", "north", "south", "west"))
TEXT = "Haddad saw two barges near Qalat at 14:05."
CLEAN = "Vessels move on the river."


def torn(text: str, to: tuple[MemberId, ...] = (SOUTH,), **more: Any) -> TearLine:
    return TearLine(text=text, tlp="GREEN", to=to, **more)


async def check(world: World, ref: str, draft: TearLine, officer: str = "duty") -> TearLineCheck:
    text = TearLineText(text=draft.text, title=draft.title, to=draft.to)
    return await world.nodes["north"].desk.tearlines.check(world.viewer("north", officer), ref, text)


async def make(world: World, ref: str, draft: TearLine, officer: str = "duty") -> Published:
    node = world.nodes["north"]
    return await node.desk.tearlines.make(world.viewer("north", officer), ref, draft, node.handover.publish)


async def test_a_tear_line_goes_under_its_own_marking_and_tells_nobody_of_its_original(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        original = await world.send("north", ["east"], TEXT, tlp="AMBER+STRICT", title="At Qalat")

        made = await make(world, original.ref, torn(CLEAN, title="River"))
        await world.until(lambda: world.holds("south", made.ref))

        shown = world.nodes["south"].show(world.viewer("south"), made.ref)
        assert (shown.tlp, shown.body["text"], shown.body["title"]) == ("GREEN", CLEAN, "River")
        assert (shown.provenance.contains, shown.provenance.cites) == ((), ())
        assert shown.marking.named == (SOUTH,)
        assert not world.holds("south", original.ref)
        for name in (original.id.encode(), b"Qalat"):
            assert name not in world.raw("south")
        again = await check(world, original.ref, torn(CLEAN))
        assert [(one.ref, one.title, one.tlp) for one in again.torn] == [(made.ref, "River", "GREEN")]


async def test_what_is_left_over_is_pointed_at_beside_the_original_and_goes_only_if_it_is_left_so(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, "north", "south", start=False) as world:
        event = {"what": "barges", "how": "SAW", "polarity": "ASSERTS", "reliability": "B", "credibility": 3}
        form = {"events": [{**event, "where": "the weir of Zab"}]}
        original = await world.send("north", [], TEXT, title="At Qalat", kind="report", form=form)
        draft = torn("Barges were seen at the Zab at 14:05", title="Qalat")

        found = await check(world, original.ref, draft)

        assert (found.title, found.text, found.may, found.foreign) == ("At Qalat", TEXT, True, ())
        told = {(one.where, one.what, getattr(draft, one.where)[one.start : one.end]) for one in found.left}
        assert {("title", "NAME", "Qalat"), ("text", "SOURCE", "seen"), ("text", "TIME", "14:05")} <= told
        assert ("text", "NAME", "Zab") in told
        assert {(place.where, place.words) for one in found.left for place in one.stands if one.what == "NAME"} == {
            ("title", "Qalat"),
            ("text", "Qalat"),
            ("beside", "Zab"),
        }
        with pytest.raises(Malformed, match="left-over"):
            await make(world, original.ref, draft)
        assert [row.ref for row in world.rows("north")] == [original.ref]
        assert await make(world, original.ref, torn(draft.text, leave="LOOKED"))


async def test_only_the_sole_controller_of_a_text_makes_one_and_else_is_told_who_must_grant_it(tmp_path: Path) -> None:
    async with exchange(tmp_path) as world:
        theirs = await world.send("east", ["north"], TEXT)
        others = await world.send("west", ["north"], "The weir is open", onward="NEVER")
        await world.until(lambda: world.holds("north", theirs.ref) and world.holds("north", others.ref))
        made = await world.send("north", [], "We hear of barges", contains=(theirs.ref,))
        about = await world.send("north", [], "We have seen none", cites=(theirs.ref,))

        for ref, foreign, instead in (
            (theirs.ref, (EAST,), Signer(member=SOUTH, needed=(EAST,))),
            (made.ref, (EAST,), Signer(member=SOUTH, needed=(EAST, NORTH))),
            (others.ref, (WEST,), Signer(member=SOUTH, barred="onward-never")),
        ):
            found = await check(world, ref, torn(CLEAN))
            assert (found.may, found.foreign, found.instead) == (False, foreign, (instead,))
            with pytest.raises(Untrusted, match=f"not-sole-controller.*{foreign[0]}"):
                await make(world, ref, torn(CLEAN, leave="LOOKED"))

        assert (await check(world, about.ref, torn(CLEAN))).may, "what cites carries no control"
        assert await make(world, about.ref, torn(CLEAN))


async def test_an_officer_who_may_not_see_the_original_or_a_tear_line_finds_none(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "south", start=False) as world:
        red = await world.send("north", [], TEXT, tlp="RED", persons=("north/duty",))
        own = await world.send("north", [], TEXT)
        hidden = TearLine(text=CLEAN, tlp="RED", persons=("north/duty",))
        await make(world, own.ref, hidden)

        for ask in (check, make):
            with pytest.raises(Unavailable, match="unknown-item"):
                await ask(world, red.ref, torn(CLEAN), "second")
        assert len((await check(world, own.ref, torn(CLEAN))).torn) == 1
        assert (await check(world, own.ref, torn(CLEAN), "second")).torn == ()


async def test_a_place_of_origin_is_torn_into_no_other_text(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "south", start=False) as world:
        now = world.now("north")
        form = {"since": now - 60_000_000, "until": now, "area": "the harbour"}
        incident = await world.send("north", [], "x", title="Explosions", kind="incident", form=form)
        asked = {"incident": incident.ref, "rung": "PLACE_OF_ORIGIN"}
        question = await world.about("north", incident.ref, "question", asked)
        said = {"question": question.ref, "rung": "PLACE_OF_ORIGIN", "text": "the sector north of the river"}
        sector = await world.about("north", question.ref, "hypothesis", said)

        for ask in (check, make):
            with pytest.raises(Untrusted, match="origin-stays"):
                await ask(world, sector.ref, torn(CLEAN))


async def test_a_tear_line_sent_again_under_its_word_goes_once(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "south", start=False) as world:
        original = await world.send("north", [], TEXT)
        draft = torn(CLEAN, once="w" * 22)

        first = await make(world, original.ref, draft)

        assert await make(world, original.ref, draft) == first
        assert [one.ref for one in (await check(world, original.ref, draft)).torn] == [first.ref]


async def test_what_stays_goes_once_each_place_is_answered_and_the_answers_stand_beside_the_original_alone(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path) as world:
        original = await world.send("north", [], TEXT)
        draft = torn("Haddad came at 14:05, Haddad went")
        left = (await check(world, original.ref, draft)).left
        answers = [Stays(one.where, one.start, one.end, one.what, "PUBLIC") for one in left]
        odd = Stays("text", 1, 2, "RUN", "CHANCE")
        assert {(one.start, one.what) for one in left} >= {(0, "NAME"), (15, "TIME"), (22, "NAME")}

        for some in (answers[1:], [*answers[:-1], odd], [structs.replace(one, end=one.end + 1) for one in answers]):
            with pytest.raises(Malformed, match="left-over"):
                await make(world, original.ref, structs.replace(draft, answers=tuple(some)))
        made = await make(world, original.ref, structs.replace(draft, answers=(*answers, odd)))
        await world.until(lambda: world.holds("south", made.ref))

        (one,) = (await check(world, original.ref, draft)).torn
        assert (one.ref, one.officer, one.answers) == (made.ref, "duty", tuple(answers))
        for member in ("north", "south"):
            assert "PUBLIC" not in str(world.nodes[member].show(world.viewer(member), made.ref))
        assert b"PUBLIC" not in world.raw("south")
