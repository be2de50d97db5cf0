"""The duty board's fold, and the forms of typed items."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, ItemId, MemberId, Micros, OfficerName
from quartet.desk import MAX_WATCH, OnWatch, Watch, board, check_form, check_watch

NOON = Micros(1_800_000_000 * SECOND)
FORM = {
    "name": "Watch officer 1",
    "role": "duty officer",
    "phones": ["+41 58 000 00 00"],
    "until": NOON + 3600 * SECOND,
}

watches = st.builds(
    OnWatch,
    item=st.sampled_from([ItemId(c * 43) for c in "abcdef"]),
    member=st.sampled_from([MemberId("north"), MemberId("east")]),
    officer=st.just(OfficerName("duty")),
    at=st.integers(NOON, NOON + 5).map(Micros),
    watch=st.just(msgspec.convert(FORM, Watch)),
)


@given(st.lists(watches), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(told: list[OnWatch], dice: object) -> None:
    other = list(told)
    dice.shuffle(other)  # type: ignore[attr-defined]

    assert {m: (w.at, w.item) for m, w in board(told).items()} == {m: (w.at, w.item) for m, w in board(other).items()}


@given(st.lists(watches, min_size=1))
def test_each_members_newest_watch_stands(told: list[OnWatch]) -> None:
    found = board(told)

    assert set(found) == {one.member for one in told}
    assert all((found[one.member].at, found[one.member].item) >= (one.at, one.item) for one in told)


def test_a_watch_is_over_at_its_end_and_not_before() -> None:
    one = OnWatch(ItemId("a" * 43), MemberId("north"), OfficerName("duty"), NOON, msgspec.convert(FORM, Watch))

    assert not one.over(Micros(one.watch.until - 1))
    assert one.over(one.watch.until)


@pytest.mark.parametrize(
    "change",
    [
        {"phones": []},
        {"phones": ["1"] * 5},
        {"phones": ["a\nb"]},
        {"name": ""},
        {"until": NOON},
        {"until": NOON + MAX_WATCH + 1},
        {"until": "soon"},
        {"home": "Dam 3"},
    ],
)
def test_a_form_that_makes_no_sense_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(Malformed, match="bad-form"):
        check_form("duty", {**FORM, **change}, NOON)


def test_a_form_that_makes_sense_is_taken_and_a_form_too_many_is_not() -> None:
    assert check_form("duty", FORM, NOON) == msgspec.convert(FORM, Watch)
    assert check_form("report", None, NOON) is None
    with pytest.raises(Malformed, match="no-form"):
        check_form("message", FORM, NOON)


def test_a_watch_may_last_as_long_as_may_be() -> None:
    check_watch(msgspec.convert({**FORM, "until": NOON + MAX_WATCH}, Watch), NOON)
