"""How a warning stands: every desk for itself, a second officer and no other, an end by its own member alone."""

import sys
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joint import BEGAN, EAST, NORTH, SOUTH, WEST, said
from msgspec import structs

from quartet.core.faults import Malformed
from quartet.core.ids import ItemId, MemberId, Micros, OfficerName
from quartet.desk.action import HOUR
from quartet.desk.area import Area, Circle
from quartet.desk.naming import named
from quartet.desk.said import Said
from quartet.desk.warning import (
    MAX_WINDOW,
    MAX_WORDS,
    MINIMUM,
    REACHED_WITHIN,
    REVIEW_WITHIN,
    Ack,
    Alert,
    Check,
    Desk,
    Early,
    Info,
    Source,
    Stage,
    Stands,
    check_alert,
    check_check,
    check_warned,
    stands,
)

WATCH, DAM, SITE = Desk(EAST), Desk(EAST, "dam-3"), Desk(SOUTH)
FIELDS: dict[str, Any] = {
    "category": "Safety",
    "urgency": "Immediate",
    "severity": "Severe",
    "certainty": "Likely",
    "begins": BEGAN,
    "until": BEGAN + 2 * HOUR,
    "areas": (Area("Lower valley", circles=(Circle(0, 0, 5),)),),
    "info": (Info("en", "Flood", "Flood", "Go up."),),
    "desks": (WATCH, DAM, SITE),
}


def alert(**more: Any) -> Alert:
    return Alert(**{**FIELDS, "release": "CHECKED", **more})


def early(door: str = "met", **more: Any) -> Early:
    return Early(**{**FIELDS, "source": Source(door, "a@b", "1", BEGAN, "0" * 64), **more})


def by(one: Said[Any], officer: str) -> Said[Any]:
    return structs.replace(one, officer=OfficerName(officer))


WARNING = said(NORTH, alert())


def found(*about: Said[Any], warning: Said[Any] = WARNING, at: int = BEGAN + 1, **received: int) -> Stands:
    came = {MemberId(m): Micros(t) for m, t in received.items()}
    of = {kind: [one for one in about if isinstance(one.form, kind)] for kind in (Alert, Early, Check, Ack)}
    later = [*of[Alert], *of[Early]]
    return stands(warning, later, of[Check], of[Ack], Micros(at), sent=BEGAN, received=came)


def test_each_member_acknowledges_for_its_own_desks_alone() -> None:
    hers = said(EAST, Ack(WARNING.id, "dam-3"))
    strangers = (said(WEST, Ack(WARNING.id)), said(SOUTH, Ack(WARNING.id, "dam-3")), said(EAST, Ack(WARNING.id, "x")))
    other = said(EAST, Ack(said(NORTH, alert()).id))

    stand = found(hers, *strangers, other)

    assert [one.desk for one in stand.acks] == [DAM]
    assert stand.missing == (WATCH, SITE)


def test_the_first_acknowledgement_of_a_desk_counts_and_the_chairs_counts_for_none() -> None:
    first, second = said(EAST, Ack(WARNING.id), BEGAN + 5), said(EAST, Ack(WARNING.id), BEGAN + 9)

    assert [one.item for one in found(second, first).acks] == [first.id]
    assert found(said(EAST, Ack(WARNING.id), hat="CHAIR")).acks == ()


def test_a_desk_is_not_reached_once_its_member_had_five_seconds_and_has_not_receipted() -> None:
    just, late = BEGAN + REACHED_WITHIN - 1, BEGAN + REACHED_WITHIN

    assert found(at=just).unreached == ()
    assert found(at=late, south=BEGAN + 3).unreached == (WATCH, DAM)
    assert found(said(EAST, Ack(WARNING.id)), at=late, south=BEGAN).unreached == (DAM,)


def test_another_officer_of_its_member_checks_it_and_nobody_else() -> None:
    good = by(said(NORTH, Check(WARNING.id)), "second")

    assert found(good).checked == good
    for bad in (said(NORTH, Check(WARNING.id)), by(said(EAST, Check(WARNING.id)), "second")):
        assert found(bad).checked is None
    assert found(by(said(NORTH, Check(WARNING.id), hat="CHAIR"), "second")).checked is None


def test_what_was_released_at_once_owes_a_review_within_a_day() -> None:
    warning = said(NORTH, alert(release="OVERRIDE", why="now"))
    review = by(said(NORTH, Check(warning.id, "WRONG", "no")), "second")

    assert found(warning=warning).owes_review()
    assert found(warning=warning).review_by == BEGAN + REVIEW_WITHIN
    assert not found(review, warning=warning).owes_review()
    assert not found().owes_review()


