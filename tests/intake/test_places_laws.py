"""Laws of places: spans lie where they say, nothing is merged or lost, hostile texts and files end as any other."""

import json
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from steps import steps

from quartet.core.encoding import encode
from quartet.core.faults import Malformed
from quartet.intake.dates import LANGUAGES, Language
from quartet.intake.places import Book, Kind, Name, Place, Source, cut, gazetteer, joined, read_book, read_places

WORDS = [
    "Aleppo",
    "Deir",
    "ez-Zor",
    "حلب",
    "دير",
    "الزور",
    "Москва",
    "Нижний",
    "Новгород",
    "in",
    "في",
    "در",
    "в",
    "Syria",
]
TEXTS = st.lists(st.sampled_from([*WORDS, *",.()-'"]), max_size=20).map(" ".join) | st.text(max_size=80)
SAID = st.sampled_from(LANGUAGES)


def place(number: int, *names: str, country: str | None = None, kind: Kind = Kind.CITY, people: int = 0) -> Place:
    named = tuple(Name(text=name) for name in names)
    return Place(id=f"p:{number}", kind=kind, names=named, source=0, country=country, population=people)


SOURCE = Source(name="here", version="1", licence="own")
PLACES = (
    place(1, "Aleppo", "حلب", country="SY", people=900_000),
    place(2, "Deir ez-Zor", "دير الزور", country="SY"),
    place(3, "Deir", country="LB"),
    place(4, "Москва", country="RU"),
    place(5, "Нижний Новгород", country="RU"),
    place(6, "Syria", country="SY", kind=Kind.COUNTRY),
)
BOOK = joined(Book(), SOURCE, PLACES)
KNOWN = gazetteer(BOOK)


@given(TEXTS, SAID)
def test_what_is_found_stands_where_it_says_in_order_and_apart(text: str, language: Language) -> None:
    found = KNOWN.find(text, language)

    assert all(one.words == text[one.place.start : one.place.end] for one in found)
    assert all(a.place.end <= b.place.start for a, b in pairwise(found))
    assert all(one.meanings and (one.country is None) == (one.by is None) for one in found)
    assert all(one.country is None or one.country in {m.country for m in one.meanings} for one in found)


@given(TEXTS, SAID)
def test_the_longest_name_is_taken(text: str, language: Language) -> None:
    found = KNOWN.find(f"in Deir ez-Zor {text}", "en")

    assert found[0].words.startswith("Deir ez-Zor")


@given(st.permutations(PLACES))
def test_the_order_of_a_book_makes_no_difference_to_where_names_are(places: list[Place]) -> None:
    other = gazetteer(joined(Book(), SOURCE, tuple(places)))
    text = "In Aleppo, Deir ez-Zor and Deir, Syria."

    assert [(a.place, a.country) for a in other.find(text, "en")] == [
        (a.place, a.country) for a in KNOWN.find(text, "en")
    ]


def test_a_book_is_read_as_it_was_written() -> None:
    assert read_book(encode(BOOK)) == BOOK


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_give_a_book_or_malformed(data: bytes) -> None:
    with suppress(Malformed):
        assert isinstance(read_book(data), Book)


def test_a_source_comes_in_place_of_itself_and_no_other() -> None:
    more = joined(BOOK, Source(name="there", version="", licence="own"), (place(7, "Latakia"),))
    again = joined(more, SOURCE, PLACES[:1])

    assert [one.name for one in again.sources] == ["there", "here"]
    assert {one.id: again.sources[one.source].name for one in again.places} == {"p:7": "there", "p:1": "here"}


CSV = "name,name_ar,aliases,country,lat,lon,note\nBayt Tal,بيت تل,Beit Tall|Tal,LB,33.5,35.5,old\nKuh,,,,,,\n"


def test_a_csv_file_is_read_with_all_its_names_and_says_what_it_left() -> None:
    read = read_places(b"\xef\xbb\xbf" + CSV.encode())

    assert [name.text for name in read.places[0].names] == ["Bayt Tal", "بيت تل", "Beit Tall", "Tal"]
    assert read.places[0].names[1].language == "ar"
    assert (read.places[0].lat, read.places[0].lon, read.places[0].country) == (33.5, 35.5, "LB")
    assert read.places[1].lat is None
    assert read.unread == ("note",)
    assert read_places(CSV.replace(",", ";").encode()).places == read.places


def feature(name: str, geometry: object) -> dict[str, object]:
    return {"type": "Feature", "properties": {"name": name, "name_ru": "Тальма"}, "geometry": geometry}


def test_a_geojson_file_is_read() -> None:
    features = [feature("Talma", {"type": "Point", "coordinates": [35.5, 33.5]}), feature("Kuh", None)]
    read = read_places(json.dumps({"type": "FeatureCollection", "features": features}).encode())

    assert [(one.lat, one.lon) for one in read.places] == [(33.5, 35.5), (None, None)]
    assert read.places[0].names[1] == Name(text="Тальма", language="ru")


def test_bad_rows_are_told_with_line_and_reason_and_nothing_is_read() -> None:
    bad = "name,lat,lon,country\nTal,91,0,\n,1,1,\nKuh,1,,\nBab,1,1,Lebanon\nSul,1,1,LB\nRas,1,1,LB,x\n"

    with pytest.raises(Malformed) as raised:
        read_places(bad.encode())

    assert raised.value.reason == "bad-place-rows"
    assert [part.partition(":")[0] for part in raised.value.detail.split("; ")] == [
        f"line {n}" for n in (2, 3, 4, 5, 7)
    ]


def test_a_geometry_that_is_no_point_is_told() -> None:
    features = [feature("Talma", {"type": "Polygon", "coordinates": []})]

    with pytest.raises(Malformed, match="feature 1: a geometry that is no point"):
        read_places(json.dumps({"type": "FeatureCollection", "features": features}).encode())


def test_of_many_bad_rows_the_first_are_named_and_the_rest_counted() -> None:
    with pytest.raises(Malformed, match="and 80 more"):
        read_places(("name,lat,lon\n" + "Tal,x,1\n" * 100).encode())


@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(lambda text: ("name,lat,lon\n" + text).encode("utf-8", "replace"))
)
def test_any_bytes_give_places_or_malformed(data: bytes) -> None:
    with suppress(Malformed):
        assert read_places(data).places


@pytest.mark.parametrize("data", [b'{"a":' * 100_000, b"name\n" + b"x" * 300_000, b'name\n"' + b"x," * 100_000])
def test_files_made_to_hurt_are_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        read_places(data)


HOSTILE = ["Deir " * 40_000, "Deir ez " * 25_000, "a" * 200_000, "وب" * 100_000, "Нижнем " * 30_000, "St." * 60_000]


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:5] for text in HOSTILE])
@pytest.mark.parametrize("language", ["en", "ar", "ru"])
def test_a_text_takes_time_by_its_length_whatever_it_is_made_of(text: str, language: Language) -> None:
    quarter = text[: len(text) // 4]

    assert steps(lambda: KNOWN.find(text, language)) < 5 * steps(lambda: KNOWN.find(quarter, language)) + 5_000
    assert not cut(text)


def test_a_line_of_ten_megabytes_passes_and_is_said_to_be_cut() -> None:
    text = "in Aleppo " * 1_000_000

    assert cut(text)
    assert len(KNOWN.find(text, "en")) == 200_000
