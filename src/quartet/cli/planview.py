"""A plan of the sky in characters: range rings in braille dots, and each track as an arrow where it is.

Pure: places in, lines out. North is up; a cell has two dots by four, which are about square on a screen.
"""

from collections.abc import Iterable, Sequence
from math import cos, hypot, pi, radians, sin
from typing import Final, NamedTuple

from rich.text import Text

ARROWS: Final = "↑↗→↘↓↙←↖"
POINT: Final = "•"
RINGS: Final = 4
NICE: Final = (1, 2, 5, 10, 20, 40, 80, 100, 200, 400, 800, 1_000, 2_000, 4_000, 8_000, 12_000)
"""Ranges in nautical miles that a ring's label can say in few digits."""
FEW: Final = 40
"""More tracks than this are not named: their names would hide them."""
MIN_COLUMNS: Final = 16
MIN_LINES: Final = 6

_BLANK: Final = 0x2800
_DOTS: Final = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bit of each dot of a braille cell, by its line and column (Unicode, Braille Patterns)."""
_RING_STYLE: Final = "dim"
_DEGREE_NM: Final = 60.0


class Mark(NamedTuple):
    """A track as it is drawn; `course` in degrees from north, None where it is not known."""

    lat: float
    lon: float
    course: float | None
    name: str
    style: str


class Centre(NamedTuple):
    """Where a plan looks, and how far: from its centre to its last ring in nautical miles."""

    lat: float
    lon: float
    range_nm: float


def arrow(course: float | None) -> str:
    """Return the arrow nearest to a course, a point where there is none."""
    return POINT if course is None else ARROWS[round(course / 45) % 8]


def offset_nm(centre: tuple[float, float], place: tuple[float, float]) -> tuple[float, float]:
    """Return how far east and north of a centre a place is in nautical miles, on the plane that touches there."""
    east = (place[1] - centre[1] + 540) % 360 - 180
    return east * _DEGREE_NM * cos(radians(centre[0])), (place[0] - centre[0]) * _DEGREE_NM


def reach(centre: tuple[float, float], places: Iterable[tuple[float, float]], least: float = 5.0) -> float:
    """Return the range of which every place is within; one of `NICE`."""
    furthest = max((hypot(*offset_nm(centre, place)) for place in places), default=0.0)
    return float(next((one for one in NICE if one >= max(furthest, least)), NICE[-1]))


def plan(marks: Sequence[Mark], centre: Centre, columns: int, lines: int) -> list[Text]:
    """Return a plan of so many columns and lines: rings, their ranges, and the tracks over them."""
    paper = _Paper(columns, lines)
    scale = centre.range_nm / (min(columns * 2, lines * 4) / 2 - 1)
    for ring in range(1, RINGS + 1):
        paper.ring(centre.range_nm * ring / RINGS / scale)
    paper.write(lines // 2, columns // 2, "+", "bold")
    for ring in (RINGS // 2, RINGS):
        _label(paper, centre.range_nm * ring / RINGS, scale)
    names: list[tuple[int, int, Mark]] = []
    for mark in marks:
        east, north = offset_nm(centre[:2], (mark.lat, mark.lon))
        line, column = paper.cell(east / scale, north / scale)
        if paper.write(line, column, arrow(mark.course), mark.style):
            names.append((line, column, mark))
    for line, column, mark in names if len(names) <= FEW else ():
        paper.beside(line, column, mark.name, mark.style)
    return paper.lines()


def _label(paper: "_Paper", nm: float, scale: float) -> None:
    line, column = paper.cell(0.0, nm / scale)
    text = f"{nm:g}"
    paper.write(max(0, line), column - len(text) // 2, text, _RING_STYLE)


class _Paper:
    """Cells of dots, and characters over them."""

    def __init__(self, columns: int, lines: int) -> None:
        self._columns = columns
        self._lines = lines
        self._dots = [[0] * columns for _ in range(lines)]
        self._over: dict[tuple[int, int], tuple[str, str]] = {}

    def cell(self, east: float, north: float) -> tuple[int, int]:
        """Return the line and column of a place, so many dots east and north of the centre."""
        return round((self._lines * 2 - north) // 4), round((self._columns + east) // 2)

    def ring(self, radius: float) -> None:
        """Draw a circle about the centre."""
        steps = max(16, round(2 * pi * radius / 1.5))
        for step in range(steps):
            angle = 2 * pi * step / steps
            x = round(self._columns + radius * sin(angle))
            y = round(self._lines * 2 - radius * cos(angle))
            if 0 <= x < self._columns * 2 and 0 <= y < self._lines * 4:
                self._dots[y // 4][x // 2] |= _DOTS[y % 4][x % 2]

    def write(self, line: int, column: int, text: str, style: str) -> bool:
        """Write over the dots; return whether its first character is on the paper."""
        for n, char in enumerate(text):
            if 0 <= line < self._lines and 0 <= column + n < self._columns:
                self._over[line, column + n] = char, style
        return 0 <= line < self._lines and 0 <= column < self._columns

    def beside(self, line: int, column: int, text: str, style: str) -> None:
        """Write a name at the right of a cell, else at its left, where nothing else is written; a letter to a cell."""
        text = "".join(char if " " <= char <= "~" else "?" for char in text)
        for begin in (column + 1, column - len(text)):
            within = begin >= 0 and begin + len(text) <= self._columns
            if within and all((line, one) not in self._over for one in range(begin, begin + len(text))):
                self.write(line, begin, text, f"{style} dim".strip())
                return

    def lines(self) -> list[Text]:
        """Return what was drawn."""
        made = []
        for line in range(self._lines):
            text = Text(no_wrap=True, end="")
            for column in range(self._columns):
                dots = self._dots[line][column]
                char, style = self._over.get((line, column), (chr(_BLANK + dots) if dots else " ", _RING_STYLE))
                text.append(char, style)
            made.append(text)
        return made
