"""Flight plans: as ICAO writes them, in telegrams and tables; and of whatever bytes."""

import re
import tracemalloc
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros
from quartet.desk.flightplan import FlightPlan
from quartet.sensors.plans.fields import level_m, speed_cms
from quartet.sensors.plans.points import read_points
from quartet.sensors.plans.reader import COLUMNS, read_plans

NOW = Micros(round(datetime(2026, 11, 29, 12, tzinfo=UTC).timestamp()) * SECOND)
POINTS = {"WIL": (47.178, 7.905), "LSZH": (47.458, 8.548), "LFPG": (49.01, 2.548), "VEBIT": (47.3, 7.9)}
TELEGRAM = """ZCZC
FF LSAZZQZX
281030 LSZHZPZX
(FPL-SWR12A/A2301-IS
-A320/M-SDE2E3FGHIJ1RWXYZ/LB1
-LSZH1030
-N0450F330 VEBIT DCT 4630N00745E/N0440F350 UN871 WIL180025
 DCT 46N008E
-LFPG0105 LFPO LFOB
-PBN/A1B1 NAV/RNP2 DOF/261130 REG/HB-JDA EET/LFFF0015
 CODE/4B1805 STS/MEDEVAC OPR/SWISS RMK/ANY TEXT)
NNNN
(FPL-N1EW-VG
-C172/L-S/C
-LSGG0900
-N0110VFR DCT
-LSZB0045
-0)
"""


def test_a_telegram_of_several_plans_is_read_field_by_field() -> None:
    first, second = read_plans(TELEGRAM.encode(), POINTS, NOW).plans

    assert (first.flight_id, first.code, first.rules, first.flight) == ("SWR12A", "2301", "I", "S")
    assert (first.aircraft, first.wake, first.equipment, first.surveillance) == (
        "A320",
        "M",
        "SDE2E3FGHIJ1RWXYZ",
        "LB1",
    )
    assert (first.origin, first.destination, first.alternates) == ("LSZH", "LFPG", ("LFPO", "LFOB"))
    assert (first.speed_cms, first.level_m, first.lasts_s) == (23_150, 10_058, 65 * 60)
    assert first.off_block == round(datetime(2026, 11, 30, 10, 30, tzinfo=UTC).timestamp()) * SECOND
    assert (first.address, first.registration, first.special, first.sort) == ("4b1805", "HBJDA", ("MEDEVAC",), "EXEMPT")
    assert (second.flight_id, second.rules, second.level_m, second.sort) == ("N1EW", "V", None, "CIVIL")


def test_the_points_of_a_route_have_the_places_that_are_said_or_known_and_no_other() -> None:
    first, second = read_plans(TELEGRAM.encode(), POINTS, NOW).plans

    names = {
        point.name: None if point.lat is None else (point.lat / 1e7, (point.lon or 0) / 1e7) for point in first.points
    }
    assert list(names) == ["LSZH", "VEBIT", "4630N00745E", "WIL180025", "46N008E", "LFPG"]
    assert names["4630N00745E"] == (46.5, 7.75)
    assert names["46N008E"] == (46.0, 8.0)
    assert names["WIL180025"] == pytest.approx((47.178 - 25 / 60, 7.905), abs=0.01)
    assert first.complete
    assert [point.name for point in second.points if point.lat is None] == ["LSGG", "LSZB"]
    assert not second.complete


@pytest.mark.parametrize(
    ("now", "off_block"), [(2, "2026-11-28T23:30"), (12, "2026-11-29T23:30"), (22, "2026-11-29T23:30")]
)
def test_a_time_without_a_day_is_the_nearest(now: int, off_block: str) -> None:
    text = TELEGRAM.replace("LSZH1030", "LSZH2330").replace("DOF/261130 ", "")
    at = Micros(round(datetime(2026, 11, 29, now, tzinfo=UTC).timestamp()) * SECOND)

    plan = read_plans(text.encode(), {}, at).plans[0]

    assert plan.off_block == round(datetime.fromisoformat(off_block + "+00:00").timestamp()) * SECOND


@pytest.mark.parametrize(("text", "cms"), [("N0450", 23_150), ("K0830", 23_056), ("M082", 24_190)])
def test_speeds_are_read(text: str, cms: int) -> None:
    assert speed_cms(text) == cms


