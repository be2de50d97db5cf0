"""One entry for each event of a page: what is told twice is joined, what is said of an event before is put to it."""

from typing import Final

from msgspec.structs import replace

from quartet.intake.dates import Language
from quartet.intake.events.same import Places, meet, same_counts, same_days
from quartet.intake.events.tellers import Whose, together
from quartet.intake.events.telling import Draft, Sequel
from quartet.intake.events.values import Confidence, EventType, Happening, Polarity, Tally
from quartet.intake.texts import Span

MAX_ALSO: Final = 64
"""How many other statements of one event are kept: the first ones."""
LOOK_BACK: Final = 24
"""Against how many events before it one is compared, so that no page takes longer than its length."""
_KIN: Final = (
    frozenset({EventType.EVACUATION, EventType.FIRE, EventType.SPILL, EventType.FLOOD, EventType.BUILDING_COLLAPSE}),
    frozenset({EventType.ROAD_CLOSURE, EventType.FIRE, EventType.LANDSLIDE, EventType.BRIDGE_DAMAGE, EventType.FLOOD}),
    frozenset({EventType.STORM, EventType.BUILDING_COLLAPSE, EventType.POWER_CUT}),
    frozenset({EventType.SHELLING, EventType.EXPLOSION, EventType.SHOOTING}),
    frozenset({EventType.LANDSLIDE, EventType.ROAD_CLOSURE, EventType.BUILDING_COLLAPSE}),
    frozenset({EventType.CRASH, EventType.BRIDGE_DAMAGE, EventType.BOAT_DISTRESS, EventType.ROAD_CLOSURE}),
    frozenset({EventType.DRONE, EventType.CRASH, EventType.BORDER_INCIDENT}),
)
"""What a headline may call by another name than the body does."""


class Gathered:
    """The events of a page as they are gathered, and those that only its title tells."""

    def __init__(self, text: str, language: Language | None, whose: Whose) -> None:
        self._places = Places(text, language)
        self._whose = whose
        self._events: list[Happening] = []
        self._titles: list[Happening] = []
        self._rumours = set[Span]()

    def last(self, *, asserted: bool = False) -> Happening | None:
        """Return the event that was told last in the body."""
        recent = reversed(self._events[-LOOK_BACK:])
        return next((one for one in recent if not asserted or one.polarity is Polarity.ASSERTS), None)

    def title(self, draft: Draft) -> None:
        """Take an event that a title tells; it stands only with the body, or where a verb says it."""
        self._titles.append(draft.event)

    def tell(self, draft: Draft) -> None:
        """Take an event: joined to one that is the same, or by itself."""
        one = draft.event
        recent = range(len(self._events) - 1, max(-1, len(self._events) - 1 - LOOK_BACK), -1)
        sought = replace(one, date=None, time=None) if draft.over else one
        for at in recent:
            if self._same(self._events[at], sought):
                self._events[at] = joined(self._events[at], sought)
                return
        if self._only_follows(one):
            return
        if one.polarity is Polarity.DENIES:
            one = self._denial(one, recent)
        if draft.rumour:
            self._rumours.add(one.span)
        self._events.append(one)

    def _only_follows(self, one: Happening) -> bool:
        """Return whether it is only what followed from an event before: no own place and no own time."""
        own = one.date is not None or (one.place is not None and one.place.named)
        return one.type is EventType.ROAD_CLOSURE and self.last() is not None and not own

    def _denial(self, one: Happening, recent: range) -> Happening:
        """Return a denial with the rumour that it takes back, or else with the day and the place of what it denies."""
        for at in recent:
            told = self._events[at]
            if told.span in self._rumours and told.type is one.type:
                del self._events[at]
                return _more(self._own(replace(one, place=one.place or told.place), one.span), told.span, None)
        return self._about(one) if one.place is None and one.date is None else one

    def add(self, sequel: Sequel, *, near: bool) -> None:
        """Take what is said of an event that was told before."""
        about = self.last(asserted=True) or self._promoted(sequel)
        if about is None:
            return
        if sequel.polarity is not None:
            self._events.append(self._own(_spoken_of(about, sequel), sequel.span))
        elif near or (len(self._events) == 1 and not sequel.doubted):
            if not self._together(about, sequel.span):
                self._events.append(self._said_apart(about, sequel))
                return
            at = max(place for place, one in enumerate(self._events) if one is about)
            if sequel.doubted:
                self._events[at] = _doubted(about, sequel)
            elif sequel.recount and not all(meet(one, other) for one in about.counts for other in sequel.counts):
                self._events.append(replace(_spoken_of(about, sequel), counts=sequel.counts))
            else:
                self._events[at] = _counted(about, sequel)

    def _promoted(self, sequel: Sequel) -> Happening | None:
        """Return the event of the title as one of the page, where the body only adds to it."""
        stated = [one for one in self._titles if one.confidence is Confidence.STATED and not sequel.doubted]
        if not stated or self._events:
            return None
        self._titles.remove(stated[0])
        self._events.append(stated[0])
        return stated[0]

    def events(self) -> tuple[Happening, ...]:
        """Return the events in the order in which they are told."""
        for title in self._titles:
            self._entitle(title)
        return tuple(sorted(self._events, key=lambda one: (one.span, one.cue)))

    def _entitle(self, title: Happening) -> None:
        same = [
            at
            for at, one in enumerate(self._events[:LOOK_BACK])
            if _may_be_titled(one, title) and self._together(one, title.span)
        ]
        if same:
            self._events[same[0]] = _entitled(self._events[same[0]], title)
        elif title.confidence is Confidence.STATED and title.polarity is Polarity.ASSERTS and not self._events:
            self._events.append(title)

    def _about(self, one: Happening) -> Happening:
        """Return a denial with the day and the place of the event that it denies, if that was told."""
        told = [
            other
            for other in self._events[-LOOK_BACK:]
            if other.polarity is Polarity.ASSERTS and other.type is one.type
        ]
        if not told:
            return one
        return self._own(replace(one, date=told[-1].date, place=told[-1].place), one.span)

    def _same(self, one: Happening, other: Happening) -> bool:
        if one.polarity is not other.polarity or one.type is not other.type:
            return False
        if not (same_days(one.date, other.date) and self._places.same(one, other) and same_counts(one, other)):
            return False
        return self._together(one, other.span)

    def _together(self, one: Happening, span: Span) -> bool:
        """Return whether what stands at a place may be joined to an event: nobody else said any of that."""
        full = len(one.also) >= MAX_ALSO  # who said what was not kept cannot be told any more
        tellers = {self._whose(place) for place in (one.span, *one.also, span)}
        return together(tellers) and not (full and tellers != {None})

    def _own(self, one: Happening, span: Span) -> Happening:
        """Return an event without a day and a place that are told by another than whoever tells what it is told by."""
        mine = (None, self._whose(span))
        return replace(
            one,
            date=one.date if one.date is None or self._whose(one.date.span) in mine else None,
            place=one.place if one.place is None or self._whose(one.place.span) in mine else None,
        )

    def _said_apart(self, about: Happening, sequel: Sequel) -> Happening:
        """Return what another says of an event by itself: his figures, or his doubt."""
        one = replace(_spoken_of(about, sequel), counts=sequel.counts, denied_counts=sequel.wrong, time=sequel.time)
        return self._own(replace(one, polarity=Polarity.UNCLEAR) if sequel.doubted else one, sequel.span)


