"""Ratings are made apart and shown together; the table finds no winner, only what the order hangs on."""

import hashlib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from joint import EAST, END, NORTH, SOUTH, said

from quartet.core.encoding import b64
from quartet.core.ids import ItemId, MemberId
from quartet.desk.rating import Rated, Rating, Revealed, Sealed, against, decisive, order, rated, seal_of
from quartet.desk.said import Said


def named(name: str) -> ItemId:
    return ItemId(b64(hashlib.sha256(name.encode()).digest()))


QUESTION, ROCKET, DRONE, OTHER = (named(name) for name in ("question", "rocket", "drone", "other"))
FILM, CRATER, RADAR = (named(name) for name in ("film", "crater", "radar"))
NONCE = named("nonce")


def ratings(**marks: Any) -> tuple[Rating, ...]:
    """Return ratings, each said as `film_rocket="II"`."""
    names = {"film": FILM, "crater": CRATER, "radar": RADAR, "rocket": ROCKET, "drone": DRONE, "other": OTHER}
    pairs = {tuple(word.split("_")): mark for word, mark in marks.items()}
    return tuple(Rating(names[e], names[h], mark) for (e, h), mark in pairs.items())


AGREED = ratings(film_rocket="C", film_drone="I", crater_rocket="C", crater_drone="II")


def seals(member: MemberId, given: tuple[Rating, ...], at: int = END, nonce: str = NONCE) -> Said[Sealed]:
    return said(member, Sealed(question=QUESTION, seal=seal_of(QUESTION, member, nonce, given)), at)


def shows(member: MemberId, given: tuple[Rating, ...], at: int = END + 10, nonce: str = NONCE) -> Said[Revealed]:
    return said(member, Revealed(question=QUESTION, nonce=nonce, ratings=given), at)


def test_nothing_is_shown_while_a_member_that_sealed_has_not_shown_its_own() -> None:
    sealed = [seals(NORTH, AGREED), seals(EAST, AGREED)]
    waiting = rated(QUESTION, sealed, [shows(NORTH, AGREED)])
    whole = rated(QUESTION, sealed, [shows(NORTH, AGREED), shows(EAST, AGREED)])

    assert (waiting.waiting, waiting.ratings) == ((EAST,), {})
    assert list(whole.ratings) == [EAST, NORTH]
    assert all(one.alone for one in whole.ratings.values())


def test_ratings_that_no_seal_holds_count_for_nothing() -> None:
    other = ratings(film_rocket="II")

    for shown in (shows(NORTH, other), shows(NORTH, AGREED, nonce=named("another")), shows(EAST, AGREED)):
        assert rated(QUESTION, [seals(NORTH, AGREED)], [shown]) == Rated(sealed=(NORTH,), waiting=(NORTH,), ratings={})


def test_nobody_seals_again_once_it_has_seen_the_others() -> None:
    other = ratings(film_rocket="II")
    sealed = [seals(NORTH, AGREED), seals(NORTH, other, END + 5)]

    assert rated(QUESTION, sealed, [shows(NORTH, other)]).waiting == (NORTH,)
    assert rated(QUESTION, sealed, [shows(NORTH, AGREED)]).ratings[NORTH].ratings == AGREED


def test_a_seal_is_of_no_use_to_another_member() -> None:
    norths = seals(NORTH, AGREED)
    copied = said(EAST, norths.form)

    assert rated(QUESTION, [norths, copied], [shows(NORTH, AGREED), shows(EAST, AGREED)]).waiting == (EAST,)


def test_who_sealed_after_anothers_ratings_were_to_be_read_is_told_not_to_be_alone() -> None:
    sealed = [seals(NORTH, AGREED), seals(EAST, AGREED, END + 11)]
    found = rated(QUESTION, sealed, [shows(NORTH, AGREED), shows(EAST, AGREED, END + 12)])

    assert {member: one.alone for member, one in found.ratings.items()} == {NORTH: True, EAST: False}


def test_the_order_is_by_what_speaks_against_and_names_no_winner_among_equals() -> None:
    marked = ratings(film_rocket="CC", film_drone="II", film_other="N", crater_drone="I", crater_other="NA")

    assert against(marked) == dict(sorted({ROCKET: 0, DRONE: 3, OTHER: 0}.items()))
    assert order(marked) == (tuple(sorted((ROCKET, OTHER))), (DRONE,))


def test_the_item_on_which_the_order_hangs_is_shown() -> None:
    marked = ratings(
        film_rocket="N", film_drone="I", crater_rocket="C", crater_drone="C", radar_rocket="N", radar_drone="N"
    )

    assert decisive(marked) == (FILM,)
    assert decisive(ratings(film_rocket="N", film_drone="I", radar_rocket="N", radar_drone="I")) == ()


marks = st.sampled_from(["CC", "C", "N", "I", "II", "NA"])
tables = st.lists(
    st.builds(Rating, st.sampled_from([FILM, CRATER, RADAR]), st.sampled_from([ROCKET, DRONE, OTHER]), marks),
    max_size=9,
)
words = st.builds(
    lambda member, given, at, show: (shows if show else seals)(member, tuple(given), END + at),
    st.sampled_from([NORTH, EAST, SOUTH]),
    st.sampled_from([AGREED, ()]),
    st.integers(0, 20),
    st.booleans(),
)


@given(st.lists(words, max_size=8), st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_matters(told: list[Any], dice: Any) -> None:
    def of(items: list[Any]) -> Rated:
        sealed = [one for one in items if type(one.form) is Sealed]
        return rated(QUESTION, sealed, [one for one in items if type(one.form) is Revealed])

    twice = told * 2
    dice.shuffle(twice)

    assert of(twice) == of(told)


@given(tables)
def test_what_decides_is_what_changes_the_order_and_nothing_else(table: list[Rating]) -> None:
    found = decisive(table)

    for item in {one.evidence for one in table}:
        blind = [Rating(one.evidence, one.hypothesis, "NA") if one.evidence == item else one for one in table]
        assert (item in found) == (order(blind) != order(table))
    assert sorted(h for step in order(table) for h in step) == sorted({one.hypothesis for one in table})
