"""Laws of names: any text gives an answer in bounded time; the name itself is first; officers' words come before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from steps import steps

from quartet.core.encoding import decode, encode
from quartet.core.faults import Malformed
from quartet.core.fold import fold
from quartet.intake.names import Aliases, Why, known, propose, score

LETTERS = st.sampled_from(
    list("aeioubdghkmnrstyz'-. ") + list("абвгджзикмнорстухщья") + list("ابتجحدرسعغقكلمنهويةگچ\u200c")
)
NAMES = st.text(LETTERS, min_size=1, max_size=24)
ANY = st.text(max_size=60)


@given(ANY | NAMES, ANY | NAMES)
def test_any_two_texts_have_a_likeness_and_the_same_both_ways(one: str, other: str) -> None:
    there, back = score(one, other), score(other, one)

    assert 0.0 <= there.score <= 1.0
    assert there == back


@given(ANY | NAMES, st.lists(ANY | NAMES, max_size=8))
def test_a_name_that_is_known_is_first_for_itself(query: str, others: list[str]) -> None:
    found = propose(query, [*others, query])

    assert found[0].name == query
    assert found[0].score == 1.0
    assert len(found) <= 5


@given(NAMES, st.lists(NAMES, max_size=8), st.randoms())
def test_the_order_in_which_names_are_known_makes_no_difference(query: str, names: list[str], dice: object) -> None:
    shuffled = list(reversed(names))

    assert propose(query, names) == propose(query, shuffled) == propose(query, known(names * 2))


@given(NAMES, st.lists(NAMES, max_size=8), st.integers(0, 9))
def test_only_what_is_known_is_proposed_and_the_likest_first(query: str, names: list[str], limit: int) -> None:
    found = propose(query, names, limit)

    assert len(found) <= limit
    assert {one.name for one in found} <= set(names)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


@given(NAMES, st.lists(NAMES, min_size=1, max_size=8))
def test_what_an_officer_said_comes_before_any_likeness_both_ways(query: str, names: list[str]) -> None:
    if not fold(query) or not fold(names[0]) or fold(query) == fold(names[0]):
        return
    same = propose(query, names, 8, Aliases().said(query, names[0], same=True))
    other = propose(query, names, 8, Aliases().said(names[0], query, same=False))

    assert next(one for one in same if one.name == names[0]).why[0] is Why.ALIAS
    assert names[0] not in {one.name for one in other}


@given(st.lists(st.tuples(NAMES, NAMES, st.booleans()), max_size=8))
def test_the_last_word_on_two_names_holds(said: list[tuple[str, str, bool]]) -> None:
    aliases, expected = Aliases(), dict[frozenset[str], bool]()
    for one, other, same in said:
        if fold(one) and fold(other) and fold(one) != fold(other):
            aliases = aliases.said(one, other, same=same)
            expected[frozenset((fold(one), fold(other)))] = same

    assert {frozenset((one.first, one.second)): one.same for one in aliases.pairs} == expected
    assert decode(encode(aliases), Aliases, 100_000) == aliases
    for one, other, _ in said:
        aliases = aliases.unsaid(other, one)
    assert aliases.pairs == ()


def test_nothing_is_concluded_from_two_aliases() -> None:
    aliases = Aliases().said("Samir", "Anna", same=True).said("Anna", "Oleg", same=True)

    assert [one.name for one in propose("Samir", ["Anna", "Oleg"], aliases=aliases)] == ["Anna"]


@pytest.mark.parametrize(("one", "other"), [("", "Anna"), ("Anna", "ANNA"), ("A" * 300, "Anna")])
def test_an_alias_is_of_two_names(one: str, other: str) -> None:
    with pytest.raises(Malformed, match="bad-alias"):
        Aliases().said(one, other, same=True)


HOSTILE = [
    "a" * 10_000,
    "ab " * 5_000,
    "اب" * 5_000,
    "\u0301" * 10_000,
    "\ufdfa" * 10_000,
    "щ'" * 5_000,
    "x" * 10_000_000,
]


@pytest.mark.parametrize("name", HOSTILE, ids=[f"{name[:2]!r}" for name in HOSTILE])
def test_names_made_to_take_long_take_no_longer_than_any(name: str) -> None:
    among = known([name[:-at] + "b" for at in range(1, 40)])
    plain = "Ostaniel Verekhtovan Tormeschi Balhamadi Golnareh Vestomirov Qadriyan Melchtorin Sulferati "
    usual = known([plain[:-at] + "b" for at in range(1, 40)])

    assert steps(lambda: propose(name, among)) < 4 * steps(lambda: propose(plain, usual)) + 50_000
