"""Two members that no hub joins: items, answers, a recall and proofs go on a stick; with real processes."""

import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from commandline import Shell
from live import Live, Officer, live, process, until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def exchange() -> Iterator[Live]:
    with (
        tempfile.TemporaryDirectory(prefix="q-") as folder,
        live(Path(folder) / "t", members=("north", "west")) as made,
    ):
        made.stop("hub-1")
        yield made


class Stick:
    """A stick: each file on it is new."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def carry(self, one: Officer, other: Officer) -> str:
        """Write a file at one, take it in at the other; return what both said."""
        self._count += 1
        file = self._folder / f"{one.member}-{other.member}-{self._count}.carry"
        out = one("carry", "out", file, "--to", other.member)
        assert (out.code, out.error) == (0, ""), out
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        came = other("carry", "in", file)
        assert (came.code, came.error) == (0, ""), came
        self.last = file
        return out.out + came.out


def test_all_goes_by_stick_while_no_hub_runs(exchange: Live, shell: Shell, tmp_path: Path) -> None:
    north, west, stick = Officer(shell, exchange, "north"), Officer(shell, exchange, "west"), Stick(tmp_path)
    until(lambda: {link["state"] for link in north.json("status")["links"]} == {"down"})
    stick.carry(west, north)  # says whom to seal for: the hub may have ended before they met
    report, answer = north.send("near Dam 3", "west"), west.send("seen there too", "north")

    said = stick.carry(north, west)
    assert "1 item in " in said
    assert "from north: 1 item" in said
    assert report in west.refs()
    again = west.json("carry", "in", stick.last)
    assert (again["items"], again["parcels"], again["refused"]) == (0, 0, {})

    def proven() -> bool:
        """Carry once more each way, until both can prove both."""
        stick.carry(west, north)
        stick.carry(north, west)
        asked = [
            one("export", ref, "--output", stick.last.with_suffix(f".{one.member}.{ref}"))
            for one in (north, west)
            for ref in (report, answer)
        ]
        return all(said.code == 0 for said in asked)

    until(proven)

    assert answer in north.refs()
    assert north.delivered(report) == {"west"}
    for officer in (north, west):
        for ref in (report, answer):
            proof = tmp_path / f"{officer.member}-{ref}.proof"
            assert officer("export", ref, "--output", proof).code == 0
            assert process("verify", proof, "--charter", officer.folder.charter).code == 0
        assert officer.json("verify")["ok"]
        link = officer.json("status")["links"][0]
        assert (link["state"], link["due"]) == ("down", 0)
        assert link["carried_in"]
        assert "carried, last out" in officer("status").out

    assert north("recall", report).code == 0
    stick.carry(north, west)
    until(lambda: report not in west.refs())
    assert north.json("carry", "show")[0]["came"]


def test_what_cannot_be_carried_is_one_line_that_says_what_to_do(exchange: Live, shell: Shell, tmp_path: Path) -> None:
    north, west = Officer(shell, exchange, "north"), Officer(shell, exchange, "west")
    file = tmp_path / "north-west.carry"
    assert north("carry", "out", file, "--to", "west").code == 0
    before = file.read_bytes()

    assert north.refused("carry", "out", file, "--to", "west").reason == "file-exists"
    assert file.read_bytes() == before
    assert north.refused("carry", "out", tmp_path / "no" / "way", "--to", "west").reason == "cannot-write"
    assert north.refused("carry", "out", tmp_path / "a", "--to", "south").reason == "unknown-member"
    assert north.refused("carry", "out", tmp_path / "a", "--to", "west", "--most", "257").reason == "bad-most"
    assert not (tmp_path / "a").exists(), "what was not written is not left behind"
    assert north.refused("carry", "in", file).reason == "not-for-us"
    assert west.refused("carry", "in", tmp_path / "none").reason == "no-file"
    (tmp_path / "letter").write_text("dear west")
    assert west.refused("carry", "in", tmp_path / "letter").reason == "not-carried"
    (tmp_path / "half").write_bytes(before[:-100])
    assert west.refused("carry", "in", tmp_path / "half").reason == "cut-short"