def joined(one: Happening, other: Happening) -> Happening:
    """Return two statements of one event as one: the fuller in front, what it lacks from the other."""
    fuller, rest = (other, one) if _weight(other) > _weight(one) else (one, other)
    made = replace(
        fuller,
        date=fuller.date or rest.date,
        place=fuller.place if fuller.place is not None and (fuller.place.named or rest.place is None) else rest.place,
    )
    told = (*fuller.restated, rest.span, *rest.restated)[:MAX_ALSO]
    return replace(_more(made, rest.span, rest), restated=told)


def _more(one: Happening, span: Span, rest: Happening | None) -> Happening:
    others = (place for place in (*one.also, span, *(rest.also if rest else ())) if place != one.span)
    also = tuple(dict.fromkeys(others))[:MAX_ALSO]
    return replace(
        one,
        also=also,
        time=one.time or (rest.time if rest else None),
        grid=one.grid or (rest.grid if rest else None),
        counts=_union(one.counts, rest.counts if rest else ()),
        denied_counts=_union(one.denied_counts, rest.denied_counts if rest else ()),
    )


def _union(first: tuple[Tally, ...], second: tuple[Tally, ...]) -> tuple[Tally, ...]:
    return (*first, *(tally for tally in second if tally.what not in {one.what for one in first}))


def _weight(one: Happening) -> int:
    fields = (one.date, one.place, one.time, one.grid)
    stated = one.confidence is Confidence.STATED
    return sum(field is not None for field in fields) * 2 + len(one.counts) + stated


def _may_be_titled(one: Happening, title: Happening) -> bool:
    if one.polarity is not title.polarity or not same_days(one.date, title.date):
        return False
    return one.type is title.type or any({one.type, title.type} <= kin for kin in _KIN)


def _entitled(one: Happening, title: Happening) -> Happening:
    made = replace(one, place=one.place or title.place)
    return _more(made, title.span, replace(title, time=None, denied_counts=()))


def _spoken_of(about: Happening, sequel: Sequel) -> Happening:
    return Happening(
        span=sequel.span,
        type=about.type,
        polarity=sequel.polarity or about.polarity,
        rule="of-what-was-told",
        confidence=Confidence.LINKED,
        cue=sequel.cue,
        date=sequel.date or about.date,
        place=about.place,
    )


def _doubted(about: Happening, sequel: Sequel) -> Happening:
    return replace(_more(about, sequel.span, None), polarity=Polarity.UNCLEAR)


def _counted(about: Happening, sequel: Sequel) -> Happening:
    counts, wrong = _union(about.counts, sequel.counts), _union(about.denied_counts, sequel.wrong)
    time = about.time or sequel.time
    return replace(_more(about, sequel.span, None), counts=counts, denied_counts=wrong, time=time)
