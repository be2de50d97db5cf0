"""The duty roster at the command line: written from a file or from options, and read in one line at night."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from commandline import Shell
from test_sitrep import Desk
from trial import Trial, trial

from quartet.cli.rosterfile import in_order, read_roster, read_turn
from quartet.core.faults import Malformed
from quartet.node.desk.rosterviews import TurnDraft

BEGAN = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
NIGHT = "2026-12-31T22:00Z,06:00Z,Officer 1,duty officer,+41 58 000 00 17,net 7\n"
MORNING = "2027-01-01T06:00Z,2027-01-01 14:00Z,Officer 2\n"


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with trial(tmp_path_factory.mktemp("x") / "t") as made:
        yield made


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text)


def hour(offset: float) -> datetime:
    """A whole hour from when this began, so that a table shows it as it was written."""
    return BEGAN + timedelta(hours=offset)


def line(since: float, until: float, name: str) -> str:
    return (
        f"{hour(since):%Y-%m-%dT%H:%MZ},{hour(until):%Y-%m-%dT%H:%MZ},{name},duty officer,+41 58 000 00 {name[-1]}7\n"
    )


def test_a_night_goes_over_midnight_and_over_the_change_of_the_year() -> None:
    made = read_roster(f"since,until,name,role,phones\n# the holidays\n\n{MORNING}{NIGHT}", "december.csv")

    assert made.turns == (
        TurnDraft(
            utc("2026-12-31T22:00Z"),
            utc("2027-01-01T06:00Z"),
            "Officer 1",
            "duty officer",
            ("+41 58 000 00 17", "net 7"),
        ),
        TurnDraft(utc("2027-01-01T06:00Z"), utc("2027-01-01T14:00Z"), "Officer 2"),
    )
    assert (made.begins, made.ends, made.to) == (None, None, None)


def test_an_end_at_the_hour_of_the_beginning_is_a_day_later() -> None:
    turn = read_turn("2026-12-31T22:00Z,22:00Z,Officer 1").turn

    assert turn.until == utc("2027-01-01T22:00Z")


def test_a_sheet_that_another_country_saved_with_semicolons_is_read_too() -> None:
    assert read_roster(NIGHT.replace(",", ";"), "x.csv") == read_roster(NIGHT, "x.csv")


def test_a_comma_in_quotes_stays_in_its_name() -> None:
    assert read_turn('2026-12-31T22:00Z,06:00Z,"Officer 1, maritime"').turn.name == "Officer 1, maritime"


def test_json_says_the_same_and_its_span_too() -> None:
    turns = [{"since": "2026-12-31T22:00Z", "until": "06:00Z", "name": "Officer 1"}]
    made = read_roster(json.dumps({"ends": "2027-01-02T00:00Z", "turns": turns}), "x.json")

    assert made.turns == read_roster("2026-12-31T22:00Z,06:00Z,Officer 1", "x").turns
    assert (made.begins, made.ends) == (None, utc("2027-01-02T00:00Z"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{NIGHT}2027-01-01T05:00Z,14:00Z,B\n", "2: Officer 1 is on watch until 2027-01-01 06:00Z (d.csv line 1)"),
        (f"# a\n\n{NIGHT}2027-01-01T06:00Z\n", "line 4: write since,until,name"),
        (f"{NIGHT}2027-01-01T06:00,14:00Z,Officer 2\n", "line 2: since '2027-01-01T06:00': say UTC with a Z"),
        (f"{NIGHT}2027-01-32T06:00Z,14:00Z,Officer 2\n", "line 2: since '2027-01-32T06:00Z': write 2026-12-31T22:00Z"),
        (f"{NIGHT}2027-01-01T06:00Z,25:00Z,Officer 2\n", "line 2: until '25:00Z': write"),
        (f"{NIGHT}2027-01-01T06:00Z,2027-01-01T05:00Z,B\n", "line 2: it would end before it begins"),
        (f"{NIGHT}2027-01-01T06:00Z,14:00Z,\n", "line 2: Expected `str` of length >= 1 - at `$.name`"),
        (f"{NIGHT}2027-01-01T06:00Z,14:00Z,B,,1,2,3,4,5\n", "line 2: Expected `array` of length <= 4 - at `$.phones`"),
        (f'{NIGHT}2027-01-01T06:00Z,14:00Z,"B\n', "line 2: unexpected end of data"),
        ("\n".join(["2027-01-01T06:00Z,14:00Z,B"] * 257), "257 turns where 256 may be"),
        ('{"turns": [\n{"since": }]}', "line 2: Expecting value"),
        ('{"turns": {}}', "turns is a list"),
        ('{"turns": [], "until": 1}', "until is none of begins, ends, turns"),
        ('{"turns": [1]}', "turn 1: each turn is an object"),
        ('{"turns": [{"since": "2027-01-01T06:00Z", "until": "14:00Z", "name": "B", "x": 1}]}', "1: Object contains"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(text: str, told: str) -> None:
    with pytest.raises(Malformed) as error:
        read_roster(text, "d.csv")

    assert error.value.reason in {"bad-roster", "bad-time"}
    assert told in str(error.value)


@pytest.mark.parametrize("text", ['{"turns": ' + "[" * 100_000, '{"turns": ' + '{"a":' * 100_000])
def test_what_is_nested_without_end_is_no_roster(text: str) -> None:
    with pytest.raises(Malformed, match="bad-roster"):
        read_roster(text, "plan.json")


@pytest.mark.parametrize("text", ["", "a\nb,c,d", "a\rb", '"', "\n"])
def test_any_words_of_an_option_are_a_turn_or_refused_with_them(text: str) -> None:
    with pytest.raises(Malformed, match=r"bad-roster|bad-time"):
        read_turn(text)


def test_two_turns_at_once_are_told_by_their_options() -> None:
    turns = [read_turn(one) for one in ("2027-01-01T06:00Z,14:00Z,A", "2027-01-01T13:59Z,20:00Z,B")]

    with pytest.raises(Malformed, match="--turn 2027-01-01T13:59Z,20:00Z,B: A is on watch until 2027-01-01 14:00Z"):
        in_order(turns)


def test_one_line_tells_who_is_on_who_relieves_her_and_when_nobody_is_planned(
    shell: Shell, exchange: Trial, tmp_path: Path
) -> None:
    north, east = Desk(shell, exchange, "north"), Desk(shell, exchange, "east")
    assert north("roster").out.splitlines() == ["north: NOBODY on watch; no roster"]
    file = tmp_path / "week.csv"
    file.write_text(line(-2, 4, "Officer 1") + line(4, 12, "Officer 2") + line(20, 28, "Officer 3"))

    written = north("roster", "--write", file)
    assert written.code == 0, written.error
    assert "plans 3 turns, for the officers of north alone" in written.out
    shown = north("roster").out.splitlines()

    def said(offset: float) -> str:
        return f"{hour(offset):%a %Y-%m-%d %H:%M}Z"

    assert shown[0] == (
        f"north: Officer 1 planned until {said(4)} [+41 58 000 00 17], has not taken the watch; "
        f"then Officer 2 from {said(4)} [+41 58 000 00 27]; "
        f"NOBODY is planned from {said(12)} to {said(20)}; NOBODY is planned from {said(28)} on"
    )
    assert [row.split()[-1] for row in shown[4:]] == ["TLP:AMBER+STRICT"] * 4
    assert "NOBODY" in shown[6]
    assert east("roster").out.splitlines() == ["east: NOBODY on watch; no roster"]


def test_a_later_plan_counts_for_its_span_and_goes_to_whom_the_one_before_went(shell: Shell, exchange: Trial) -> None:
    south, west = Desk(shell, exchange, "south"), Desk(shell, exchange, "west")
    assert south("roster", "--turn", line(1, 9, "Officer 1").strip(), "--to", "west").code == 0
    told = west.until("roster", has=lambda seen: len(seen["plans"]) == 2)
    assert [one["name"] for one in told["plans"][1]["turns"]] == ["Officer 1"]

    swapped = south("roster", "--turn", line(3, 5, "Officer 2").strip())
    assert "for the officers of south, west" in swapped.out
    told = west.until("roster", has=lambda seen: len(seen["plans"][1]["turns"]) == 3)
    cleared = south("roster", "--begins", f"{hour(1).isoformat()}", "--ends", f"{hour(9).isoformat()}", "--to", "-")

    assert [one["name"] for one in told["plans"][1]["turns"]] == ["Officer 1", "Officer 2", "Officer 1"]
    assert told["plans"][1]["to"] == []
    assert "plans 0 turns, for the officers of south alone" in cleared.out
    assert "nobody planned to relieve" in south("roster").out


def test_what_makes_no_sense_is_refused_with_what_to_do(shell: Shell, exchange: Trial) -> None:
    north = Desk(shell, exchange, "north")
    past = f"{hour(-9).isoformat()},{hour(-1).isoformat()},Officer 1"

    for arguments, reason, told in (
        (("--turn", past), "bad-form", "over already"),
        (("--to", "east"), "bad-roster", "--write or --turn"),
        (("--write", "-", "--turn", past), "bad-roster", "one of them"),
        (("--ends", "2h"), "bad-form", "says when it begins and ends"),
        (("--turn", f"{hour(1).isoformat()},{hour(2).isoformat()},A", "--ends", "70d"), "bad-form", "62 days"),
        (("--turn", "A"), "bad-roster", "since,until,name"),
    ):
        said = north("roster", *arguments, stdin=b"x")
        assert (said.code, said.reason) == (2, reason), said
        assert told in said.error
