"""Agreements by their dates, and how an act changes some of a charter's circles and leaves the others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.agreements import DAY, days_left, force, with_agreements, with_circles
from quartet.core.articles import Agreement, Circle
from quartet.core.faults import Malformed
from quartet.core.ids import MemberId, Micros

HASH = "A" * 43
NAMES = st.sampled_from(["a", "b", "c", "d"])
times = st.integers(0, 100 * DAY)


def agreement(since: int, until: int | None, name: str = "fish") -> Agreement:
    ends = None if until is None else Micros(until)
    return Agreement(name=name, circle="strait", since=Micros(since), until=ends, text_hash=HASH)


@given(times, times | st.none(), times)
def test_an_agreement_holds_from_its_beginning_to_its_end_and_counts_its_days(
    since: int, lasts: int | None, now: int
) -> None:
    made = agreement(since, None if lasts is None else since + lasts + 1)
    left = days_left(made, Micros(now))

    assert (force(made, Micros(now)) == "COMING") == (now < since)
    assert (force(made, Micros(now)) == "ENDED") == (made.until is not None and now >= made.until)
    assert (left is None) == (made.until is None)
    if left is not None and made.until is not None:
        assert (left - 1) * DAY < made.until - now <= left * DAY
        assert (left < 1) == (now >= made.until)


circles = st.dictionaries(NAMES, st.sets(st.sampled_from(["east", "north", "west"]), min_size=1)).map(
    lambda found: [Circle(name, tuple(sorted(MemberId(m) for m in who))) for name, who in sorted(found.items())]
)


@given(circles, circles, st.sets(NAMES))
def test_circles_that_are_not_named_stay_and_the_rest_are_in_order(
    old: list[Circle], new: list[Circle], gone: set[str]
) -> None:
    dropped = sorted(gone & {one.name for one in old})
    after = with_circles(old, new, dropped)
    given_names = {one.name for one in new}

    assert [one.name for one in after] == sorted({one.name for one in after})
    assert {one for one in after if one.name not in given_names} == {
        one for one in old if one.name not in {*dropped, *given_names}
    }
    assert set(new) <= set(after)


def test_what_is_not_there_is_not_dropped() -> None:
    with pytest.raises(Malformed, match="unknown-circle"):
        with_circles([], [], ["strait"])
    with pytest.raises(Malformed, match="unknown-agreement"):
        with_agreements([agreement(0, 1)], [], ["flights"])
    assert with_agreements([agreement(0, 1)], [agreement(0, 2), agreement(0, 1, "air")], []) == (
        agreement(0, 1, "air"),
        agreement(0, 2),
    )