@pytest.mark.parametrize(
    ("text", "metres"), [("F330", 10_058), ("A045", 1_372), ("S1130", 11_300), ("M0840", 8_400), ("VFR", None)]
)
def test_levels_are_read(text: str, metres: int | None) -> None:
    assert level_m(text) == metres


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("SWR12A/A2301", "SWR12ABC/A2301"),
        ("SWR12A/A2301", "SWR12A/A2391"),
        ("-IS", "-QS"),
        ("A320/M", "A320/Q"),
        ("LSZH1030", "LSZH2430"),
        ("LSZH1030", "LSZ1030"),
        ("N0450F330", "N450F330"),
        ("LFPG0105", "LFPG0000"),
        ("CODE/4B1805", "CODE/4B18"),
        ("DOF/261130", "DOF/261340"),
        ("4630N00745E", "9530N00745E"),
    ],
)
def test_a_field_that_cannot_be_so_refuses_its_plan_and_no_other(right: str, wrong: str) -> None:
    read = read_plans(TELEGRAM.replace(right, wrong, 1).encode(), POINTS, NOW)

    assert [plan.flight_id for plan in read.plans] == ["N1EW"]
    assert read.refused == {"bad-field": 1}
    (fault,) = read.faults
    assert re.match(r"bad-field: line \d+ \([A-Z0-9]+\): ", fault)


def test_a_table_of_plans_is_read() -> None:
    row = (
        "swr12a,I,M,A320,M,S,C,LSZH,1130,N0450,F330,VEBIT 4630N00745E,LFPG,0105,LFPO,2301,4B1805,HB-JDA,SAR STATE,1142"
    )
    table = f"{','.join(COLUMNS)}\n{row}\nbad,Q,,,,,,,,,,,,,,,,,,\n"

    read = read_plans(table.encode(), POINTS, NOW)

    (plan,) = read.plans
    assert read.refused == {"bad-field": 1}
    assert [fault.startswith("bad-field: line 3 (bad): ") for fault in read.faults] == [True]
    assert (plan.flight_id, plan.flight, plan.address, plan.registration, plan.sort) == (
        "SWR12A", "M", "4b1805", "HBJDA", "EXEMPT",
    )  # fmt: skip
    assert plan.off_block == round(datetime(2026, 11, 29, 11, 30, tzinfo=UTC).timestamp()) * SECOND
    assert plan.taken_off == plan.off_block + 720 * SECOND


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", b"\xff\xfe", b"(FPL-", b"x" * 9_000_000], ids=repr)
def test_what_holds_no_plan_says_so(data: bytes) -> None:
    with pytest.raises(Malformed):
        read_plans(data, {}, NOW)


def test_of_a_file_without_a_good_plan_the_first_that_was_refused_is_named() -> None:
    bad = "\n".join(f"(FPL-BAD{n}-IS-A320/M)" for n in range(1, 31))

    with pytest.raises(Malformed, match=r"line 1 \(BAD1\)"):
        read_plans(bad.encode(), {}, NOW)


def test_plans_that_are_refused_are_named_by_line_and_flight_without_a_copy_of_all_that_follows_each() -> None:
    """Each fault of a large file was counted from its beginning, and read on to its end."""
    bad = "".join(f"(FPL-BAD{n}-IS-A320/M)\n" + 90 * ("x" * 50 + "\n") for n in range(1, 301))
    data = (TELEGRAM + bad).encode()

    tracemalloc.start()
    read = read_plans(data, POINTS, NOW)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert read.faults[-1].startswith("bad-shape: line 1748 (BAD20): ")
    assert read.refused.keys() == {"bad-shape"}
    assert most < 1.5 * len(data)


words = st.sampled_from(
    ["(FPL-", "-", "SWR12A", "/A2301", "-IS", "-A320/M", "-S/C", "-LSZH1030", "-N0450F330", " DCT ", "46N008E", ")",
     "-LFPG0105", "DOF/261130", "CODE/", "\n", "(", "WIL180025", "\x00", "é", ",", '"', *COLUMNS]
)  # fmt: skip


@given(st.lists(words, max_size=60).map("".join))
def test_any_words_give_plans_or_malformed(text: str) -> None:
    reads(text.encode())


@given(st.binary(max_size=400))
def test_any_bytes_give_plans_or_malformed(data: bytes) -> None:
    reads(data)
    try:
        read_points(data)
    except Malformed:
        return


@given(st.integers(0, len(TELEGRAM) - 1), st.characters())
def test_a_telegram_with_one_character_changed_gives_plans_or_malformed(place: int, character: str) -> None:
    reads((TELEGRAM[:place] + character + TELEGRAM[place + 1 :]).encode("utf-8", "surrogatepass"))


def reads(data: bytes) -> None:
    try:
        read = read_plans(data, POINTS, NOW)
    except Malformed:
        return
    assert all(isinstance(plan, FlightPlan) for plan in read.plans)
