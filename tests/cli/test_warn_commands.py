"""Warnings at the command line: written by one officer, confirmed by a second, acknowledged, updated, cancelled."""

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from commandline import Said, Shell
from test_sitrep import Desk
from trial import Trial, trial

from quartet.cli.warn import cells
from quartet.cli.warnread import show_warning
from quartet.core.ids import ItemId, MemberId, Micros, OfficerName
from quartet.desk.warning import Info, Source
from quartet.exercise.plan import DUTY, Duty
from quartet.node.desk.warningviews import AreaView, DeskView, WarningRow, WarningView


class Watch(Desk):
    """A member whose folder has two officers' keys: the duty officer speaks, unless another is named."""

    def __call__(self, *arguments: str | Path, stdin: bytes = b"") -> Said:
        who = () if "--as" in arguments else ("--as", "duty")
        return super().__call__(*arguments, *who, stdin=stdin)


PLACE = ("--area", "Lower valley", "--circle", "47.0,8.5,2000")
ABOUT = ("--hazard", "Flood wave", *PLACE, "--until", "2h", "--tlp", "AMBER")
WORDS = b"Leave the river bank. Go up to the church."


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    officers = (DUTY, Duty(OfficerName("second")))
    with trial(tmp_path_factory.mktemp("x") / "t", officers=officers) as made:
        yield made


def issue(desk: Watch, *more: str, words: bytes = WORDS) -> Said:
    return desk("warn", "issue", "-", *ABOUT, "--desks", "east,east/dam-3,south", *more, stdin=words)


def waiting(desk: Watch) -> str:
    """Return the reference of what waits for a second officer: the newest."""
    ref: str = desk.json("warn", "list")["waiting"][0]["ref"]
    return ref


def test_from_one_officers_draft_to_a_second_ones_word_every_desks_and_the_end(shell: Shell, exchange: Trial) -> None:
    north, east = Watch(shell, exchange, "north"), Watch(shell, exchange, "east")

    written = issue(north)
    draft = waiting(north)
    assert (written.code, written.error) == (0, "")
    assert written.out == f"{draft} waits for a second officer: quartet warn confirm {draft}\n"
    line = north("warn", "list").out.splitlines()[0]
    assert line.startswith(f"{draft} of duty waits for a second officer until ")
    assert ": Flood wave; another officer confirms it" in line
    assert f"another officer confirms it: {draft}" in north("warn", "list").out
    assert f"confirm it with: quartet warn confirm {draft}" in north("warn", "list", "--as", "second").out
    looked = north("warn", "show", draft, "--as", "second").out
    assert "Leave the river bank" in looked
    assert "DRAFT: it warns nobody until a second officer confirms it" in looked
    assert f"none yet: quartet warn confirm {draft}" in looked
    assert "in force" not in looked
    first, *rest = north("warn", "list").out.splitlines()
    assert first.startswith(f"{draft} of duty waits for a second officer")
    assert "none" not in rest
    assert "go up to the church" not in east("warn", "list", "--which", "all").out.lower()

    unread = north("warn", "confirm", draft, "--as", "second")
    assert (unread.code, unread.out, unread.reason) == (1, "", "not-agreed")  # as a no at a terminal
    assert f"read it, quartet warn show {draft}, then add --yes" in unread.error
    assert north("warn", "confirm", draft, "--as", "second", "--json").reason == "not-agreed"
    assert waiting(north) == draft

    confirmed = north("warn", "confirm", draft, "--as", "second", "--yes")
    assert (confirmed.code, confirmed.error) == (0, "")
    assert "Leave the river bank" in confirmed.out  # she reads what she signs
    (row,) = north.json("warn", "list")["items"]
    ref = row["ref"]
    assert confirmed.out.endswith(f"{ref} has left\n")

    east.until("warn", "list", "--which", "mine", has=lambda found: [one["ref"] for one in found["items"]] == [ref])
    assert "watch, dam-3" in east("warn", "list").out
    said = east("warn", "ack", ref, "--desk", "dam-3", "--text", "we go up")
    assert (said.code, said.error) == (0, "")
    north.until("warn", "show", ref, has=lambda found: found["acks"])
    shown = north("warn", "show", ref).out
    assert "second officer  second: CONFIRMED" in shown
    assert "east/dam-3 acknowledged" in shown
    assert shown.count(" has not") == 2

    assert north("warn", "update", ref, "-", "--until", "4h", stdin=b"The crest comes at 18:00.").code == 0
    assert f": update of {ref}, Flood wave; another officer" in north("warn", "list").out
    assert f"in place of     {ref}\n" in north("warn", "show", waiting(north)).out
    north("warn", "confirm", waiting(north), "--as", "second", "--yes")
    update = next(one["ref"] for one in north.json("warn", "list")["items"] if one["word"] == "UPDATE")
    replaced = north("warn", "cancel", ref, "-", stdin=b"The dam holds.")
    assert (replaced.code, replaced.reason) == (2, "bad-form")
    assert f"{ref} is replaced by {update}: name that one, quartet warn cancel {update}" in replaced.error
    assert north("warn", "cancel", update, "-", stdin=b"The dam holds.").code == 0
    assert f": cancel of {update}, Flood wave; another officer" in north("warn", "list").out
    ends = north("warn", "show", waiting(north)).out
    assert f"ends            {update}\n" in ends
    assert "in place of" not in ends
    north("warn", "confirm", waiting(north), "--as", "second", "--yes")
    east.until("warn", "list", "--which", "all", has=lambda found: len(found["items"]) == 3)
    asked = {
        line.split()[0]: "dam-3" in line
        for line in east("warn", "list", "--which", "all").out.splitlines()
        if ref[:2] in line
    }
    assert not asked[ref]
    assert not asked[update]
    end = next(one["ref"] for one in north.json("warn", "list")["items"] if one["word"] == "CANCEL")
    for verb, more in (("cancel", ()), ("update", ("--until", "4h"))):
        late = north("warn", verb, ref, "-", *more, stdin=b"Over.")
        assert (late.code, late.reason) == (2, "bad-form")
        assert f"{ref} is ended already, by {end}" in late.error
    stages = {one["ref"]: one["stage"] for one in east.json("warn", "list", "--which", "all")["items"]}
    assert (stages[ref], stages[update]) == ("UPDATED", "CANCELLED")
    lines = east("warn", "list").out  # what ends a danger is none that is in force
    assert "says that the danger is over" in lines
    assert "in force" not in lines


