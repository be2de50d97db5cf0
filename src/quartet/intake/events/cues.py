"""The words of a clause that tell of an event, and whether they say that it happened or that it did not."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from quartet.intake.events.clauses import Silence
from quartet.intake.events.negation import Range, denials, undenied
from quartet.intake.events.values import Confidence, CueRule, EventType, Polarity
from quartet.intake.events.words import Hit, Reading

PAIR_WITHIN: Final = 10
"""How many words a thing and its verb may be apart."""
NOT_WITHIN: Final = 5
NO_WITHIN: Final = 2
"""How many words before a verb, and before a name, a word of negation may stand."""
HARM_WITHIN: Final = 5
"""How many words may stand between the dead or hurt of an event and its name."""
KNOWN_WITHIN: Final = 2
"""How many words before the name of an event may say that it is known."""
_ARTICLES: Final = frozenset({"the", "this", "l", "le", "la", "les", "du", "ce", "cet", "cette"})
_INDEFINITE: Final = frozenset({"a", "an", "un", "une"})
_THROUGH: Final = frozenset({"при", "во", "в", "от", "из", "из-за", "после", "در", "از", "بر", "اثر", "پی"})
_DEFINITE_AR: Final = ("ال", "بال", "لل", "کال")
_UNDENIED: Final = frozenset({EventType.ROAD_CLOSURE, EventType.OTHER})
"""What is not meant where a text only says that it was not so: `the road is not closed` is no event that is denied."""
_CAUSES: Final = (
    *("earthquake", "landslide", "flood", "drone", "explosion", "shelling", "shooting", "spill", "fire"),
    *("bridge_damage", "boat_distress", "crash", "border_incident", "power_cut", "water_cut", "comms_outage"),
    *("storm", "building_collapse", "protest", "evacuation", "road_closure", "other"),
)
"""Where one breath tells of two, the one that stands first here is the cause."""
RANK: Final = {EventType(name): rank for rank, name in enumerate(_CAUSES)}


class Cue(NamedTuple):
    """Words that tell of an event of a type."""

    type: EventType
    start: int
    end: int
    rule: CueRule
    confidence: Confidence
    denied: bool
    own: tuple[int, ...] = ()
    """Which words are those that tell it: others may stand between."""


def cues(reading: Reading, part: Range, silence: Silence, *, supported: bool) -> list[Cue]:
    """Return what a clause tells, in order; a name of an event alone counts where something supports it."""
    found = [*_told(reading, part), *_pairs(reading, part), *_undone(reading, part)]
    phrases = {at for hit in reading.hits("told", within=part) for at in hit.own[1:]}
    found += [cue for cue in _named(reading, part, supported=supported) if cue.start not in phrases]
    alive = [cue for cue in found if not silence.over(cue.start, cue.end, part)]
    weak = [
        Cue(EventType(hit.value), hit.start, hit.end, "weak", Confidence.NAMED, False, hit.own)
        for hit in reading.hits("weak", within=part)
    ]
    return sorted(
        alive or [cue for cue in weak if not silence.over(cue.start, cue.end, part)], key=lambda cue: cue.start
    )


def _told(reading: Reading, part: Range) -> Iterator[Cue]:
    for hit in reading.hits("told", within=part):
        if hit.end <= part[1]:
            yield _cue(reading, part, hit, "verb", Confidence.STATED)


def _named(reading: Reading, part: Range, *, supported: bool) -> Iterator[Cue]:
    denied = bool(denials(reading))
    for hit in reading.hits("named", within=part):
        cue = _cue(reading, part, hit, "noun", Confidence.NAMED, NO_WITHIN)
        if supported or cue.denied or denied:
            yield cue


def _undone(reading: Reading, part: Range) -> Iterator[Cue]:
    for hit in reading.hits("undone", within=part):
        if hit.end <= part[1]:
            yield Cue(EventType(hit.value), hit.start, hit.end, "denied-verb", Confidence.STATED, True, hit.own)


def _pairs(reading: Reading, part: Range) -> Iterator[Cue]:
    """Yield a thing and the verb nearest to it that together tell of an event."""
    things = reading.hits("thing", within=part)
    if not things:
        return
    for verb in reading.hits("verb", within=part):
        near = [
            thing
            for thing in reading.hits(
                "thing", within=(max(part[0], verb.start - PAIR_WITHIN), min(part[1], verb.end + PAIR_WITHIN))
            )
            if (thing.value, verb.value) in reading.lexicon.pairs
            and not (thing.start < verb.end and verb.start < thing.end)
        ]
        if near:
            thing = min(near, key=lambda one: max(one.start - verb.end, verb.start - one.end))
            kind = reading.lexicon.pairs[thing.value, verb.value]
            denied = _negated(reading, part, verb)
            start, end = min(thing.start, verb.start), max(thing.end, verb.end)
            yield Cue(kind, start, end, "thing-and-verb", Confidence.STATED, denied, (*thing.own, *verb.own))


def _cue(
    reading: Reading, part: Range, hit: Hit, rule: CueRule, confidence: Confidence, reach: int = NOT_WITHIN
) -> Cue:
    denied = _negated(reading, part, hit, reach)
    return Cue(EventType(hit.value), hit.start, hit.end, rule, confidence, denied, hit.own)


def _negated(reading: Reading, part: Range, cue: Hit, reach: int = NOT_WITHIN) -> bool:
    """Return whether a word of negation stands close before, or within, and is not of a phrase that counts nobody."""
    for hit in reading.hits("mark", "not", (max(part[0], cue.start - reach), cue.end)):
        own = hit.start in cue.own or hit.start in reading.harmless
        said = reading.has("mark", "speech", (hit.end, cue.start))  # "never said that": it is the saying that is not
        if not own and not said and not reading.has("mark", "and", (hit.end, cue.start)):
            return True
    return False


def denial(reading: Reading, part: Range, figures: Sequence[Range]) -> Polarity | None:
    """Return what a clause that denies says of its event; None where nothing is denied there.

    What the denial comes to first is denied: the event, or somebody's harm, or a figure (by its words). The event is
    then taken for granted where it is named as one that is known, and else nobody can tell.
    """
    denied = denials(reading, part)
    if not denied:
        return None
    if undenied(reading, denied[0]) or reading.has("mark", "blame", part):
        return Polarity.UNCLEAR
    harms = [(hit.start, hit.end) for hit in reading.hits("harm", within=part)]
    events = [hit for hit in reading.hits("named", within=part) if not any(_meet(hit, harm) for harm in harms)]
    first = min((hit.start for hit in events), default=part[1])
    begin = denied[0].end if denied[0].end <= first else part[0]
    harmed = [one for one in harms if begin <= one[0] < first and first - one[1] <= HARM_WITHIN]
    counted = [one for one in figures if begin <= one[0] < first]
    if not events:
        return Polarity.DENIES
    if harmed or counted:
        granted = any(_known(reading, one) or (not harmed and _by_preposition(reading, one)) for one in events)
        return Polarity.ASSERTS if granted else Polarity.UNCLEAR
    told = first - begin > 1 and bool(figures) and _known(reading, events[0])
    return Polarity.UNCLEAR if told else Polarity.DENIES


def _meet(hit: Hit, words: Range) -> bool:
    return hit.start < words[1] and words[0] < hit.end


def _known(reading: Reading, event: Hit) -> bool:
    """Return whether an article says that an event is known."""
    if reading.words[event.start].text.startswith(_DEFINITE_AR):
        return True
    before = [word.text for word in reading.words[max(0, event.start - KNOWN_WITHIN) : event.start]]
    return any(word in _ARTICLES for word in before) and before[-1] not in _INDEFINITE


def _by_preposition(reading: Reading, event: Hit) -> bool:
    """Return whether a language without articles says that something was by an event: "burned in fire"."""
    before = reading.words[max(0, event.start - KNOWN_WITHIN) : event.start]
    return any(word.text in _THROUGH for word in before)


def denies(cue: Cue) -> bool:
    """Return whether a cue that is negated tells of an event that is denied, and not of one that is none."""
    return cue.denied and cue.type not in _UNDENIED
