"""The situation report: one text, rendered for each audience from what all of that audience may have, and nothing else.

A part is said in one wording or in several, the fullest first; an audience gets the first that every member of it may
have, or no word of that part. The numbers, the label and the sources of a rendering are those of its own parts: to a
reader it is the whole of a report, and nothing in it says that another one is longer.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, NamedTuple

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros, TimeField
from quartet.core.marking import TLP_ORDER
from quartet.desk.naming import Item
from quartet.desk.report import Line

MAX_PARTS: Final = 64
MAX_AGE: Final = 3653 * 86_400 * SECOND
"""A cut-off before that is a mistyped date."""
_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Part(Value, frozen=True):
    """One part of a rendering: its heading, and the items that it rests on, which the whole item cites or contains."""

    heading: Line = ""
    rests_on: Annotated[tuple[Item, ...], Meta(max_length=64)] = ()


class Situation(Value, frozen=True):
    """The form of a `sitrep` item: what was known at `cut_off`; the item's text prints these parts in this order."""

    cut_off: TimeField
    parts: Annotated[tuple[Part, ...], Meta(min_length=1, max_length=MAX_PARTS)]


class Chosen(NamedTuple):
    """Which wording of which part an audience gets, each counted from 0 in the whole report."""

    part: int
    wording: int


def check_situation(situation: Situation, at: Micros) -> None:
    """Raise as `check_cut_off`."""
    check_cut_off(Micros(situation.cut_off), at)


def check_cut_off(cut_off: Micros, at: Micros) -> None:
    """Raise `Malformed("bad-form")` for a cut-off that has not come yet, or that was more than ten years ago."""
    if cut_off > at:
        raise Malformed("bad-form", "cut_off: that is still to come")
    if cut_off < at - MAX_AGE:
        raise Malformed("bad-form", "cut_off: that was more than ten years ago")


def choose(wordings: Sequence[int], may: Callable[[Chosen], bool]) -> tuple[Chosen, ...]:
    """Return what an audience gets: of each part, which has so many wordings, the first that all of it may have."""
    found = (next(filter(may, (Chosen(part, one) for one in range(many))), None) for part, many in enumerate(wordings))
    return tuple(one for one in found if one is not None)


def printed(cut_off: Micros, parts: Iterable[tuple[str, str]]) -> str:
    """Return the text of a rendering: when its cut-off was, then its parts by heading and text, numbered from 1."""
    at = (_BEGINNING + timedelta(microseconds=cut_off)).strftime("%Y-%m-%d %H:%MZ")
    told = (f"{number}. {_heading(heading)}{text.strip()}" for number, (heading, text) in enumerate(parts, 1))
    return "\n\n".join((f"CUT-OFF {at}", *told))


def _heading(heading: str) -> str:
    return f"{heading.strip()}\n" if heading.strip() else ""


def strictest(labels: Iterable[str]) -> str:
    """Return the narrowest of some labels; one that is not known is narrower than all that are."""
    return max(labels, key=lambda word: (TLP_ORDER.index(word) if word in TLP_ORDER else len(TLP_ORDER), word))
