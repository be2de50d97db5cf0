"""Root's own word at the command line: at once where its key lies, and by files where it is kept offline."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from commandline import Said, Shell
from test_exchange_commands import Desk, until
from trial import Trial, trial


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with trial(tmp_path_factory.mktemp("root") / "t", recall_delay_s=3600) as made:
        yield made


@pytest.fixture
def north(shell: Shell, exchange: Trial) -> Desk:
    return Desk(shell, exchange, "north")


def test_root_gives_back_what_an_officer_recalled_and_takes_it_again_by_files(
    north: Desk, shell: Shell, exchange: Trial, tmp_path: Path
) -> None:
    east, asked = Desk(shell, exchange, "east"), tmp_path / "asked.json"
    ref = north.send("near Dam 3", "--tlp", "AMBER", "--to", "east")
    until(lambda: ref in east.refs())
    assert north("recall", ref).code == 0
    until(lambda: ref not in east.refs())

    given_back = north("recall", ref, "--cancel", "--root")
    assert (given_back.code, given_back.error) == (0, "")
    until(lambda: ref in east.refs())
    assert north("recall", ref).code == 0
    assert ref in north.refs(), "one officer is not enough any more"

    written = north.json("recall", ref, "--ask", asked)
    assert written == {"file": str(asked)}
    assert ref in north.refs(), "nothing is signed yet"
    assert "recall by the root of north" in north("keys", "vouch", asked).out
    assert set(north.json("recall", ref, "--answer", asked)) == {"id", "ref"}
    until(lambda: ref not in east.refs())


def test_root_signs_only_what_is_its_own_to_say(north: Desk, shell: Shell, exchange: Trial, tmp_path: Path) -> None:
    east, asked = Desk(shell, exchange, "east"), tmp_path / "asked.json"
    ref = north.send("near Dam 4", "--tlp", "AMBER", "--to", "east")
    assert north("recall", ref, "--ask", asked).code == 0
    before = asked.read_bytes()

    def refused(said: Said, reason: str, code: int) -> bool:
        return said.code == code and said.error.count("\n") == 1 and reason in said.error

    assert refused(east("keys", "vouch", asked), "prepared-otherwise", 4)
    assert asked.read_bytes() == before
    assert refused(north("recall", ref, "--ask", asked), "file-exists", 2)
    assert north("keys", "vouch", asked).code == 0
    assert refused(north("recall", ref, "--cancel", "--answer", asked), "prepared-otherwise", 4)
    altered = json.loads(asked.read_bytes())
    altered["assertion"]["sig"] = "A" * 86
    asked.write_text(json.dumps(altered, separators=(",", ":")))
    assert refused(north("recall", ref, "--answer", asked), "bad-signature", 4)
    assert ref in north.refs()
