"""The presiding officer: who presides, and what of all that a chair says has any effect."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joint import BEGAN, EAST, END, NORTH, SOUTH, Case, proposal, said

from quartet.core.faults import Malformed
from quartet.core.ids import Epoch, MemberId, Micros
from quartet.core.keyring import Rota
from quartet.desk.action import HOUR
from quartet.desk.chair import (
    LOST,
    Consent,
    Procedure,
    announced,
    check_procedure,
    coordinators,
    effective,
    extended,
    presides,
)
from quartet.desk.said import Said

ROTA = (Rota(Epoch(0), Micros(0), (NORTH, EAST, SOUTH)),)
VERSION = proposal(begins=Micros(END + 4 * HOUR), ends=Micros(END + 5 * HOUR))


def does(
    chair: MemberId, act: Any, at: int = BEGAN, *, hat: str = "CHAIR", timely: int | None = None, **about: Any
) -> Said[Procedure]:
    return said(chair, Procedure(act=act, **about), at, hat=hat, timely=timely)


def test_the_first_of_the_rota_presides_until_it_hands_over() -> None:
    hands = does(NORTH, "HAND_OVER", BEGAN + 1, member=SOUTH)

    assert presides(ROTA, [], BEGAN) == NORTH
    assert presides(ROTA, [hands], BEGAN) == NORTH
    assert presides(ROTA, [hands], Micros(BEGAN + 1)) == SOUTH
    assert presides(ROTA, [does(EAST, "HAND_OVER", member=EAST)], END) == NORTH
    assert presides(ROTA, [does(NORTH, "HAND_OVER", member=MemberId("nobody"))], END) == NORTH
    assert presides((), [hands], END) is None


def test_the_next_takes_the_chair_of_one_that_was_lost_and_of_no_other() -> None:
    spoke = does(NORTH, "PRESENT")

    assert presides(ROTA, [spoke, does(EAST, "TAKE", BEGAN + LOST)], END) == EAST
    assert presides(ROTA, [spoke, does(EAST, "TAKE", BEGAN + LOST - 1)], END) == NORTH
    assert presides(ROTA, [spoke, does(SOUTH, "TAKE", BEGAN + LOST)], END) == NORTH
    assert presides(ROTA, [spoke, does(EAST, "TAKE", BEGAN + LOST, hat="MEMBER")], END) == NORTH


def test_a_period_is_extended_by_who_presides_and_before_it_ends_and_is_never_shortened() -> None:
    longer = Micros(END + HOUR)

    def ends(*procedures: Said[Procedure]) -> int:
        return extended(VERSION, ROTA, procedures).form.decide_by

    assert ends(does(NORTH, "EXTEND", about=VERSION.id, until=longer)) == longer
    assert ends(does(NORTH, "EXTEND", about=VERSION.id, until=Micros(END - 1))) == END
    assert ends(does(NORTH, "EXTEND", about=VERSION.id, until=Micros(VERSION.form.begins + 1))) == END
    assert ends(does(EAST, "EXTEND", about=VERSION.id, until=longer)) == END
    assert ends(does(NORTH, "EXTEND", hat="MEMBER", about=VERSION.id, until=longer)) == END
    assert ends(does(NORTH, "EXTEND", about=proposal().id, until=longer)) == END
    assert ends(does(NORTH, "EXTEND", about=VERSION.id, until=longer, timely=END + 1)) == END
    twice = [
        does(NORTH, "EXTEND", about=VERSION.id, until=longer),
        does(NORTH, "EXTEND", END + 1, about=VERSION.id, until=Micros(longer + 1)),
    ]
    assert ends(*twice) == longer + 1
    assert extended(VERSION, ROTA, twice).id == VERSION.id


def test_no_word_that_comes_on_record_later_takes_back_what_a_chair_did_whatever_date_it_bears() -> None:
    longer = Micros(END + HOUR)
    took = [does(EAST, "TAKE", BEGAN + LOST), does(EAST, "EXTEND", BEGAN + LOST + 1, about=VERSION.id, until=longer)]
    before = does(NORTH, "PRESENT", BEGAN + LOST - 1, timely=longer + 1)
    handed = does(NORTH, "HAND_OVER", BEGAN, timely=longer + 1, member=SOUTH)

    assert extended(VERSION, ROTA, [*took, before, handed]).form.decide_by == longer
    assert presides(ROTA, [*took, before, handed], longer) == EAST


def test_another_rota_leaves_what_was_done_under_the_one_before_and_seats_its_first_where_the_chair_is_gone() -> None:
    longer = Micros(END + HOUR)
    extends = does(NORTH, "EXTEND", BEGAN + 1, about=VERSION.id, until=longer)
    later = (*ROTA, Rota(Epoch(1), Micros(BEGAN + 2), (SOUTH, EAST)))
    kept = (*ROTA, Rota(Epoch(1), Micros(BEGAN + 2), (EAST, NORTH)))

    assert extended(VERSION, later, [extends]).form.decide_by == longer
    assert presides(later, [extends], Micros(BEGAN + 1)) == NORTH
    assert presides(later, [extends], Micros(BEGAN + 2)) == SOUTH
    assert presides(kept, [extends], END) == NORTH
    assert effective(later, [does(NORTH, "RULE", BEGAN + 3)]) == ()
    assert presides(later, [does(EAST, "TAKE", BEGAN + 2 + LOST)], END) == EAST
    assert presides(later, [does(EAST, "TAKE", BEGAN + 1 + LOST)], END) == SOUTH


def test_what_is_not_on_record_has_no_effect_yet() -> None:
    unproven = msgspec.structs.replace(does(NORTH, "HAND_OVER", member=SOUTH), timely=None)

    assert presides(ROTA, [unproven], END) == NORTH
    assert effective(ROTA, [unproven]) == ()


def test_what_a_chair_announces_is_compared_and_changes_nothing() -> None:
    case = Case()
    right = does(NORTH, "ANNOUNCE", about=case.version.id, state="OPEN")
    wrong = does(NORTH, "ANNOUNCE", about=case.version.id, state="ADOPTED")

    assert announced(case.version.id, "OPEN", ROTA, [wrong, right, does(EAST, "ANNOUNCE", about=case.version.id)]) == (
        *sorted([(right.id, True), (wrong.id, False)]),
    )


def test_whom_the_chair_nominates_coordinates_only_if_it_is_willing() -> None:
    named = does(NORTH, "NOMINATE", about=VERSION.id, member=EAST)
    yes = said(EAST, Consent(procedure=named.id, accepts=True), BEGAN + 1)
    no = said(EAST, Consent(procedure=named.id, accepts=False), BEGAN + 2)
    for_another = said(SOUTH, Consent(procedure=named.id, accepts=True))

    assert coordinators(VERSION.id, ROTA, [named], []) == ()
    assert coordinators(VERSION.id, ROTA, [named], [for_another]) == ()
    assert coordinators(VERSION.id, ROTA, [named], [yes]) == (EAST,)
    assert coordinators(VERSION.id, ROTA, [named], [no, yes]) == ()
    assert coordinators(VERSION.id, ROTA, [does(SOUTH, "NOMINATE", about=VERSION.id, member=EAST)], [yes]) == ()


PROCEDURES = st.lists(
    st.builds(
        does,
        st.sampled_from([NORTH, EAST, SOUTH]),
        st.sampled_from(["HAND_OVER", "TAKE", "PRESENT", "EXTEND"]),
        st.integers(0, 4).map(lambda n: BEGAN + n * LOST),
        hat=st.sampled_from(["CHAIR", "CHAIR", "MEMBER"]),
        member=st.sampled_from([NORTH, EAST, SOUTH]),
        about=st.just(VERSION.id),
        until=st.integers(0, 8).map(lambda n: Micros(END - 2 * HOUR + n * HOUR)),
    ),
    max_size=6,
)


@given(PROCEDURES, st.randoms())
def test_neither_the_order_of_arrival_nor_what_comes_twice_changes_who_presides_or_what_holds(
    told: list[Any], dice: Any
) -> None:
    shuffled = [*told, *told[:2]]
    dice.shuffle(shuffled)

    assert presides(ROTA, shuffled, END) == presides(ROTA, told, END)
    assert effective(ROTA, shuffled) == effective(ROTA, told)
    period = extended(VERSION, ROTA, shuffled)
    assert period == extended(VERSION, ROTA, told)
    assert END <= period.form.decide_by <= VERSION.form.begins
    assert all(one.hat == "CHAIR" for one in effective(ROTA, told))


@pytest.mark.parametrize("act", ["EXTEND", "NOMINATE", "ANNOUNCE", "HAND_OVER", "ASK_COMMENT"])
def test_an_act_says_what_it_is_about(act: Any) -> None:
    with pytest.raises(Malformed, match="bad-form"):
        check_procedure(Procedure(act=act), BEGAN)
