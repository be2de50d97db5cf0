"""What a text attributes to whom: each saying with the place that it governs and the rule that found it."""

from enum import StrEnum

from quartet.core.encoding import Value
from quartet.intake.texts import Span


class Voice(StrEnum):
    """In whose voice a place of a text is told."""

    PAGE = "page"
    """The page itself: a root may be known, a speaker is none."""
    AGENCY = "agency"
    """The agency that is credited, whose own people saw it."""
    OFFICER = "officer"
    """The officer who wrote the report."""
    QUOTED = "quoted"
    """Somebody to whom a verb or a phrase of saying attributes it, named or not."""


class Rule(StrEnum):
    """Which rule attributed a saying, or left it open."""

    VERB = "verb"
    ACCORDING = "according"
    CHAIN = "chain"
    PRONOUN = "pronoun"
    THIS = "this"
    """A sentence that says who said the one before it."""
    SAME = "same-source"
    ANSWER = "answer"
    OWN_PAGE = "own-page"
    OWN_PEOPLE = "own-people"
    AGENCY = "agency"
    OFFICER = "officer"
    CHANNEL = "channel"
    OPEN = "open"
    """Nothing in the text attributes it."""
    TOO_LONG = "too-long"
    """The sentence is longer than the rules read: nothing is said of it."""


class Confidence(StrEnum):
    """How a saying was come by."""

    STATED = "stated"
    """The words stand side by side."""
    RESOLVED = "resolved"
    """The words point to another place: a pronoun, the same source, the sentence before."""
    INFERRED = "inferred"
    """The page as a whole says so, not the sentence."""
    OPEN = "open"
    """Nobody is named."""


class Saying(Value, frozen=True):
    """Who says what stands at a place and who knew it first; None wherever the text leaves it open."""

    span: Span
    """The clause or the sentences that the attribution governs, the attribution with them."""
    speaker: Span | None = None
    """The name without rank or title."""
    root: Span | None = None
    relays: tuple[Span, ...] = ()
    """From the root outwards, without the outlet."""
    unnamed: Span | None = None
    """The words for a source that is not named; who is named in the same sentence has then said nothing."""
    voice: Voice = Voice.PAGE
    rule: Rule = Rule.OPEN
    confidence: Confidence = Confidence.OPEN
    denies: bool = False
    """The verb says that it did not happen."""
    unsure: bool = False
    """Whoever says it neither confirms nor denies."""
