"""What else a place is called, by the book in the member's folder: read when it is first asked, and when it changed.

It is the same for all officers of the member, and tells nothing of any item.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from quartet.core.fold import fold
from quartet.intake.places import Book, read_book
from quartet.intake.places.values import MAX_BOOK
from quartet.node.files import read_file

MAX_CALLED: Final = 256
"""Names that are told of all places that one name may be."""


class _Known(NamedTuple):
    state: tuple[int, int]
    """When the file was written last, and its size."""
    book: Book
    named: Mapping[str, list[int]]


class PlaceNames:
    """Answers from the book as it lies there now."""

    def __init__(self, book: Path | None) -> None:
        self._file = book
        self._known: _Known | None = None

    def of(self, name: str) -> tuple[str, ...]:
        """Return all names of every place of a name; none where no book was made. Raise `Malformed("bad-places")`."""
        known = self._look()
        if known is None:
            return ()
        found = (known.book.places[number] for number in known.named.get(fold(name), ()))
        return tuple(dict.fromkeys(one.text for place in found for one in place.names))[:MAX_CALLED]

    def _look(self) -> _Known | None:
        """Return the book, read again if it is another than was read."""
        if self._file is None or not self._file.exists():
            return None
        written = self._file.stat()
        state = (written.st_mtime_ns, written.st_size)
        if self._known is None or self._known.state != state:
            book = read_book(read_file(self._file, MAX_BOOK))
            self._known = _Known(state, book, _named(book))
        return self._known


def _named(book: Book) -> Mapping[str, list[int]]:
    """Return which places of a book a name, folded, may be."""
    named: dict[str, list[int]] = {}
    for number, place in enumerate(book.places):
        for key in {fold(one.text) for one in place.names}:
            named.setdefault(key, []).append(number)
    return named
