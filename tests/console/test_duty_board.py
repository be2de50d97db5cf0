"""The duty board at north's console: what is said when a watch is taken, and what other members' items may do to it."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from browser import Browser, browser, reason
from inside import CLERK, EAST, Inside, inside
from test_consents import in_a_world

from quartet.exercise.plan import DUTY
from quartet.node.duties import LOOK_BACK

__all__ = ["inside"]


@pytest.fixture
def north(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("d") / "t") as made:
        made.sign_in()
        yield made


def watch(name: str = "Watch officer 1", **form: object) -> dict[str, Any]:
    until = int((time.time() + 8 * 3600) * 1_000_000)
    told = {"name": name, "role": "duty officer", "phones": ["+41 58 000 00 00", "نداء 7"], "until": until, **form}
    return {"kind": "duty", "tlp": "AMBER", "title": name, "text": "", "to": ["east"], "form": told}


def board(north: Browser) -> Any:
    return north.ask("GET", "/api/duty").json()


def test_who_takes_the_watch_is_on_the_board_and_ends_the_watch_before(north: Browser) -> None:
    assert board(north) == {"watches": [], "notes": []}

    first = north.ask("POST", "/api/items", watch())
    second = north.ask("POST", "/api/items", watch("Watch officer 2"))
    (told,) = board(north)["watches"]

    assert (first.status_code, second.status_code) == (201, 201)
    assert (told["member"], told["name"], told["ref"]) == ("north", "Watch officer 2", second.json()["ref"])
    assert told["phones"] == ["+41 58 000 00 00", "نداء 7"]
    assert told["over"] is False


@pytest.mark.parametrize("form", [{"phones": []}, {"until": 1}, {"more": 1}])
def test_a_watch_that_makes_no_sense_is_refused_where_it_is_previewed_and_where_it_is_sent(
    north: Browser, form: dict[str, Any]
) -> None:
    for door in ("/api/previews", "/api/items"):
        assert reason(north.ask("POST", door, watch(**form))) == "bad-form"
    assert board(north)["watches"] == []


def test_a_kind_without_a_form_takes_none_and_a_report_takes_only_its_own(north: Browser) -> None:
    assert reason(north.ask("POST", "/api/items", {**watch(), "kind": "picture"})) == "no-form"
    assert reason(north.ask("POST", "/api/items", {**watch(), "kind": "report"})) == "bad-form"


def test_a_note_to_the_next_watch_is_for_its_author_alone(north: Browser) -> None:
    note = {"kind": "handover", "tlp": "AMBER+STRICT", "title": "Note", "text": "Pump 4 is out.", "form": {}}
    ref = north.ask("POST", "/api/items", note).json()["ref"]

    (told,) = board(north)["notes"]
    (east,) = north.ask("GET", f"/api/items/{ref}/holders").json()

    assert (told["text"], told["officer"]) == ("Pump 4 is out.", "duty")
    assert east["reason"] == "stays-home"


def test_a_watch_that_she_may_not_see_leaves_the_one_that_she_may() -> None:
    async def act(world: Inside) -> None:
        await world.watch(False)
        await world.wait(False)
        await world.watch(True)

        (clerk,) = (await world.ask(CLERK.name, "GET", "/duty")).json()["watches"]
        (duty,) = (await world.ask(DUTY.name, "GET", "/duty")).json()["watches"]

        assert (clerk["name"], duty["name"]) == ("Watch officer 1", "Watch officer 2")

    in_a_world(act)


def test_however_many_watches_she_may_not_see_take_no_place_of_hers() -> None:
    async def act(world: Inside) -> None:
        await world.watch(False)
        for _ in range(LOOK_BACK + 1):
            await world.watch(True)

        (watch,) = (await world.ask(CLERK.name, "GET", "/duty")).json()["watches"]

        assert watch["ref"] == world.known[False].items[0][1]

    in_a_world(act)


def test_what_another_member_says_that_is_no_watch_is_on_no_board() -> None:
    async def act(world: Inside) -> None:
        await world.comes(False)
        item, _ = world.known[False].items[0]
        with closing(sqlite3.connect(world.store.path)) as other:  # no door of ours lets a member say it so
            other.execute("UPDATE item SET kind = 'duty' WHERE id = ?", (item,))
            other.commit()

        told = (await world.ask(CLERK.name, "GET", "/duty")).json()

        assert told["watches"] == []
        assert world.store.reader.items(0, 9, EAST, "duty")

    in_a_world(act)
