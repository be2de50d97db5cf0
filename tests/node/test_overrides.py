"""What goes before a second officer has read it: a minimum, all of it counted; and FLASH is counted as it is signed."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from warned import confirm, propose, warning
from world import World, exchange

from quartet.core.encoding import unb64
from quartet.core.faults import Malformed, Untrusted
from quartet.core.statement import decode_statement
from quartet.desk.warning import MINIMUM, Info
from quartet.node.desk.warningviews import AreaView, RoundView
from quartet.node.factviews import Prepared
from quartet.node.views import Draft, Published

pytestmark = pytest.mark.anyio


def prepared(world: World, officer: str = "duty", **more: Any) -> Prepared:
    node, viewer = world.nodes["north"], world.viewer("north", officer)
    told = warning(world, desks=("east",), override=True, why="it rises now", **more)
    return node.asserting.prepare(node.desk.warnings.draft(viewer, told), viewer)


async def signed(world: World, one: Prepared, officer: str = "duty") -> Published:
    return await world.nodes["north"].commit(one, world.asserted("north", officer, one.id))


def precedence(one: Prepared) -> str:
    return decode_statement(unb64(one.statement)).precedence


async def test_what_is_only_prepared_takes_nothing_from_her_hour_and_none_is_saved_up(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        ready = [prepared(world) for _ in range(9)]
        assert {precedence(one) for one in ready} == {"FLASH"}

        for one in ready[:6]:
            await signed(world, one)
        with pytest.raises(Untrusted, match="flash-spent"):
            await signed(world, ready[6])
        assert (await signed(world, ready[0])).id == ready[0].id  # who does not know whether she was heard asks again

        anew = prepared(world)
        assert precedence(anew) == "IMMEDIATE"
        assert (await signed(world, anew)).id == anew.id
        world.later(3_601)
        assert precedence(prepared(world)) == "FLASH"


async def test_what_was_not_stored_was_not_said(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        ready = [prepared(world) for _ in range(6)]
        for one in ready:
            with pytest.raises(Untrusted):
                await world.nodes["north"].commit(one, world.asserted("north", "second", one.id))

        for one in ready:
            await signed(world, one)


async def test_what_the_store_refused_was_not_said_either(tmp_path: Path) -> None:
    def full(*_: object) -> None:
        raise OSError("no space")

    async with exchange(tmp_path, "north", "east", start=False) as world:
        node, viewer = world.nodes["north"], world.viewer("north")
        draft = Draft(tlp="AMBER", title="t", text="t", to=(), precedence="FLASH")
        for _ in range(6):
            with pytest.raises(OSError, match="no space"):
                await node.publisher.publish(draft, viewer, full)

        await node.publish(draft, viewer)

        assert [row.precedence for row in world.rows("north")] == ["FLASH"]


@pytest.mark.parametrize("said", [(), ("EXERCISE",)])
@pytest.mark.parametrize("about", [(), ("EXERCISE",)])
async def test_who_said_flash_enough_still_reviews_and_her_review_goes_as_immediate_and_only_in_that_world(
    tmp_path: Path, said: tuple[str, ...], about: tuple[str, ...]
) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        for _ in range(6):
            await signed(world, prepared(world, "second", caveats=said), "second")
        sent = await signed(world, prepared(world, caveats=about))

        review = await confirm(world, sent.ref, trained=about)

        row = world.stores["north"].reader.row(review.id)
        assert row is not None
        assert row.precedence == ("IMMEDIATE" if said == about else "FLASH")


async def test_a_warning_by_two_and_its_review_go_however_much_flash_she_said(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        sent = [await signed(world, prepared(world)) for _ in range(6)]
        for one in sent:
            await confirm(world, one.ref)
        waiting = await propose(world, warning(world, desks=("east",)))

        await confirm(world, waiting.ref)
        seventh = await signed(world, prepared(world))
        await confirm(world, seventh.ref)

        rows = {row.ref: row.precedence for row in world.rows("north")}
        assert sorted(rows.values()).count("FLASH") == 6 + 6 + 2


@pytest.mark.parametrize(
    ("more", "place"), [({"text": "and much more"}, "text"), ({"title": "Something else"}, "title")]
)
async def test_nothing_is_said_beside_a_warning_that_no_second_officer_would_read(
    tmp_path: Path, more: dict[str, str], place: str
) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        node, viewer = world.nodes["north"], world.viewer("north")
        for override in (False, True):
            told = warning(world, desks=("east",), override=override, why="now" if override else "")
            draft = msgspec.structs.replace(node.desk.warnings.draft(viewer, told), **more)
            with pytest.raises(Malformed, match=f"bad-form.*{place}"):
                node.asserting.prepare(draft, viewer)


async def test_the_names_of_areas_and_the_reason_count_in_what_goes_unread(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east", start=False) as world:
        words = Info("en", "Flood", "Flood", "x" * (MINIMUM - 200))
        prepared(world, info=(words,))
        areas = tuple(AreaView("valley " * 20, circles=(RoundView(47.0, 8.0 + n, 20),)) for n in range(3))

        with pytest.raises(Malformed, match=f"{MINIMUM} bytes at most"):
            prepared(world, info=(words,), areas=areas)