def test_what_a_life_depends_on_goes_at_once_and_is_reviewed(shell: Shell, exchange: Trial) -> None:
    north = Watch(shell, exchange, "north")

    sent = issue(north, "--override", "the gate is open")

    ref = sent.out.split()[0]
    assert sent.out == f"{ref} has left; a second officer reviews it: quartet warn confirm {ref}\n"
    before = north("warn", "show", ref).out
    assert "released        without a second officer, because the gate is open\n" in before
    assert "second officer  none yet; review due" in before
    what = f"until you end it with quartet warn cancel {ref}, or quartet warn update {ref}, it holds"
    review = north("warn", "confirm", ref, "--as", "second", "--wrong", "the dam holds").out
    assert review == f"{ref} reviewed: WRONG; {what}\n"
    shown = north("warn", "show", ref).out
    assert "released        without a second officer, because the gate is open\n" in shown  # it is the record
    assert "second: WRONG: the dam holds" in shown
    assert "in force, FOUND WRONG by second" in shown
    assert what in shown
    assert f"{ref} was found wrong by second of north; {what}\n" in north("warn", "list").out
    east = Watch(shell, exchange, "east")
    east.until("warn", "show", ref, has=lambda found: found["row"]["check"] == "WRONG")
    theirs = (
        f"{ref} was found wrong by second of north; until north updates or ends it, it holds: ask north what is so\n"
    )
    assert theirs in east("warn", "list").out


