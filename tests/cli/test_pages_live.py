"""What the tutorial and the how-to pages say is typed here as written, at a real exchange, and does what they say."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from live import MEMBERS, Live, live, running, until
from page import DOCS, Command, Terminal, commands, shape

pytestmark = pytest.mark.slow

TUTORIAL = DOCS / "docs" / "tutorial" / "first-exchange.md"
HOWTO = DOCS / "docs" / "howto"
NO = (" why ", " receipts ")
"""What may answer no (exit 1) on these pages: that a member does not have it, that somebody owes."""
MEANWHILE = {"make demo", ". .venv/bin/activate"}
"""Done before: the environment that runs this test."""


def done(reader: Terminal, command: Command) -> None:
    """Type a command; check that it did what the page says."""
    said = reader.type(command)
    expected = command.shown.strip()

    wrong = expected.partition(":")[0] == "no-tlp"
    assert said.code in ({2} if wrong else {0, 1} if any(word in command.line for word in NO) else {0}), said
    assert bool(said.error) == wrong, said
    if expected:
        assert shape(said.error if wrong else said.out) == shape(expected), command.line


def test_the_tutorial_does_what_it_says() -> None:
    with tempfile.TemporaryDirectory(prefix="q-") as folder, ExitStack() as second_terminal:
        reader = Terminal(Path(folder))
        steps = [one for one in commands(TUTORIAL) if one.line not in MEANWHILE]
        for step in steps:
            if step.line == "quartet up trial":
                second_terminal.enter_context(running(reader.folder / "trial"))
            elif " inbox " in step.line:
                until(lambda step=step: shape(reader.type(step).out) == shape(step.shown))  # type: ignore[misc]
            elif "--offline" in step.line:
                second_terminal.close()
                done(reader, step)
            else:
                done(reader, step)

        assert "quartet verify --offline --dir trial/east" in [step.line for step in steps]
        assert not (reader.folder / "trial").exists()


@pytest.fixture(scope="module")
def exchange() -> Iterator[Live]:
    """A running trial in a folder where each member's own name leads to its folder, as on a machine of its own."""
    with tempfile.TemporaryDirectory(prefix="q-") as folder:
        for member in MEMBERS:
            (Path(folder) / member).symlink_to(Path(folder) / "trial" / member)
        with live(Path(folder) / "trial", recall_delay_s=45) as made:
            yield made


@pytest.fixture
def reader(exchange: Live) -> Terminal:
    return Terminal(exchange.root.parent)


def send(reader: Terminal) -> None:
    """Have an item at east and south to speak of."""
    line = 'echo "Drone parts" | quartet send --tlp AMBER --to east,south --dir trial/north --as duty -'
    assert reader.type(Command(line, "")).code == 0
    receipts = Command("quartet receipts N-K7Q-4MX --as duty --dir trial/north", "")
    until(lambda: all(member in reader.type(receipts).out for member in ("east", "south")))


def test_checking_a_proof_does_what_its_page_says(reader: Terminal) -> None:
    check, make = commands(HOWTO / "check-a-proof.md")
    send(reader)
    shutil.copy(reader.folder / "trial" / "north" / "charter.json", reader.folder / "charter.json")

    until(lambda: reader.type(make).code == 0)
    done(reader, check)


def test_taking_back_and_adding_an_officer_do_what_their_pages_say(reader: Terminal) -> None:
    recall, receipts, wait, cancel, ask, vouch, answer, life, second_life = commands(HOWTO / "take-back-an-item.md")
    send(reader)
    for step in (recall, receipts, wait):
        done(reader, step)
    assert "a purge" not in reader.type(receipts).out

    add, outside, listed, inbox, train, leaves = commands(HOWTO / "add-an-officer.md")
    (reader.folder / "duty-2.pass").write_text("a word for the second officer\n")
    (reader.folder / "duty-2.pass").chmod(0o600)
    shutil.copy(reader.folder / "east" / "offline" / "root.pass", reader.folder / "root.pass")
    outside = Command(outside.line.replace("--dir north", "--dir east"), "")
    for step in (add, outside, listed, inbox, train):
        done(reader, step)

    send(reader)
    assert reader.type(Command(f"{recall.line} --as duty", "")).code == 0
    done(reader, cancel)
    shown = Command("quartet show N-K7Q-4MX --dir trial/south", "")
    until(lambda: reader.type(shown).code == 0)
    send(reader)
    assert reader.type(Command(f"{recall.line} --as duty", "")).code == 0
    for step in (Command(f"{ask.line} --as duty", ""), vouch, Command(f"{answer.line} --as duty", "")):
        done(reader, step)
    until(lambda: reader.type(shown).code == 0)
    send(reader)
    for step in (life, second_life):
        done(reader, step)
    purged = Command("quartet receipts N-K7Q-4MX --as duty --dir trial/north", "")
    until(lambda: reader.type(purged).code == 0 and "a purge" not in reader.type(purged).out, within=40)

    gone = reader.type(leaves)
    assert (gone.code, gone.error) == (0, "")
    assert "destroy her key" in gone.out
    assert "unknown-officer" in reader.type(inbox).error


def test_running_a_hub_does_what_its_page_says(exchange: Live, reader: Terminal) -> None:
    alone, *move = commands(HOWTO / "run-a-hub.md")

    assert alone.line == f"quartet serve --dir trial/{exchange.part('hub-1').name}"
    assert "already-running" in reader.type(alone).error
    for step in move:
        done(reader, Command(f"{step.line} --as duty" if " apply " in step.line else step.line, ""))
    shown = Command("quartet charter show --dir west", "")
    until(lambda: "tls://192.0.2.1:7422" in reader.type(shown).out)
