"""A table of what was measured, for the screen and for the page."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """One measurement: its heading, its columns, its rows, and what must be said with it."""

    title: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    said: str = ""

    def markdown(self) -> str:
        """Return the table as it stands on the page."""
        lines = [f"## {self.title}", ""]
        if self.said:
            lines += [self.said, ""]
        lines += [_line(self.head), _line(("---",) + ("---:",) * (len(self.head) - 1))]
        return "\n".join([*lines, *(_line(row) for row in self.rows), ""])


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def number(value: float) -> str:
    """Return a number with about three digits that count."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def percentile(values: Sequence[float], part: float) -> float:
    """Return the value below which a part (0 to 1) of the values lies."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(part * len(ranked)))] if ranked else float("nan")
