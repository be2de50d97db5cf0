"""The duty roster at north's doors: who is to be on watch, what a later plan changes, and who is told of it."""

from datetime import datetime
from typing import Any

import pytest
from inside import CLERK, HOUR, Inside, inside
from test_consents import in_a_world

from quartet.core.ids import SECOND
from quartet.exercise.plan import DUTY
from quartet.node.views import micros

__all__ = ["inside"]

FEW = 4
"""Of how many rosters a plan is folded, where a test counts them."""

NEW_YEARS_EVE = "2026-12-31T23:30:00Z"


def turn(since: str, until: str, name: str, **more: object) -> dict[str, Any]:
    return {"since": since, "until": until, "name": name, **more}


NIGHT = turn("2026-12-31T22:00:00Z", "2027-01-01T06:00:00Z", "Officer 1", phones=["+41 58"])
MORNING = turn("2027-01-01T06:00:00Z", "2027-01-01T14:00:00Z", "Officer 2", role="duty officer")
MONDAY = turn("2027-01-04T06:00:00Z", "2027-01-04T14:00:00Z", "Officer 3")


async def plans(world: Inside, *, officer: Any = DUTY.name) -> list[Any]:
    answer = await world.ask(officer, "GET", "/roster")
    assert answer.is_success, answer.text
    told: list[Any] = answer.json()["plans"]
    return told


async def plan(world: Inside, *turns: object, **more: object) -> Any:
    """Plan a second later: of two at once the id would decide."""
    world.clock.at += SECOND
    return await world.duty("POST", "/roster", {"turns": turns, **more})


def test_at_night_over_the_change_of_the_year_she_is_told_who_is_on_who_is_next_and_when_nobody_is() -> None:
    async def act(world: Inside) -> None:
        world.clock.at = micros(datetime.fromisoformat(NEW_YEARS_EVE))
        (none,) = await plans(world)
        assert (none["member"], none["now"], none["next"], none["turns"], none["holes"]) == (
            "north",
            None,
            None,
            [],
            [],
        )

        sent = await plan(world, NIGHT, MORNING, MONDAY)
        (told,) = await plans(world)

        assert told["now"] == {"role": "", **NIGHT, "ref": sent["ref"], "tlp": "AMBER+STRICT"}
        assert told["next"] == {"phones": [], **MORNING, "ref": sent["ref"], "tlp": "AMBER+STRICT"}
        assert [one["name"] for one in told["turns"]] == ["Officer 1", "Officer 2", None, "Officer 3"]
        assert told["holes"] == [
            {"since": "2027-01-01T14:00:00Z", "until": "2027-01-04T06:00:00Z"},
            {"since": "2027-01-04T14:00:00Z", "until": None},
        ]
        assert told["to"] == []

    in_a_world(act)


def test_of_two_that_plan_one_time_the_later_counts_and_when_it_is_taken_back_the_earlier_does_again() -> None:
    async def act(world: Inside) -> None:
        world.clock.at = micros(datetime.fromisoformat(NEW_YEARS_EVE))
        await plan(world, NIGHT, MORNING)
        world.clock.at += HOUR
        swap = turn("2027-01-01T02:00:00Z", "2027-01-01T04:00:00Z", "Officer 9")
        later = await plan(world, swap)

        (told,) = await plans(world)
        await world.fact("recall", later["ref"])
        (again,) = await plans(world)

        assert [one["name"] for one in told["turns"]] == ["Officer 1", "Officer 9", "Officer 1", "Officer 2"]
        assert (told["now"]["until"], told["next"]["name"]) == ("2027-01-01T02:00:00Z", "Officer 9")
        assert [one["name"] for one in again["turns"]] == ["Officer 1", "Officer 2"]
        assert again["now"]["until"] == NIGHT["until"]

    in_a_world(act)


def test_what_is_over_is_not_told_and_a_plan_of_what_is_over_is_refused() -> None:
    async def act(world: Inside) -> None:
        world.clock.at = micros(datetime.fromisoformat(NEW_YEARS_EVE))
        await plan(world, NIGHT)
        world.clock.at = micros(datetime.fromisoformat(NIGHT["until"]))
        (told,) = await plans(world)
        refused = await world.ask(DUTY.name, "POST", "/roster", {"turns": [NIGHT]})

        assert (told["now"], told["turns"], told["holes"]) == (None, [], [])
        assert (refused.status_code, refused.json()["reason"]) == (400, "bad-form")
        assert "over already" in refused.json()["detail"]

    in_a_world(act)


def test_however_often_one_hour_was_swapped_what_was_planned_long_ago_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("quartet.node.desk.rosters.MOST", FEW)

    async def act(world: Inside) -> None:
        world.clock.at = micros(datetime.fromisoformat(NEW_YEARS_EVE))
        await plan(world, NIGHT, MORNING)
        swap = turn("2026-12-31T23:00:00Z", "2027-01-01T00:00:00Z", "Officer 9")
        for _ in range(FEW + 1):
            await plan(world, swap)
        (before,) = await plans(world)
        world.clock.at += HOUR
        (after,) = await plans(world)

        assert [one["name"] for one in before["turns"]] == ["Officer 9", "Officer 1", "Officer 2"]
        assert [one["name"] for one in after["turns"]] == ["Officer 1", "Officer 2"]

    in_a_world(act)


