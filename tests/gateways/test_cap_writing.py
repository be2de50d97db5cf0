"""Alerts out: the schema of OASIS admits every one, Public is for the world alone, and no source is named."""

from typing import Any
from xml.sax.saxutils import escape

import pytest
from cap import NOW, alert, checked, said
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, structs

from quartet.core.ids import SECOND, ItemId, MemberId, Micros
from quartet.core.marking import Marking, TlpWord
from quartet.desk.area import DEGREE, Area, Circle, flaw
from quartet.desk.warning import LANGUAGES, Alert, Desk, Early, Info, Source
from quartet.gateways.cap.reading import read_cap
from quartet.gateways.cap.words import (
    circle_text,
    degrees,
    one_part,
    polygon_text,
    read_circle,
    read_polygon,
    read_time,
    time_text,
)
from quartet.gateways.cap.writing import AT_ONCE, RELAYED, Sender, alert_xml, answer_xml
from quartet.node.desk.outgoing import Outgoing

SENDER = Sender("warnings.example", "Civil protection")
ITEM = ItemId("A" * 43)
BEFORE = (ItemId("B" * 42 + "A"), MemberId("north"), Micros(NOW - 60 * SECOND))
lats = st.integers(-90 * DEGREE, 90 * DEGREE)
lons = st.integers(-180 * DEGREE, 180 * DEGREE)
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
circles = st.builds(Circle, lats, lons, st.integers(1, 1_000_000))
boxes = st.builds(
    lambda lat, lon, high, wide: ((lat, lon), (lat + high, lon), (lat + high, lon + wide), (lat, lon)),
    st.integers(-80 * DEGREE, 80 * DEGREE),
    st.integers(-170 * DEGREE, 170 * DEGREE),
    st.integers(1, DEGREE),
    st.integers(1, DEGREE),
)
areas = st.builds(
    Area, texts, st.lists(boxes, max_size=2).map(tuple), st.lists(circles, min_size=1, max_size=2).map(tuple)
)
infos = st.lists(
    st.builds(Info, st.sampled_from(LANGUAGES), texts, texts, texts),
    min_size=1,
    max_size=5,
    unique_by=lambda i: i.language,
)


def told(public: bool = False, tlp: TlpWord = "AMBER", **more: Any) -> Outgoing:
    fields: dict[str, Any] = {
        "category": "Safety",
        "urgency": "Immediate",
        "severity": "Severe",
        "certainty": "Likely",
        "begins": NOW,
        "until": Micros(NOW + 7200 * SECOND),
        "areas": (Area("Lower valley", circles=(Circle(470_000_000, 85_000_000, 2_000),)),),
        "info": (Info("en", "Flood wave", "Dam 3 gives way", "Go up to the church."),),
        "desks": (Desk(MemberId("east"), "dam-3"),),
        "release": "CHECKED",
    }
    follows = more.pop("follows", ())
    marking = more.pop("marking", Marking(tlp=tlp, rel=UNSET if public else (MemberId("east"),)))
    return Outgoing(ITEM, MemberId("north"), NOW, Alert(**(fields | more)), marking, public, follows)


@given(st.lists(areas, min_size=1, max_size=3).map(tuple), infos.map(tuple), st.booleans())
def test_the_schema_admits_whatever_a_warning_says(areas: Any, info: Any, public: bool) -> None:
    one = told(public=public, areas=areas, info=info)

    root = checked(alert_xml(one, SENDER, ("sirens@warnings.example",)))

    assert len(said(root, "info")) == len(info)
    assert said(root, "info/language") == [one.language for one in info]
    for polygon in said(root, "info/area/polygon"):
        assert flaw(read_polygon(polygon)) is None


@given(lats, lons, st.integers(1, 1_000_000))
def test_places_come_back_as_they_were(lat: int, lon: int, radius: int) -> None:
    assert read_circle(circle_text(Circle(lat, lon, radius))) == (lat, lon, radius)
    ring = ((lat, lon), (0, 0), (1, 1), (lat, lon))
    assert read_polygon(polygon_text(ring)) == ring
    assert float(degrees(lat)) == pytest.approx(lat / DEGREE, abs=1e-9)


