"""Requests for consent: the last word of who was asked counts, a grant before any word, and no answer is no."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.faults import Malformed
from quartet.core.ids import ItemId, MemberId, Micros, OfficerName
from quartet.desk import Said, check_form
from quartet.desk.consent import WITHIN, Condition, ConsentWord, Denial, Sought, Stage, Word, shares

NORTH, EAST, SOUTH, WEST = (MemberId(m) for m in ("north", "east", "south", "west"))
ITEM, ASKED = ItemId("I" * 43), ItemId("R" * 43)
T = Micros(1_700_000_000_000_000)
REQUEST = Said(
    id=ASKED, member=EAST, officer=OfficerName("duty"), at=T, form=Sought(item=ITEM, member=WEST, asked=(NORTH, SOUTH))
)


def said(number: int, member: MemberId, word: Word, hat: str = "MEMBER") -> Said[ConsentWord]:
    condition: Condition | None = "SANITISE" if word == "CONDITION" else None
    reason: Denial | None = "SOURCE" if word == "DENY" else None
    return Said(
        id=ItemId(f"{number:043d}"),
        member=member,
        officer=OfficerName("duty"),
        at=Micros(T + number),
        form=ConsentWord(request=ASKED, word=word, condition=condition, reason=reason),
        hat=hat,  # type: ignore[arg-type]
    )


WORDS = st.lists(
    st.builds(
        said,
        st.integers(1, 40),
        st.sampled_from([NORTH, SOUTH, EAST, WEST]),
        st.sampled_from(["GRANT", "CONDITION", "DENY"]),
        st.sampled_from(["MEMBER", "CHAIR"]),
    ),
    unique_by=lambda one: one.id,
)


@given(WORDS, st.sets(st.sampled_from([NORTH, SOUTH, EAST])), st.randoms(use_true_random=False))
def test_any_order_and_any_doubling_gives_the_state_that_its_words_justify(
    words: list[Said[ConsentWord]], granted: set[MemberId], chance: random.Random
) -> None:
    told = [*words, *words[::2]]
    chance.shuffle(told)

    stand = shares(REQUEST, told, granted, {})

    assert stand == shares(REQUEST, words, granted, {})
    assert set(stand) == {NORTH, SOUTH}  # whose consent it needs, and nobody else, whoever speaks
    for member, share in stand.items():
        own = sorted((one for one in words if one.member == member and one.hat == "MEMBER"), key=lambda one: one.at)
        assert share.answer == (own[-1].id if own else None)
        assert (share.stage == Stage.GRANTED) == (member in granted)
        if member not in granted:
            says = {"GRANT": "SAYS_GRANTED", "CONDITION": "CONDITION", "DENY": "DENIED"}
            assert share.stage == (says[own[-1].form.word] if own else "ASKED")


def test_no_answer_within_four_hours_of_receipt_is_no_and_the_clock_of_who_has_it_not_stands() -> None:
    stand = shares(REQUEST, [said(1, SOUTH, "DENY")], (), {NORTH: T, SOUTH: T})

    assert [stand[NORTH].lapsed(Micros(T + WITHIN + late)) for late in (0, 1)] == [False, True]
    assert not stand[SOUTH].lapsed(Micros(T + 2 * WITHIN))
    assert not shares(REQUEST, [], (), {})[NORTH].lapsed(Micros(T + 100 * WITHIN))
    assert not shares(REQUEST, [], [NORTH], {NORTH: T})[NORTH].lapsed(Micros(T + 100 * WITHIN))


@pytest.mark.parametrize(
    "form",
    [
        {"request": ASKED, "word": "DENY"},
        {"request": ASKED, "word": "CONDITION"},
        {"request": ASKED, "word": "GRANT", "reason": "HARM"},
        {"request": ASKED, "word": "DENY", "reason": "HARM", "condition": "SANITISE"},
    ],
)
def test_a_condition_says_which_and_a_denial_says_why(form: dict[str, str]) -> None:
    with pytest.raises(Malformed, match="bad-form"):
        check_form("consent-answer", form, T)


def test_nobody_is_asked_whether_it_may_itself_have_something() -> None:
    with pytest.raises(Malformed, match="bad-form"):
        check_form("consent-request", {"item": ITEM, "member": "west", "asked": ["north", "west"]}, T)
