"""A sensor's coverage in characters, as seen from above: north is up. Pure."""

from collections.abc import Mapping
from math import atan2, degrees, hypot
from typing import Final

from rich.text import Text

SEEN: Final = "█"
GAP: Final = "·"
SENSOR: Final = "+"


def polar(cells: Mapping[tuple[int, int], int], sectors: int, rings: int) -> list[Text]:
    """Return a plan of cells by sector and ring: those with a band in which something was seen, and gaps.

    A line is a ring high, and a column half of one wide: about as wide as high on a screen. What is empty outside is
    left out.
    """
    reach = max((ring for _, ring in cells), default=0) + 1
    made = []
    for line in range(-reach, reach + 1):
        text = Text(no_wrap=True)
        for column in range(-2 * reach, 2 * reach + 1):
            text.append(_char(cells, line, column / 2, sectors, min(rings, reach)))
        made.append(text)
    return made


def _char(cells: Mapping[tuple[int, int], int], down: float, east: float, sectors: int, rings: int) -> str:
    distance = hypot(east, down)
    if distance == 0:
        return SENSOR
    ring = int(distance - 0.5) if distance > 0.5 else 0
    sector = int(degrees(atan2(east, -down)) % 360 * sectors / 360) % sectors
    bands = cells.get((sector, ring))
    return " " if bands is None or ring >= rings else SEEN if bands else GAP
