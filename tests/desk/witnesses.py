"""What a member may say next of reports and incidents, kind by kind: sense and nonsense, on what was said before."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final

from centre import MEMBERS
from joint import BEGAN
from speakers import Pen

from quartet.core.encoding import Value, b64
from quartet.core.ids import Micros
from quartet.desk.action import HOUR
from quartet.desk.evidence import (
    AccessDenied,
    Custody,
    Effect,
    Evidence,
    Incident,
    IncidentStep,
    Moment,
    WorkingCopy,
)
from quartet.desk.incident import Assessment, Concurrence, Dissent, Finding, Hypothesis, Question, Rejection
from quartet.desk.rating import Rating, Revealed, Sealed, seal_of
from quartet.desk.report import Counted, EventRef, Independent, Report, ReportedEvent, SameAs
from quartet.desk.roots import CircleKey


def blinded(name: str) -> str:
    return b64(hashlib.sha256(name.encode()).digest())


NAMES: Final = tuple(blinded(name) for name in ("agency", "patrol", "ferry master"))
NONCES: Final = tuple(blinded(name) for name in ("first", "second"))
SHA: Final = ("a" * 64, "a" * 64, "b" * 64, None)
RUNGS: Final = ("EVENT", "OBJECT_TYPE", "PLACE_OF_ORIGIN")


def report(pen: Pen) -> Report:
    return Report(events=tuple(event(pen) for _ in range(pen.any(1, 1, 2))))


def event(pen: Pen) -> ReportedEvent:
    return ReportedEvent(
        what="eight rockets",
        how="PUBLISHED",
        polarity=pen.any("ASSERTS", "ASSERTS", "ASSERTS", "DENIES", "UNCLEAR"),
        reliability="C",
        credibility=pen.any(2, 3),
        roots=pen.some(*NAMES, least=0, most=2),
    )


def same_as(pen: Pen) -> SameAs:
    told = [EventRef(one.id, n) for one in pen.centre.of(Report) for n in range(len(one.form.events))]
    return SameAs(events=(*pen.many(*told), *pen.many(*told)))


def independent(pen: Pen) -> Independent:
    return Independent(roots=pen.some(*NAMES, least=2, most=3))


def circle_key(pen: Pen) -> CircleKey:
    return CircleKey(circle=pen.any("cell", "cell", "watch"), key=pen.any(*NAMES))


def incident(pen: Pen) -> Incident:
    return Incident(since=BEGAN, until=Micros(BEGAN + HOUR), area="the harbour")


def incident_step(pen: Pen) -> IncidentStep:
    return IncidentStep(incident=pen.about(Incident), move=pen.any("CLOSE", "CLOSE", "REOPEN"))


def effect(pen: Pen) -> Effect:
    return Effect(incident=pen.about(Incident), counted=Counted(of="wounded", least=1, most=3))


def moment(pen: Pen) -> Moment:
    return Moment(
        incident=pen.about(Incident), since=BEGAN, until=BEGAN, what="a loud report", gap=pen.any(False, True)
    )


def evidence(pen: Pen) -> Evidence:
    return Evidence(incident=pen.about(Incident), thing="PHOTO", how="CAMERA", collector="tower 2")


def custody(pen: Pen) -> Custody:
    return Custody(
        evidence=pen.about(Evidence),
        move=pen.any("GIVES", "TAKES"),
        other=pen.any(*MEMBERS),
        at=pen.later(-1, 0, 1),
        why="to the laboratory",
        sha256=pen.any(*SHA),
    )


def working_copy(pen: Pen) -> WorkingCopy:
    return WorkingCopy(evidence=pen.about(Evidence), sha256="c" * 64, change="made brighter")


def access_denied(pen: Pen) -> AccessDenied:
    return AccessDenied(incident=pen.about(Incident), by="the harbour guard", at=BEGAN, what="the quay")


def question(pen: Pen) -> Question:
    return Question(incident=pen.about(Incident), rung=pen.any(*RUNGS))


def hypothesis(pen: Pen) -> Hypothesis:
    of = pen.about(Question)
    return Hypothesis(question=of, rung=pen.centre.said[of].form.rung, text="from the northern sector")


def rejection(pen: Pen) -> Rejection:
    return Rejection(hypothesis=pen.about(Hypothesis), text="no tail was found")


def assessment(pen: Pen) -> Assessment:
    of = pen.about(Question)
    before = [one.id for one in pen.own(Assessment)]
    return Assessment(
        question=of,
        hypothesis=of,
        likelihood=5,
        confidence="LOW",
        evidence=pen.some(*(one.id for one in pen.centre.of(Evidence, Report)), least=0, most=2),
        previous=pen.any(None, *before[-2:]),
    )


def finding(pen: Pen) -> Finding:
    of = pen.about(Question)
    return Finding(question=of, hypothesis=of, members=pen.some(*MEMBERS, least=2, most=3))


def concurrence(pen: Pen) -> Concurrence:
    return Concurrence(finding=pen.about(Finding), assessment=pen.about(Assessment))


def dissent(pen: Pen) -> Dissent:
    return Dissent(finding=pen.about(Finding), text="no crater was seen")


def _marks(pen: Pen) -> tuple[Rating, ...]:
    of = pen.about(Evidence)
    return tuple(Rating(of, one.id, pen.any("CC", "N", "I", "II")) for one in pen.centre.of(Hypothesis)[:2])


def sealed(pen: Pen) -> Sealed:
    of, nonce, table = pen.about(Question), pen.any(*NONCES), _marks(pen)
    pen.centre.kept.append((of, pen.member, nonce, table))
    return Sealed(question=of, seal=seal_of(of, pen.any(pen.member, pen.member, *MEMBERS), nonce, table))


def revealed(pen: Pen) -> Revealed:
    """A member shows what it kept, or sometimes what another did."""
    own = [one for one in pen.centre.kept if one[1] == pen.member]
    of, _, nonce, table = pen.any(*own, *pen.centre.kept)
    return Revealed(question=of, nonce=nonce, ratings=table)


TELL: Final[Mapping[type[Value], Callable[[Pen], Any]]] = {
    Report: report,
    SameAs: same_as,
    Independent: independent,
    CircleKey: circle_key,
    Incident: incident,
    IncidentStep: incident_step,
    Effect: effect,
    Moment: moment,
    Evidence: evidence,
    Custody: custody,
    WorkingCopy: working_copy,
    AccessDenied: access_denied,
    Question: question,
    Hypothesis: hypothesis,
    Rejection: rejection,
    Assessment: assessment,
    Finding: finding,
    Concurrence: concurrence,
    Dissent: dissent,
    Sealed: sealed,
    Revealed: revealed,
}
