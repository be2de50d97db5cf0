"""A threat stands by what its author said last, and is looked at again by its time."""

import itertools
from typing import Any

import msgspec
import pytest
from joint import BEGAN, EAST, NORTH, said

from quartet.core.faults import Malformed
from quartet.core.ids import Micros
from quartet.desk.action import HOUR
from quartet.desk.said import Said
from quartet.desk.threat import Standing, Threat, ThreatOver, check_threat, newest, standing

FORM = Threat(
    threatened="the ferry",
    danger="mines adrift",
    since=BEGAN,
    until=Micros(BEGAN + 10 * HOUR),
    likelihood=5,
    confidence="MODERATE",
    review_at=Micros(BEGAN + 5 * HOUR),
)
THREAT = said(NORTH, FORM)


def over(member: Any = NORTH, **about: Any) -> Said[ThreatOver]:
    return said(member, ThreatOver(threat=about.pop("threat", THREAT.id)), **about)


def test_it_holds_until_its_review_is_due_and_its_window_is_past() -> None:
    at = {hours: standing(THREAT, [], [], Micros(BEGAN + hours * HOUR)) for hours in (1, 5, 11)}

    assert at == {1: Standing.HOLDS, 5: Standing.REVIEW_DUE, 11: Standing.PAST}


def test_only_its_author_says_that_it_is_over_or_takes_its_place() -> None:
    again = msgspec.structs.replace(FORM, previous=THREAT.id)

    assert standing(THREAT, [], [over()], BEGAN) is Standing.OVER
    assert standing(THREAT, [], [over(EAST)], BEGAN) is Standing.HOLDS
    assert standing(THREAT, [], [over(hat="CHAIR")], BEGAN) is Standing.HOLDS
    assert standing(THREAT, [said(NORTH, again)], [], BEGAN) is Standing.REPLACED
    assert standing(THREAT, [said(EAST, again)], [], BEGAN) is Standing.HOLDS


def test_the_newest_of_each_stand_in_any_order_of_arrival() -> None:
    again = said(NORTH, msgspec.structs.replace(FORM, previous=THREAT.id), BEGAN + 1)
    other = said(EAST, msgspec.structs.replace(FORM, previous=THREAT.id), BEGAN + 2)

    for told in itertools.permutations([THREAT, again, other, again]):
        assert newest(told) == (again.id, other.id)


@pytest.mark.parametrize(
    "change",
    [
        {"until": Micros(BEGAN - 1)},
        {"since": Micros(BEGAN + 11 * HOUR)},
        {"review_at": BEGAN},
        {"review_at": Micros(BEGAN + 11 * HOUR)},
    ],
)
def test_a_window_that_makes_no_sense_is_refused(change: dict[str, Any]) -> None:
    check_threat(FORM, BEGAN)
    with pytest.raises(Malformed, match="bad-form"):
        check_threat(msgspec.structs.replace(FORM, **change), BEGAN)