@pytest.mark.parametrize(
    ("words", "reason", "says"),
    [
        (("issue", "-", *ABOUT, "--desks", "nowhere"), "unknown-member", "nowhere"),
        (
            ("issue", "-", *ABOUT[2:], "--hazard", "x", "--desks", "east", "--circle", "47,8"),
            "bad-area",
            "47.0,8.5,2000",
        ),
        (("issue", "-", *ABOUT, "--desks", "east", "--until", "soon"), "bad-time", "2h"),
        (("issue", "-", *ABOUT, "--desks", "east", "--until", "30d"), "bad-form", "7 days at most"),
        (("issue", "-", *ABOUT, "--desks", "east", "--severity", "bad"), "unknown-severity", "Extreme"),
        (("issue", "-", *ABOUT, "--desks", "east", "--language", "he"), "unknown-language", "en, fr, ar, fa"),
        (("issue", "-", *ABOUT, "--desks", "east", "--override", " "), "bad-form", "says why"),
        (("show", "N-000-000"), "unknown-item", "no such item"),
        (("ack", "N-000-000"), "unknown-item", "no such item"),
        (("confirm", "N-000-000"), "unknown-item", "no such item"),
        (("cancel", "N-000-000", "-"), "unknown-item", "no such item"),
        (("list", "--which", "theirs"), "unknown-which", "mine"),
    ],
)
def test_a_mistake_is_one_line_that_says_what_to_write_instead(
    shell: Shell, exchange: Trial, words: tuple[str, ...], reason: str, says: str
) -> None:
    said = Watch(shell, exchange, "north")("warn", *words, stdin=WORDS)

    assert (said.out, said.reason) == ("", reason)
    assert says in said.error
    assert said.code in (1, 2, 3, 4)


def test_her_own_warning_and_anothers_desk_are_not_hers_to_sign_for(shell: Shell, exchange: Trial) -> None:
    north, south = Watch(shell, exchange, "north"), Watch(shell, exchange, "south")
    issue(north)
    draft = waiting(north)

    alone = north("warn", "confirm", draft)
    assert alone.reason == "same-officer"
    assert "another officer of north reads it" in alone.error
    north("warn", "confirm", draft, "--as", "second", "--yes")
    again = north("warn", "confirm", draft, "--as", "second", "--yes")
    assert again.reason in ("unknown-item", "not-proposed")
    rows = south.until("warn", "list", "--which", "mine", has=lambda found: found["items"])
    absent = south("warn", "ack", rows["items"][0]["ref"], "--desk", "dam-3")
    assert absent.reason == "not-addressed"
    assert "is not addressed to dam-3 here" in absent.error
    later = south("warn", "cancel", rows["items"][0]["ref"], "-", stdin=b"no")
    assert later.reason == "bad-form"
    assert "not a warning of this member" in later.error


def test_who_confirms_at_a_terminal_reads_the_words_before_she_signs_and_may_say_no(
    shell: Shell, exchange: Trial
) -> None:
    north = Watch(shell, exchange, "north")
    issue(north)
    draft = waiting(north)
    words = ("warn", "confirm", draft, "--as", "second", "--dir", str(north.folder.root))

    for answer, code in (("n\n", 1), ("\n", 1), ("yes\n", 0)):
        told, ended = at_a_terminal(words, answer)
        assert "Leave the river bank" in told.partition(f"{draft} leaves with these words: confirm it? [y/N]")[0]
        assert ended == code
        assert ("has left" in told, "not-agreed: nothing was signed" in told) == (not code, bool(code))
        assert (draft in north("warn", "list").out) is bool(code)


def at_a_terminal(words: tuple[str, ...], answer: str) -> tuple[str, int]:
    """Return what a command says at a terminal where a person answers once she is asked, and how it ended."""
    number, inner = pty.openpty()
    process = subprocess.Popen([sys.executable, "-m", "quartet.cli", *words], stdin=inner, stdout=inner, stderr=inner)
    os.close(inner)
    said, asked = b"", False
    with suppress(OSError):  # it ends when the command does
        while more := os.read(number, 65_536):
            said += more
            if not asked and said.endswith(b"[y/N] "):
                asked = True
                os.write(number, answer.encode())
    os.close(number)
    return said.decode(), process.wait(60)


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    """North whose second officer is trained for nothing, as `quartet officer add second --roles watch` makes her."""
    officers = (DUTY, Duty(OfficerName("second"), roles=("watch",)))
    with trial(tmp_path_factory.mktemp("x") / "t", officers=officers) as made:
        yield made


