"""Read the member's own places from a CSV or a GeoJSON file: all of them, or none and why.

A CSV file has a heading: `name`, and whatever of `name_en`, `name_fr`, `name_ar`, `name_fa`, `name_ru`, `aliases`
(some, between bars), `country` (ISO code), `lat`, `lon`, `population` it has. A GeoJSON file is a collection of points
with the same as properties. A column or property of another name is not read, and said to be so.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from quartet.core.faults import Malformed
from quartet.intake.dates import LANGUAGES, Language
from quartet.intake.places.values import MAX_LETTERS, MAX_NAMES, Kind, Name, Place
from quartet.intake.places.words import spelt

MAX_FILE: Final = 16 * 2**20
"""Bytes of a file of places."""
MAX_ROWS: Final = 100_000
MAX_TOLD: Final = 20
"""Bad rows that a fault names; it says how many more there are."""
_READ: Final = frozenset(
    {"name", "aliases", "country", "lat", "lon", "population", *(f"name_{one}" for one in LANGUAGES)}
)


class Read(NamedTuple):
    """What a file holds: its places, and the columns that nothing is read from."""

    places: tuple[Place, ...]
    unread: tuple[str, ...]


class _Row(NamedTuple):
    number: int
    """The line of a CSV file; the place in the collection of a GeoJSON file, from 1."""
    fields: Mapping[str, str]


def read_places(data: bytes) -> Read:
    """Return the places of a file, or raise `Malformed` with each bad row and its reason; nothing else escapes."""
    if len(data) > MAX_FILE:
        raise Malformed("too-large", f"{len(data)} bytes where {MAX_FILE} may be")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Malformed("bad-place-file", f"not UTF-8 at byte {error.start}") from error
    geojson = text.lstrip().startswith("{")
    rows = list(_of_geojson(text) if geojson else _of_csv(text))
    if not rows:
        raise Malformed("bad-place-file", "no places in it")
    if len(rows) > MAX_ROWS:
        raise Malformed("too-many-places", f"{len(rows)} rows where {MAX_ROWS} may be")
    return _read(rows, "feature" if geojson else "line")


def _read(rows: list[_Row], called: str) -> Read:
    places, bad = list[Place](), list[str]()
    for row in rows:
        try:
            places.append(_place(row))
        except Malformed as fault:
            bad.append(f"{called} {row.number}: {fault.detail}")
    if bad:
        more = f"; and {len(bad) - MAX_TOLD} more" if len(bad) > MAX_TOLD else ""
        raise Malformed("bad-place-rows", "; ".join(bad[:MAX_TOLD]) + more)
    unread = {name for row in rows for name in row.fields} - _READ
    return Read(tuple(places), tuple(sorted(unread)))


def _of_csv(text: str) -> Iterator[_Row]:
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    names: list[str] = []
    try:
        for fields in reader:
            if not any(field.strip() for field in fields):
                continue
            if not names:
                names = _heading(fields)
            else:
                yield _Row(reader.line_num, _by_name(names, fields))
    except csv.Error as error:
        raise Malformed("bad-place-file", f"line {reader.line_num}: {error}") from error


def _heading(fields: list[str]) -> list[str]:
    names = [field.strip().casefold() for field in fields]
    if "name" not in names or len(set(names)) < len(names):
        raise Malformed("bad-place-file", "the first line is a heading: each column once, one of them called name")
    return names


def _by_name(names: list[str], fields: list[str]) -> dict[str, str]:
    more = {"": "more fields than the heading has"} if len(fields) > len(names) else {}
    return {**dict(zip(names, (field.strip() for field in fields), strict=False)), **more}


def _of_geojson(text: str) -> Iterator[_Row]:
    try:
        whole = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed("bad-place-file", str(error)[:200]) from error
    features = whole.get("features") if isinstance(whole, dict) else None
    if not isinstance(features, list) or whole.get("type") != "FeatureCollection":
        raise Malformed("bad-place-file", "GeoJSON that is no FeatureCollection")
    for number, feature in enumerate(features, start=1):
        yield _Row(number, _properties(feature))


def _properties(feature: Any) -> dict[str, str]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return {"": "no properties"}
    said = {str(name).casefold(): str(value).strip() for name, value in properties.items() if value is not None}
    geometry = feature.get("geometry")
    if geometry is None:
        return said
    at = geometry.get("coordinates") if isinstance(geometry, dict) and geometry.get("type") == "Point" else None
    if not isinstance(at, list) or len(at) not in (2, 3):
        return {**said, "": "a geometry that is no point"}
    return {**said, "lon": str(at[0]), "lat": str(at[1])}


def _place(row: _Row) -> Place:
    fields = row.fields
    if fields.get(""):
        raise Malformed("bad-place", fields[""])
    lat, lon = _degrees(fields, "lat", 90), _degrees(fields, "lon", 180)
    if (lat is None) != (lon is None):
        raise Malformed("bad-place", "lat and lon go together")
    return Place(
        id=f"own:{row.number}",
        kind=Kind.OWN,
        names=_names(fields),
        source=0,
        country=_code(fields.get("country", "")),
        lat=lat,
        lon=lon,
        population=_count(fields.get("population", "")),
    )


def _names(fields: Mapping[str, str]) -> tuple[Name, ...]:
    if not fields.get("name"):
        raise Malformed("bad-place", "it has no name")
    tongues: list[tuple[str, Language | None]] = [(f"name_{one}", one) for one in LANGUAGES]
    said = [(fields[column], language) for column, language in [("name", None), *tongues] if fields.get(column)]
    said += [(alias.strip(), None) for alias in fields.get("aliases", "").split("|") if alias.strip()]
    for text, _ in said:
        if len(text) > MAX_LETTERS or not spelt(text):
            raise Malformed("bad-place", f"a name of {len(text)} characters, which is too long or has no letter")
    if len(said) > MAX_NAMES:
        raise Malformed("bad-place", f"{len(said)} names where {MAX_NAMES} may be")
    return tuple(Name(text=text, language=language) for text, language in dict.fromkeys(said))


def _code(said: str) -> str | None:
    code = said.upper()
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise Malformed("bad-place", f"country {said[:20]!r} is no ISO code of two letters")
    return code or None


def _degrees(fields: Mapping[str, str], column: str, most: int) -> float | None:
    said = fields.get(column, "")
    if not said:
        return None
    try:
        degrees = float(said)
    except ValueError:
        degrees = float("nan")
    if not -most <= degrees <= most:
        raise Malformed("bad-place", f"{column} {said[:20]!r} is no number of degrees within {most}")
    return degrees


def _count(said: str) -> int:
    if said and not (said.isascii() and said.isdigit() and len(said) < 12):
        raise Malformed("bad-place", f"population {said[:20]!r} is no whole number")
    return int(said or 0)
