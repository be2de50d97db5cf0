"""What a party is, and what is known where one is read."""

from collections.abc import Sequence
from enum import Enum, auto
from typing import NamedTuple

from quartet.intake.sayings.lexicon import Tag
from quartet.intake.sayings.person import Person
from quartet.intake.sayings.words import Line
from quartet.intake.texts import Span


class Sort(Enum):
    """What a party is."""

    PERSON = auto()
    OFFICE = auto()
    BODY = auto()
    AGENCY = auto()
    MEDIUM = auto()
    RECORD = auto()
    NAMED = auto()
    """A proper name of which the text does not say what it is."""
    OURS = auto()
    """The own people of who publishes."""
    OWN_AGENCY = auto()
    """The reporter of an agency, or the agency that is credited."""
    PRONOUN = auto()
    UNNAMED = auto()
    UNKNOWN = auto()


class Party(NamedTuple):
    """Who stands at words `start` to before `end`; `name` is the exact name, `body` for whom a person speaks."""

    sort: Sort
    start: int
    end: int
    name: Span
    body: Span | None = None
    title: Tag | None = None
    reporter: bool = False
    """Its own people are named as those who saw it."""


class Scene(NamedTuple):
    """What is known where a party is read: the line, its persons, the names of who publishes and who is credited."""

    line: Line
    people: Sequence[Person]
    known: Sequence[tuple[tuple[str, ...], Sort]]
