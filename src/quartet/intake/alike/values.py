"""Events as they are compared, and what was found: which may be one, why, and what speaks against it."""

from datetime import date
from enum import StrEnum
from typing import Final

from quartet.core.encoding import Value
from quartet.intake.events import EventType, Polarity, What

MAX_TOLD: Final = 512
"""Events that are compared with each other; a caller gives no more."""


class Figure(Value, frozen=True):
    """How many of what, from `low` to `high`; None where no limit was told."""

    what: What
    low: int
    high: int | None
    approx: bool = False


class Days(Value, frozen=True):
    """The days of an event, first and last, both within it; or those that an open year may mean."""

    first: date | None
    last: date | None
    candidates: tuple[date, ...] = ()


class Told(Value, frozen=True):
    """One event as one text tells it. `key` names it, `text` names the text: both are the caller's, and compared as is.

    `root` is who knew it first by name, `blinded` are such roots as ids that nobody reads. `words` are the statement
    itself, in which a place may be named that is not its own.
    """

    key: str
    text: str
    type: EventType
    polarity: Polarity
    days: Days | None = None
    published: date | None = None
    """The day of the text: what happened, did so no later."""
    places: tuple[str, ...] = ()
    grid: str = ""
    figures: tuple[Figure, ...] = ()
    root: str | None = None
    blinded: tuple[str, ...] = ()
    words: str = ""


class Why(StrEnum):
    """Why two may be one event; and what to beware of, from `DENIED` on."""

    TYPE = "type"
    """They are of one type."""
    NEAR_TYPE = "near-type"
    """Their types are often told of one event: a fire and an explosion, a flood and a closed road."""
    DAY = "day"
    """They are of the same days."""
    DAYS = "days"
    """Their days overlap."""
    OPEN_YEAR = "open-year"
    """The year of one is open, and one of the days that it may mean is the other's."""
    PLACE = "place"
    """Their places are called alike."""
    PLACE_PART = "place-part"
    """The name of one place is within that of the other."""
    PLACE_WORDS = "place-words"
    """The place of one is named in the words of the other."""
    TEXT = "text"
    """They stand in one text, which tells it both ways."""
    GRID = "grid"
    """The grid reference is the same."""
    COUNTS = "counts"
    """A figure of both is the same, or lies within the other's."""
    DENIED = "denied"
    """One of them denies it."""
    DAY_UNKNOWN = "day-unknown"
    """Of one no day is told."""
    PLACE_UNKNOWN = "place-unknown"
    """Of one no place is named: only the words of a text tie the two."""
    PLACES_DIFFER = "places-differ"
    """Their places are not called alike; one is named in the words of the other, and may lie near."""
    COUNTS_DIFFER = "counts-differ"
    """A figure of one contradicts that of the other."""


WARNS: Final = frozenset({Why.DENIED, Why.DAY_UNKNOWN, Why.PLACE_UNKNOWN, Why.PLACES_DIFFER, Why.COUNTS_DIFFER})


class Pair(Value, frozen=True, order=True):
    """Two events that may be one, by their keys, the lesser first; a suggestion, for an officer to judge."""

    first: str
    second: str
    why: tuple[Why, ...]
    firm: bool
    """Of one type, within the same few days, at places that are called alike."""


class Group(Value, frozen=True):
    """Events that are offered as one. Nothing is merged: each pair has its reasons.

    `at_most` is how many roots assert it at most; that they are independent is not established. An unknown root counts
    for none, and a denial confirms nothing.
    """

    events: tuple[str, ...]
    pairs: tuple[Pair, ...]
    roots: tuple[str, ...]
    """The names of those who assert it, as they are spelt, those that may be one among them; then blinded ones."""
    at_most: int
    unknown: int
    """How many of those that assert it name nobody who knew it first."""
    denied: int
    """How many of the events deny it."""


class Offer(Value, frozen=True):
    """The groups of some events; `more` is that they hang together in more ways than were looked at."""

    groups: tuple[Group, ...]
    more: bool = False
