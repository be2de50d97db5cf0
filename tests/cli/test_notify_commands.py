"""Humanitarian notifications at the command line: sent to parties, who say that they know, replaced."""

from collections.abc import Iterator

import pytest
from commandline import Said, Shell
from test_sitrep import Desk
from trial import Trial, trial

ABOUT = ("--what", "Field hospital", "--area", "Old school", "--circle", "47.0,8.5,200", "--contact", "04 56")
WHEN = ("--begins", "49h", "--ends", "30d", "--tlp", "AMBER+STRICT")


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with trial(tmp_path_factory.mktemp("x") / "t") as made:
        yield made


def notify(desk: Desk, *more: str, parties: str = "east,south") -> Said:
    return desk("notify", "send", *ABOUT, *WHEN, "--parties", parties, *more)


def test_parties_say_that_they_know_and_who_is_dropped_reads_that_it_is_over(shell: Shell, exchange: Trial) -> None:
    north, east, south, west = (Desk(shell, exchange, name) for name in ("north", "east", "south", "west"))

    sent = notify(north)
    assert (sent.code, sent.error) == (0, "")
    ref = sent.out.partition(":")[0]
    assert sent.out.startswith(f"{ref}: east, south and nobody else is told of 'Field hospital'\n")
    assert "quartet notify list" in sent.out
    east.until("notify", "list", has=lambda found: found and found[0]["asks_me"])
    assert "An acknowledgement is never an approval." in east("notify", "list").out
    known = east("notify", "ack", ref, "--text", "noted")
    assert (known.code, known.error) == (0, "")
    assert known.out.endswith(f"you said that this member knows of {ref}; that is never an approval\n")
    (told,) = north.until("notify", "list", has=lambda found: found[0]["knows"])
    assert ([one["member"] for one in told["knows"]], told["missing"]) == (["east"], ["south"])
    assert told["short_notice"] is False

    replaced = notify(north, "--replaces", ref, parties="east").out
    later = replaced.partition(":")[0]
    assert f"'Field hospital' in the place of {ref}\n" in replaced
    twice = notify(north, "--replaces", ref, parties="east")
    assert twice.error == f"bad-form: previous: {ref} was replaced already, by {later}: replace that one\n"
    south.until("notify", "list", has=lambda found: found and found[0]["dropped"])
    assert "REPLACED, without you" in south("notify", "list").out
    assert later not in south("notify", "list").out
    rows = east.until("notify", "list", has=lambda found: len(found) == 2)
    assert {one["ref"]: one["followed_by"] for one in rows} == {ref: later, later: None}
    assert west.json("notify", "list") == []


@pytest.mark.parametrize(
    ("more", "reason", "says"),
    [
        (("--begins", "soon"), "bad-time", "2h, 7d or"),
        (("--ends", "1h"), "bad-form", "it would end before it begins"),
        (("--circle", "here"), "bad-area", "47.0,8.5,2000"),
        (("--tlp", "CLEAR"), "unknown-tlp", "AMBER+STRICT"),
        (("--parties", "nowhere"), "unknown-member", "nowhere"),
        (("--replaces", "N-000-000"), "unknown-item", "no such item"),
    ],
)
def test_a_mistake_is_one_line_that_says_what_to_write_instead(
    shell: Shell, exchange: Trial, more: tuple[str, ...], reason: str, says: str
) -> None:
    said = notify(Desk(shell, exchange, "north"), *more)

    assert (said.out, said.reason) == ("", reason)
    assert says in said.error


def test_who_is_no_party_and_what_does_not_exist_are_told_alike(shell: Shell, exchange: Trial) -> None:
    north, west = Desk(shell, exchange, "north"), Desk(shell, exchange, "west")
    ref = notify(north).out.strip()

    refused = [west("notify", "ack", one) for one in (ref, "N-000-000")]

    assert [one.reason for one in refused] == ["unknown-item"] * 2
    assert refused[0].error == refused[1].error


def test_one_that_is_late_is_given_and_says_so_to_its_author_and_in_every_list(shell: Shell, exchange: Trial) -> None:
    north, east = Desk(shell, exchange, "north"), Desk(shell, exchange, "east")

    sent = notify(north, "--begins", "1h", parties="east")
    ref = sent.out.partition(":")[0]

    assert "it is LATE" in sent.out
    assert "LATE" not in notify(north, parties="east").out
    east.until("notify", "list", has=lambda found: ref in [one["ref"] for one in found])
    assert ", LATE" in east("notify", "list").out


def test_whether_it_is_late_goes_by_the_nodes_clock_as_in_every_list(
    shell: Shell, tmp_path_factory: pytest.TempPathFactory
) -> None:
    def two_hours_behind(made: Trial) -> None:
        settings = made["north"].settings
        settings.write_text(settings.read_text().replace("[exercise]\n", "[exercise]\nclock_offset_s = -7200\n"))

    with trial(tmp_path_factory.mktemp("x") / "t", prepare=two_hours_behind) as made:
        north = Desk(shell, made, "north")

        sent = notify(north, "--begins", "47h", parties="east")
        late = notify(north, "--begins", "45h", parties="east")

        assert ("LATE" in sent.out, "LATE" in late.out) == (False, True)
        listed = {one["ref"]: one["short_notice"] for one in north.json("notify", "list")}
        assert listed == {sent.out.partition(":")[0]: False, late.out.partition(":")[0]: True}
