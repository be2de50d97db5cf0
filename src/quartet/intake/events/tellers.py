"""Who tells an event, as far as it matters here: what one says is never joined to what another says."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from quartet.intake.texts import Span


class Teller(NamedTuple):
    """Whoever says what a place of a text tells, by the names that the text has for him; equal is the same.

    `doubts` is set where he denies it, or neither confirms nor denies it.
    """

    names: tuple[str, ...]
    doubts: bool = False


Whose = Callable[[Span], Teller | None]
"""Return who says what a place of a text tells, None where nobody is said to."""


def nobody(_: Span) -> None:
    """Return that nobody says it: for a text of which it is not asked who says what."""


def together(tellers: Iterable[Teller | None]) -> bool:
    """Return whether what is told so may stand together: one says it, or the text itself, and no doubt is lost."""
    named = set(tellers)
    said = named - {None}
    return len(said) < 2 and not (len(named) > 1 and any(one is not None and one.doubts for one in said))
