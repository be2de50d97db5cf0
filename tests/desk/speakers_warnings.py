"""What a member may say of warnings and notifications, sense and nonsense, as `speakers` has it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from centre import MEMBERS
from speakers import Pen

from quartet.core.encoding import Value
from quartet.core.ids import ItemId, Micros
from quartet.core.statement import Assertion
from quartet.desk.area import Area, Circle
from quartet.desk.notification import Known, Notified
from quartet.desk.warning import Ack, Alert, Check, Desk, Early, Info, Proposed, Source

AREAS: Final = (Area("Lower valley", circles=(Circle(0, 0, 5),)),)


def _warned(pen: Pen, *before: type[Value]) -> dict[str, Any]:
    begins = pen.later(0, 1, -1)
    return {
        "word": pen.any("ALERT", "UPDATE", "CANCEL"),
        "category": "Safety",
        "urgency": "Immediate",
        "severity": "Severe",
        "certainty": "Likely",
        "begins": begins,
        "until": Micros(begins + 3_600_000_000),
        "areas": AREAS,
        "info": (Info("en", "Flood", "Flood", "Go up."),),
        "desks": tuple(Desk(member, pen.any("", "dam-3")) for member in pen.some(*MEMBERS)),
        "previous": pen.maybe(*before),
    }


def alert(pen: Pen) -> Alert:
    return Alert(**_warned(pen, Alert), release=pen.any("CHECKED", "OVERRIDE"), why="now")


def early(pen: Pen) -> Early:
    return Early(**_warned(pen, Early), source=Source(pen.any("met", "sea"), "a@b", "1", pen.centre.now, "0" * 64))


def proposed(_: Pen) -> Proposed:
    word = ItemId("A" * 43)
    return Proposed(alert=word, statement="e30", assertion=Assertion(word, None, None, "A" * 86))


def check(pen: Pen) -> Check:
    return Check(alert=pen.about(Alert), word=pen.any("CONFIRMED", "WRONG"), text="so")


def ack(pen: Pen) -> Ack:
    return Ack(alert=pen.about(Alert, Early), desk=pen.any("", "dam-3"))


def notified(pen: Pen) -> Notified:
    begins = pen.later(1, 60)
    return Notified(
        sort=pen.any("SITE", "MOVEMENT"),
        what="Field hospital",
        areas=AREAS,
        begins=begins,
        ends=Micros(begins + 3_600_000_000),
        contact="04",
        parties=pen.some(*MEMBERS),
        previous=pen.maybe(Notified),
    )


def known(pen: Pen) -> Known:
    return Known(notification=pen.about(Notified))


SPEAK_OF_WARNINGS: Final[Mapping[type[Value], Callable[[Pen], Value]]] = {
    Alert: alert,
    Early: early,
    Proposed: proposed,
    Check: check,
    Ack: ack,
    Notified: notified,
    Known: known,
}
