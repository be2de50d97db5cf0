"""What goes in and out of a node about how many sources an event has; its JSON is held to as that of `views`."""

from typing import Annotated

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.ids import MemberId
from quartet.desk.report import ReportedEvent


class ToldEvent(Value, frozen=True):
    """One event of a report that a viewer sees: which report, and its number in it."""

    ref: str
    member: MemberId
    title: str
    number: int
    what: str
    how: str
    polarity: str


class EventView(Value, frozen=True):
    """An event of a report: what was typed, what is computed, and the others that somebody said to be the same.

    `at_most` is how many roots assert it, at most; `independent` is that a reviewer found none has it from another.
    `unknown` counts events without a root: they count for nothing. `circular`: this one only repeats what was known.
    """

    number: int
    event: ReportedEvent
    credibility: int
    at_most: int
    denied_by: int
    unknown: int
    independent: bool
    confirmed: bool
    disputed: bool
    circular: bool
    same: tuple[ToldEvent, ...]


class MatterPage(Value, frozen=True):
    """Every event of a report as it is corroborated; `more` is that not all that is linked was looked at."""

    events: tuple[EventView, ...]
    more: bool = False


class Sources(Value, frozen=True):
    """Names of sources that a member wants blinded, in a circle."""

    circle: Annotated[str, Meta(min_length=1, max_length=128)]
    names: Annotated[tuple[Annotated[str, Meta(max_length=256)], ...], Meta(min_length=1, max_length=64)]
