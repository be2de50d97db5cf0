"""Sources are counted by who knew it first: relays, unknown roots and denials confirm nothing."""

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joint import EAST, END, NORTH, said

from quartet.core.encoding import b64
from quartet.core.faults import Malformed
from quartet.core.ids import Micros
from quartet.desk.corroboration import Matter, credibility, matters
from quartet.desk.report import Counted, EventRef, Independent, Report, ReportedEvent, SameAs, check_report
from quartet.desk.said import Said


def root(name: str) -> str:
    return b64(hashlib.sha256(name.encode()).digest())


def event(*roots: str, polarity: Any = "ASSERTS", **change: Any) -> ReportedEvent:
    form: dict[str, Any] = {"what": "eight rockets", "how": "PUBLISHED", "reliability": "C", "credibility": 3}
    return ReportedEvent(**form | {"polarity": polarity, "roots": tuple(map(root, roots))} | change)


def report(*events: ReportedEvent, at: int = END) -> Said[Report]:
    return said(NORTH, Report(events=events), at)


def same(*reports: Said[Report]) -> Said[SameAs]:
    return said(EAST, SameAs(events=tuple(EventRef(one.id, 0) for one in reports)))


def independent(*names: str) -> Said[Independent]:
    return said(EAST, Independent(roots=tuple(map(root, names))))


def only(found: tuple[Matter, ...]) -> Matter:
    (matter,) = found
    return matter


def test_one_outlet_relayed_by_three_is_at_most_one_source() -> None:
    first, *relays = (report(event("outlet"), at=END + n) for n in range(4))
    matter = only(matters([first, *relays], [same(first, *relays)], []))

    assert (matter.at_most, matter.confirmed) == (1, False)
    assert matter.circular == tuple(EventRef(one.id, 0) for one in relays)


def test_two_roots_are_at_most_two_until_a_reviewer_finds_them_independent() -> None:
    reports = [report(event("outlet")), report(event("witness"))]
    before = only(matters(reports, [same(*reports)], []))
    after = only(matters(reports, [same(*reports)], [independent("outlet", "witness")]))

    assert (before.at_most, before.confirmed) == (2, False)
    assert credibility(before, reports[0].form.events[0]) == 3
    assert after.confirmed
    assert credibility(after, reports[0].form.events[0]) == 1


def test_of_three_roots_each_two_must_be_independent() -> None:
    reports = [report(event(name)) for name in ("a", "b", "c")]
    link = [same(*reports)]

    assert not only(matters(reports, link, [independent("a", "b"), independent("b", "c")])).confirmed
    assert only(matters(reports, link, [independent("a", "b"), independent("b", "c"), independent("a", "c")])).confirmed


def test_who_has_all_the_roots_itself_is_confirmed_by_no_other() -> None:
    both = event("a", "b")
    matter = only(matters([report(both)], [], [independent("a", "b")]))

    assert matter.confirmed
    assert credibility(matter, both) == 3


def test_a_denial_confirms_nothing_and_is_not_hidden() -> None:
    reports = [report(event("a")), report(event("b", polarity="DENIES"))]
    matter = only(matters(reports, [same(*reports)], [independent("a", "b")]))

    assert (matter.at_most, matter.confirmed, matter.disputed) == (1, False, True)
    assert credibility(matter, reports[1].form.events[0]) == 3


def test_an_unknown_root_counts_for_nothing_and_is_told() -> None:
    reports = [report(event("a")), report(event()), report(event())]
    matter = only(matters(reports, [same(*reports)], []))

    assert (matter.at_most, matter.unknown) == (1, 2)


def test_a_report_that_is_taken_back_is_counted_no_more() -> None:
    reports = [report(event("a")), report(event("b"))]
    link, review = [same(*reports)], [independent("a", "b")]

    assert only(matters(reports, link, review)).confirmed
    left = only(matters(reports[:1], link, review))
    assert (left.at_most, left.confirmed) == (1, False)


def test_events_are_one_by_way_of_a_report_that_is_not_held_here() -> None:
    one, unheld, other = (report(event(name)) for name in ("a", "b", "c"))
    links = [same(one, unheld), same(unheld, other)]

    assert only(matters([one, other], links, [])).at_most == 2


def test_nothing_is_one_that_nobody_said_to_be() -> None:
    assert len(matters([report(event("a")), report(event("a"))], [], [])) == 2


@pytest.mark.parametrize(
    "wrong", [{"since": Micros(2), "until": Micros(1)}, {"counts": (Counted(of="rockets", least=8, most=3),)}]
)
def test_a_report_that_contradicts_itself_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Malformed, match="bad-form"):
        check_report(Report(events=(event("a", **wrong),)), END)


# -- laws over random reports

NAMES = ("a", "b", "c")
events = st.builds(
    lambda roots, polarity: event(*sorted(roots), polarity=polarity),
    st.sets(st.sampled_from(NAMES), max_size=2),
    st.sampled_from(["ASSERTS", "DENIES", "UNCLEAR"]),
)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Said[Report]], list[Said[SameAs]], list[Said[Independent]]]:
    reports = [
        report(*draw(st.lists(events, min_size=1, max_size=2)), at=END + n) for n in range(draw(st.integers(1, 5)))
    ]
    pairs = st.lists(st.sampled_from(reports), min_size=2, max_size=3)
    links = [same(*draw(pairs)) for _ in range(draw(st.integers(0, 4)))]
    reviews = [independent(*draw(st.permutations(NAMES))[:2]) for _ in range(draw(st.integers(0, 3)))]
    return reports, links, reviews


@given(worlds(), st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_matters(world: Any, dice: Any) -> None:
    doubled = [part * 2 for part in world]
    for part in doubled:
        dice.shuffle(part)

    assert matters(*doubled) == matters(*world)


@given(worlds())
def test_every_event_is_in_exactly_one_matter(world: Any) -> None:
    found = [ref for matter in matters(*world) for ref in matter.events]

    assert sorted(found) == sorted(EventRef(one.id, n) for one in world[0] for n in range(len(one.form.events)))


@given(worlds(), st.sampled_from(["ASSERTS", "DENIES", "UNCLEAR"]), st.booleans())
def test_repeating_what_was_said_or_naming_no_root_raises_no_count(world: Any, polarity: str, unknown: bool) -> None:
    reports, links, reviews = world
    subject = reports[0]
    roots = () if unknown else subject.form.events[0].roots
    said_polarity = subject.form.events[0].polarity if not unknown else polarity
    relay = said(
        EAST, Report(events=(ReportedEvent(**_fields(event(polarity=said_polarity)) | {"roots": roots}),)), END + 99
    )
    before = next(m for m in matters(*world) if EventRef(subject.id, 0) in m.events)
    after = next(
        m
        for m in matters([*reports, relay], [*links, same(subject, relay)], reviews)
        if EventRef(relay.id, 0) in m.events
    )

    assert (after.asserting, after.denying, after.confirmed) == (before.asserting, before.denying, before.confirmed)


@given(worlds(), st.sampled_from(NAMES))
def test_a_denial_never_confirms(world: Any, name: str) -> None:
    reports, links, reviews = world
    denial = report(event(name, polarity="DENIES"), at=END + 99)
    before = next(m for m in matters(*world) if EventRef(reports[0].id, 0) in m.events)
    after = next(
        m
        for m in matters([*reports, denial], [*links, same(reports[0], denial)], reviews)
        if EventRef(denial.id, 0) in m.events
    )

    assert after.asserting == before.asserting
    assert after.confirmed == before.confirmed
    assert root(name) in after.denying


def _fields(one: ReportedEvent) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__struct_fields__}
