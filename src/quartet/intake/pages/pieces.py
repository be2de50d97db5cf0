"""Cut a line where a page sets signs between things that do not belong together: bars, dots, dashes."""

import re
from collections.abc import Iterator
from typing import Final

_BETWEEN: Final = re.compile(r"[|·•‧∙►»«]|\s[-–—/]\s|\s--\s")


def pieces(text: str, start: int, end: int, between: re.Pattern[str] = _BETWEEN) -> Iterator[tuple[int, int]]:
    """Yield the places of the pieces of a line, without the spaces around them; none is empty."""
    at = start
    for sign in (*between.finditer(text, start, end), None):
        until = end if sign is None else sign.start()
        piece = stripped(text, at, until)
        if piece is not None:
            yield piece
        at = end if sign is None else sign.end()


def stripped(text: str, start: int, end: int, signs: str = " ") -> tuple[int, int] | None:
    """Return a place without the given signs around it; None where nothing else stands there."""
    while start < end and text[start] in signs:
        start += 1
    while start < end and text[end - 1] in signs:
        end -= 1
    return (start, end) if start < end else None