def test_however_many_swaps_are_over_what_was_planned_before_them_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("quartet.node.desk.rosters.MOST", FEW)

    async def act(world: Inside) -> None:
        world.clock.at = micros(datetime.fromisoformat(NEW_YEARS_EVE))
        await plan(world, NIGHT, MORNING)
        for n in range(FEW - 1):
            await plan(
                world, turn(f"2027-01-01T00:{n // 2:02}:{n % 2 * 30:02}Z", f"2027-01-01T00:{n // 2:02}:59Z", "B")
            )
        world.clock.at += 2 * HOUR
        for hour in (7, 9):
            await plan(world, turn(f"2027-01-01T{hour:02}:00:00Z", f"2027-01-01T{hour + 1:02}:00:00Z", "C"))
        (told,) = await plans(world)

        assert [one["name"] for one in told["turns"]] == ["Officer 1", "Officer 2", "C", "Officer 2", "C", "Officer 2"]

    in_a_world(act)


def test_a_plan_that_she_may_not_see_leaves_the_one_that_she_may_however_many_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("quartet.node.desk.rosters.MOST", FEW)

    async def act(world: Inside) -> None:
        await world.roster(False)
        await world.wait(False)
        for _ in range(FEW + 1):
            await world.roster(True)

        (clerk,) = await plans(world, officer=CLERK.name)
        (duty,) = await plans(world)

        assert clerk["now"]["ref"] == world.known[False].items[0][1]
        assert (clerk["now"]["name"], duty["now"]["name"]) == ("Watch officer 1", "Watch officer 2")

    in_a_world(act)


def test_a_roster_is_for_its_own_officers_alone_and_the_next_goes_to_whom_the_one_before_went() -> None:
    async def act(world: Inside) -> None:
        world.clock.at = micros(datetime.fromisoformat(NEW_YEARS_EVE))
        own = await plan(world, NIGHT)
        told = await plan(world, MORNING, to=["east"])
        world.clock.at += HOUR
        swap = await plan(world, turn("2027-01-01T08:00:00Z", "2027-01-01T09:00:00Z", "Officer 9"))
        alone = await plan(world, MONDAY, to=[])
        marked = [(await world.duty("GET", f"/items/{one['ref']}"))["marking"] for one in (own, told, swap, alone)]

        assert [one["tlp"] for one in marked] == ["AMBER+STRICT"] * 4
        assert [one["rel"] for one in marked] == [[], ["east"], ["east"], []]
        assert (await plans(world))[0]["to"] == ["east"]

    in_a_world(act)


def test_whom_a_narrowing_dropped_from_a_roster_is_not_sent_the_next_one() -> None:
    async def act(world: Inside) -> None:
        world.clock.at = micros(datetime.fromisoformat(NEW_YEARS_EVE))
        first = await plan(world, NIGHT, MORNING, to=["east"])
        (told,) = await plans(world)
        assert told["to"] == ["east"]
        await world.fact("narrow", first["ref"], members=[])

        second = await plan(world, MONDAY)

        assert (await plans(world))[0]["to"] == []
        assert (await world.duty("GET", f"/items/{second['ref']}"))["marking"]["rel"] == []

    in_a_world(act)


def test_whom_a_roster_for_certain_persons_named_is_told_of_the_next_by_nobody_but_its_officer() -> None:
    async def act(world: Inside) -> None:
        now = world.clock.at
        form = {"begins": now, "ends": now + HOUR, "turns": []}
        red = {"tlp": "RED", "to": ["east"], "persons": ["north/duty", "east/duty"], "kind": "roster", "form": form}
        await world.duty("POST", "/items", {"title": "Roster", "text": "", **red})

        assert (await plans(world))[0]["to"] == []

    in_a_world(act)


def test_who_took_the_watch_stands_beside_who_was_planned() -> None:
    async def act(world: Inside) -> None:
        await world.roster(True)
        (before,) = await plans(world)
        await world.watch(False)
        (after,) = await plans(world)

        assert before["watch"] is None
        assert (after["watch"]["name"], after["now"]["name"]) == ("Watch officer 1", "Watch officer 2")

    in_a_world(act)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"turns": [{**NIGHT, "since": 1_800_000_000}]}, "bad-request"),
        ({"turns": [{**NIGHT, "since": "2026-12-31T22:00:00"}]}, "bad-request"),
        ({"turns": [{**NIGHT, "name": ""}]}, "bad-request"),
        ({"turns": [{**NIGHT, "phones": "1"}]}, "bad-request"),
        ({"turns": [{**NIGHT, "more": 1}]}, "bad-request"),
        ({"turns": [NIGHT], "to": "east"}, "bad-request"),
        ({}, "bad-request"),
        ({"turns": []}, "bad-form"),
        ({"turns": [MORNING, NIGHT]}, "bad-form"),
        ({"turns": [NIGHT, {**MORNING, "since": "2027-01-01T05:00:00Z"}]}, "bad-form"),
        ({"turns": [NIGHT], "ends": "2027-01-01T05:00:00Z"}, "bad-form"),
        ({"turns": [NIGHT], "ends": "2027-04-01T05:00:00Z"}, "bad-form"),
        ({"turns": [NIGHT], "begins": "0001-01-01T00:00:00+14:00"}, "bad-form"),
        ({"turns": [{**NIGHT, "until": "9999-12-31T23:59:59-14:00"}]}, "bad-form"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_and_changes_nothing(body: object, reason: str) -> None:
    async def act(world: Inside) -> None:
        world.clock.at = micros(datetime.fromisoformat(NEW_YEARS_EVE))
        refused = await world.ask(DUTY.name, "POST", "/roster", body)

        assert (refused.status_code, refused.json()["reason"]) == (400, reason), refused.text
        assert (await plans(world))[0]["turns"] == []

    in_a_world(act)
