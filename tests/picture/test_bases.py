"""Bases, category and clock, line by line; and that nothing but these decides."""

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.category import BASES, CATEGORIES, FLAGS, IDENTIFIED
from quartet.core.ids import SECOND, Micros
from quartet.picture.identify.airspace import Spot
from quartet.picture.identify.bases import Mover, Plans, Words, bases_of
from quartet.picture.identify.clock import clock, unidentified_at
from quartet.picture.identify.plan import CONSPICUITY, ON_TIME, OVER_LAND_M, OVER_OCEAN_M, TAXI, Plan, on_way
from quartet.picture.identify.score import ENOUGH, POINTS, category, points, witnesses
from quartet.picture.look import KINDS

NOON = Micros(1_800_000_000 * SECOND)
HOUR = 3_600 * SECOND
PLAN = Plan(
    ref="plan",
    flight_id="SWR12A",
    begins=NOON,
    lasts=HOUR,
    way=((47.0, 7.0), (47.0, 9.0)),
    complete=True,
    address="4b1805",
    registration="HBJDA",
    code="2301",
    speed_mps=230.0,
    level_m=10_000.0,
)
HALF = Micros(NOON + TAXI + HOUR // 2)
"""When the plan is over eight degrees east."""
MIDDLE = Spot(47.0, 8.0, 9_900.0)
FAR = Spot(46.0, 6.0)
NOBODY = Words()


def mover(**more: Any) -> Mover:
    fields: dict[str, Any] = {"key": "x", "id": "x", "at": HALF, "spot": MIDDLE, **more}
    return Mover(**fields)


def bases(
    one: Mover, *plans: Plan, first: Spot = FAR, words: Words = NOBODY, known: dict[str, str] | None = None
) -> set[str]:
    return set(bases_of(one, (NOON, first), Plans(plans), known or {}, words).bases)


# -- the score


def test_there_is_no_word_for_a_foe_in_any_list() -> None:
    words = {*CATEGORIES, *FLAGS, *BASES, *(kind.upper() for kind in KINDS)}

    assert not any(bad in word for word in words for bad in ("HOSTILE", "SUSPECT", "ENEMY", "THREAT", "TARGET"))
    assert set(KINDS) == {"unknown", "pending", "neutral", "own"}


def test_each_basis_is_worth_what_the_page_says() -> None:
    assert POINTS == {
        "PLAN": 3,
        "CODE": 3,
        "ADDRESS": 2,
        "FLIGHT_ID": 2,
        "ATC": 4,
        "HANDOVER": 3,
        "ORIGIN": 1,
        "KINEMATICS": 1,
        "PERSON": 0,
    }


@pytest.mark.parametrize("given_", [c for n in range(len(BASES) + 1) for c in combinations(BASES, n)])
def test_identified_is_five_points_from_two_independent_bases_and_no_conflict(given_: tuple[Any, ...]) -> None:
    groups = ({"CODE", "ADDRESS", "FLIGHT_ID"}, {"PLAN", "ORIGIN", "KINEMATICS"}, {"ATC"}, {"HANDOVER"})
    enough = sum(POINTS[one] for one in given_) >= 5 and sum(bool(set(given_) & group) for group in groups) >= 2

    assert (category(given_, "IDENTIFIED_STATE", conflict=False) == "IDENTIFIED_STATE") == enough
    assert category(given_, "IDENTIFIED_STATE", conflict=True) == "PENDING"


@given(st.lists(st.sampled_from(BASES)), st.sampled_from(BASES))
def test_a_basis_more_takes_no_identification_away_and_one_twice_is_one(had: list[Any], more: Any) -> None:
    assert points([*had, more]) >= points(had)
    assert points([*had, *had]) == points(had)
    assert witnesses([*had, *had]) == witnesses(had)
    if category(had, "IDENTIFIED_CIVIL", conflict=False) in IDENTIFIED:
        assert category([*had, more], "IDENTIFIED_CIVIL", conflict=False) in IDENTIFIED


def test_what_one_transponder_says_is_one_witness() -> None:
    assert points(["CODE", "ADDRESS", "FLIGHT_ID"]) >= ENOUGH
    assert category(["CODE", "ADDRESS", "FLIGHT_ID"], "IDENTIFIED_CIVIL", conflict=False) == "PENDING"


# -- the clock


@pytest.mark.parametrize(
    ("second", "phase"),
    [
        (0, "COMPARING"),
        (29, "COMPARING"),
        (30, "WAITING"),
        (59, "WAITING"),
        (60, "ASK"),
        (119, "ASK"),
        (120, "INFORM"),
        (600, "INFORM"),
    ],
)
def test_the_clock_of_who_is_not_identified(second: int, phase: str) -> None:
    now = Micros(NOON + second * SECOND)

    assert clock(NOON, now, None, identified=False).phase == phase
    assert clock(NOON, now, None, identified=True).phase == "DONE"


@pytest.mark.parametrize(
    ("entry", "deadline"), [(None, 120), (600, 120), (421, 120), (420, 120), (400, 100), (331, 31), (330, 30), (10, 30)]
)
def test_five_minutes_before_it_enters_is_sooner_and_never_before_it_was_compared(
    entry: int | None, deadline: int
) -> None:
    at = None if entry is None else Micros(NOON + entry * SECOND)

    assert unidentified_at(NOON, at) == NOON + deadline * SECOND
    assert clock(NOON, Micros(NOON + deadline * SECOND), at, identified=False).phase == "INFORM"
    assert clock(NOON, Micros(NOON + deadline * SECOND - 1), at, identified=False).phase != "INFORM"


def test_where_nothing_is_due_nobody_asks_or_informs_however_long_it_is_not_identified() -> None:
    for second in (0, 60, 120, 600):
        assert clock(NOON, Micros(NOON + second * SECOND), None, identified=False, due=False).phase == "NOT_DUE"
    assert clock(NOON, NOON, None, identified=False, informed=True, due=False).phase == "INFORMED"
    assert clock(NOON, NOON, None, identified=True, due=False).phase == "DONE"


def test_who_was_found_unidentified_stays_so_when_it_turns_away_until_it_is_identified() -> None:
    assert clock(NOON, Micros(NOON + SECOND), None, identified=False, late=True).phase == "INFORM"
    assert clock(NOON, Micros(NOON + SECOND), None, identified=False, late=True, informed=True).phase == "INFORMED"
    assert clock(NOON, Micros(NOON + SECOND), None, identified=True, late=True).phase == "DONE"


# -- the bases


def test_a_flight_as_planned_has_every_basis_that_a_plan_gives() -> None:
    flies = mover(address="4b1805", flight_id="SWR12A", code="2301", speed_mps=235.0)

    assert bases(flies, PLAN) == {"PLAN", "CODE", "ADDRESS", "FLIGHT_ID", "KINEMATICS"}


@pytest.mark.parametrize("code", sorted(CONSPICUITY))
def test_a_code_that_is_no_ones_is_no_basis(code: str) -> None:
    assert "CODE" not in bases(mover(flight_id="SWR12A", code=code), PLAN._replace(code=code))


@pytest.mark.parametrize("late", [-ON_TIME - SECOND, -ON_TIME, 0, ON_TIME, ON_TIME + SECOND])
def test_a_plan_matches_within_five_minutes(late: int) -> None:
    flies = mover(flight_id="SWR12A", at=Micros(HALF + late))

    assert ("PLAN" in bases(flies, PLAN)) == (abs(late) <= ON_TIME)


@pytest.mark.parametrize(
    ("miles", "land", "ocean"), [(0, True, True), (9, True, True), (11, False, True), (21, False, False)]
)
def test_a_plan_matches_within_ten_miles_over_land_and_twenty_over_the_ocean(
    miles: int, land: bool, ocean: bool
) -> None:
    flies = mover(flight_id="SWR12A", spot=Spot(47.0 + miles / 60, 8.0, 9_900.0))
    found = [
        bases_of(flies, (NOON, Spot(46.0, 6.0)), Plans([PLAN]), {}, Words(), corridor).bases
        for corridor in (OVER_LAND_M, OVER_OCEAN_M)
    ]

    assert ["PLAN" in one for one in found] == [land, ocean]


def test_a_way_that_is_not_known_whole_matches_nothing_and_nobody_strays_from_it() -> None:
    flies = mover(flight_id="SWR12A", spot=Spot(48.0, 8.0, 9_900.0))
    unknown = bases_of(flies, (NOON, MIDDLE), Plans([PLAN._replace(way=(), complete=False)]), {}, Words())
    whole = bases_of(flies, (NOON, MIDDLE), Plans([PLAN]), {}, Words())

    assert ("PLAN" in unknown.bases, unknown.flags) == (False, ())
    assert whole.flags == ("STRAYED",)


def test_who_says_nothing_flies_the_only_plan_that_fits_and_none_of_two() -> None:
    assert bases(mover(), PLAN) == {"PLAN"}
    assert bases(mover(), PLAN, PLAN._replace(ref="other", flight_id="SWR34")) == set()
    assert bases(mover(address="4b0000"), PLAN) == set()


def test_the_registry_knows_an_address_and_a_plan_its_registration() -> None:
    assert bases(mover(address="4b1805"), known={"4b1805": "HBJDA"}) == {"ADDRESS"}
    planned = PLAN._replace(address=None)
    assert "ADDRESS" in bases(mover(address="4b1805", flight_id="SWR12A"), planned, known={"4b1805": "HBJDA"})


def test_who_is_seen_to_rise_from_its_aerodrome_has_its_origin() -> None:
    flies = mover(flight_id="SWR12A")

    assert "ORIGIN" in bases(flies, PLAN, first=Spot(47.01, 7.01, 600.0))
    assert "ORIGIN" not in bases(flies, PLAN, first=Spot(47.01, 7.01, 6_000.0))
    assert "ORIGIN" not in bases(flies, PLAN, first=Spot(47.01, 7.5, 600.0))


def test_faster_or_higher_than_planned_does_not_fit() -> None:
    fits = mover(flight_id="SWR12A", speed_mps=230.0)

    assert "KINEMATICS" in bases(fits, PLAN)
    assert "KINEMATICS" not in bases(fits._replace(speed_mps=400.0), PLAN)
    assert "KINEMATICS" not in bases(fits._replace(spot=Spot(47.0, 8.0, 12_000.0)), PLAN)


def test_what_people_say_is_a_basis_each() -> None:
    words = Words(control="IDENTIFIED_CIVIL", neighbour="IDENTIFIED_STATE", person="PENDING")

    assert bases(mover(), words=words) == {"ATC", "HANDOVER", "PERSON"}


def test_a_name_under_another_address_and_an_address_under_another_name_contradict_their_plan() -> None:
    def mismatch(one: Mover, *plans: Plan) -> Plan | None:
        return bases_of(one, (NOON, MIDDLE), Plans(plans), {}, Words()).mismatch

    assert mismatch(mover(address="4b9999", flight_id="SWR12A"), PLAN) == PLAN
    assert mismatch(mover(address="4b1805", flight_id="OTHER1"), PLAN) == PLAN
    assert mismatch(mover(address="4b1805", flight_id="SWR12A"), PLAN) is None
    assert mismatch(mover(address="4b1805"), PLAN) is None
    assert mismatch(mover(address="4b1805", flight_id="SWR34"), PLAN, PLAN._replace(ref="2", flight_id="SWR34")) is None


@pytest.mark.parametrize(("sort", "named"), [("CIVIL", "CIVIL"), ("STATE", "STATE"), ("EXEMPT", "EXEMPT")])
def test_what_a_flight_is_follows_its_plan(sort: Any, named: str) -> None:
    found = bases_of(mover(flight_id="SWR12A"), (NOON, MIDDLE), Plans([PLAN._replace(sort=sort)]), {}, Words())

    assert found.named == f"IDENTIFIED_{named}"


@given(st.floats(0, 1), st.floats(-0.1, 0.1))
def test_a_plan_is_at_each_place_of_its_way_when_its_share_of_the_time_has_passed(part: float, off: float) -> None:
    found = on_way(PLAN, Spot(47.0 + off, 7.0 + 2 * part))

    assert found is not None
    assert found.off_m == pytest.approx(abs(off) * 111_195, rel=0.02, abs=200)
    assert found.at == pytest.approx(NOON + TAXI + part * HOUR, abs=20 * SECOND)


# -- two worlds

_names = st.sampled_from([None, "SWR12A", "DLH1"])
_addresses = st.sampled_from([None, "4b1805", "3c6444"])
_codes = st.sampled_from([None, "2301", "7700"])
_spots = st.sampled_from([MIDDLE, FAR, Spot(47.0, 7.1, 300.0)])
_plans = st.builds(
    lambda ref, **more: PLAN._replace(ref=ref, **more),
    ref=st.sampled_from("abcdef"),
    flight_id=_names.filter(bool),
    address=_addresses,
    code=_codes,
    sort=st.sampled_from(["CIVIL", "STATE", "EXEMPT"]),
    begins=st.sampled_from([NOON, Micros(NOON + 3 * HOUR)]),
    drill=st.booleans(),
)
_movers = st.builds(mover, address=_addresses, flight_id=_names, code=_codes, spot=_spots, drill=st.booleans())


@given(_movers, st.lists(_plans, max_size=6, unique_by=lambda one: one.ref), _spots, st.booleans())
def test_what_is_filed_of_one_world_changes_nothing_of_an_aircraft_of_the_other(
    one: Mover, plans: list[Plan], first: Spot, registered: bool
) -> None:
    known = {"4b1805": "HBJDA"} if registered else {}

    mixed = bases_of(one, (NOON, first), Plans(plans), known, NOBODY)

    alone = [plan for plan in plans if plan.drill is one.drill]
    assert mixed == bases_of(one, (NOON, first), Plans(alone), {} if one.drill else known, NOBODY)


def test_the_registry_of_aircraft_that_fly_in_truth_says_nothing_of_a_simulated_one() -> None:
    known = {"4b1805": "HBJDA"}

    assert bases(mover(address="4b1805"), known=known) == {"ADDRESS"}
    assert bases(mover(address="4b1805", drill=True), known=known) == set()
