"""Two members on this release and two on the one before: what both understand passes, the rest waits for the upgrade.

The release before founds the exchange, and its members talk; then north and east are upgraded. The hub, south and west
are by the last test.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from commandline import Shell
from live import MEMBERS, Officer, until
from releases import BEFORE, Mixed, NoRelease, founded, is_shallow, sources

pytestmark = pytest.mark.slow

NEW, OLD = ("north", "east"), ("south", "west")
SIDES = [("north", "south"), ("south", "north")]
"""A member of either release, and one of the other."""
SEEN = {"what": "a boat", "how": "SAW", "polarity": "ASSERTS", "reliability": "B", "credibility": 2}
FRAMES = ("8d40621d58c382d690c8ac2863a7", "8d40621d58c386435cc412692ad6")

Desk = Callable[[str], Officer]
Sent = dict[str, str]


@pytest.fixture(scope="module")
def release() -> Iterator[Path]:
    """The release before. Without a history the tests are left out and say so; in CI only of a shallow clone."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            made = sources(BEFORE, Path(folder))
        except NoRelease as absent:
            if os.environ.get("CI") and not is_shallow():
                pytest.fail(f"this clone has a history, and not the release before: {absent}")
            pytest.skip(f"no release before: {absent}")
        yield made


@pytest.fixture(scope="module")
def exchange(release: Path) -> Iterator[Mixed]:
    with tempfile.TemporaryDirectory(prefix="q-") as folder, founded(release, Path(folder) / "t") as made:
        yield made


@pytest.fixture(scope="module")
def early(exchange: Mixed) -> list[Sent]:
    """What was said before anybody was upgraded, and was on record everywhere."""
    said = [say(exchange.older(member), f"{member} of before") for member in ("north", "south")]
    until(lambda: all(on_record(exchange.older(member), one) for member in MEMBERS for one in said))
    return said


@pytest.fixture(scope="module")
def mixed(exchange: Mixed, early: list[Sent]) -> Mixed:
    assert early
    exchange.upgrade(*NEW)
    return exchange


@pytest.fixture
def desk(mixed: Mixed, shell: Shell) -> Desk:
    return lambda member: mixed.officer(member, shell)


def git(*words: str | Path) -> str:
    return subprocess.run(("git", *words), check=True, capture_output=True, text=True).stdout.strip()


def say(officer: Officer, text: str, *options: str | Path, to: tuple[str, ...] = ()) -> Sent:
    """Have an officer send a text, to all others or to those named."""
    named = to or tuple(member for member in MEMBERS if member != officer.member)
    sent: Sent = officer.json("send", "--tlp", "AMBER", "--to", ",".join(named), *options, "-", stdin=text.encode())
    return sent


def on_record(officer: Officer, item: Sent) -> bool:
    """Return whether an officer sees an item, on record with every other member as its witness."""
    return item["ref"] in officer.refs() and (officer.json("show", item["ref"])["on_record"] or {}).get("k") == 3


def cosigners(officer: Officer) -> dict[str, int]:
    """Return how many other members cosigned the newest that is known of each log."""
    return {member: log["cosigners"] for member, log in officer.json("status")["logs"].items()}


def seen_by(officer: Officer) -> set[str]:
    """Return whose sensors an officer's picture is of; the release before tells of no parts of a track."""
    return {part["from"] for track in officer.json("picture") for part in (track, *track.get("parts", ()))}


def stands(officer: Officer, request: Sent, member: str) -> tuple[str, bool]:
    """Return how a request stands with a member, and whether its time runs there."""
    parts = officer.json("requests", request["ref"])["parts"]
    (found,) = [part for part in parts if part["member"] == member]
    return found["stage"], found["due"] is not None


# -- where the release before comes from


