"""Asking through the chair at the command line: who asked is named to nobody but the chair's own member."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from commandline import Said, Shell
from trial import Trial, trial

from quartet.core.ids import OfficerName

Run = Callable[..., Said]
QUESTION = b"Who moors at Dam 3 tonight?\n"


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with trial(tmp_path_factory.mktemp("x") / "t") as made:
        yield made


@pytest.fixture
def run(shell: Shell, exchange: Trial) -> Run:
    """Return how to give a member's command; `north` is north's watch, `chair` its presiding officer."""

    def give(who: str, *words: str, stdin: bytes = b"") -> Said:
        member = "north" if who == "chair" else who
        acting = ("--as", "chair" if who == "chair" else "duty")
        return shell(*words, "--dir", exchange[member].root, *acting, stdin=stdin)

    if not exchange["north"].officer_key(OfficerName("chair")).exists():
        done(give("north", "officer", "add", "chair", "--roles", "chair"))
    return give


def done(said: Said) -> str:
    assert (said.code, said.error) == (0, ""), said
    return said.out.strip()


def until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + 60
    while not true():
        assert time.monotonic() < ends, "it did not come to pass"
        time.sleep(0.05)


def shown(run: Run, who: str, ref: str) -> Any:
    return json.loads(done(run(who, "requests", ref, "--json")))


def asked(run: Run, *words: str) -> str:
    """Have east ask through the chair, and return the reference once she has it."""
    ref = done(run("east", "ask", "--through-chair", *words, "--tlp", "AMBER", "-", stdin=QUESTION))
    until(lambda: run("chair", "requests", ref).code == 0)
    return ref


def test_a_question_goes_through_the_chair_and_its_answer_back_with_the_answerers_consent(run: Run) -> None:
    ref = asked(run, "--of", "south,west", "--precedence", "priority")
    assert "may ask south, west and does not say who asks" in done(run("chair", "requests", ref))

    question = done(run("chair", "broker", ref, "-", "--of", "south", stdin=b"Who moors at Dam 3?\n"))
    until(lambda: run("south", "requests", question).code == 0)
    until(lambda: shown(run, "east", ref)["row"]["stages"] == {"north": "BROKERED"})
    assert f"in place of  {ref} of east, which stays unnamed" in done(run("chair", "requests", question))
    assert "east" not in done(run("south", "requests", question))

    told = done(run("south", "answer", question, "-", stdin=b"Two barges of ours\n"))
    until(lambda: shown(run, "chair", question)["row"]["stages"] == {"south": "ANSWERED"})
    passed = done(run("chair", "pass-on", told))
    until(lambda: run("south", "show", passed).code == 0)
    done(run("south", "grant", passed, "east"))
    until(lambda: run("east", "show", passed).code == 0)
    assert "Two barges of ours" in done(run("east", "show", passed))
    done(run("chair", "answer", ref, "--cites", passed))
    until(lambda: shown(run, "east", ref)["row"]["stages"] == {"north": "ANSWERED"})

    done(run("east", "close", ref, "--rating", "4"))
    until(lambda: "; closed, worth 4 of 5" in done(run("chair", "requests", question)))
    done(run("chair", "close", question, "--rating", "4"))
    until(lambda: shown(run, "south", question)["rating"] == 4)


def test_what_the_chair_may_not_do_is_one_line(run: Run) -> None:
    ref = asked(run, "--of", "south")
    question = done(run("chair", "broker", ref, "-", "--of", "south", stdin=QUESTION))
    until(lambda: run("south", "requests", question).code == 0)
    told = done(run("south", "answer", question, "-", stdin=b"Two barges\n"))
    until(lambda: run("north", "show", told).code == 0)

    for who, words, reason in (
        ("chair", ("broker", ref, "-"), "nobody-asked"),
        ("chair", ("broker", ref, "-", "--of", "west"), "beyond-audience"),
        ("chair", ("broker", ref, "-", "--of", "south", "--tlp", "GREEN"), "tlp-wider"),
        ("chair", ("broker", question, "-", "--of", "south"), "not-brokered"),
        ("chair", ("broker", "N-AAA-AAA", "-", "--of", "south"), "unknown-item"),
        ("chair", ("answer", ref, "--word", "transfer", "--member", "west"), "names-asker"),
        ("chair", ("answer", ref, "--word", "brokered"), "not-brokered"),
        ("chair", ("pass-on", ref), "unknown-item"),
        ("north", ("broker", ref, "-", "--of", "south"), "not-brokered"),
        ("north", ("answer", ref, "-"), "not-asked"),
        ("north", ("pass-on", told), "not-brokered"),
        ("north", ("seek", told, "--for", "east", "-"), "names-asker"),
        ("east", ("ask", "--through-chair", "--to", "south", "--tlp", "AMBER", "-"), "names-asker"),
    ):
        said = run(who, *words, stdin=b"text\n")
        assert (said.reason, said.out) == (reason, ""), (who, words, said)
