"""What one sentence tells: its events with their fields, and what it says of an event that was told before it."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from msgspec.structs import replace

from quartet.intake.events.clauses import Silence, clauses
from quartet.intake.events.cues import RANK, Cue, cues, denial, denies
from quartet.intake.events.grids import grids
from quartet.intake.events.lexicon import lexicon
from quartet.intake.events.moments import Known, Moments
from quartet.intake.events.negation import Range, denials, retort, unaccounted
from quartet.intake.events.tallies import Tallies, spoken
from quartet.intake.events.values import Confidence, EventType, Happening, Hours, Polarity, Tally, What, When
from quartet.intake.events.where import where
from quartet.intake.events.words import Hit, Reading
from quartet.intake.texts import Span

_HARMED: Final = frozenset({What.KILLED, What.INJURED, What.MISSING, What.TRAPPED, What.CASUALTIES})
_BY_CONFIDENCE: Final = {Confidence.STATED: 0, Confidence.NAMED: 1, Confidence.LINKED: 2}
_CONSEQUENCES: Final = frozenset({EventType.ROAD_CLOSURE, EventType.EVACUATION, EventType.OTHER})


class Draft(NamedTuple):
    """An event of one sentence, and what matters where it is joined to others."""

    event: Happening
    over: bool = False
    """The sentence tells only how it ended, so that its day and hour are not those of the event."""
    rumour: bool = False
    """Nothing but talk tells it: a denial of it takes it back."""


class Sequel(NamedTuple):
    """What a sentence says of an event before it: figures, that it is denied, that it is not known."""

    span: Span
    polarity: Polarity | None
    """DENIES and UNCLEAR are another's word on it; None where only figures are told."""
    doubted: bool
    """The text itself does not know whether what it told just before is so."""
    counts: tuple[Tally, ...]
    wrong: tuple[Tally, ...]
    cue: Span
    date: When | None = None
    time: Hours | None = None
    recount: bool = False
    """Another figure of what was counted before."""


class Told(NamedTuple):
    """What a sentence tells: its own events, and what it adds to another."""

    own: tuple[Draft, ...]
    sequel: Sequel | None


