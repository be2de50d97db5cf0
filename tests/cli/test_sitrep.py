"""Situation reports and tear-lines at the command line: looked at first, published exactly so."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commandline import Said, Shell
from trial import Trial, trial


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with trial(tmp_path_factory.mktemp("x") / "t") as made:
        yield made


class Desk:
    def __init__(self, shell: Shell, exchange: Trial, member: str) -> None:
        self._shell = shell
        self.folder = exchange[member]

    def __call__(self, *arguments: str | Path, stdin: bytes = b"") -> Said:
        return self._shell(*arguments, "--dir", self.folder.root, stdin=stdin)

    def json(self, *arguments: str | Path, stdin: bytes = b"") -> Any:
        said = self(*arguments, "--json", stdin=stdin)
        assert (said.code, said.error) == (0, "")
        return json.loads(said.out)

    def until(self, *arguments: str, has: Any) -> Any:
        """Look again until what is shown has something; give up after a minute."""
        end = time.monotonic() + 60
        while True:
            said = self(*arguments, "--json")
            if said.code == 0 and has(found := json.loads(said.out)):
                return found
            assert time.monotonic() < end, said
            time.sleep(0.2)


def test_a_report_is_looked_at_for_each_audience_published_so_and_says_when_its_basis_is_withdrawn(
    shell: Shell, exchange: Trial, tmp_path: Path
) -> None:
    north, east, south = (Desk(shell, exchange, member) for member in ("north", "east", "south"))
    both = north.json("send", "--tlp", "AMBER", "--to", "east,south", "-", stdin=b"The river is high")["ref"]
    weir = north.json("send", "--tlp", "AMBER", "--to", "east", "-", stdin=b"The weir leaks")["ref"]
    file = tmp_path / "today.toml"
    file.write_text(
        f"""
        title = "The river"
        cut_off = 2026-03-01T06:00:00Z
        audiences = [["east"], ["south"]]

        [[parts]]
        [[parts.wordings]]
        heading = "The weir"
        text = "It leaks on the left bank."
        tlp = "AMBER"
        cites = ["{weir}"]

        [[parts]]
        [[parts.wordings]]
        heading = "Water"
        text = "High since noon."
        tlp = "GREEN"
        cites = ["{both}"]
        """
    )

    looked = north("sitrep", "render", file)
    assert looked.code == 0, looked.error
    assert f"left out: part 1, for {weir}: south: not-named." in looked.out
    assert looked.out.count("It leaks on the left bank.") == 1
    found = re.search(r"--seen ([\w-]{43})", looked.out)
    assert found is not None
    assert north.json("sitrep", "render", file)["seen"] == found[1]
    refused = north("sitrep", "send", file, "--seen", "A" * 43)
    assert (refused.code, refused.error.partition(":")[0]) == (2, "sitrep-changed")

    sent = {one["to"][0]: one["ref"] for one in north.json("sitrep", "send", file, "--seen", found[1])}
    (row,) = south.until("sitrep", "list", has=lambda rows: rows)
    assert (row["ref"], row["cut_off"], row["withdrawn"]) == (sent["south"], "2026-03-01T06:00:00Z", False)
    shown = south("sitrep", "show", sent["south"])
    assert "CUT-OFF 2026-03-01 06:00Z\n\n1. Water\nHigh since noon." in shown.out
    assert "weir" not in shown.out.lower()
    assert f"part 1 rests on {both} of north\n" in shown.out
    assert "rendered too" not in shown.out
    assert f"rendered too: {sent['south']}  south" in north("sitrep", "show", sent["east"]).out

    assert north("recall", weir).code == 0
    east.until("sitrep", "show", sent["east"], has=lambda one: one["row"]["withdrawn"])
    told = east("sitrep", "show", sent["east"])
    assert [line for line in told.out.splitlines() if "BASIS WITHDRAWN" in line][1:] == [
        f"part 1 rests on {weir} of north BASIS WITHDRAWN"
    ]
    assert "BASIS WITHDRAWN" not in south("sitrep", "list").out


def test_a_tear_line_is_checked_beside_its_original_and_goes_when_nothing_is_left_or_it_is_left_so(
    shell: Shell, exchange: Trial, tmp_path: Path
) -> None:
    north, east, west = (Desk(shell, exchange, member) for member in ("north", "east", "west"))
    ref = north.json("send", "--tlp", "AMBER", "--to", "east", "-", stdin=b"Haddad saw two barges at 14:05")["ref"]
    options: list[str | Path] = ["tear-line", ref, "-", "--tlp", "GREEN", "--to", "west"]

    pointed = north(*options, stdin=b"Barges were seen by Haddad")
    assert (pointed.code, pointed.error.partition(":")[0]) == (1, "left-over")
    assert "text: name: Barges were seen by [Haddad]" in pointed.out
    assert "Haddad saw two barges at 14:05" in pointed.out
    refused = north(*options, "--send", stdin=b"Barges were seen by Haddad")
    assert (refused.code, refused.error.partition(":")[0]) == (2, "left-over")
    clean = north(*options, stdin=b"Vessels move on the river")
    assert (clean.code, clean.error) == (0, "")
    assert "nothing is pointed at" in clean.out

    made = north.json(*options, "--send", stdin=b"Vessels move on the river")["ref"]
    west.until("show", made, has=lambda one: one["body"]["text"] == "Vessels move on the river")
    assert f"made before: {made}" in north(*options, stdin=b"Vessels move on the river").out

    east.until("inbox", has=lambda rows: any(row["ref"] == ref for row in rows))
    foreign = east(*options, stdin=b"Vessels move on the river")
    assert (foreign.code, foreign.error.partition(":")[0]) == (1, "not-sole-controller")
    assert "instead: west needs the consent of north" in foreign.out
    assert east(*options, "--send", stdin=b"Vessels move on the river").code == 4


def test_a_report_that_makes_no_sense_is_refused_in_words(shell: Shell, exchange: Trial, tmp_path: Path) -> None:
    north, file = Desk(shell, exchange, "north"), tmp_path / "odd.toml"
    whole = {
        "title": "t",
        "cut_off": "2026-03-01T06:00:00Z",
        "audiences": [["east"]],
        "parts": [{"wordings": [{"text": "x", "tlp": "AMBER"}]}],
    }
    for change, reason in (
        ({"parts": []}, "bad-form"),
        ({"audiences": [["east"], ["east", "south"]]}, "audiences-overlap"),
        ({"audiences": [["nowhere"]]}, "unknown-member"),
        ({"parts": [{"wordings": [{"text": "x", "tlp": "RED"}]}]}, "bad-form"),
        ({"parts": [{"wordings": [{"text": "x", "tlp": "AMBER", "cites": ["N-ZZZ-ZZZ"]}]}]}, "unknown-item"),
    ):
        file.write_text(json.dumps({**whole, **change}))
        said = north("sitrep", "render", file)
        assert said.code in {1, 2}, said
        assert said.error.partition(":")[0] == reason, said
    file.write_text("title = ")
    assert north("sitrep", "render", file).error.startswith("bad-form")
