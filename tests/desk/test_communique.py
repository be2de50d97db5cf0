"""A communiqué: agreed by hash by all whom it names, published letter by letter, signed by each."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joint import BEGAN, EAST, NORTH, SOUTH, WEST, said

from quartet.core.faults import Malformed
from quartet.core.ids import ItemId, MemberId
from quartet.desk.action import Position
from quartet.desk.communique import (
    Agreement,
    Communique,
    Drafted,
    Version,
    as_agreed,
    check_communique,
    check_drafted,
    hash_of,
    signers,
    stood,
)
from quartet.desk.said import Said

TEXTS = (Version("en", "On the harbour", "We agree."), Version("fr", "Du port", "Nous sommes d'accord."))
DRAFT = said(NORTH, Drafted(versions=TEXTS, members=(EAST, NORTH)))


def word(member: MemberId, stance: Any = "CONCUR", at: int = BEGAN, **about: Any) -> Said[Position]:
    of, hat = about.pop("of", DRAFT.id), about.pop("hat", "MEMBER")
    return said(member, Position(version=of, stance=stance, text="so", **about), at, hat=hat)


def published(**change: Any) -> Said[Communique]:
    form = Communique(draft=DRAFT.id, hash=hash_of(TEXTS, (EAST, NORTH)), versions=TEXTS, members=(EAST, NORTH))
    return said(NORTH, msgspec.structs.replace(form, **change), hat="CHAIR")


def test_a_text_is_agreed_when_all_whom_it_names_concur_and_nobody_elses_word_counts() -> None:
    both = [word(EAST), word(NORTH)]

    assert stood(DRAFT, both, []).state is Agreement.AGREED
    assert stood(DRAFT, [word(EAST), word(SOUTH), word(WEST)], []).state is Agreement.OPEN
    assert stood(DRAFT, [word(EAST), word(NORTH, hat="CHAIR")], []).state is Agreement.OPEN
    assert stood(DRAFT, [word(EAST), word(NORTH, "OBJECT")], []).state is Agreement.OBJECTED
    assert stood(DRAFT, [word(EAST), word(NORTH, of=ItemId("A" * 43))], []).state is Agreement.OPEN


def test_an_edit_voids_every_word_and_only_its_own_member_edits() -> None:
    both = [word(EAST), word(NORTH)]
    edited = said(NORTH, Drafted(versions=TEXTS[:1], members=(EAST, NORTH), previous=DRAFT.id))
    strangers = said(EAST, Drafted(versions=TEXTS[:1], members=(EAST, NORTH), previous=DRAFT.id))

    assert stood(DRAFT, both, [edited]).state is Agreement.REPLACED
    assert stood(edited, both, [DRAFT]).state is Agreement.OPEN
    assert stood(DRAFT, both, [strangers]).state is Agreement.AGREED


def test_two_words_of_one_member_void_each_other_and_a_named_one_is_replaced() -> None:
    first = word(NORTH)
    told = [word(EAST), first, word(NORTH, "OBJECT", BEGAN + 1)]

    assert stood(DRAFT, told, []).void == (NORTH,)
    assert stood(DRAFT, [*told[:2], word(NORTH, "OBJECT", BEGAN + 1, previous=first.id)], []).objecting == (NORTH,)


def test_what_is_published_says_what_was_agreed_letter_by_letter() -> None:
    agreed = stood(DRAFT, [word(EAST), word(NORTH)], [])
    altered = (Version("en", "On the harbour", "We agree!"), TEXTS[1])

    assert as_agreed(published(), DRAFT, agreed)
    assert as_agreed(published(versions=TEXTS[::-1]), DRAFT, agreed)
    assert not as_agreed(published(versions=altered, hash=hash_of(altered, (EAST, NORTH))), DRAFT, agreed)
    assert not as_agreed(published(members=(EAST,), hash=hash_of(TEXTS, (EAST,))), DRAFT, agreed)
    assert not as_agreed(published(), DRAFT, stood(DRAFT, [word(EAST)], []))
    assert not as_agreed(published(draft=ItemId("A" * 43)), DRAFT, agreed)
    assert not as_agreed(published(), None, None)


def test_what_is_published_of_a_draft_that_was_edited_is_not_as_agreed_for_an_edit_voids_every_word() -> None:
    both = [word(EAST), word(NORTH)]
    edited = said(NORTH, Drafted(versions=TEXTS[:1], members=(EAST, NORTH), previous=DRAFT.id))

    assert as_agreed(published(), DRAFT, stood(DRAFT, both, []))
    assert not as_agreed(published(), DRAFT, stood(DRAFT, both, [edited]))


def test_each_member_signs_the_published_text_itself() -> None:
    made = published()

    assert signers(made, [word(EAST), word(NORTH)]) == ()
    assert signers(made, [word(EAST, of=made.id), word(SOUTH, of=made.id)]) == (EAST,)
    assert signers(made, [word(EAST, of=made.id), word(NORTH, "OBJECT", of=made.id)]) == (EAST,)


def test_a_text_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(Malformed, match="twice"):
        check_drafted(Drafted(versions=(TEXTS[0], TEXTS[0]), members=(EAST,)), BEGAN)
    with pytest.raises(Malformed, match="hash"):
        check_communique(published(hash="A" * 43).form, BEGAN)
    check_communique(published().form, BEGAN)


WORDS = st.lists(
    st.builds(
        word,
        st.sampled_from([NORTH, EAST, SOUTH]),
        st.sampled_from(["CONCUR", "OBJECT", "ABSTAIN"]),
        st.integers(BEGAN, BEGAN + 3),
        hat=st.sampled_from(["MEMBER", "MEMBER", "CHAIR"]),
    ),
    max_size=5,
)


@given(WORDS, st.randoms())
def test_neither_the_order_of_arrival_nor_what_comes_twice_changes_how_a_text_stands(
    words: list[Any], dice: Any
) -> None:
    shuffled = [*words, *words[:2]]
    dice.shuffle(shuffled)

    assert stood(DRAFT, shuffled, []) == stood(DRAFT, words, [])
    if stood(DRAFT, words, []).state is Agreement.AGREED:
        assert {EAST, NORTH} <= {one.member for one in words if one.hat == "MEMBER" and one.form.stance == "CONCUR"}
