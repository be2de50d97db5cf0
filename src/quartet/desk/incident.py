"""A disputed incident: what is asked rung by rung, what each member judges, and where members found together.

There is no winner and no average. A finding stands only by the concurrence of every member that it names; else members
differ, and each judgement stands beside the others. "Undetermined" is an answer, and a rung may stay empty for ever.

Beware: an origin is a sector in words. Nothing here holds a coordinate of one, and no form has a place for it.
"""

import re
from collections.abc import Set
from enum import StrEnum
from typing import Annotated, Final, Literal

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.desk.action import Members, Words
from quartet.desk.naming import Item
from quartet.desk.said import Said, by_name, distinct, for_members

Rung = Literal["EVENT", "OBJECT_TYPE", "DIRECTION", "PLACE_OF_ORIGIN", "ACTOR", "INTENT"]
RUNGS: Final[tuple[Rung, ...]] = ("EVENT", "OBJECT_TYPE", "DIRECTION", "PLACE_OF_ORIGIN", "ACTOR", "INTENT")
"""The ladder, from its foot: each rung rests on those before it."""
Confidence = Literal["LOW", "MODERATE", "HIGH"]
Likelihood = Annotated[int, Meta(ge=1, le=7)]
"""The seven bands of ICD 203, from almost no chance to almost certain."""
EMBARGOED: Final = frozenset({"PLACE_OF_ORIGIN"})
"""Rungs whose hypotheses name a place: in words, as a sector."""

_COORDINATES: Final = re.compile(
    r"\d{1,3}[.,]\d{2,}"  # a decimal degree
    r"|\d{1,3}\s*[°º]"  # degrees
    r"|\b\d{1,2}\s?[C-HJ-NP-X]\s?[A-HJ-NP-Z]{2}\s?\d{2,}"  # a military grid reference
    r"|\b\d{4,7}\s*[NSEW]\b",  # degrees and minutes in a run
    re.IGNORECASE,
)


class Question(Value, frozen=True):
    """The form of a `question` item: one rung of an incident's ladder. Its own id stands for "other or unknown"."""

    incident: Item
    rung: Rung


class Hypothesis(Value, frozen=True):
    """The form of a `hypothesis` item: one answer that somebody proposes."""

    question: Item
    rung: Rung
    text: Words


class Rejection(Value, frozen=True):
    """The form of a `rejection` item: a member holds a hypothesis for refuted; it stays on the page."""

    hypothesis: Item
    text: Words


class Assessment(Value, frozen=True):
    """The form of an `assessment` item: how likely a member holds a hypothesis, and how sure it is: never one sentence.

    `hypothesis` may be the question's own id. `previous` is the assessment whose place this one takes.
    """

    question: Item
    hypothesis: Item
    likelihood: Likelihood
    confidence: Confidence
    evidence: Annotated[tuple[Item, ...], Meta(max_length=256)] = ()
    standard: Words = ""
    assumptions: Words = ""
    would_change: Words = ""
    previous: Item | None = None


class Finding(Value, frozen=True):
    """The form of a `finding` item: a text and an answer that the members it names may concur with, by its hash."""

    question: Item
    hypothesis: Item
    members: Annotated[Members, Meta(min_length=2)]


class Concurrence(Value, frozen=True):
    """The form of a `concurrence` item: a member stands behind exactly this finding, on that assessment of its own."""

    finding: Item
    assessment: Item


class Dissent(Value, frozen=True):
    """The form of a `dissent` item: why a member does not concur. It stays with the finding for good."""

    finding: Item
    text: Words


class Stand(StrEnum):
    """How a question stands."""

    OPEN = "OPEN"
    DIFFER = "DIFFER"
    FOUND = "FOUND"
    REOPENED = "REOPENED"


class Answered(Value, frozen=True):
    """How one question stands: each member's assessments side by side, the findings that stand, and all dissents."""

    question: ItemId
    rung: Rung
    stand: Stand
    assessments: dict[MemberId, tuple[ItemId, ...]]
    findings: tuple[ItemId, ...]
    dissents: dict[ItemId, tuple[ItemId, ...]]
    rejected: dict[ItemId, tuple[MemberId, ...]]


class Ladder(Value, frozen=True):
    """Everything that is said in an incident; in any order, any of it twice."""

    questions: tuple[Said[Question], ...] = ()
    hypotheses: tuple[Said[Hypothesis], ...] = ()
    rejections: tuple[Said[Rejection], ...] = ()
    assessments: tuple[Said[Assessment], ...] = ()
    findings: tuple[Said[Finding], ...] = ()
    concurrences: tuple[Said[Concurrence], ...] = ()
    dissents: tuple[Said[Dissent], ...] = ()


class Known:
    """A ladder as it is looked up: what is said of each question, finding and hypothesis, each read once."""

    def __init__(self, said: Ladder) -> None:
        self.questions = distinct(said.questions)
        self.hypotheses = by_name("question", said.hypotheses)
        self.rejections = by_name("hypothesis", for_members(said.rejections))
        self.assessments = by_name("question", for_members(said.assessments))
        self.judged = {(a.member, a.id): a for a in for_members(said.assessments)}
        self.findings = by_name("question", said.findings)
        self.concurrences = by_name("finding", for_members(said.concurrences))
        self.dissents = by_name("finding", for_members(said.dissents))

    def proposed(self, question: Said[Question]) -> tuple[Said[Hypothesis], ...]:
        """Return what is proposed to a question: what says it is of another rung, or an origin to the point, is not."""
        asked = (h for h in self.hypotheses.get(question.id, ()) if h.form.rung == question.form.rung)
        return tuple(h for h in asked if not _points(h.form))

    def rests_on(self, finding: Said[Finding]) -> tuple[Said[Assessment], ...]:
        """Return the assessments on which those who concur with a finding rest, each on its own."""
        named = dict.fromkeys((c.member, c.form.assessment) for c in self.concurrences.get(finding.id, ()))
        return tuple(self.judged[one] for one in named if one in self.judged)