@given(st.integers(0, 2**52).map(lambda n: Micros(n // 10**6 * 10**6)))
def test_times_come_back_to_the_second(at: Micros) -> None:
    assert read_time(time_text(at)) == at


@pytest.mark.parametrize("tlp", ["RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR"])
def test_public_is_what_the_world_may_have_and_else_addresses_stand_in_it(tlp: TlpWord) -> None:
    root = checked(alert_xml(told(tlp=tlp), SENDER, ("sirens@warnings.example", "north desk")))

    assert said(root, "scope") == ["Restricted" if tlp in ("GREEN", "CLEAR") else "Private"]
    assert said(root, "addresses") == ['sirens@warnings.example "north desk"']
    assert f"TLP:{tlp}" in said(root, "code")
    public = checked(alert_xml(told(public=True, tlp="CLEAR"), SENDER, ()))
    assert (said(public, "scope"), said(public, "addresses")) == (["Public"], [])


def test_an_update_and_a_cancel_name_all_before_them() -> None:
    first = (ItemId("C" * 42 + "A"), MemberId("north"), Micros(NOW - 90 * SECOND))
    for word, kind in (("UPDATE", "Update"), ("CANCEL", "Cancel")):
        root = checked(alert_xml(told(word=word, follows=(first, BEFORE)), SENDER, ("x",)))

        assert said(root, "msgType") == [kind]
        assert said(root, "references") == [
            " ".join(f"north@warnings.example,{item},{time_text(at)}" for item, _, at in (first, BEFORE))
        ]


def test_no_officer_no_desk_no_reason_and_no_source_is_named() -> None:
    early = Early(
        **{
            name: getattr(told().form, name)
            for name in ("category", "urgency", "severity", "certainty", "begins", "until", "areas", "info", "desks")
        },
        source=Source("met-office", "secret@agency.example", "ID-77", NOW, "0" * 64),
    )
    written = [
        alert_xml(told(release="OVERRIDE", why="seen by agent"), SENDER, ("x",)),
        alert_xml(Outgoing(ITEM, MemberId("north"), NOW, early, told().marking, False), SENDER, ("x",)),
    ]

    for data in written:
        root = checked(data)
        assert not [one for one in ("source", "incidents", "info/contact") if said(root, one)]
        for word in (b"agent", b"dam-3", b"secret", b"ID-77", b"met-office"):
            assert word not in data

    assert [said(checked(data), "note") for data in written] == [[AT_ONCE], [RELAYED]]  # nobody had checked either
    assert said(checked(alert_xml(told(), SENDER, ("x",))), "note") == []


def test_a_drill_says_that_it_is_one() -> None:
    root = checked(alert_xml(told(marking=Marking(tlp="AMBER", rel=(), caveats=("EXERCISE",))), SENDER, ("x",)))

    assert said(root, "status") == ["Exercise"]
    assert said(root, "note") == ["EXERCISE EXERCISE EXERCISE"]


@pytest.mark.parametrize("word", ["Ack", "Error"])
def test_an_answer_refers_to_what_it_answers(word: Any) -> None:
    data = answer_xml(word, "id1", "north@x.example", NOW, f"a@b,c,{time_text(NOW)}", "bad-xml: <x>", "a@b")
    root = checked(data)

    assert (said(root, "msgType"), said(root, "references")) == ([word], [f"a@b,c,{time_text(NOW)}"])
    assert read_cap(data, "door", NOW).came is None


def relayed(data: bytes) -> Any:
    """Return the alert as which an authority's goes out again."""
    came = read_cap(data, "met", NOW).came
    assert came is not None
    assert came.said is not None
    told_of = {name: getattr(came.said, name) for name in came.said.__struct_fields__}
    early = Early(**told_of, desks=(), source=came.source)
    return checked(alert_xml(structs.replace(told(), form=early), SENDER, ("x",)))


def both(do: str, happens: str) -> bytes:
    """Return an authority's alert that says what to do, and what is happening unless that is nothing."""
    described = f"<description>{escape(happens)}</description>" if happens else ""
    parts = f"{described}<instruction>{escape(do)}</instruction>"
    return alert().replace(b"<instruction>Quittez les rives.</instruction>", parts.encode())


pieces = st.sampled_from(["\n", "\n\n", "\u2014", " ", "\n\n\u2014 ", "- ", "x", "Да"])
lists = st.lists(pieces, min_size=1, max_size=30).map("".join)
spoken = lists.filter(lambda text: text.strip())


@given(spoken, spoken | st.just(""))
def test_each_of_an_authoritys_two_texts_goes_out_whole_and_as_what_it_is_whatever_stands_in_it(
    do: str, happens: str
) -> None:
    root = relayed(both(do, happens))

    assert [one.split() for one in said(root, "info/instruction")] == [do.split()]
    assert [one.split() for one in said(root, "info/description")] == ([happens.split()] if happens else [])


def test_a_list_of_dashes_keeps_its_lines() -> None:
    root = relayed(both("Avant :\n\n\u2014 fermez tout ;\n\n\n\u2014 montez.", "La digue cède :\n\n\u2014 en aval."))

    assert said(root, "info/instruction") == ["Avant :\n\u2014 fermez tout ;\n\u2014 montez."]
    assert said(root, "info/description") == ["La digue cède :\n\u2014 en aval."]


@pytest.mark.parametrize("long", range(2036, 2050))
def test_what_to_do_is_never_what_is_happening_though_it_is_cut_at_a_dash(long: int) -> None:
    root = relayed(both("x" * long + "\n\n\u2014 montez", ""))

    assert said(root, "info/description") == []


def test_what_an_authority_says_is_happening_goes_out_beside_what_to_do() -> None:
    described = alert().replace(b"<instruction>", "<description>La digue cède.</description><instruction>".encode())
    for data, description in ((described, ["La digue cède."]), (alert(), [])):
        root = relayed(data)

        assert said(root, "info/instruction") == ["Quittez les rives."]
        assert said(root, "info/description") == description
    ours = told(info=(Info("en", "Flood wave", "Dam 3", "Go up.\n\n\u2014 The church is open."),))
    assert said(checked(alert_xml(ours, SENDER, ("x",))), "info/description") == []  # an officer's words stay whole


def test_two_million_line_ends_are_read_to_their_end_once() -> None:
    assert one_part("a" + "\n" * 2_000_000 + "b").count("\n") == 2_000_000
    assert one_part("a" + "\n" * 2_000_000 + "\u2014 b").count("\n") == 1
