"""Consent at north's console: who has an item, who has not and why, what a grant would do, which grants there are."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import msgspec
import pytest
from browser import Browser, browser, reason
from inside import CLERK, EAST, NORTH, Inside, inside
from served import draft

from quartet.console.signin import sessions
from quartet.core.ids import ItemId, OfficerName
from quartet.core.release import Viewer
from quartet.core.statement import assert_item
from quartet.exercise.plan import DUTY, Duty
from quartet.node.views import Draft

DEPUTY = Duty(OfficerName("deputy"))


@pytest.fixture
def north(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("c") / "t", officers=(DEPUTY, DUTY)) as made:
        made.sign_in()
        yield made


@pytest.fixture
def deputy(north: Browser) -> Browser:
    other = north.other(DEPUTY.name)
    other.sign_in()
    return other


def send(north: Browser, **change: object) -> str:
    return str(north.ask("POST", "/api/items", draft(**change)).json()["ref"])


def prepared(north: Browser, ref: str, **more: object) -> Any:
    asked = {"kind": "grant", "ref": ref, "member": "east", **more}
    return north.ask("POST", "/api/facts/prepared", asked).json()


def state(north: Browser, made: Any) -> Any:
    """Assert what was prepared with the officer's own key, as a browser's key does."""
    assertion = msgspec.to_builtins(assert_item(ItemId(made["id"]), north.socket.key))
    return north.ask("POST", "/api/facts", {"prepared": made, "assertion": assertion})


def east_of(north: Browser, ref: str) -> Any:
    (east,) = north.ask("GET", f"/api/items/{ref}/holders").json()
    return east


def test_who_has_it_not_is_told_why_and_who_could_grant_it(north: Browser) -> None:
    named, unnamed, never = send(north), send(north, to=[]), send(north, to=[], onward="NEVER")

    assert (east_of(north, named)["reason"], east_of(north, named)["needed"]) == ("due", [])
    assert (east_of(north, unnamed)["reason"], east_of(north, unnamed)["needed"]) == ("not-named", ["north"])
    assert (east_of(north, never)["reason"], east_of(north, never)["needed"]) == ("not-named", [])
    assert [east_of(north, ref)["barred"] for ref in (named, unnamed, never)] == [None, None, "onward-never"]


def test_a_grant_is_shown_before_it_is_asserted_and_then_does_what_was_shown(north: Browser) -> None:
    ref = send(north, to=[])
    made = prepared(north, ref)

    shown = north.ask("POST", "/api/facts/foreseen", made).json()
    before = east_of(north, ref)["reason"]
    assert state(north, made).status_code == 201
    after = east_of(north, ref)

    assert (shown["member"], shown["ref"], shown["already"], shown["needed"], shown["withheld"]) == (
        ("east", ref, False, [], None)
    )
    assert (before, after["reason"]) == ("not-named", "due")
    assert [grant["grantor"] for grant in after["grants"]] == ["north"]


def test_a_grant_that_would_not_help_says_so(north: Browser) -> None:
    never = send(north, to=[], onward="NEVER")

    shown = north.ask("POST", "/api/facts/foreseen", prepared(north, never)).json()

    assert shown["withheld"] == "onward-never"


def test_what_another_officer_had_prepared_is_foreseen_for_her_alone(north: Browser, deputy: Browser) -> None:
    made = prepared(north, send(north, to=[]))

    assert reason(deputy.ask("POST", "/api/facts/foreseen", made)) == "not-prepared"
    assert reason(north.ask("POST", "/api/facts/foreseen", {**made, "statement": "e30"})) == "not-prepared"


def test_grants_are_listed_by_pages_with_their_end(north: Browser) -> None:
    refs = [send(north, title=f"Item {n}", to=[]) for n in range(3)]
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
    for ref in refs:
        assert state(north, prepared(north, ref, until=until, scope="FOLLOWING")).status_code == 201

    pages = [north.ask("GET", "/api/grants?limit=2").json()]
    pages.append(north.ask("GET", f"/api/grants?limit=2&after={pages[0]['next']}").json())
    found = [grant for page in pages for grant in page["grants"]]

    assert [grant["item"] for grant in found] == refs[::-1]
    assert {(g["member"], g["scope"], g["until"], g["ended"]) for g in found} == {("east", "FOLLOWING", until, None)}
    assert pages[1]["next"] is None
    assert reason(north.ask("GET", "/api/grants?limit=0")) == "bad-query"


def test_a_recall_can_be_cancelled_by_another_officer_and_the_page_is_told_until_when(
    north: Browser, deputy: Browser
) -> None:
    ref = send(north)
    assert north.ask("GET", f"/api/items/{ref}/recall").status_code == 404
    state(north, north.ask("POST", "/api/facts/prepared", {"kind": "recall", "ref": ref}).json())
    hers = north.ask("GET", f"/api/items/{ref}/recall").json()
    others = deputy.ask("GET", f"/api/items/{ref}/recall").json()

    cancelled = state(deputy, deputy.ask("POST", "/api/facts/prepared", {"kind": "cancel-recall", "ref": ref}).json())

    assert (hers["officer"], hers["yours"], others["yours"]) == ("duty", True, False)
    assert hers["until"] > hers["at"]
    assert cancelled.status_code == 201
    assert north.ask("GET", f"/api/items/{ref}").json()["ref"] == ref
    assert north.ask("GET", f"/api/items/{ref}/recall").status_code == 404


def test_a_browsers_key_counts_within_minutes_of_a_proof_alone(north: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    made = prepared(north, send(north, to=[]))
    monkeypatch.setattr(sessions, "FRESH", 0)

    assert reason(state(north, made)) == "locked"
    assert north.ask("GET", "/api/grants").json()["grants"] == []


Act = Callable[[Inside], Awaitable[None]]


def in_a_world(act: Act) -> None:
    async def whole() -> None:
        async with inside() as world:
            await act(world)

    asyncio.run(whole())


def test_a_received_item_says_which_control_lets_her_see_it() -> None:
    async def act(world: Inside) -> None:
        await world.comes(True)
        _, ref = world.known[True].items[0]

        told = await world.duty("GET", f"/items/{ref}/grounds")
        clerk = await world.ask(CLERK.name, "GET", f"/items/{ref}/grounds")

        assert told == [{"controller": "east", "own": True, "tlp": "RED", "by": "named", "grants": []}]
        assert clerk.json()["reason"] == "unknown-item"

    in_a_world(act)


def test_holders_are_told_to_the_side_that_controls_an_item_and_to_no_other() -> None:
    async def act(world: Inside) -> None:
        await world.comes(False)
        _, ref = world.known[False].items[0]

        asked = await world.ask(CLERK.name, "GET", f"/items/{ref}/holders")

        assert asked.json()["reason"] == "unknown-item"
        assert world.node.me == NORTH

    in_a_world(act)


def test_a_grant_of_what_she_may_not_see_is_in_no_list_of_hers() -> None:
    async def act(world: Inside) -> None:
        await world.report(False)
        await world.grant(False)
        await world.report(True)
        await world.grant(True)

        clerk = (await world.ask(CLERK.name, "GET", "/grants")).json()["grants"]
        duty = (await world.duty("GET", "/grants"))["grants"]

        assert [grant["item"] for grant in clerk] == [world.known[False].items[0][1]]
        assert len(duty) == 2

    in_a_world(act)


def test_a_source_of_another_member_wants_its_consent_too() -> None:
    async def act(world: Inside) -> None:
        await world.comes(True)
        _, source = world.known[True].items[0]
        made = await world.node.publish(
            Draft(tlp="RED", title="From it", text="x", persons=("north/duty",), contains=(source,)),
            Viewer(member=NORTH, name=DUTY.name, roles=DUTY.roles),
        )

        (east,) = await world.duty("GET", f"/items/{made.ref}/holders")

        assert (east["member"], east["reason"], east["needed"]) == (EAST, "not-named", [NORTH])

    in_a_world(act)
