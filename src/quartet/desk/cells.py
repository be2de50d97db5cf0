"""Where something is, no more exactly than it need be told: by cells of a grid of a twentieth of a degree.

A cell bears the name of its south-western corner in hundredths of a degree: `N4705E00810` lies north of 47.05 and east
of 8.10. It is some 5.6 km high, and as wide at the equator. The grid goes once around: an area may pass 180 degrees.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Final

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.faults import Malformed

STEP: Final = 5
"""How many hundredths of a degree a cell has on each side."""
ROWS: Final = 18_000 // STEP
COLUMNS: Final = 36_000 // STEP
MAX_CELLS: Final = 1024
FINE: Final = 100_000
"""Degrees are counted in so many parts, so that no corner of a cell falls on either side by rounding."""

Cell = Annotated[str, Meta(pattern=r"^[NS]\d{4}[EW]\d{5}\Z")]
Cells = Annotated[tuple[Cell, ...], Meta(min_length=1, max_length=MAX_CELLS)]

_NAME: Final = re.compile(r"([NS])(\d{4})([EW])(\d{5})\Z")


class Box(Value, frozen=True):
    """An area between two parallels and two meridians, in degrees; one whose west is above its east passes 180."""

    south: Annotated[float, Meta(ge=-90, le=90)]
    west: Annotated[float, Meta(ge=-180, le=180)]
    north: Annotated[float, Meta(ge=-90, le=90)]
    east: Annotated[float, Meta(ge=-180, le=180)]


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell, counted from the south pole and from 180 degrees west."""
    south, west = row * STEP - 9_000, column % COLUMNS * STEP - 18_000
    return f"{'S' if south < 0 else 'N'}{abs(south):04}{'W' if west < 0 else 'E'}{abs(west):05}"


def cell_numbers(name: str) -> tuple[int, int]:
    """Return the row and the column of a cell; raise `Malformed("bad-form")` for a name that none has."""
    found = _NAME.match(name)
    if found:
        north, east = (int(found[n + 1]) * (-1 if found[n] in "SW" else 1) for n in (1, 3))
        row, column = (north + 9_000) // STEP, (east + 18_000) // STEP
        if 0 <= row < ROWS and 0 <= column < COLUMNS and cell_name(row, column) == name:
            return row, column
    raise Malformed("bad-form", f"cells: {name} is the name of no cell")


def cells_of(box: Box) -> tuple[str, ...]:
    """Return the cells that an area has a part in, sorted by name; what ends on a cell's edge is not within the next.

    Raise `Malformed("bad-form")` for one that is upside down, or has more cells than an outline may have.
    """
    if box.north < box.south:
        raise Malformed("bad-form", "north: it lies south of the southern edge")
    rows = tuple(_parts(box.south + 90, box.north + 90, ROWS - 1))
    wide = box.east - box.west + (360 if box.east < box.west else 0)
    columns = tuple(_parts(box.west + 180, box.west + 180 + wide, 2 * COLUMNS))
    if len(rows) * len(columns) > MAX_CELLS:
        raise Malformed("bad-form", f"area: more than {MAX_CELLS} cells; notify a smaller one")
    return tuple(sorted({cell_name(row, column) for row in rows for column in columns}))


def _parts(first: float, last: float, highest: int) -> Iterator[int]:
    """Yield the numbers of the parts between two degrees: one at least."""
    size = STEP * FINE // 100
    begin, end = round(first * FINE), round(last * FINE)
    lowest = min(begin // size, highest)
    yield from range(lowest, min(max(lowest, (end - 1) // size), highest) + 1)