class Sentence:
    """One sentence being read."""

    def __init__(self, text: str, span: Span, known: Known, *, title: bool, before: Happening | None) -> None:
        self.reading = Reading(text, span, lexicon(known.language))
        self.span, self.known, self.title, self.before = span, known, title, before
        self.moments = Moments(self.reading, known)
        self.grids = tuple(grids(text, span))
        self.parts = clauses(self.reading) if self.reading.words else []
        self.taken = (*self.moments.spans(), *self.grids)
        self.spoken = spoken(self.reading, self.taken)
        self.undone = set[EventType]()
        self.tallies = Tallies(self.reading, self.spoken, known.language)
        self.silence = Silence(self.reading, self.parts, title=title, dated=self.moments.whole_day())

    def told(self) -> Told:
        """Return what the sentence tells."""
        if not self.parts:
            return Told((), None)
        if self.silence.whole:
            return Told((), self._unknown() if self.silence.asks else None)
        groups = self._groups()
        answer = self._answer(groups)
        spoken = answer is not None and self.reading.has("mark", "speech", (0, groups[-1][-1][0][1]))
        alone = len(groups) == 1 and not spoken
        own = [self._draft(group, alone=alone, answered=spoken) for group in groups]
        if answer is not None and not spoken:
            own = [_refused(draft) for draft in own]
        own = list(_consistent(own, self.undone))
        if answer is not None and spoken and own[-1].event.polarity is Polarity.ASSERTS:
            own.append(self._denied(own[-1], answer))
        return Told(tuple(own), None if own else self._sequel())

    def _answer(self, groups: list[list[tuple[Range, Cue]]]) -> Hit | None:
        """Return another's denial of what the sentence tells, in the clause behind it; None where nobody denies it."""
        if not groups or any(cue.denied for _, cue in groups[-1]):
            return None
        end = groups[-1][-1][0][1]
        hit = next((retort(self.reading, one) for one in self.parts if one[0] == end), None)
        return None if denials(self.reading, (0, end)) else hit

    def _denied(self, told: Draft, answer: Hit) -> Draft:
        """Return an event as the clause denies it that answers: "they said a ferry sank, the port denied it"."""
        part = next(one for one in self.parts if one[0] <= answer.start < one[1])
        event = replace(
            told.event,
            span=self.reading.place(*part),
            cue=self.reading.place(answer.start, answer.end),
            polarity=Polarity.DENIES,
            rule="of-what-was-told",
            confidence=Confidence.LINKED,
            counts=(),
            denied_counts=(),
        )
        return Draft(event)

    def _draft(self, group: list[tuple[Range, Cue]], *, alone: bool, answered: bool) -> Draft:
        event = replace(self._happening(group, alone=alone), answered=answered)
        parts = {part for part, _ in group}
        over = any(self.reading.has("mark", "ended", part) for part in parts)
        return Draft(event, over, any(self.reading.has("mark", "rumour", part) for part in parts))

    def _groups(self) -> list[list[tuple[Range, Cue]]]:
        """Return the cues by event: those of one clause, and of the next unless it has a place or a time of its own."""
        groups: list[list[tuple[Range, Cue]]] = []
        for part in self.parts:
            found = self._cues(part)
            if not found:
                continue
            if groups and not self._apart(groups[-1], part, found):
                groups[-1].extend((part, cue) for cue in found)
            else:
                groups.append([(part, cue) for cue in found])
        return groups

    def _cues(self, part: Range) -> list[Cue]:
        found = cues(self.reading, part, self.silence, supported=self._supported(part))
        way = self._denies(part)
        if way is Polarity.DENIES:
            return [cue._replace(denied=True) for cue in found]
        if way is Polarity.UNCLEAR and not any(self.reading.hits("zero", within=part)):
            return [cue._replace(denied=False) for cue in found]
        self.undone |= {cue.type for cue in found if cue.denied}
        undone = {cue.type for cue in found if cue.denied and cue.confidence is Confidence.STATED}
        told = [
            cue for cue in found if not cue.denied and (cue.confidence is Confidence.STATED or cue.type not in undone)
        ]
        if told or self._counts_wrong(part):
            return told
        said = self.reading.has("mark", "speech") or self.reading.has("mark", "none", part)
        if self.reading.has("mark", "contrary", part):
            return [cue for cue in found if cue.denied]
        return [cue for cue in found if denies(cue) and (said or cue.rule == "denied-verb")]

    def _denies(self, part: Range) -> Polarity | None:
        """Return what a clause that denies says of its event: a figure or the dead may be all that it denies."""
        figures = [self._words(one.span) for one in self.tallies.told(part, None) if one.high != 0]
        return denial(self.reading, part, figures)

    def _words(self, span: Span) -> Range:
        return self.reading.word_at(span.start), self.reading.word_at(span.end)

    def _supported(self, part: Range) -> bool:
        """Return whether something beside the name of an event says that it took place."""
        if self.title or self.reading.has("mark", "happened", part) or self.moments.within(part):
            return True
        if self.reading.has("mark", "refuse", part):
            return True
        harmed = any(hit.value in _HARMED for hit in self.reading.hits("harm", within=part))
        return harmed or bool(self.tallies.told(part, None))

    def _apart(self, group: list[tuple[Range, Cue]], part: Range, found: list[Cue]) -> bool:
        if {cue.denied for cue in found} != {cue.denied for _, cue in group}:
            return True
        if {cue.type for cue in found} & {cue.type for _, cue in group}:
            return self._placed(part, found) and self._dated(part)
        stated = any(cue.confidence is Confidence.STATED for cue in found)
        return stated and (self._placed(part, found) or self._dated(part))

    def _placed(self, part: Range, found: list[Cue]) -> bool:
        cue = self.reading.place(found[0].start, found[0].end)
        place = where(self.reading, part, cue, self.known.language, self.taken)
        return place is not None and place.named

    def _dated(self, part: Range) -> bool:
        return self.moments.within(part)

    def _happening(self, group: list[tuple[Range, Cue]], *, alone: bool) -> Happening:
        part, cue = min(group, key=lambda one: self._weight(one[1]))
        reach = (0, len(self.reading.words)) if alone else (group[0][0][0], group[-1][0][1])
        words = self.reading.place(cue.start, cue.end)
        when = self._when(part, words) or (self._when(reach, words) if alone else None)
        if cue.denied and when is not None and when.rule == "now":
            when = None
        polarity = Polarity.DENIES if cue.denied or self._called_unreal(cue) else Polarity.ASSERTS
        if self._mark("refuse") is not None or self._mark("doubt") is not None:
            polarity = Polarity.UNCLEAR
        ways = {self._denies(one) for one, _ in group}
        open_ = unaccounted(self.reading, {one for one, _ in group}, cue.own)
        if polarity is Polarity.ASSERTS and (open_ or Polarity.UNCLEAR in ways):
            polarity = Polarity.UNCLEAR
        good, wrong = self._counts(reach, cue.type)
        return Happening(
            span=self.span if alone else self.reading.place(*reach),
            type=cue.type,
            polarity=polarity,
            rule=cue.rule,
            confidence=cue.confidence,
            cue=words,
            date=when,
            time=self.moments.time(reach if alone else part, words, when),
            place=where(self.reading, part, words, self.known.language, self.taken)
            or where(self.reading, reach, words, self.known.language, self.taken),
            grid=next((one for one in self.grids if self.reading.place(*reach).holds(one)), None),
            counts=() if polarity is Polarity.DENIES else tuple(good),
            denied_counts=tuple(wrong),
            harm_denied=Polarity.ASSERTS in ways,
        )

    def _called_unreal(self, cue: Cue) -> bool:
        """Return whether somebody calls what is named an invention, as in "called talk of a blast fiction"."""
        calls, unreal = self.reading.hits("mark", "calls"), self.reading.hits("mark", "unreal")
        if self.known.language == "fa":
            named = cue.confidence is Confidence.NAMED
            return named and any(cue.end <= one.start < verb.start for one in unreal for verb in calls)
        return any(
            0 <= cue.start - verb.end <= _CALLED_WITHIN and 0 <= one.start - cue.end <= _CALLED_WITHIN
            for verb in calls
            for one in unreal
        )

    def _when(self, part: Range, cue: Span) -> When | None:
        return self.moments.date(part, cue, self.before.date if self.before is not None else None)

    def _weight(self, cue: Cue) -> tuple[int, int, int, int]:
        """Return what ranks a cue of its clause: the cause before what follows from it, the verb before the name."""
        return (cue.type in _CONSEQUENCES, _BY_CONFIDENCE[cue.confidence], RANK[cue.type], cue.start)

    def _counts(self, reach: Range, kind: EventType | None) -> tuple[list[Tally], list[Tally]]:
        """Return the figures of an event, and those that the text says are wrong."""
        good: dict[What, Tally] = {}
        wrong: dict[What, Tally] = {}
        last = COUNTED_BY.get(kind) if kind is not None else None
        for part in self.parts:
            if part[0] < reach[0] or part[1] > reach[1] or self.silence.over(part[0], part[0] + 1, part):
                continue
            bad = self._counts_wrong(part)
            for tally in self._tallies(part, kind, last):
                (wrong if bad else good).setdefault(tally.what, tally)
                last = tally.what
        return list(good.values()), list(wrong.values())

    def _tallies(self, part: Range, kind: EventType | None, last: What | None) -> list[Tally]:
        """Return the figures of a clause: those with a noun, or one without where something is being counted."""
        found = self.tallies.told(part, kind)
        if self.reading.has("mark", "response", part):
            found = [tally for tally in found if tally.what not in _RESPONDING]
        if found or last is None or not self.reading.has("mark", "tally", part):
            return found
        bare = self.tallies.bare(part, last)
        return [] if bare is None else [bare]

    def _counts_wrong(self, part: Range) -> bool:
        """Return whether a clause says that its figure is wrong."""
        if not (self.reading.has("mark", "wrong", part) or denials(self.reading, part)):
            return False
        return any(tally.high != 0 for tally in self.tallies.told(part, None))

    def _unknown(self) -> Sequel | None:
        """Return what a sentence says that does not know, or will not say, whether it is so."""
        refuse, doubt = self._mark("refuse"), self._mark("doubt")
        cue = refuse or doubt
        if cue is None:
            return None
        own_voice = refuse is None or self.reading.has("mark", "we")
        return self._sequel_of(None if own_voice else Polarity.UNCLEAR, cue, doubted=own_voice)

    def _sequel(self) -> Sequel | None:
        """Return what the sentence adds to an event that it does not tell itself."""
        unknown = self._unknown()
        if unknown is not None:
            return unknown
        whole = (0, len(self.reading.words))
        last = COUNTED_BY.get(self.before.type) if self.before is not None else None
        good, wrong = self._counts(whole, None)
        bare = self._tallies(whole, None, last) if not good and not wrong else []
        denied = self._denial() if not wrong else None
        if denied is not None:
            return self._sequel_of(Polarity.DENIES, denied, doubted=False)
        time = self.moments.time(whole, self.span, None) if self._mark("clock") is not None else None
        if not (good or wrong or bare or time):
            return None
        return Sequel(
            self.span, None, False, tuple(good or bare), tuple(wrong), self.span, time=time, recount=bool(bare)
        )

    def _denial(self) -> Span | None:
        """Return the words that deny what was told before: that claim is denied, or somebody says that nothing was."""
        deny, such = self._mark("deny"), self._mark("nosuch")
        if deny is not None and self._mark("claim") is not None:
            return deny
        return such if such is not None and (deny is not None or self._mark("speech") is not None) else None

    def _sequel_of(self, polarity: Polarity | None, cue: Span, *, doubted: bool) -> Sequel:
        when = self._when((0, len(self.reading.words)), cue)
        return Sequel(self.span, polarity, doubted, (), (), cue, when)

    def _mark(self, name: str) -> Span | None:
        for hit in self.reading.hits("mark", name):
            part = next(part for part in self.parts if part[0] <= hit.start < part[1])
            if name in ("refuse", "doubt") or not self.silence.over(hit.start, hit.start + 1, part):
                return self.reading.place(hit.start, hit.end)
        return None


def _refused(draft: Draft) -> Draft:
    """Return what nobody says, and somebody denies in the same sentence: that is all that the text says of it."""
    return draft._replace(event=replace(draft.event, polarity=Polarity.DENIES, counts=()))


def _consistent(drafts: list[Draft], undone: set[EventType]) -> Iterator[Draft]:
    """Yield the events of a sentence; where it negates one of a type, nobody knows whether it tells another of that."""
    denied = undone | {draft.event.type for draft in drafts if draft.event.polarity is Polarity.DENIES}
    for draft in drafts:
        open_ = draft.event.polarity is Polarity.ASSERTS and draft.event.type in denied
        yield draft._replace(event=replace(draft.event, polarity=Polarity.UNCLEAR)) if open_ else draft


COUNTED_BY: Final = {EventType.PROTEST: What.PRESENT, EventType.SHOOTING: What.PROJECTILES}
"""What a figure counts that stands alone where an event of a type is counted."""
_CALLED_WITHIN: Final = 8
"""How many words an event may stand from the verb that calls it something, and from what it is called."""
_RESPONDING: Final = frozenset({What.VEHICLES, What.VESSELS, What.PRESENT})
"""What came to help is no figure of the event."""
