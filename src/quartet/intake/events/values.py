"""What a page tells that happened: each field with the place in the text that says it, and None where nothing does.

A happening is a suggestion. Nothing here says who told it, and nothing here is believed.
"""

from datetime import date
from enum import StrEnum
from typing import Literal

from quartet.core.encoding import Value
from quartet.intake.texts import Span

CueRule = Literal["verb", "noun", "weak", "denied-verb", "thing-and-verb", "of-what-was-told"]
"""By which rule the words were found that tell of an event."""


class EventType(StrEnum):
    """What kind of thing happened; the list is closed, and OTHER stands only where none is near."""

    FIRE = "fire"
    FLOOD = "flood"
    EXPLOSION = "explosion"
    SHELLING = "shelling"
    SHOOTING = "shooting"
    DRONE = "drone"
    BORDER_INCIDENT = "border_incident"
    POWER_CUT = "power_cut"
    WATER_CUT = "water_cut"
    COMMS_OUTAGE = "comms_outage"
    ROAD_CLOSURE = "road_closure"
    BOAT_DISTRESS = "boat_distress"
    PROTEST = "protest"
    EVACUATION = "evacuation"
    BRIDGE_DAMAGE = "bridge_damage"
    BUILDING_COLLAPSE = "building_collapse"
    LANDSLIDE = "landslide"
    EARTHQUAKE = "earthquake"
    STORM = "storm"
    CRASH = "crash"
    SPILL = "spill"
    OTHER = "other"


class What(StrEnum):
    """Whom or what a figure counts."""

    KILLED = "killed"
    INJURED = "injured"
    CASUALTIES = "casualties"
    MISSING = "missing"
    TRAPPED = "trapped"
    RESCUED = "rescued"
    EVACUATED = "evacuated"
    DETAINED = "detained"
    PRESENT = "present"
    HOUSEHOLDS = "households"
    BUILDINGS = "buildings"
    CUSTOMERS = "customers"
    VEHICLES = "vehicles"
    VESSELS = "vessels"
    DRONES = "drones"
    PROJECTILES = "projectiles"
    HECTARES = "hectares"
    ANIMALS = "animals"
    OTHER = "other"


class Polarity(StrEnum):
    """Whether the text says that it happened, that it did not, or that this is not known."""

    ASSERTS = "asserts"
    DENIES = "denies"
    UNCLEAR = "unclear"


class Confidence(StrEnum):
    """On what the suggestion rests: there is no number, because nobody measured one."""

    STATED = "stated"
    """A verb or a phrase says that it happened."""
    NAMED = "named"
    """The event is named, and a time, a place, a figure or a verb of happening stands with it."""
    LINKED = "linked"
    """It speaks of an event that was told before."""


class Tally(Value, frozen=True):
    """How many: from `low` to `high`, None where the text sets no limit; `span` are the words that say it."""

    what: What
    low: int
    high: int | None
    approx: bool
    span: Span


class When(Value, frozen=True):
    """The days of an event, first and last; None for both where the text leaves the year open.

    `candidates` are then the days that fit, if it was said of which years the text may be.
    """

    first: date | None
    last: date | None
    precision: str
    """`day`, `interval`, `month` or `year`."""
    span: Span
    rule: str
    year_open: bool = False
    candidates: tuple[date, ...] = ()


class Hours(Value, frozen=True):
    """The time of day of the event, `HH:MM`, and its end; `offset_min` is east of UTC, None where no zone is told."""

    at: str
    span: Span
    until: str | None = None
    offset_min: int | None = None


class Where(Value, frozen=True):
    """The smallest place that is told; `named` is False for words that only say where."""

    span: Span
    named: bool
    rule: str


class Happening(Value, frozen=True):
    """One event as a page tells it, with one polarity.

    `span` is the sentence or the clause that states it most fully, `also` are the first of the others that speak of
    it, and `cue` the words by which it was found.
    """

    span: Span
    type: EventType
    polarity: Polarity
    rule: CueRule
    confidence: Confidence
    cue: Span
    also: tuple[Span, ...] = ()
    restated: tuple[Span, ...] = ()
    """Those of `also` that tell the event by themselves, and do not only add a figure or a doubt."""
    date: When | None = None
    time: Hours | None = None
    place: Where | None = None
    grid: Span | None = None
    counts: tuple[Tally, ...] = ()
    denied_counts: tuple[Tally, ...] = ()
    answered: bool = False
    """Another's words in the same sentence stand against it: who says it stands within `span`, or nowhere."""
    harm_denied: bool = False
    """Whoever denies something here denies the dead, the hurt or a figure, and says nothing of whether it happened."""
