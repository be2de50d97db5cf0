"""What is said of aircraft in the machine of the folds: plans, statements, handovers."""

from collections.abc import Callable, Mapping
from typing import Final

from centre import MEMBERS
from speakers import Pen

from quartet.core.category import BASES, CATEGORIES, FLAGS
from quartet.core.encoding import Value
from quartet.core.ids import SECOND, Micros
from quartet.desk.flightplan import FlightPlan
from quartet.desk.identification import Aircraft, Identification, TrackAnswer, TrackOffer

CRAFT: Final = (Aircraft("4b1805"), Aircraft("4b1805", flight_id="SWR12A"), Aircraft(None, "t-1"), Aircraft("3c6444"))


def plan(pen: Pen) -> FlightPlan:
    return FlightPlan("SWR12A", "I", "S", "A320", "M", "LSZH", pen.later(-1, 1), 3_600, "LFPG", "DCT")


def identification(pen: Pen) -> Identification:
    offer = pen.maybe(TrackOffer)
    return Identification(
        aircraft=pen.any(*CRAFT),
        category=pen.any(*CATEGORIES, "SUSPECT"),
        valid_to=Micros(pen.centre.now + pen.any(1, 60, 3_600) * SECOND),
        bases=pen.some(*BASES, least=0),
        flags=pen.some(*FLAGS, least=0),
        reason="seen",
        offer=offer,
    )


def offer(pen: Pen) -> TrackOffer:
    crosses = Micros(pen.centre.now + pen.any(60, 300, 600) * SECOND)
    return TrackOffer(pen.any(*MEMBERS), pen.any(*CRAFT), "PENDING", "LSAS", crosses, plan=pen.maybe(FlightPlan))


def answer(pen: Pen) -> TrackAnswer:
    return TrackAnswer(pen.about(TrackOffer), pen.any("REJECT", "ASK"), "why?")


OF_AIRCRAFT: Final[Mapping[type[Value], Callable[[Pen], Value]]] = {
    FlightPlan: plan,
    Identification: identification,
    TrackOffer: offer,
    TrackAnswer: answer,
}
