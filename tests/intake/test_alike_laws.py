"""Laws of what is offered as one event: symmetric, the same in any order, and roots that only ever grow."""

from datetime import date, timedelta
from itertools import combinations
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from steps import steps

from quartet.intake.alike import Days, Figure, Group, Ties, Told, alike, at_most, groups
from quartet.intake.alike.cliques import Cliques, components
from quartet.intake.events import EventType, Polarity, What
from quartet.intake.names import Aliases

DAY = date(2026, 3, 2)
NAMES = ("North Wire", "the North Wire", "Нортвайр", "West Lamp", "la police", "police", "Karst police", "وزارة الدفاع")
PLACES = ("Karst", "Old Karst", "Карст", "Elm Ford", "quai Ravigny", "رصيف رافيني", "the mill")
DAYS = st.none() | st.builds(
    lambda n, length: Days(DAY + timedelta(n), DAY + timedelta(n + length)), st.integers(0, 3), st.integers(0, 3)
)
OPEN = st.builds(lambda n: Days(None, None, (DAY + timedelta(n), DAY - timedelta(365))), st.integers(0, 3))
TYPES = st.sampled_from((EventType.FIRE, EventType.EXPLOSION, EventType.FLOOD))
FIGURES = st.builds(lambda low, more: (Figure(What.INJURED, low, low + more),), st.integers(0, 9), st.integers(0, 9))


@st.composite
def tellings(draw: st.DrawFn, polarity: st.SearchStrategy[Polarity]) -> Told:
    text = draw(st.sampled_from("abcdef"))
    return Told(
        key=f"{text}#{draw(st.integers(0, 99)):02}",
        text=text,
        type=draw(TYPES),
        polarity=draw(polarity),
        days=draw(DAYS | OPEN),
        places=tuple(draw(st.lists(st.sampled_from(PLACES), max_size=1))),
        figures=draw(st.just(()) | FIGURES),
        root=draw(st.none() | st.sampled_from(NAMES)),
        words=draw(st.sampled_from(("", "it burned at Karst", "у Карста", *PLACES))),
    )


ANY = tellings(st.sampled_from(Polarity))
DENIALS = tellings(st.just(Polarity.DENIES))


def most(found: tuple[Group, ...], key: str) -> int:
    """Return the most roots of any group that an event is in."""
    return max((group.at_most for group in found if key in group.events), default=0)


def distinct(told: list[Told]) -> list[Told]:
    return list({one.key: one for one in told}.values())


@given(ANY, ANY)
def test_two_events_are_alike_the_same_both_ways(one: Told, other: Told) -> None:
    assert alike(one, other) == alike(other, one)


@given(st.lists(ANY, max_size=8).map(distinct), st.randoms())
def test_the_order_of_texts_makes_no_difference(told: list[Told], dice: Any) -> None:
    mixed = list(told)
    dice.shuffle(mixed)

    assert groups(mixed) == groups(told)


@given(st.lists(ANY, max_size=7).map(distinct), DENIALS)
def test_a_denial_never_raises_the_number_of_those_who_assert(told: list[Told], denial: Told) -> None:
    before = groups([one for one in told if one.key != denial.key])
    after = groups([*(one for one in told if one.key != denial.key), denial])

    known = {group.events: group.at_most for group in before.groups}
    for group in after.groups:
        without = tuple(key for key in group.events if key != denial.key)
        single = [one for one in told if (one.key,) == without and one.polarity is Polarity.ASSERTS]
        assert group.at_most <= known.get(without, sum(one.root is not None for one in single))


@given(st.lists(ANY, max_size=7).map(distinct), ANY)
def test_another_text_never_lowers_the_number_of_those_who_assert(told: list[Told], one: Told) -> None:
    rest = [other for other in told if other.key != one.key]
    before, after = groups(rest).groups, groups([*rest, one]).groups

    for other in rest:
        assert most(after, other.key) >= most(before, other.key)
    asserted = [group for group in before if group.at_most]
    assert all(any(set(group.events) <= set(larger.events) for larger in after) for group in asserted)


@given(st.lists(ANY, max_size=8).map(distinct))
def test_every_pair_has_its_reasons_and_stands_in_some_group(told: list[Told]) -> None:
    offer = groups(told)
    held = [set(group.events) for group in offer.groups]

    assert not offer.more
    for one, other in combinations(told, 2):
        pair = alike(one, other)
        assert pair is None or len(pair.why) >= 3
        if pair is not None and Polarity.DENIES not in (one.polarity, other.polarity):
            assert any({one.key, other.key} <= group for group in held)
    for group in offer.groups:
        assert len(group.events) > 1
        assert {key for pair in group.pairs for key in (pair.first, pair.second)} == set(group.events)
        assert group.at_most + group.unknown + group.denied <= len(group.events)


@given(st.lists(st.sampled_from(NAMES) | st.text("abkrst ", max_size=8), max_size=7), st.text("abkrst ", max_size=8))
def test_another_name_never_lowers_how_many_roots_there_are_at_most(names: list[str], name: str) -> None:
    ties = Ties(Aliases())

    assert at_most(names, ties) <= at_most([*names, name], ties) <= at_most(names, ties) + 1


@given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda pair: pair[0] < pair[1])))
def test_cliques_are_all_joined_and_as_large_as_they_can_be(edges: set[tuple[int, int]]) -> None:
    joined = {n: {m for m in range(7) if (min(n, m), max(n, m)) in edges} for n in range(7)}
    found = [set(clique) for clique in Cliques(joined, 999).found]

    assert all(other in joined[one] for clique in found for one, other in combinations(clique, 2))
    assert not any(one < other for one in found for other in found)
    assert set().union(*found) == set(range(7))
    assert all(any({one, other} <= clique for clique in found) for one, other in edges)
    assert {node for part in components(range(7), edges) for node in part} == set(range(7))


@settings(deadline=None)
@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=400))
def test_any_text_may_stand_where_names_and_words_do(place: str, root: str, words: str) -> None:
    plain = Told("a", "a", EventType.FIRE, Polarity.ASSERTS, Days(DAY, DAY), places=(place,), root=root, words=words)
    offer = groups([plain, msgspec.structs.replace(plain, key="b", text="b")])

    assert all(group.at_most <= 1 for group in offer.groups)


def test_a_statement_takes_no_more_work_than_as_much_of_it_as_is_looked_at() -> None:
    one = Told("a", "a", EventType.FIRE, Polarity.ASSERTS, Days(DAY, DAY), places=("Karst " * 9_000,), words="")
    long = msgspec.structs.replace(one, key="b", text="b", places=(), words="kindling " * 2_000)
    longer = msgspec.structs.replace(long, key="c", text="c", words="kindlinG " * 200_000)

    assert steps(lambda: alike(one, longer)) < 2 * steps(lambda: alike(one, long))
