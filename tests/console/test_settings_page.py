"""Settings at the console: an administrator changes what is safe, with the file kept, and nobody is overwritten."""

import errno
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Browser, browser, reason
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.faults import Malformed
from quartet.core.ids import OfficerName
from quartet.exercise.plan import DUTY, Duty
from quartet.node.adjusting import ADJUSTABLE
from quartet.node.folder import MemberFolder
from quartet.node.settings import MemberSettings, known_settings, load_member
from quartet.node.settingsfile import with_value

CHIEF = Duty(OfficerName("chief"), roles=("administrator",))
HAND = """# ours, do not touch
member = "north"   # who we are
disk_floor_mb = 300  # since the flood

[console]   # browsers
# the port is in the firewall
port = 4310
banner = 'Room # 7'   # a notice

[wire]
port = 4301
"""


@pytest.fixture
def chief(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("s") / "t", officers=(CHIEF, DUTY)) as made:
        chief = made.other(CHIEF.name)
        chief.sign_in()
        yield chief


def shown(chief: Browser) -> dict[str, Any]:
    told: dict[str, Any] = chief.ask("GET", "/api/settings").json()
    return told


def put(chief: Browser, key: str, value: object, tag: str | None = None) -> Any:
    seen = f'"{tag or shown(chief)["tag"]}"'
    return chief.ask("PUT", "/api/settings", {"key": key, "value": value}, If_Match=seen)


def file_of(chief: Browser) -> Path:
    return MemberFolder(chief.root / "north").settings


def test_an_administrator_changes_what_is_safe_and_it_takes_effect_at_once(chief: Browser) -> None:
    assert put(chief, "console.banner", "غرفة ٧ closed").status_code == 200
    assert put(chief, "console.idle_minutes", 5).status_code == 200
    assert put(chief, "console.longest_hours", 1).status_code == 200
    assert put(chief, "disk_floor_mb", 1).status_code == 200

    assert chief.ask("GET", "/api/session").json()["banner"] == "غرفة ٧ closed"
    assert (chief.desk.sessions.idle, chief.desk.sessions.longest) == (300_000_000, 3_600_000_000)
    assert chief.node.room.floor == 2**20
    settings = load_member(MemberFolder(chief.root / "north"))
    assert (settings.disk_floor_mb, settings.console and settings.console.banner) == (1, "غرفة ٧ closed")
    assert {(one["key"], one["value"]) for one in shown(chief)["settings"] if one["value"] != one["running"]} == set()


def test_the_log_names_who_changed_which_setting_and_no_text(chief: Browser) -> None:
    put(chief, "disk_floor_mb", 77)
    put(chief, "console.banner", "canary")

    lines = [json.loads(line) for line in chief.log.getvalue().splitlines()]

    assert [(one["event"], one["key"], one["by"], one["to"]) for one in lines] == [
        ("setting", "disk_floor_mb", "chief", 77),
        ("setting", "console.banner", "chief", "6 letters"),
    ]
    assert "canary" not in chief.log.getvalue()


def test_the_second_of_two_administrators_is_told_and_overwrites_nothing(chief: Browser) -> None:
    seen = shown(chief)["tag"]
    assert put(chief, "disk_floor_mb", 300, seen).status_code == 200
    late = put(chief, "disk_floor_mb", 400, seen)

    assert (late.status_code, reason(late)) == (412, "settings-changed")
    assert load_member(MemberFolder(chief.root / "north")).disk_floor_mb == 300


def test_a_change_by_hand_meanwhile_counts_too(chief: Browser) -> None:
    seen = shown(chief)["tag"]
    file_of(chief).write_text("# looked at by hand\n" + file_of(chief).read_text())

    assert reason(put(chief, "disk_floor_mb", 300, seen)) == "settings-changed"
    assert put(chief, "disk_floor_mb", 300).status_code == 200
    assert file_of(chief).read_text().startswith("# looked at by hand\n")


def test_a_change_by_hand_of_what_only_a_restart_takes_is_shown_beside_what_runs(chief: Browser) -> None:
    file_of(chief).write_text(with_value(file_of(chief).read_text(), "metrics", "127.0.0.1:9100"))

    (one,) = [one for one in shown(chief)["settings"] if one["key"] == "metrics"]

    assert (one["value"], one["running"], one["adjustable"], one["why"]) == ("127.0.0.1:9100", None, False, "door")


