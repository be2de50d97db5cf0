"""Consent at the command line: it is asked for, a controller answers, and its grant alone admits."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

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


def done(said: Said) -> str:
    """Return what a command that succeeded said."""
    assert (said.code, said.error) == (0, ""), said
    return said.out.strip()


def until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + 60
    while not true():
        assert time.monotonic() < ends, "it did not come to pass"
        time.sleep(0.05)


def share(run: Run, member: str, ref: str) -> Any:
    (one,) = json.loads(done(run(member, "consents", ref, "--json")))["shares"]
    return one


def test_consent_is_asked_for_denied_and_given_after_all(run: Run) -> None:
    report = done(run("north", "send", "--tlp", "AMBER", "--to", "east", "-", stdin=b"The dam leaks"))
    until(lambda: run("east", "show", report).code == 0)
    wanted = done(run("east", "seek", report, "-", "--for", "west", stdin=b"Their hospital lies below"))
    until(lambda: wanted in run("north", "consents", "--which", "mine").out)
    assert "north asked" in done(run("east", "consents"))

    assert run("north", "consent", wanted).reason == "not-granted"
    done(run("north", "consent", wanted, "-", "--word", "deny", "--reason", "legal-bar", stdin=b"Our act of 2021"))
    until(lambda: share(run, "east", wanted)["stage"] == "DENIED")
    told = done(run("east", "consents", wanted))
    assert "north: denied (legal bar)" in told
    assert "Our act of 2021" in told
    assert "Their hospital lies below" in told

    done(run("north", "grant", report, "west"))
    until(lambda: run("west", "show", report).code == 0)
    done(run("north", "consent", wanted))
    assert share(run, "north", wanted)["stage"] == "GRANTED"
    until(lambda: share(run, "east", wanted)["stage"] in {"GRANTED", "SAYS_GRANTED"})


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("consent", "N-AAA-AAA", "--word", "deny", "--reason", "harm"), "unknown-item"),
        (("consent", "N-AAA-AAA", "--word", "perhaps"), "unknown-word"),
        (("consents", "--which", "theirs"), "unknown-which"),
        (("seek", "N-AAA-AAA", "nowhere.txt", "--for", "west"), "no-file"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(run: Run, words: tuple[str, ...], reason: str) -> None:
    said = run("north", *words)

    assert said.code in {1, 2}
    assert said.reason == reason, said


def test_a_denial_says_why(run: Run) -> None:
    report = done(run("north", "send", "--tlp", "AMBER", "--to", "east", "-", stdin=b"Once more"))
    until(lambda: run("east", "show", report).code == 0)
    wanted = done(run("east", "seek", report, "-", "--for", "west", stdin=b"They ask"))
    until(lambda: run("north", "consents", wanted).code == 0)

    said = run("north", "consent", wanted, "--word", "deny")

    assert said.reason == "bad-form", said
    assert "a denial says why" in said.error
