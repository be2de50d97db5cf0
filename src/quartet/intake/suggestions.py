"""What an open source tells, as suggestions: each event, who says it and who knew it first, for an officer to judge.

Nothing is merged and nothing is believed here. Where the words of whoever says it deny an event, it is denied.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from quartet.core.encoding import Value
from quartet.intake.events import Happening, Polarity, happenings
from quartet.intake.sayings import Doubt, Offer, Saying, Voice, mentioned, weighed
from quartet.intake.tellers import Tellers, silent
from quartet.intake.texts import Page, Span

MAX_SUGGESTIONS: Final = 64
"""As many events as one report may hold; `Reading.more` says that there were others."""
MAX_MENTIONED: Final = 256


class Suggestion(Value, frozen=True):
    """One event as one source tells it; `polarity` is what the event's clause and whoever says it come to.

    `saying` names whom the evidence surely binds to the event; `offered` are other readings, for an officer to take.
    """

    happening: Happening
    saying: Saying
    polarity: Polarity
    offered: tuple[Offer, ...] = ()

    @property
    def readings(self) -> tuple[Saying | Offer, ...]:
        """Return what is filled in and what the rules read: to find texts that are alike, never to be reported."""
        return self.saying, *(one for one in self.offered if one.doubt is not Doubt.READING)


class Reading(Value, frozen=True):
    """A page as read, what it tells, and whom it names; in the order in which it stands."""

    page: Page
    suggestions: tuple[Suggestion, ...]
    mentioned: tuple[Span, ...]
    more: bool = False


def suggest(page: Page, today: date | None = None) -> Reading:
    """Return what a page tells; `today` bounds the days that an open year may mean."""
    tellers = Tellers(page)
    told = happenings(page, today=today, whose=tellers.of)
    found = tuple(_suggestion(page, tellers, one, told) for one in told[:MAX_SUGGESTIONS])
    return Reading(page, found, mentioned(page)[:MAX_MENTIONED], more=len(told) > MAX_SUGGESTIONS)


def _suggestion(page: Page, tellers: Tellers, one: Happening, told: Sequence[Happening]) -> Suggestion:
    saying = tellers.saying(one.span)
    if silent(saying):
        said = next((again for also in one.restated if not silent(again := tellers.saying(also))), None)
        saying = saying if said is None or said.denies or said.unsure else said
    if (one.harm_denied and saying.denies) or one.answered:
        saying = Saying(span=one.span if one.answered else saying.span, voice=Voice.QUOTED)
    found = weighed(page, saying, one.span, one.cue, tuple(other.cue for other in told if other is not one))
    return Suggestion(one, found.saying, _polarity(one, saying), _within(one, found.offered))


def _within(one: Happening, offered: tuple[Offer, ...]) -> tuple[Offer, ...]:
    """Return who may say an event: of a sentence in which two stand against each other, who stands in its own words.

    Whoever denies only that it hurt somebody says nothing of it.
    """
    if one.harm_denied:
        return ()
    if not one.answered:
        return offered
    return tuple(it for it in offered if it.speaker is not None and one.span.holds(it.speaker))


def _polarity(one: Happening, saying: Saying) -> Polarity:
    if saying.unsure:
        return Polarity.UNCLEAR
    if saying.denies and one.polarity is Polarity.ASSERTS:
        return Polarity.DENIES
    return one.polarity