def test_who_says_nothing_of_what_she_saw_changes_nothing(chief: Browser) -> None:
    answer = chief.ask("PUT", "/api/settings", {"key": "disk_floor_mb", "value": 300})

    assert (answer.status_code, reason(answer)) == (428, "no-if-match")


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("console.port", 80, "not-adjustable"),
        ("exercise.clock_offset_s", 9, "not-adjustable"),
        ("member", "east", "not-adjustable"),
        ("no.such", 1, "not-adjustable"),
        ("disk_floor_mb", 0, "bad-setting"),
        ("disk_floor_mb", "300", "bad-setting"),
        ("disk_floor_mb", True, "bad-setting"),
        ("console.idle_minutes", 4, "bad-setting"),
        ("console.longest_hours", 25, "bad-setting"),
        ("console.banner", "x" * 121, "bad-setting"),
        ("console.banner", "two\nlines", "bad-setting"),
    ],
)
def test_what_makes_no_sense_or_is_not_safe_changes_nothing(
    chief: Browser, key: str, value: object, expected: str
) -> None:
    before = file_of(chief).read_bytes()

    assert reason(put(chief, key, value)) == expected
    assert file_of(chief).read_bytes() == before


def test_no_other_officer_sees_or_changes_the_settings(chief: Browser) -> None:
    duty = chief.other(DUTY.name)
    duty.sign_in()

    assert reason(duty.ask("GET", "/api/settings")) == "no-role"
    assert reason(duty.ask("PUT", "/api/settings", {"key": "disk_floor_mb", "value": 1})) == "no-role"


def test_a_file_that_cannot_be_written_is_told_and_the_node_runs_on_as_it_was(
    chief: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor, seen = chief.node.room.floor, shown(chief)["tag"]
    folder = file_of(chief).parent
    monkeypatch.setattr("tempfile.mkstemp", _full)

    assert reason(put(chief, "disk_floor_mb", 300, seen)) == "disk-full"
    assert chief.node.room.floor == floor
    assert [path.name for path in folder.iterdir() if path.name.startswith(".settings")] == []


def _full(**_: object) -> None:
    raise OSError(errno.ENOSPC, "no space left")


def test_a_change_leaves_every_other_byte_as_it_was() -> None:
    assert with_value(HAND, "disk_floor_mb", 500) == HAND.replace("= 300  #", "= 500  #")
    assert with_value(HAND, "console.banner", 'a "b"') == HAND.replace("'Room # 7'", '"a \\"b\\""')
    added = with_value(HAND, "console.idle_minutes", 60)
    assert added == HAND.replace("# a notice\n", "# a notice\nidle_minutes = 60\n")
    assert with_value("", "console.banner", "x") == '\n[console]\nbanner = "x"\n'


@pytest.mark.parametrize(
    "text", ['console = { banner = "x", port = 1 }\n', '[console]\nbanner = """x\ny"""\n', "console.banner = 'x'\n"]
)
def test_what_is_spelt_in_another_way_is_left_to_a_person(text: str) -> None:
    with pytest.raises(Malformed, match="edit-by-hand"):
        with_value(text, "console.banner", "y")


@given(st.text(max_size=40), st.integers(1, 10**6))
def test_whatever_is_set_is_read_back_and_nothing_else_changes(banner: str, floor: int) -> None:
    made = with_value(with_value(HAND, "console.banner", banner), "disk_floor_mb", floor)

    before, after = tomllib.loads(HAND), tomllib.loads(made)
    assert (after["console"].pop("banner"), after.pop("disk_floor_mb")) == (banner, floor)
    del before["console"]["banner"], before["disk_floor_mb"]
    assert after == before


def test_every_setting_is_shown_and_each_that_is_not_changed_here_says_why(chief: Browser) -> None:
    told = {one["key"]: one for one in shown(chief)["settings"]}
    known = {key for key in known_settings(MemberSettings) if "[]" not in key}

    assert known - set(told) == {
        *("wire", "api", "console", "identify", "exercise"),  # tables
        *("assist", "assist.translator", "assist.extractor", "assist.embedder"),
    }
    assert {key for key, one in told.items() if one["adjustable"]} == ADJUSTABLE
    assert all((one["why"] is None) == one["adjustable"] for one in told.values())
