"""A recording is read only with its marking, its sensor's place and a sensible speed."""

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from commandline import Shell

from quartet.cli.feed import named_after, source_for
from quartet.cli.nothing import no_plots, none_to_port
from quartet.core.ids import MEMBER_PATTERN
from quartet.node.folder import MemberFolder


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        (["--to", "east"], "no-tlp"),
        (["--tlp", "GREEN"], "no-audience"),
        (["--tlp", "AMBER+STRICT"], "no-reference"),  # it is for our own officers: nobody need be named
        (["--tlp", "GREEN", "--to", "east", "--format", "smoke"], "unknown-format"),
        (["--tlp", "GREEN", "--to", "east", "--speed", "fast"], "bad-speed"),
        (["--tlp", "GREEN", "--to", "east", "--speed", "0"], "bad-speed"),
        (["--tlp", "GREEN", "--to", "east", "--speed", "nan"], "bad-speed"),
        (["--tlp", "GREEN", "--to", "east"], "no-reference"),
        (["--tlp", "GREEN", "--to", "east", "--reference", "49"], "bad-reference"),
        (["--tlp", "GREEN", "--to", "east", "--reference", "99,2"], "bad-reference"),
        (["--tlp", "GREEN", "--to", "east", "--reference", "nan,2"], "bad-reference"),
    ],
)
def test_a_wrong_option_is_one_line(
    shell: Shell, folder: MemberFolder, tmp_path: Path, extra: list[str], reason: str
) -> None:
    recording = tmp_path / "flight.csv"
    recording.write_text("1720248189.5,8d4ca251204994b1c36e60a5343d\n")

    said = shell("feed", recording, *extra, "--dir", folder.root)

    assert (said.code, said.reason) == (2, reason)


def test_a_recording_that_is_not_there_is_named(shell: Shell, folder: MemberFolder) -> None:
    said = shell("feed", "gone.csv", "--tlp", "GREEN", "--to", "east", "--reference", "49,2", "--dir", folder.root)

    assert (said.code, said.reason) == (2, "no-file")
    assert "gone.csv" in said.error


def test_the_settings_say_where_the_sensor_stands(shell: Shell, folder: MemberFolder, tmp_path: Path) -> None:
    recording = tmp_path / "flight.csv"
    recording.write_text("1720248189.5,8d4ca251204994b1c36e60a5343d\n")
    folder.settings.write_text(
        'member = "north"\nwire = {port = 14222}\n[[sensors]]\nname = "mast"\nformat = "modes"\nlat = 49.0\nlon = 2.5\n'
    )

    said = shell("feed", recording, "--tlp", "GREEN", "--to", "east", "--dir", folder.root)

    assert (said.code, said.reason) == (3, "not-running")


@pytest.mark.parametrize("format_", ["asterix", "modes", "ais"])
def test_an_empty_file_is_called_empty(shell: Shell, folder: MemberFolder, tmp_path: Path, format_: str) -> None:
    recording = tmp_path / "empty"
    recording.touch()
    options = ("--format", format_, "--tlp", "GREEN", "--to", "east", "--reference", "49,2", "--dir", folder.root)

    said = shell("feed", recording, *options)

    assert (said.code, said.reason) == (2, "empty-file")
    assert "the file is empty" in said.error


def test_nothing_to_a_port_names_the_ports_that_there_are() -> None:
    fault = none_to_port(Path("radar.pcap"), 8601, Counter({8600: 3, 9000: 7}))

    assert (fault.reason, "to port 8601; there is 9000, 8600: check --port" in fault.detail) == ("no-plots", True)
    assert "no UDP datagram" in none_to_port(Path("radar.pcap"), None, Counter()).detail


def test_that_nothing_came_is_told_by_what_was_passed_by_most() -> None:
    assert "7 foreign-source: " in no_plots(Path("x"), {"no-position": 2, "foreign-source": 7}).detail
    assert "check --reference and --port" in no_plots(Path("x"), {}).detail


def test_two_recordings_without_a_sensors_name_are_of_two_sensors_and_one_is_of_one(
    folder: MemberFolder, tmp_path: Path
) -> None:
    files = [tmp_path / "a" / "Radar 1 of a long name.pcap", tmp_path / "b" / "Radar 1 of a long name.pcap"]

    names = [source_for(folder, "asterix", None, "46.0,7.0", one).name for one in files]

    assert names[0] != names[1]
    assert source_for(folder, "asterix", None, "46.0,7.0", files[0]).name == names[0]
    for name in names:
        assert re.fullmatch("asterix:[0-9a-f]{12}", name)  # nothing of the file's name
        assert not re.fullmatch(MEMBER_PATTERN, name)  # so no sensor of the settings is called so
        assert len(f"{name}/9999999") <= 32  # what names a track that says nothing of itself


def test_the_mark_of_a_recording_is_drawn_anew_by_each_command_so_that_no_guess_at_its_file_is_proven(
    tmp_path: Path,
) -> None:
    code = "import sys, pathlib, quartet.cli.feed as feed; print(feed.named_after(pathlib.Path(sys.argv[1]), 'ais'))"
    told = [
        subprocess.run([sys.executable, "-c", code, tmp_path / "x.pcap"], capture_output=True, text=True, check=True)
        for _ in range(2)
    ]

    assert told[0].stdout != told[1].stdout


def test_a_recording_may_be_called_what_no_text_spells(tmp_path: Path) -> None:
    assert re.fullmatch("ais:[0-9a-f]{12}", named_after(tmp_path / os.fsdecode(b"\xff.pcap"), "ais"))
