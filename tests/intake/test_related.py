"""What two texts have in common is said as each spells it, the same both ways; a day alone is nothing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.intake.alike import Days
from quartet.intake.names import Aliases
from quartet.intake.pages import read
from quartet.intake.related import Named, Shared, named, shared

DAYS = (Days(date(2026, 3, 2), date(2026, 3, 2)), Days(date(2026, 3, 1), date(2026, 3, 4)))
PERSONS = st.sampled_from(("Gleb Ostrumin", "Глеб Острумин", "غليب أوسترومين", "Anna Ostrumina", "G. Ostrumin"))
PLACES = st.sampled_from(("Elm Ford", "village of Elm Ford", "Karst", "Карст", "quai Ravigny"))
BODIES = st.sampled_from(("the Lumenne Agency", "Агентство Люменн", "municipality of Karst", "West Lamp"))
ANY = st.text(max_size=24)


def some(names: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(names | ANY, max_size=4, unique=True).map(tuple)


NAMED = st.builds(
    Named, some(PERSONS), some(BODIES), some(PLACES), st.lists(st.sampled_from(DAYS), max_size=1).map(tuple)
)


@given(NAMED, NAMED)
def test_what_is_common_is_common_both_ways_and_is_named_by_both(mine: Named, its: Named) -> None:
    found, back = shared(mine, its), shared(its, mine)

    assert {one.kind for one in found} == {one.kind for one in back}
    assert all(one.kind != "person" or (one.mine in mine.persons and one.its in its.persons) for one in found)
    assert {one.kind for one in found} != {"day"}


@given(NAMED)
def test_a_text_has_all_its_names_in_common_with_itself(one: Named) -> None:
    found = {(same.kind, same.mine) for same in shared(one, one)}

    assert {("person", name) for name in one.persons} <= found


def test_an_officers_word_comes_before_any_likeness() -> None:
    one, other = Named(persons=("Gleb Ostrumin",)), Named(persons=("Глеб Острумин",))
    told_apart = Aliases().said("Gleb Ostrumin", "Глеб Острумин", same=False)

    assert shared(one, other) == (Shared("person", "Gleb Ostrumin", "Глеб Острумин"),)
    assert shared(one, other, told_apart) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The police said that a fire had broken out in the village of Birch.", ()),
        ("The municipality of Karst said that a boat had capsized.", ("The municipality of Karst",)),
    ],
)
def test_a_body_that_only_says_what_it_does_is_no_name(text: str, found: tuple[str, ...]) -> None:
    assert named(read(text.encode(), "txt")).bodies == found