def check_hypothesis(hypothesis: Hypothesis, _: Micros) -> None:
    """Raise `Malformed("origin-has-coordinates")` for a place of origin that could be found on a map to the point."""
    if _points(hypothesis):
        raise Malformed("origin-has-coordinates", "text: an origin is a sector in words, never a position")


def _points(hypothesis: Hypothesis) -> bool:
    return hypothesis.rung in EMBARGOED and _COORDINATES.search(hypothesis.text) is not None


def ladder(incident: ItemId, said: Ladder, withdrawn: Set[ItemId]) -> tuple[Answered, ...]:
    """Return how each question of an incident stands, from the foot; `withdrawn` is what was taken back.

    What rested on evidence or on a judgement that is withdrawn is reopened, and so is every rung above it. Once the
    lower rung is found anew, those above stand by findings that were made since, not by the old ones.
    """
    known = Known(said)
    questions = [q for q in known.questions if q.form.incident == incident]
    found: list[Answered] = []
    ground = Ground()
    for rung in RUNGS:
        asked = [q for q in questions if q.form.rung == rung]
        rests = [_rests(q, known, withdrawn, ground) for q in asked]
        found += [_answer(q, known, one) for q, one in zip(asked, rests, strict=True)]
        for one in rests:
            ground = ground.beneath(one)
    return tuple(found)


class Rests(Value, frozen=True):
    """What members agreed on a question: all of it, what of it stands, and whether some lost its evidence."""

    agreed: tuple[Said[Finding], ...]
    standing: tuple[Said[Finding], ...]
    broken: bool


class Ground(Value, frozen=True):
    """What a rung stands on: nothing while one below is reopened, else findings made since one below was made anew."""

    firm: bool = True
    since: Micros = Micros(-1)

    def beneath(self, lower: Rests) -> "Ground":
        """Return the ground of the rungs above a question."""
        if lower.agreed and not lower.standing:
            return Ground(firm=False, since=self.since)
        if not lower.broken:
            return self
        return Ground(firm=self.firm, since=max(self.since, min(one.at for one in lower.standing)))


def _rests(question: Said[Question], known: Known, withdrawn: Set[ItemId], ground: Ground) -> Rests:
    agreed = tuple(f for f in known.findings.get(question.id, ()) if _concurred(f, known))
    whole = [f for f in agreed if not _ground(f, known) & withdrawn]
    standing = tuple(f for f in whole if ground.firm and f.at > ground.since)
    return Rests(agreed=agreed, standing=standing, broken=len(standing) < len(agreed))


def _answer(question: Said[Question], known: Known, rests: Rests) -> Answered:
    current = _current(question, known)
    return Answered(
        question=question.id,
        rung=question.form.rung,
        stand=_stand(bool(rests.agreed), bool(rests.standing), len(current)),
        assessments={m: tuple(a.id for a in own) for m, own in current.items()},
        findings=tuple(f.id for f in rests.standing),
        dissents={f.id: tuple(d.id for d in known.dissents.get(f.id, ())) for f in known.findings.get(question.id, ())},
        rejected=_rejected(question, known),
    )


def _stand(agreed: bool, standing: bool, members: int) -> Stand:
    if standing:
        return Stand.FOUND
    if agreed:
        return Stand.REOPENED
    return Stand.DIFFER if members > 1 else Stand.OPEN


def _current(question: Said[Question], known: Known) -> dict[MemberId, tuple[Said[Assessment], ...]]:
    """Return each member's assessments that no other of its own replaced."""
    own: dict[MemberId, list[Said[Assessment]]] = {}
    for one in known.assessments.get(question.id, ()):
        own.setdefault(one.member, []).append(one)
    replaced = {m: {a.form.previous for a in ones} for m, ones in own.items()}
    return {m: tuple(a for a in ones if a.id not in replaced[m]) for m, ones in sorted(own.items())}


def _concurred(finding: Said[Finding], known: Known) -> bool:
    """Return whether every member that a finding names concurs with it, and none of them dissents."""
    concurring = {c.member for c in known.concurrences.get(finding.id, ())}
    dissenting = {d.member for d in known.dissents.get(finding.id, ())}
    return set(finding.form.members) <= concurring - dissenting


def _ground(finding: Said[Finding], known: Known) -> set[ItemId]:
    """Return on what those who concur rest: on assessments that they name as theirs, and on the evidence of these."""
    named = {c.form.assessment for c in known.concurrences.get(finding.id, ())}
    return named | {item for one in known.rests_on(finding) for item in one.form.evidence}


def _rejected(question: Said[Question], known: Known) -> dict[ItemId, tuple[MemberId, ...]]:
    found = {h.id: {r.member for r in known.rejections.get(h.id, ())} for h in known.proposed(question)}
    return {item: tuple(sorted(members)) for item, members in sorted(found.items()) if members}
