"""A witness that is silent at the command line: proposed, refused, read by who signs, shown."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from commandline import Said, Shell
from msgspec import structs
from trial import Trial, trial

from quartet.cli import absence
from quartet.core.faults import Malformed
from quartet.core.ids import ExchangeId, MemberId
from quartet.node.statusviews import Status

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
STATUS = Status(
    member=MemberId("north"),
    exchange=ExchangeId("x"),
    name="Drill",
    version="0",
    trial=True,
    at=NOON,
    clock="SURE",
    epoch=0,
    items=0,
    links=(),
    logs={},
    alarms=(),
    silent={MemberId("west"): NOON},
)


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with trial(tmp_path_factory.mktemp("x") / "t") as made:
        yield made


def ran(shell: Shell, exchange: Trial, member: str, *words: str) -> Said:
    return shell("charter", *words, "--dir", exchange[member].root)


def test_who_cosigns_is_not_declared_absent(shell: Shell, exchange: Trial, tmp_path: Path) -> None:
    act = tmp_path / "act.json"

    said = ran(shell, exchange, "north", "propose", "absent", "west", "--output", str(act))

    assert said.reason == "not-silent"
    assert not act.exists()


@pytest.mark.parametrize("span", ["8d", "0s"])
def test_an_absence_is_for_no_longer_than_seven_days_and_for_some_time(
    shell: Shell, exchange: Trial, tmp_path: Path, span: str
) -> None:
    words = ("propose", "absent", "west", "--for", span, "--output", str(tmp_path / "act.json"))

    assert ran(shell, exchange, "north", *words).reason == "bad-times"


def test_nothing_but_an_absence_has_an_end(shell: Shell, exchange: Trial, tmp_path: Path) -> None:
    words = ("propose", "suspend", "west", "--for", "1h", "--output", str(tmp_path / "act.json"))

    assert ran(shell, exchange, "north", *words).reason == "act-until"


def test_where_the_node_cannot_be_asked_who_signs_is_told_and_reads_from_when_until_when(
    shell: Shell, exchange: Trial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = str(tmp_path / "act.json")
    monkeypatch.setattr(absence, "connect", _nobody)

    proposed = ran(shell, exchange, "north", "propose", "absent", "west", "--for", "2h", "--output", act)
    signed = [ran(shell, exchange, member, "sign", act) for member in ("east", "south")]

    for said in (proposed, *signed):
        assert said.code == 0, said
        assert "the node was not asked whether west is silent" in said.out
        assert "west does not count as a witness from" in said.out
    monkeypatch.undo()
    assert ran(shell, exchange, "north", "apply", act).code == 0
    told: dict[str, Any] = json.loads(ran(shell, exchange, "north", "show", "--json").out)
    assert set(told["absent"]) == {"west"}
    assert "west does not count as a witness from" in ran(shell, exchange, "north", "show").out
    status = shell("status", "--dir", exchange["north"].root).out
    assert "west is declared absent as a witness from" in status


def _nobody(*_: object) -> None:
    raise Malformed("no-officer-key", "there is no key here")


def test_an_act_that_is_dated_before_a_quarter_of_an_hour_of_silence_is_not_signed() -> None:
    absence._check("west", NOON + timedelta(minutes=15), STATUS)
    absence._check("north", NOON, STATUS)
    with pytest.raises(Malformed, match="not-silent"):
        absence._check("west", NOON + timedelta(minutes=14), STATUS)
    with pytest.raises(Malformed, match="not-silent"):
        absence._check("west", NOON + timedelta(hours=1), structs.replace(STATUS, silent={}))
