"""What an officer is shown of an open source: its text, what is suggested of it, and where each word of that stands."""

from quartet.core.encoding import Value
from quartet.node.assist.views import Made


class ClippedPlace(Value, frozen=True):
    """A place in the text, in characters, from `start` to before `end`."""

    start: int
    end: int


class ClippedBlock(Value, frozen=True):
    """A paragraph, a heading or a line, and what it is: only a title and the body tell of events."""

    kind: str
    place: ClippedPlace


class ClippedControl(Value, frozen=True):
    """A character that shows nothing or moves what is shown: where it stands, and its name."""

    at: int
    name: str


class ClippedDay(Value, frozen=True):
    """The days of an event, first and last, as ISO dates; none where the text leaves the year open."""

    first: str | None
    last: str | None
    precision: str
    place: ClippedPlace
    year_open: bool
    candidates: tuple[str, ...]
    """The days that an open year may mean."""


class ClippedHour(Value, frozen=True):
    """The hour of an event, `HH:MM`; `offset_min` is minutes east of UTC where the text tells a zone."""

    at: str
    until: str | None
    offset_min: int | None
    place: ClippedPlace


class ClippedCount(Value, frozen=True):
    """How many of what; `high` is None where the text sets no limit."""

    what: str
    low: int
    high: int | None
    approx: bool
    place: ClippedPlace


class ClippedOffer(Value, frozen=True):
    """One reading of who says an event and who knew it first: in no report before an officer takes it.

    `doubt` is why it is not filled in: the `name` may be longer, the `binding` is not the only one there could be, the
    `page` as a whole says so and not the sentence, its speaker is sure and its `root` is an officer's to say, the rules
    doubt their own `reading`, or a `model` says so.
    """

    doubt: str
    speaker: ClippedPlace | None
    root: ClippedPlace | None
    relays: tuple[ClippedPlace, ...]
    speaker_means: str | None = None
    root_means: str | None = None
    root_named: str | None = None


class ClippedEvent(Value, frozen=True):
    """One event as the source tells it, who says it and who knew it first where that is surely bound; else None."""

    type: str
    polarity: str
    rule: str
    confidence: str
    place: ClippedPlace
    also: tuple[ClippedPlace, ...]
    day: ClippedDay | None
    hour: ClippedHour | None
    where: ClippedPlace | None
    grid: ClippedPlace | None
    counts: tuple[ClippedCount, ...]
    denied_counts: tuple[ClippedCount, ...]
    """Figures that the text says are wrong."""
    speaker: ClippedPlace | None
    root: ClippedPlace | None
    relays: tuple[ClippedPlace, ...]
    unnamed: ClippedPlace | None
    attributed_by: str
    """The rule that found who says it."""
    speaker_means: str | None = None
    """The member's own name for who says it, where one of its officers said that the name means it."""
    where_means: str | None = None
    """The same for where it was, and for who knew it first."""
    root_means: str | None = None
    root_named: str | None = None
    """The name of who knew it first, of which its blinded name is made: the member's own, else without an article."""
    offered: tuple[ClippedOffer, ...] = ()
    """Readings that are not sure, the likeliest first."""


class Clipping(Value, frozen=True):
    """An open source as read: nothing of it is believed before an officer judged it."""

    text: str
    language: str | None
    published: str | None
    outlet: ClippedPlace | None
    agency: ClippedPlace | None
    author: ClippedPlace | None
    blocks: tuple[ClippedBlock, ...]
    controls: tuple[ClippedControl, ...]
    unreadable: int
    cut_at: int | None
    events: tuple[ClippedEvent, ...]
    more: bool
    """Whether it tells of more events than a report may hold."""
    mentioned: tuple[ClippedPlace, ...]


class Extraction(Value, frozen=True):
    """An open source as a model read it: each word of a suggestion stands in the text, at its place.

    `dropped` counts what the model said and the text does not.
    """

    clipping: Clipping
    made: Made
    dropped: int
