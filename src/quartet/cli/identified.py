"""What an officer just said of an aircraft, in words: her statement, or her answer to a handover."""

from typing import Final

from quartet.cli.output import say, utc
from quartet.core.ids import MemberId
from quartet.node.identify.views import Answered, Stated

WHY: Final = {
    "no-reason": 'as in --reason "nobody answers"',
    "basis-withheld": "with --category and --reason",
}
"""What to type where the node asks for more of a statement."""
ANSWER_WHY: Final = {"basis-withheld": "with --text"}
_SAID: Final = {"ACCEPT": "you accept", "REJECT": "you reject", "ASK": "you ask about"}
_LATE: Final = "your answer counts all the same and ends the alarm, but they may have done without it"
_LATE_ASKED: Final = "a question changes nothing any more, and the alarm stays"


def plain_category(word: str) -> str:
    """Return a category as it is shown."""
    return word.lower().replace("_", " ")


def stated_line(stated: Stated, aircraft: str, to: tuple[MemberId, ...]) -> str:
    """Return what is stated of an aircraft, until when, and who is told."""
    told = f"to {', '.join(to)}" if to else "to your own member alone: --to tells others"
    return f"{stated.ref}: {aircraft} is stated {plain_category(stated.category)} until {utc(stated.valid_to)}, {told}"


def say_answered(answered: Answered, word: str, ref: str) -> None:
    """Say what was answered, what it made of the offer, and what a late answer is good for."""
    offer = answered.offer
    if offer is None:
        say(f"{answered.ref}: {word.lower()}, to {ref}, which was taken back")
        return
    called = offer.flight_id or offer.key
    where = f"{called}, which {offer.member} offers at {offer.boundary} {utc(offer.crosses_at)}"
    stated = "" if answered.stated is None else f"; {offer.to} states it {plain_category(answered.stated)}"
    say(f"{answered.ref}: {_SAID[word]} {where}{stated}; the offer stands {offer.stage}")
    if answered.late and answered.answer_by is not None:
        counts = _LATE_ASKED if word == "ASK" else _LATE
        say(f"the time to answer ended {utc(answered.answer_by)}: {counts}; call {offer.member}")
