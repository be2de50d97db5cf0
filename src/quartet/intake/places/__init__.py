"""Know places by name in five languages, and find them in texts; what a name means is for an officer to say."""

from quartet.intake.places.country import ABOVE, KNOWN, WELL_KNOWN, By, Found
from quartet.intake.places.find import MAX_TEXT, MAX_WORDS, Gazetteer, cut, gazetteer
from quartet.intake.places.own import Read, read_places
from quartet.intake.places.values import Book, Kind, Name, Place, Source, joined, read_book

__all__ = [
    "ABOVE",
    "KNOWN",
    "MAX_TEXT",
    "MAX_WORDS",
    "WELL_KNOWN",
    "Book",
    "By",
    "Found",
    "Gazetteer",
    "Kind",
    "Name",
    "Place",
    "Read",
    "Source",
    "cut",
    "gazetteer",
    "joined",
    "read_book",
    "read_places",
]
