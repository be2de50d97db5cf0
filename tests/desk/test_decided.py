"""What was decided, and what comes after it: nobody undoes by a word of today what the members decided together."""

import pytest
from joint import BEGAN, EAST, END, NORTH, SOUTH, Case, proposal, silent_south

from quartet.core.ids import MemberId, Micros
from quartet.desk.action import HOUR, LAPSES, SILENCE
from quartet.desk.outcome import CLOSES, State


@pytest.mark.parametrize(("rule", "late"), [("CONSENSUS", SOUTH), ("SELF", NORTH)])
@pytest.mark.parametrize("stance", ["OBJECT", "NOT_PARTICIPATING", None])
def test_who_speaks_by_its_own_clock_takes_back_nothing_that_is_decided(rule: str, late: MemberId, stance: str) -> None:
    """It was cut off and concurs after the end: from then on the others act on it, whatever it thinks of it later."""
    case = Case(proposal(rule=rule))
    for member in (NORTH, EAST, SOUTH):
        if member != late:
            case.position(member, "CONCUR")
    first = case.position(late, "CONCUR", END + HOUR)
    decided = case.at(END + HOUR)
    case.position(late, stance or "OBJECT", END + 2 * HOUR, previous=first.id if stance else None)

    assert decided.state is State.ADOPTED
    assert [case.at(now).binds for now in (END + HOUR, END + 2 * HOUR, END + LAPSES)] == [decided.binds] * 3


def test_what_has_lapsed_is_adopted_by_no_silence_that_comes_after() -> None:
    """Whoever acknowledges when nothing waits for her any more starts no clock that adopts it."""
    case = silent_south()
    case.items = [one for one in case.items if one.member != SOUTH]
    case.acknowledges(SOUTH, END + LAPSES - HOUR)
    case.closes(SOUTH, at=END + LAPSES + SILENCE)
    over = Micros(END + LAPSES + SILENCE + CLOSES)

    assert case.at(END + LAPSES).state is State.LAPSED
    assert case.at(over).state is State.LAPSED


def test_who_acknowledges_in_time_is_waited_for() -> None:
    case = silent_south()
    case.items = [one for one in case.items if one.member != SOUTH]
    case.acknowledges(SOUTH, BEGAN + SILENCE + HOUR)
    case.closes(SOUTH, at=END + HOUR + SILENCE)

    assert case.at(END + HOUR + SILENCE).state is State.OPEN
    assert case.at(END + LAPSES + SILENCE).by_silence == (SOUTH,)
