"""What an officer just said of an aircraft, in words: her statement, or her answer to a handover."""

from typing import Final

from quartet.cli.output import say, utc
from quartet.core.ids import MemberId
from quartet.node.identify.views import Answered, Handed, Offering, Stated
from quartet.node.inforce import called, is_drill

WHY: Final = {
    "no-reason": 'as in --reason "nobody answers"',
    "basis-withheld": "with --category and --reason",
}
"""What to type where the node asks for more of a statement."""
ANSWER_WHY: Final = {"basis-withheld": "with --text"}
_SAID: Final = {"ACCEPT": "you accept", "REJECT": "you reject", "ASK": "you ask about"}
IN_DRILL: Final = "it counts in the exercise alone"
_LATE: Final = "your answer counts all the same and ends the alarm, but they may have done without it"
_LATE_ASKED: Final = "a question changes nothing any more, and the alarm stays"


def plain_category(word: str) -> str:
    """Return a category as it is shown."""
    return word.lower().replace("_", " ")


def stated_line(stated: Stated, aircraft: str, to: tuple[MemberId, ...]) -> str:
    """Return what is stated of an aircraft, until when, and who is told."""
    told = f"to {', '.join(to)}" if to else "to your own member alone: --to tells others"
    name, drill = called(stated.ref, exercise=stated.exercise), f"; {IN_DRILL}" if stated.exercise else ""
    return f"{name}: {aircraft} is stated {plain_category(stated.category)} until {utc(stated.valid_to)}, {told}{drill}"


def offered_line(handed: Handed, offering: Offering) -> str:
    """Return which aircraft is offered to whom, at which boundary, and until when it is to be answered."""
    aircraft = offering.aircraft
    name = called(handed.ref, exercise=handed.exercise or is_drill(aircraft))
    where = f"{aircraft} is offered to {offering.to} at {handed.boundary} {utc(handed.crosses_at)}"
    return f"{name}: {where}; to be answered by {utc(handed.answer_by)}"


def say_answered(answered: Answered, word: str, ref: str) -> None:
    """Say what was answered, what it made of the offer, and what a late answer is good for."""
    offer = answered.offer
    if offer is None:
        say(f"{answered.ref}: {word.lower()}, to {ref}, which was taken back")
        return
    craft = offer.flight_id or offer.key
    where = f"{craft}, which {offer.member} offers at {offer.boundary} {utc(offer.crosses_at)}"
    stated = "" if answered.stated is None else f"; {offer.to} states it {plain_category(answered.stated)}"
    name = called(answered.ref, exercise=offer.exercise)
    say(f"{name}: {_SAID[word]} {where}{stated}; the offer stands {offer.stage}")
    if answered.late and answered.answer_by is not None:
        counts = _LATE_ASKED if word == "ASK" else _LATE
        say(f"the time to answer ended {utc(answered.answer_by)}: {counts}; call {offer.member}")
