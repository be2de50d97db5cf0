"""The register and the measures at the command line."""

import json
import time
from collections.abc import Callable, Iterator

import pytest
from commandline import Said, Shell
from trial import Trial, trial

Run = Callable[..., Said]


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with trial(tmp_path_factory.mktemp("x") / "t") as made:
        yield made


@pytest.fixture
def run(shell: Shell, exchange: Trial) -> Run:
    """Return how to give a member's command."""
    return lambda member, *words, stdin=b"": shell(*words, "--dir", exchange[member].root, stdin=stdin)


def until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + 60
    while not true():
        assert time.monotonic() < ends, "it did not come to pass"
        time.sleep(0.05)


def test_what_was_given_is_listed_with_its_member_and_measured_by_its_label(run: Run) -> None:
    ref = run("north", "send", "--tlp", "AMBER", "--to", "east", "-", stdin=b"near Dam 3").out.strip()
    until(lambda: ref in run("north", "register").out)

    (line,) = [line for line in run("north", "register").out.splitlines() if ref in line]
    assert "east" in line
    assert "marking" in line
    page = json.loads(run("north", "register", "--json").out)
    assert [got["member"] for got in page["items"][0]["given"]] == ["east"]
    assert "TLP:AMBER" in run("north", "measures", "--days", "7").out
    assert json.loads(run("east", "measures", "--json").out)["labels"] == {}
    assert run("north", "register", "--after", "nonsense").reason == "bad-cursor"
