"""What is asked wrongly is told in one line, with its reason word, and ends with 2."""

from pathlib import Path
from typing import Any

import pytest
import typer
from commandline import Shell
from typer.main import get_command

from quartet.cli.app import app
from quartet.cli.commands import Commands
from quartet.cli.words import WORDS, Word
from quartet.node.folder import MemberFolder

ROOT: Any = get_command(app)


def called(word: str) -> Any:
    """Return the command that a word of the command line calls."""
    return ROOT.resolve_command(typer.Context(ROOT), [word])[1]


def full_names(word: str) -> list[str]:
    """Return a word with each of its own words, if it has such."""
    return [f"{word} {one}" for one in getattr(called(word), "commands", ())] or [word]


COMMANDS = sorted(name for word in WORDS for name in full_names(word.name))


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.name)
def test_the_list_says_of_each_command_what_it_says_of_itself(word: Word) -> None:
    said = called(word.name).help

    assert word.line == " ".join(said.partition("\n\n")[0].split())
    assert called(word.name).name == ROOT.commands[word.name].name == word.name
    assert not called(word.name).hidden


def test_what_completes_a_word_is_the_list_with_its_lines() -> None:
    offered = ROOT.shell_complete(typer.Context(ROOT), "in")

    assert [(one.value, one.help) for one in offered] == [
        (word.name, ROOT.commands[word.name].get_short_help_str()) for word in WORDS if word.name.startswith("in")
    ]
    assert {one.value for one in offered} >= {"inbox", "intake", "incidents"}


def test_a_misspelt_word_is_told_what_it_may_have_been(shell: Shell) -> None:
    assert shell("inbx").error == "usage: No such command 'inbx'. Did you mean 'inbox'?; see quartet --help\n"
    assert shell("alias", "ad").error == "usage: No such command 'ad'. Did you mean 'add'?; see quartet alias --help\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_helps_with_an_example(shell: Shell, command: str) -> None:
    said = shell(*command.split(), "--help")

    assert said.code == 0
    assert "Example" in said.out
    assert f"quartet {command}" in " ".join(said.out.split())
    assert said.error == ""


def test_an_id_that_begins_with_a_dash_is_read_as_one_wherever_it_stands(shell: Shell, tmp_path: Path) -> None:
    dashed = f"-7{'a' * 41}"
    lacking = ["--dir", str(tmp_path / "nowhere")]

    for words in (["show", dashed], ["grant", dashed, "east"], ["recall", "--json", dashed]):
        assert shell(*words, *lacking).error.startswith("no-dir:"), words
    assert "No such option: -7" in shell("show", dashed[:-1], *lacking).error


def test_what_a_command_gets_of_such_an_id_is_the_id() -> None:
    got: list[object] = []
    made, dashed = Commands(), f"-7{'a' * 41}"

    @made.command()
    def one(ref: str, more: list[str] | None = None, contains: list[str] | None = None) -> None:
        got.extend([ref, more, contains])

    made([dashed, "--more", "x", "--contains", dashed, "--contains", "-"], standalone_mode=False)

    assert got == [dashed, ["x"], [dashed, "-"]]


def test_no_command_shows_the_help(shell: Shell) -> None:
    assert "Commands" in shell().out


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["no-such-command"], "usage"),
        (["show"], "usage"),
        (["show", "N-1", "extra"], "usage"),
        (["inbox", "--limit", "0"], "usage"),
        (["inbox", "--colour"], "usage"),
        (["send", "-"], "no-tlp"),
        (["send", "--tlp", "PINK", "--to", "east", "-"], "unknown-tlp"),
        (["send", "--tlp", "AMBER", "-"], "no-audience"),
        (["send", "--tlp", "AMBER", "--to", "east", "--precedence", "SOON", "-"], "unknown-precedence"),
        (["send", "--tlp", "AMBER", "--to", "east", "--mode", "GIVE", "-"], "unknown-mode"),
        (["send", "--tlp", "AMBER", "--to", "east", "--onward", "MAYBE", "-"], "unknown-onward"),
        (["send", "--tlp", "AMBER", "--to", "east", "--expires", "soon", "-"], "bad-time"),
        (["send", "--tlp", "AMBER", "--to", "east", "--expires", "2026-03-01T12:00", "-"], "bad-time"),
        (["send", "--tlp", "AMBER", "--to", "east", "--title", "t" * 400, "-"], "title-too-long"),
        (["send", "--tlp", "AMBER", "--to", "east", "no-such-file"], "no-file"),
        (["send", "--tlp", "AMBER", "--to", "east", "/"], "no-file"),
        (["verify", "item.proof"], "no-charter"),
        (["verify", "--charter", "charter.json"], "no-proof-file"),
        (["picture", "--watch", "--json"], "watch-alone"),
        (["inbox", "--dir", "no-such-folder"], "no-dir"),
    ],
)
def test_a_wrong_word_is_one_line(shell: Shell, arguments: list[str], reason: str) -> None:
    said = shell(*arguments, stdin=b"Drone parts seen\n")

    assert said.reason == reason
    assert said.code == 2
    assert said.out == ""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty-text"),
        (b" \n\t\n", "empty-text"),
        (b"\xff\xfe\x00\x01", "not-text"),
        (b"\x7fELF\x00\x00", "not-text"),
        (b"x" * (128 * 1024 + 1), "too-large"),
    ],
)
def test_what_is_no_text_is_refused_from_file_and_from_standard_input(
    shell: Shell, tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "text"
    path.write_bytes(content)
    asked = ("send", "--tlp", "AMBER", "--to", "east")

    from_file, from_stdin = shell(*asked, path), shell(*asked, "-", stdin=content)

    assert from_file.reason == from_stdin.reason == reason
    assert from_file.code == from_stdin.code == 2
    assert "--attach" in from_file.error


def test_fifty_megabytes_are_refused_without_being_read(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)

    said = shell("send", "--tlp", "AMBER", "--to", "east", path)

    assert said.reason == "too-large"
    assert "50.0 MiB" in said.error
    assert "--attach" in said.error


def test_the_parent_of_members_folders_names_them(shell: Shell, folder: MemberFolder) -> None:
    said = shell("inbox", "--dir", folder.root.parent)

    assert (said.code, said.reason) == (2, "no-dir")
    assert "north" in said.error


def test_no_member_folder_at_hand_asks_for_one(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    said = shell("inbox")

    assert (said.code, said.reason) == (2, "no-dir")
    assert "--dir DIR" in said.error


def test_misspelt_settings_are_named(shell: Shell, folder: MemberFolder) -> None:
    folder.settings.write_text('member = "north"\nwire = {prot = 14222}\n')

    said = shell("status", "--dir", folder.root)

    assert (said.code, said.reason) == (2, "unknown-setting")
    assert "wire.port" in said.error


def test_a_proof_or_charter_that_cannot_be_read_is_named(shell: Shell, tmp_path: Path) -> None:
    there, absent = tmp_path / "there", tmp_path / "absent"
    there.write_text("no proof")

    no_proof = shell("verify", absent, "--charter", there)
    no_charter = shell("verify", there, "--charter", absent)
    neither = shell("verify", there, "--charter", there)

    assert [(said.code, said.reason) for said in (no_proof, no_charter)] == [(2, "no-file")] * 2
    assert all(f"{absent}: " in said.error and "name a file" in said.error for said in (no_proof, no_charter))
    assert neither.code == 4