def test_it_is_in_force_until_it_is_over_updated_or_cancelled_by_its_own_member() -> None:
    update = said(NORTH, alert(word="UPDATE", previous=WARNING.id), BEGAN + 5)
    cancel = said(NORTH, alert(word="CANCEL", previous=WARNING.id), BEGAN + 4)
    foreign = said(EAST, alert(word="CANCEL", previous=WARNING.id))
    relayed = said(NORTH, early(word="CANCEL", previous=WARNING.id))

    assert found().stage is Stage.IN_FORCE
    assert found(at=FIELDS["until"]).stage is Stage.OVER
    assert (found(update).stage, found(update).followed_by) == (Stage.UPDATED, update.id)
    assert (found(update, cancel).stage, found(update, cancel).followed_by) == (Stage.CANCELLED, cancel.id)
    assert found(foreign, relayed).stage is Stage.IN_FORCE


@given(st.integers(0, 2**53 - 1), st.integers(0, 2**53 - 1), st.integers(0, 2**52))
def test_one_that_came_is_over_seven_days_after_it_was_issued_at_the_latest(until: int, dated: int, sent: int) -> None:
    warning = said(NORTH, early(until=until), dated)
    last = min(until, min(dated, sent) + MAX_WINDOW)

    for at, stage in ((last - 1, Stage.IN_FORCE), (last, Stage.OVER)):
        known = stands(warning, (), (), (), Micros(at), sent=Micros(sent), received={})
        assert (known.stage, known.until) == (stage, last)


def test_what_one_door_relayed_no_other_door_ends() -> None:
    warning = said(NORTH, early())

    for door, stage in (("met", Stage.CANCELLED), ("other", Stage.IN_FORCE)):
        assert found(said(NORTH, early(door, word="CANCEL", previous=warning.id)), warning=warning).stage is stage


@given(st.lists(st.sampled_from(range(6)), max_size=4), st.integers(0, 3 * HOUR))
def test_in_any_order_and_twice_it_stands_the_same(which: list[int], after: int) -> None:
    about = [
        said(EAST, Ack(WARNING.id), BEGAN + 3),
        said(EAST, Ack(WARNING.id, "dam-3"), BEGAN + 2),
        by(said(NORTH, Check(WARNING.id)), "second"),
        by(said(NORTH, Check(WARNING.id), BEGAN + 1), "third"),
        said(NORTH, alert(word="UPDATE", previous=WARNING.id)),
        said(NORTH, alert(word="CANCEL", previous=WARNING.id), BEGAN + 7),
    ]
    chosen = [about[n] for n in which]

    answers = {str(found(*order, *order[:1], at=BEGAN + after)) for order in permutations(chosen)}

    assert len(answers) == 1


LONG = "é" * 600


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"until": BEGAN}, "until"),
        ({"begins": BEGAN - 9, "until": BEGAN - 1}, "until"),
        ({"until": BEGAN + MAX_WINDOW + 1}, "until"),
        ({"word": "UPDATE"}, "previous"),
        ({"previous": ItemId("A" * 43)}, "previous"),
        ({"info": (Info("en", "a", "b", "c"), Info("en", "a", "b", "d"))}, "info"),
        ({"info": (Info("he", "a", "b", "c"),)}, "info"),
        ({"desks": ()}, "desks"),
        ({"desks": (WATCH, WATCH)}, "desks"),
        ({"info": tuple(Info(one, "a", "b", LONG) for one in ("en", "fr", "ar", "fa"))}, "info"),
        ({"why": "because"}, "why"),
        ({"release": "OVERRIDE"}, "why"),
        ({"release": "OVERRIDE", "why": " "}, "why"),
        ({"release": "OVERRIDE", "why": "now", "info": (Info("en", "a", "b", LONG),)}, "info"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(more: dict[str, Any], place: str) -> None:
    with pytest.raises(Malformed, match=f"bad-form.*{place}"):
        check_alert(alert(**more), BEGAN)


def test_a_warning_of_an_officer_has_an_area_and_a_relayed_one_may_have_a_name_alone() -> None:
    check_alert(alert(), BEGAN)
    check_alert(alert(release="OVERRIDE", why="now"), BEGAN)
    check_warned(early(areas=(Area("Valley"),), desks=(), info=(Info("he", "a", "b", "c"),)), BEGAN)
    with pytest.raises(Malformed, match="bad-area"):
        check_alert(alert(areas=(Area("Valley"),)), BEGAN)
    assert MINIMUM < MAX_WORDS


def test_who_finds_something_wrong_says_what() -> None:
    check_check(Check(WARNING.id, "WRONG", "the dam holds"), BEGAN)
    with pytest.raises(Malformed, match="bad-form"):
        check_check(Check(WARNING.id, "WRONG", " "), BEGAN)


def test_a_form_of_many_desks_is_not_looked_through_for_the_items_that_desks_do_not_name() -> None:
    calls: list[int] = []

    def counted(count: int) -> int:
        form = early(desks=tuple(Desk(NORTH, f"d-{n}") for n in range(count)))
        calls.clear()
        sys.setprofile(lambda _, event, __: calls.append(1) if event == "call" else None)
        try:
            named(form)
        finally:
            sys.setprofile(None)
        return len(calls)

    counted(1)
    assert counted(200) == counted(1)