def test_who_writes_a_drill_that_nobody_can_confirm_or_review_is_told_so_at_once_and_what_to_do(
    shell: Shell, untrained: Trial
) -> None:
    north = Watch(shell, untrained, "north")
    what = "no other officer of north may read it (trained:EXERCISE); train one, or add one: "
    what += "quartet officer roles NAME --roles watch,trained:EXERCISE"

    real = issue(north)
    drill = issue(north, "--exercise")
    draft = drill.out.split()[0]
    gone = issue(north, "--exercise", "--override", "the gate is open")
    sent = gone.out.split()[0]

    assert (real.code, drill.code, gone.code) == (0, 0, 0)
    assert "no other officer" not in real.out
    assert drill.out.splitlines()[1:] == [what]
    assert gone.out.splitlines()[1:] == [what]
    assert f"  {what}\n" in north("warn", "list").out
    for ref in (draft, sent):
        assert f"nobody          {what}\n" in north("warn", "show", ref).out
    assert north("warn", "confirm", draft, "--as", "second", "--yes").reason == "unknown-item"

    roles = "watch,trained:EXERCISE"
    assert north("officer", "roles", "second", "--roles", roles).out == "second has the roles trained:EXERCISE, watch\n"
    north.until("warn", "show", draft, has=lambda found: found["second"]["officers"] == ["second"])
    assert "no other officer" not in north("warn", "list").out
    assert north("warn", "confirm", draft, "--as", "second", "--yes").code == 0
    assert north("warn", "confirm", sent, "--as", "second", "--yes").out == f"{sent} reviewed: CONFIRMED\n"


def test_who_may_not_read_her_own_drill_is_told_so(shell: Shell, untrained: Trial) -> None:
    north = Watch(shell, untrained, "north")
    assert north("officer", "roles", "second", "--roles", "watch").out == "second has the roles watch\n"

    said = issue(north, "--exercise", "--as", "second")

    assert (said.code, said.error) == (0, "")
    assert said.out.splitlines()[1].startswith(
        "you may not read it yourself: your member's root gives the role trained:"
    )


def test_an_early_warning_is_shown_with_what_applies_to_it_alone(capsys: pytest.CaptureFixture[str]) -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    about: dict[str, Any] = {"category": "Met", "urgency": "Expected", "severity": "Severe", "certainty": "Likely"}
    times: dict[str, Any] = {"at": at, "begins": at, "until": at + timedelta(hours=2)}
    row = WarningRow(
        id=ItemId("A" * 43),
        ref="N-K7Q-4MX",
        author=MemberId("north"),
        officer="node",
        tlp="AMBER",
        word="ALERT",
        stage="IN_FORCE",
        areas=(AreaView("Lower valley"),),
        info=(Info("en", "Storm", "Storm", "Stay in."),),
        desks=(DeskView(MemberId("north")),),
        source=Source("met", "the met office", "42", Micros(0), "0" * 64),
        **about,
        **times,
    )

    show_warning(WarningView(row=row, acks=()), MemberId("north"))

    lines = capsys.readouterr().out.splitlines()[:9]
    names = [line.split("  ")[0] for line in lines]
    assert names == ["ref", "from", "at", "label", "stands", "holds", "how bad", "where", "source"]
    assert lines[8].endswith("the met office by met; no officer stands behind it")
    assert cells(row)[3] == "in force, no officer stands behind it"
    assert cells(msgspec.structs.replace(row, source=None))[3] == "in force"


def test_who_acknowledges_what_was_taken_back_reads_that_it_was(shell: Shell, exchange: Trial) -> None:
    north, east, west = (Watch(shell, exchange, name) for name in ("north", "east", "west"))
    ref = north.json("warn", "issue", "-", *ABOUT, "--desks", "east", "--override", "it rises", stdin=WORDS)["ref"]
    east.until("warn", "list", has=lambda found: any(one["ref"] == ref for one in found["items"]))

    north("recall", ref)
    east.until("warn", "list", has=lambda found: any(one["stage"] == "WITHDRAWN" for one in found["items"]))
    told, other = east("warn", "ack", ref), west("warn", "ack", ref)

    assert (told.code, told.out) == (1, "")
    assert told.error == f"recalled: {ref} was taken back by north: there is nothing to acknowledge\n"
    assert other.error == "unknown-item: there is no such item that you may see\n"


def test_a_clear_warning_that_is_not_public_says_that_no_public_feed_gives_it(shell: Shell, exchange: Trial) -> None:
    north = Watch(shell, exchange, "north")

    assert "CLEAR, and not public: " in issue(north, "--tlp", "CLEAR").out
    assert "not public" not in issue(north, "--tlp", "CLEAR", "--public").out
    assert "not public" not in issue(north).out
