"""Circles and agreements at the command line: proposed, read by who signs, shown; and they let nobody have anything."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from commandline import Said, Shell
from trial import MEMBERS, Trial, trial

Run = Callable[..., Said]


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with trial(tmp_path_factory.mktemp("x") / "t") as made:
        yield made


@pytest.fixture
def run(shell: Shell, exchange: Trial) -> Run:
    return lambda member, *words, stdin=b"": shell(*words, "--dir", exchange[member].root, stdin=stdin)


def done(said: Said) -> str:
    assert (said.code, said.error) == (0, ""), said
    return said.out.strip()


def until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + 60
    while not true():
        assert time.monotonic() < ends, "it did not come to pass"
        time.sleep(0.05)


def shown(run: Run, member: str) -> Any:
    return json.loads(done(run(member, "charter", "show", "--json")))


def agreed(run: Run, act: Path, *terms: str) -> str:
    """Have north propose terms and all sign and apply them; return what east read before it signed."""
    epoch = shown(run, "west")["epoch"]
    done(run("north", "charter", "propose", "set", *terms, "--output", str(act)))
    east, *_ = [done(run(member, "charter", "sign", str(act))) for member in MEMBERS if member != "north"]
    done(run("north", "charter", "apply", str(act)))
    until(lambda: all(shown(run, member)["epoch"] == epoch + 1 for member in MEMBERS))
    return east


def test_a_circle_and_its_agreements_are_read_by_who_signs_shown_with_their_days_and_ended(
    run: Run, tmp_path: Path
) -> None:
    text = tmp_path / "fish.txt"
    text.write_text("What we say of boats.")
    past = f"old=strait=2020-01-01T00:00Z=2021-01-01T00:00Z={text}"
    terms = ("--circle", "strait=north,east", "--agreement", f"fish=strait=0d=30d={text}", "--agreement", past)
    read = agreed(run, tmp_path / "one.json", *terms)
    assert "circle strait: east, north" in read
    assert "agreement fish of strait, from 20" in read

    plain = done(run("west", "charter", "show"))
    assert "30 days left" in plain
    assert "ENDED" in plain
    assert "an agreement lets nobody have anything" in plain
    fish, old = shown(run, "west")["agreements"]
    assert (fish["state"], fish["days"], fish["members"]) == ("IN_FORCE", 30, ["east", "north"])
    assert (old["state"], old["days"] < 1) == ("ENDED", True)
    assert fish["text_hash"] == old["text_hash"]

    read = agreed(run, tmp_path / "two.json", "--drop-agreement", "old", "--circle", "strait=north,east,south")
    assert "agreement old ends" in read
    assert "circle strait: east, north, south" in read
    assert [one["name"] for one in shown(run, "east")["agreements"]] == ["fish"]


def test_the_cover_is_changed_by_an_act_read_by_who_signs_and_shown(run: Run, tmp_path: Path) -> None:
    assert shown(run, "east")["cover"] == "off"

    read = agreed(run, tmp_path / "cover.json", "--cover", "narrow")

    assert "cover narrow, which is off now" in read
    assert "narrow" in done(run("west", "charter", "show"))
    sent = done(run("north", "send", "--to", "east", "--tlp", "AMBER", "-", stdin=b"A boat\n"))
    until(lambda: run("east", "show", sent).code == 0)
    assert "narrow: one parcel of one size each tick" in done(run("north", "status"))
    agreed(run, tmp_path / "off.json", "--cover", "off")
    assert shown(run, "west")["cover"] == "off"


def test_a_circle_says_whom_it_means_before_anything_is_sent_and_an_agreement_lets_nobody_have_it(
    run: Run, tmp_path: Path
) -> None:
    text = tmp_path / "boats.txt"
    text.write_text("Whatever one of us knows of boats, the other shall have.")
    before = done(run("north", "send", "--to", "south", "--tlp", "AMBER", "-", stdin=b"A boat\n"))
    agreed(run, tmp_path / "act.json", "--circle", "pair=north,east", "--agreement", f"boats=pair=0d=-={text}")
    after = done(run("north", "send", "--to", "south", "--tlp", "AMBER", "-", stdin=b"Another boat\n"))
    through = done(run("north", "send", "--to", "pair", "--tlp", "AMBER", "-", stdin=b"A third boat\n"))

    said = done(run("north", "send", "--to", "pair", "--tlp", "AMBER", "--preview", "-", stdin=b"A boat\n"))
    assert said.splitlines()[0] == "circle pair: east, north"
    until(lambda: run("east", "show", through).code == 0)
    until(lambda: run("south", "show", after).code == 0)
    for ref in (before, after):
        assert run("east", "show", ref).reason == "unknown-item"
        assert run("north", "why", ref, "east", "--json").code != 0
    assert run("west", "show", through).reason == "unknown-item"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ((), "no-change"),
        (("--circle", "strait"), "bad-circle"),
        (("--circle", "strait=nobody"), "unknown-member"),
        (("--drop-circle", "moon"), "unknown-circle"),
        (("--drop-agreement", "moon"), "unknown-agreement"),
        (("--agreement", "fish=strait"), "bad-agreement"),
        (("--agreement", "fish=strait=noon=-=x"), "bad-time"),
        (("--cover", "fog"), "later-release"),
    ],
)
def test_terms_that_make_no_sense_are_one_line(run: Run, tmp_path: Path, words: tuple[str, ...], reason: str) -> None:
    said = run("north", "charter", "propose", "set", *words, "--output", str(tmp_path / "act.json"))

    assert (said.reason, said.out) == (reason, "")
