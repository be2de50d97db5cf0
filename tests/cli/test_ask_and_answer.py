"""Requests at the command line: what is asked of whom, what is due, and what a wrong word is told."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from commandline import Said, Shell
from trial import Trial, trial

from quartet.node.folder import MemberFolder

Run = Callable[..., Said]
QUESTION = b"Who moors at Dam 3 tonight?\nTwo barges lie there.\n"


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


def asked(run: Run, *words: str, stdin: bytes = QUESTION) -> str:
    """Have north ask, and return the reference once each member that is asked has it."""
    ref = done(run("north", "ask", *words, "-", stdin=stdin))
    until(lambda: "ASKED" not in stages(run, "north", ref).values())
    return ref


def shown(run: Run, member: str, ref: str) -> Any:
    return json.loads(done(run(member, "requests", ref, "--json")))


def stages(run: Run, member: str, ref: str) -> dict[str, str]:
    found: dict[str, str] = shown(run, member, ref)["row"]["stages"]
    return found


def until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + 60
    while not true():
        assert time.monotonic() < ends, "it did not come to pass"
        time.sleep(0.05)


def test_a_question_is_asked_answered_and_closed(run: Run) -> None:
    ref = asked(run, "--of", "east,south", "--tlp", "AMBER", "--precedence", "priority")
    mine = run("east", "requests", "--which", "mine")
    assert ref in mine.out
    assert "Who moors at Dam 3 tonight?" in mine.out

    done(run("east", "answer", ref, "--word", "acknowledge"))
    done(run("east", "answer", ref, "-", stdin=b"Two barges, no cargo\n"))
    done(run("south", "answer", ref, "--word", "refuse", "--reason", "no-consent"))
    until(lambda: stages(run, "north", ref) == {"east": "ANSWERED", "south": "REFUSED"})

    whole = done(run("north", "requests", ref))
    assert "east: ANSWERED" in whole
    assert "    Two barges, no cargo" in whole
    assert "south: REFUSED (NO_CONSENT)" in whole
    assert ref not in run("north", "requests").out
    assert ref not in run("east", "requests", "--which", "mine").out
    done(run("north", "close", ref, "--rating", "4", "--text", "quick"))
    until(lambda: bool(shown(run, "east", ref)["row"]["closed"]))
    assert "worth 4 of 5 quick" in done(run("east", "requests", ref))
    assert ref in run("north", "requests", "--which", "done").out


def test_an_answer_goes_to_the_asker_alone_and_to_more_only_where_that_is_said(run: Run) -> None:
    ref = asked(run, "--of", "east,south", "--tlp", "AMBER")

    alone = done(run("east", "answer", ref, "-", stdin=b"For north\n"))
    wider = ("--to", "north,south", "--tlp", "AMBER+STRICT")
    also = done(run("east", "answer", ref, "-", *wider, stdin=b"For both\n"))
    until(lambda: [r["ref"] for r in shown(run, "south", ref)["parts"][0]["replies"]] == [also])

    until(lambda: [r["ref"] for r in shown(run, "north", ref)["parts"][0]["replies"]] == [alone, also])
    assert shown(run, "north", ref)["parts"][0]["replies"][1]["tlp"] == "AMBER+STRICT"


def test_a_transfer_asks_another_member(run: Run) -> None:
    ref = asked(run, "--of", "east", "--to", "south", "--tlp", "AMBER")

    done(run("east", "answer", ref, "--word", "transfer", "--member", "south", "--to", "north,south"))

    until(lambda: ref in run("south", "requests", "--which", "mine").out)
    assert stages(run, "east", ref)["east"] == "TRANSFERRED"


@pytest.mark.parametrize(
    ("member", "words", "reason"),
    [
        ("east", ("--word", "refuse"), "bad-form"),
        ("east", ("--word", "transfer"), "bad-form"),
        ("east", ("--word", "refuse", "--reason", "boredom"), "unknown-reason"),
        ("east", (), "empty-text"),
        ("east", ("-", "--to", "west"), "beyond-audience"),
        ("east", ("-", "--tlp", "GREEN"), "tlp-wider"),
        ("south", ("-",), "not-asked"),
        ("west", ("-",), "unknown-item"),
    ],
)
def test_what_cannot_be_answered_is_one_line(run: Run, member: str, words: tuple[str, ...], reason: str) -> None:
    ref = asked(run, "--of", "east", "--to", "south", "--tlp", "AMBER")
    until(lambda: run("south", "requests", ref).code == 0)

    said = run(member, "answer", ref, *words, stdin=b"text\n")

    assert said.reason == reason
    assert said.out == ""
    assert stages(run, "east", ref) == {"east": "RECEIVED"}


def test_only_the_asker_closes_and_an_unknown_request_is_unknown(run: Run) -> None:
    ref = asked(run, "--of", "east", "--tlp", "AMBER")

    assert run("east", "close", ref).reason == "not-asker"
    assert run("north", "close", "N-AAA-AAA").reason == "unknown-item"
    assert run("north", "requests", "N-AAA-AAA").reason == "unknown-item"
    assert run("north", "close", ref, "--rating", "6").code == 2
    assert not shown(run, "north", ref)["row"]["closed"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--tlp", "AMBER"), "nobody-asked"),
        (("--of", "east"), "no-tlp"),
        (("--of", "east", "--tlp", "AMBER", "--precedence", "soon"), "unknown-precedence"),
    ],
)
def test_a_question_without_its_parts_is_told_before_any_node_is_asked(
    shell: Shell, folder: MemberFolder, words: tuple[str, ...], reason: str
) -> None:
    said = shell("ask", *words, "-", "--dir", folder.root, stdin=QUESTION)

    assert (said.code, said.reason) == (2, reason)


def test_the_documents_of_a_request_are_whole(run: Run) -> None:
    ref = asked(run, "--of", "east", "--tlp", "AMBER")
    done(run("east", "answer", ref, "-", stdin=b"x\n"))
    until(lambda: stages(run, "north", ref)["east"] == "ANSWERED")

    view = shown(run, "north", ref)
    listed = json.loads(done(run("north", "requests", "--which", "all", "--json")))

    through_chair = {"may_put", "among", "questions", "behalf"}
    assert set(view) == {"row", "text", "parts", "rating", "closed_with", "may_answer", "may_close"} | through_chair
    assert set(view["parts"][0]) == {"member", "stage", "due", "overdue", "reason", "replies"}
    assert set(view["parts"][0]["replies"][0]) == {"ref", "officer", "at", "word", "text", "tlp", "to"}
    assert (view["may_answer"], view["may_close"]) == (False, True)
    assert view["row"] in listed