def test_a_clone_without_the_release_before_asks_for_that_one_commit_where_it_came_from(tmp_path: Path) -> None:
    whole, shallow = tmp_path / "whole", tmp_path / "shallow"
    (whole / "src").mkdir(parents=True)
    commits = []
    git("init", "--quiet", whole)
    for word in ("before", "now"):
        (whole / "src" / "word").write_text(word)
        git("-C", whole, "add", "src")
        git("-C", whole, "-c", "user.name=north", "-c", "user.email=north@localhost", "commit", "--quiet", "-m", word)
        commits.append(git("-C", whole, "rev-parse", "HEAD"))
    git("clone", "--quiet", "--depth", "1", whole.as_uri(), shallow)

    assert [is_shallow(one) for one in (whole, shallow)] == [False, True]
    found = sources(commits[0], tmp_path, shallow)

    assert (found / "word").read_text() == "before"
    assert git("-C", shallow, "rev-list", "--all") == commits[1], "the clone itself stays as it is"
    with pytest.raises(NoRelease, match=r"^git fetch: .*0000000"):
        sources("0" * 40, tmp_path / "src", shallow)


# -- what both understand


def test_what_was_said_before_an_upgrade_stands_after_it(desk: Desk, early: list[Sent]) -> None:
    for member in NEW:
        assert {one["ref"] for one in early} <= set(desk(member).refs())
        assert all(on_record(desk(member), one) for one in early)
        assert desk(member).json("verify")["problems"] == []


def test_reports_of_both_releases_come_to_all_are_receipted_and_cosigned_by_all(mixed: Mixed, desk: Desk) -> None:
    said = {member: say(desk(member), f"{member} to all") for member in MEMBERS}

    until(lambda: all(on_record(desk(member), one) for member in MEMBERS for one in said.values()))
    for author, one in said.items():
        until(lambda a=author, i=one["id"]: len(mixed.states(a, i)) == len(MEMBERS) - 1)  # type: ignore[misc]
        assert set(mixed.states(author, one["id"]).values()) == {"VERIFIED"}


@pytest.mark.parametrize(("author", "reader"), SIDES)
def test_a_file_of_either_release_comes_whole_to_the_other(
    desk: Desk, tmp_path: Path, author: str, reader: str
) -> None:
    photo = tmp_path / "photo.raw"
    photo.write_bytes(os.urandom(300_000))
    sent = say(desk(author), "with a photo", "--attach", photo)

    until(lambda: sent["ref"] in desk(reader).refs())
    until(lambda: desk(reader)("show", sent["ref"], "--save", tmp_path / reader).code == 0)

    assert (tmp_path / reader / photo.name).read_bytes() == photo.read_bytes()


@pytest.mark.parametrize(("author", "other"), SIDES)
def test_a_grant_of_either_release_opens_an_item_at_the_other(desk: Desk, author: str, other: str) -> None:
    sent = say(desk(author), "for whom it is granted", to=("east",))
    assert sent["ref"] not in desk(other).refs()

    assert desk(author)("grant", sent["ref"], other).code == 0

    until(lambda: sent["ref"] in desk(other).refs())
    until(lambda: other in desk(author).delivered(sent["ref"]))


@pytest.mark.parametrize(("author", "other"), SIDES)
def test_a_recall_of_either_release_takes_an_item_back_at_the_other(desk: Desk, author: str, other: str) -> None:
    sent = say(desk(author), "to be taken back")
    until(lambda: len(desk(author).delivered(sent["ref"])) == len(MEMBERS) - 1)

    assert desk(author)("recall", sent["ref"]).code == 0

    until(lambda: desk(author)("receipts", sent["ref"]).code == 0)
    told = desk(author).json("receipts", sent["ref"])
    assert (set(told["purged"]), told["owed"]) == (set(MEMBERS) - {author}, [])
    assert sent["ref"] not in desk(other).refs()
    assert desk(other)("show", sent["ref"]).reason == "unknown-item"


