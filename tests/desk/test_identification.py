"""Statements in force, and where a handover stands: whatever the order in which they come."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.category import CATEGORIES
from quartet.core.encoding import b64
from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, ItemId, MemberId, Micros, OfficerName
from quartet.desk import Said
from quartet.desk.identification import (
    EARLIEST,
    OVER,
    UNANSWERED,
    Aircraft,
    Identification,
    Stage,
    TrackAnswer,
    TrackOffer,
    all_offered,
    check_answer,
    check_identification,
    check_offer,
    in_force,
    known,
    offered,
)

NORTH, EAST, WEST = map(MemberId, ("north", "east", "west"))
NOON = Micros(1_800_000_000 * SECOND)
CRAFT = Aircraft("4b1805", flight_id="SWR12A")
CROSSES = Micros(NOON + 400 * SECOND)


def said(n: int, form: Any, member: MemberId = EAST, at: int = 0) -> Said[Any]:
    return Said(ItemId(b64(bytes([n]) * 32)), member, OfficerName("duty"), Micros(NOON + at * SECOND), form)


OFFER = said(0, TrackOffer(EAST, CRAFT, "PENDING", "EAST", CROSSES), NORTH)


def states(category: str = "PENDING", offer: ItemId | None = None, lasts: int = 600, **more: Any) -> Identification:
    return Identification(CRAFT, category, Micros(NOON + lasts * SECOND), offer=offer, **more)


def stage(*words: Said[Any], at: int = 0) -> Stage:
    """Return where the offer stands after these words, in every order the same."""
    now = Micros(NOON + at * SECOND)
    found = {
        offered(
            OFFER,
            [one for one in order if isinstance(one.form, TrackAnswer)],
            [one for one in order if isinstance(one.form, Identification)],
            now,
        ).stage
        for order in permutations(words)
    }
    (one,) = found
    return one


def test_who_accepts_states_it_and_nobody_else_accepts() -> None:
    assert stage(said(1, states(offer=OFFER.id))) is Stage.ACCEPTED
    assert stage(said(1, states(offer=OFFER.id), WEST)) is Stage.OPEN
    assert stage(said(1, states())) is Stage.OPEN


def test_the_last_answer_counts_and_an_acceptance_over_all() -> None:
    ask, no = said(1, TrackAnswer(OFFER.id, "ASK", "?"), at=1), said(2, TrackAnswer(OFFER.id, "REJECT", "no"), at=2)

    assert stage(ask) is Stage.ASKED
    assert stage(ask, no) is Stage.REJECTED
    assert stage(ask, no, said(3, states(offer=OFFER.id), at=3)) is Stage.ACCEPTED
    assert stage(said(4, TrackAnswer(OFFER.id, "REJECT", "no"), WEST)) is Stage.OPEN


@pytest.mark.parametrize(
    ("second", "found"),
    [(0, Stage.OPEN), (279, Stage.OPEN), (280, Stage.UNANSWERED), (999, Stage.UNANSWERED), (1000, Stage.OVER)],
)
def test_two_minutes_before_the_boundary_an_offer_without_an_answer_is_unanswered(second: int, found: Stage) -> None:
    assert CROSSES - UNANSWERED == NOON + 280 * SECOND
    assert CROSSES + OVER == NOON + 1000 * SECOND
    assert stage(at=second) is found
    assert stage(said(1, TrackAnswer(OFFER.id, "ASK", "?")), at=281) is Stage.UNANSWERED
    assert stage(said(1, states(offer=OFFER.id)), at=281) is Stage.ACCEPTED


_WORDS = st.tuples(st.integers(0, 5), st.sampled_from(["ACCEPT", "ASK", "REJECT"]), st.sampled_from([EAST, WEST]))


@given(st.lists(_WORDS, max_size=20), st.integers(0, 1_100))
def test_of_many_offers_each_stands_as_it_would_alone_though_all_that_was_said_is_read_once(
    words: list[tuple[int, str, MemberId]], second: int
) -> None:
    offers = [said(100 + n, TrackOffer(EAST, CRAFT, "PENDING", "EAST", CROSSES), NORTH) for n in range(5)]
    ids = [*(one.id for one in offers), OFFER.id]
    answers = [said(n, TrackAnswer(ids[i], w, "x"), m, n) for n, (i, w, m) in enumerate(words) if w != "ACCEPT"]  # type: ignore[arg-type]
    taken = [said(n, states(offer=ids[i]), m, n) for n, (i, w, m) in enumerate(words) if w == "ACCEPT"]
    now = Micros(NOON + second * SECOND)

    found = all_offered(offers, iter(answers), iter(taken), now)

    assert found == {one.id: offered(one, answers, taken, now) for one in offers}


@given(st.permutations(range(5)), st.integers(0, 700))
def test_of_each_member_the_newest_statement_counts_while_it_holds(order: list[int], second: int) -> None:
    statements = [
        said(0, states("PENDING"), NORTH, 0),
        said(1, states("UNIDENTIFIED", lasts=300), NORTH, 60),
        said(2, states("IDENTIFIED_CIVIL"), EAST, 10),
        said(3, Identification(Aircraft("3c6444"), "PENDING", Micros(NOON + 600 * SECOND)), EAST, 20),
        said(4, Identification(Aircraft(None, "t-1"), "PENDING", Micros(NOON + 600 * SECOND)), EAST, 30),
    ]
    now = Micros(NOON + second * SECOND)

    found = in_force([statements[n] for n in (*order, *order)], now)

    assert list(found) == sorted(found, key=lambda one: (one.member, one.at, one.id))
    norths = [one.form.category for one in found if one.member == NORTH]
    assert norths == (["PENDING"] if second < 60 else ["UNIDENTIFIED"] if second < 300 else [])
    assert len([one for one in found if one.member == EAST]) == sum(10 * n <= second < 600 for n in (1, 2, 3))


@pytest.mark.parametrize("word", ["SUSPECT", "HOSTILE", "FRIEND", "civil", ""])
def test_nobody_here_says_a_word_that_is_none_of_ours(word: str) -> None:
    assert not known(word)
    with pytest.raises(Malformed, match="category"):
        check_identification(states(word), NOON)
    with pytest.raises(Malformed, match="category"):
        check_offer(TrackOffer(EAST, CRAFT, word, "EAST", CROSSES), NOON)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (states(lasts=0), "valid_to"),
        (states(lasts=90_000), "valid_to"),
        (states(bases=("GUESS",)), "bases"),
        (states(flags=("HOSTILE",)), "flags"),
        (states(bases=("PERSON",)), "reason"),
        (states(control=True), "control"),
        (Identification(Aircraft(), "PENDING", CROSSES), "aircraft"),
    ],
)
def test_a_statement_that_makes_no_sense_says_where(form: Identification, field: str) -> None:
    with pytest.raises(Malformed, match=field):
        check_identification(form, NOON)


def test_an_offer_is_made_in_the_ten_minutes_before_the_boundary() -> None:
    for crosses, fits in [(-1, False), (0, True), (EARLIEST, True), (EARLIEST + 1, False)]:
        offer = TrackOffer(EAST, CRAFT, "PENDING", "EAST", Micros(NOON + crosses))
        if fits:
            check_offer(offer, NOON)
        else:
            with pytest.raises(Malformed, match="crosses_at"):
                check_offer(offer, NOON)


def test_a_question_and_a_refusal_say_what_and_why() -> None:
    with pytest.raises(Malformed, match="text"):
        check_answer(TrackAnswer(OFFER.id, "REJECT"), NOON)
    for category in CATEGORIES:
        check_identification(states(category), NOON)
