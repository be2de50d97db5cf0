"""Positions as they are written: MGRS, UTM, degrees in decimals or with minutes and seconds, in five languages.

Only the words are taken; what they mean is for the map to say. No pattern backtracks: each part has a bounded length.
"""

import re
from collections.abc import Iterator
from typing import Final

from quartet.intake.texts import Span

_NORTH: Final = (
    r"(?:[NS](?!\w)|[СсЮю]\.? ?(?:ш\.?)?(?!\w)|north|south|nord|sud|شمالاً|شمالا|جنوباً|جنوبا|شمالی|جنوبی|شمال|جنوب)"
)
_EAST: Final = r"(?:[EWO](?!\w)|[ВвЗз]\.? ?(?:д\.?)?(?!\w)|east|west|est|ouest|شرقاً|شرقا|غرباً|غربا|شرقی|غربی|شرق|غرب)"
_DEGREES: Final = r"\d{1,3}[.,٫]\d{2,8} ?°?"
_WHOLE: Final = r"\d{1,3} ?° ?\d{1,2}(?:[.,]\d{1,6})? ?['′’](?: ?\d{1,2}(?:[.,]\d{1,4})? ?(?:[\"″”]|''))?"
_BETWEEN: Final = r" ?[,،;/]? ?(?:and |et |и |و )?"
_SHAPES: Final = (
    r"\d{1,2}[C-HJ-NP-X] ?[A-HJ-NP-Z]{2} ?(?:\d{5} ?\d{5}|\d{4} ?\d{4}|\d{3} ?\d{3}|\d{2} ?\d{2})(?!\d)",
    r"\d{1,2} ?[C-HJ-NP-X] ?\d{6}(?: ?m? ?E)? ?,? ?\d{6,7}(?: ?m? ?N)?(?!\d)",
    rf"{_DEGREES} ?{_NORTH}{_BETWEEN}{_DEGREES} ?{_EAST}",
    rf"{_WHOLE} ?{_NORTH}{_BETWEEN}{_WHOLE} ?{_EAST}",
    rf"{_NORTH} ?{_DEGREES}{_BETWEEN}{_EAST} ?{_DEGREES}",
    rf"{_NORTH} ?{_WHOLE}{_BETWEEN}{_EAST} ?{_WHOLE}",
    r"[-+]?\d{1,2}[.٫]\d{3,8}°?[,،]? [-+]?\d{1,3}[.٫]\d{3,8}°?(?![\d.])",
)
_GRID: Final = re.compile(r"(?<![\w.])(?:" + "|".join(_SHAPES) + ")", re.IGNORECASE)


def grids(text: str, span: Span) -> Iterator[Span]:
    """Yield where positions are written within a part of a text."""
    for found in _GRID.finditer(text, span.start, span.end):
        yield Span(found.start(), found.end())