@pytest.mark.parametrize(("author", "other"), SIDES)
def test_positions_of_either_release_are_in_the_picture_of_the_other_alone(
    desk: Desk, tmp_path: Path, author: str, other: str
) -> None:
    recording = tmp_path / "flight.csv"
    recording.write_text("".join(f"172024818{n}.5,{frame}\n" for n, frame in enumerate(FRAMES)))
    options = ("--tlp", "GREEN", "--to", other, "--speed", "max", "--reference", "52.25,3.9")

    fed = desk(author).json("feed", "--format", "modes", recording, *options)

    assert fed["sightings"] == 1
    until(lambda: author in seen_by(desk(other)))
    assert author not in seen_by(desk("west"))


# -- what only the newer understands


def test_what_the_older_does_not_know_is_receipted_as_held_and_waits_there(
    mixed: Mixed, desk: Desk, tmp_path: Path
) -> None:
    form = tmp_path / "form.json"
    form.write_text(json.dumps({"events": [SEEN]}))
    question = b"Who moors at Dam 3 tonight?"

    kind = desk("north").json("ask", "--of", "east,south", "--tlp", "AMBER", "-", stdin=question)
    version = say(desk("east"), "a boat at Dam 3", "--form", form, to=("north", "west"))

    until(lambda: len(mixed.states("north", kind["id"])) == len(mixed.states("east", version["id"])) == 2)
    assert mixed.states("north", kind["id"]) == {"east": "VERIFIED", "south": "HELD"}
    assert mixed.states("east", version["id"]) == {"north": "VERIFIED", "west": "HELD"}
    assert (mixed.held("south"), mixed.held("west")) == ([kind["id"]], [version["id"]])
    assert desk("south").json("show", kind["ref"])["title"] == question.decode(), "it is shown as it came"
    assert kind["ref"] not in desk("west").refs()
    assert version["ref"] not in desk("south").refs()
    until(lambda: stands(desk("north"), kind, "east") != ("ASKED", False))
    assert stands(desk("north"), kind, "south") == ("ASKED", False), "nobody is late with what is not understood"


# -- what each makes of both


@pytest.mark.parametrize("member", MEMBERS)
def test_each_release_verifies_the_logs_of_both_and_finds_no_fault(desk: Desk, member: str) -> None:
    until(lambda: cosigners(desk(member)) == dict.fromkeys(MEMBERS, 3))

    report = desk(member).json("verify")

    assert (report["ok"], report["problems"], set(report["logs"])) == (True, [], set(MEMBERS))


@pytest.mark.parametrize(("author", "other"), SIDES)
def test_a_proof_that_either_release_writes_is_good_to_the_other(
    desk: Desk, tmp_path: Path, author: str, other: str
) -> None:
    sent = say(desk(author), "to be proven")
    until(lambda: on_record(desk(author), sent))
    proof = tmp_path / "item.proof"
    assert desk(author)("export", sent["ref"], "--output", proof).code == 0

    proven = desk(other).json("verify", proof, "--charter", desk(other).folder.charter)

    assert proven["ok"]
    assert proven["proof"]["item"] == sent["id"]


# -- and once all are upgraded


def test_what_was_held_is_read_once_all_are_upgraded_and_its_author_is_told(mixed: Mixed, desk: Desk) -> None:
    mixed.upgrade("hub-1")  # before the members that still run the release before
    asked = desk("north").json("ask", "--of", "south", "--tlp", "AMBER", "-", stdin=b"And who tomorrow?")
    until(lambda: mixed.states("north", asked["id"]) == {"south": "HELD"})

    mixed.upgrade(*OLD)

    until(lambda: mixed.states("north", asked["id"]) == {"south": "VERIFIED"})
    assert mixed.held("south") == mixed.held("west") == []
    assert asked["ref"] in [row["ref"] for row in desk("south").json("requests", "--which", "mine")]
    until(lambda: stands(desk("north"), asked, "south")[1])
    assert desk("south")("answer", asked["ref"], "--tlp", "AMBER", "-", stdin=b"Nobody.").code == 0
    until(lambda: stands(desk("north"), asked, "south")[0] == "ANSWERED")
    for member in MEMBERS:
        assert desk(member).json("verify")["problems"] == []
