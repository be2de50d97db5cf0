"""The book of places in a member's folder: one file, with its sources, their versions and licences."""

from collections.abc import Iterable

from quartet.core.encoding import encode
from quartet.intake.places import Book, Place, Source, joined, read_book
from quartet.intake.places.values import MAX_BOOK
from quartet.node.files import read_file, write_file
from quartet.node.folder import MemberFolder


def load_places(folder: MemberFolder) -> Book:
    """Return the book of places of a folder; an empty one where none was made."""
    return read_book(read_file(folder.places, MAX_BOOK)) if folder.places.exists() else Book()


def keep_places(folder: MemberFolder, sources: Iterable[tuple[Source, tuple[Place, ...]]]) -> Book:
    """Put sources into a folder's book, each in place of what it had of that name, and return the book."""
    book = load_places(folder)
    for source, places in sources:
        book = joined(book, source, places)
    data = encode(book)
    kept = read_book(data)  # what could not be read again is not written
    write_file(folder.places, data)
    return kept
