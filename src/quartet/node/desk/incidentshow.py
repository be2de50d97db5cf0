"""From the folds of an incident to what an officer is shown: each judgement beside the others, none merged."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from quartet.core.ids import ItemId, MemberId, Micros
from quartet.desk import Said
from quartet.desk.evidence import (
    AccessDenied,
    Custody,
    Effect,
    Evidence,
    Incident,
    IncidentStep,
    Moment,
    WorkingCopy,
    copies,
    custody,
    holder,
)
from quartet.desk.incident import Answered, Assessment, Finding, Known, Ladder, Question
from quartet.desk.rating import Revealed, Sealed
from quartet.desk.report import Report
from quartet.desk.said import about, by_name
from quartet.node.desk.incidentviews import (
    AssessmentView,
    EffectView,
    EvidenceView,
    FindingView,
    HandView,
    HypothesisView,
    IncidentRow,
    IncidentView,
    Piece,
    QuestionView,
    TimelineView,
)
from quartet.node.desk.ratings import rated_view
from quartet.node.desk.sayings import About, Seen
from quartet.node.drafting import text_of
from quartet.node.views import moment


@dataclass(frozen=True)
class File:
    """An incident with everything that a viewer sees of it, folded; its parts are looked up, never searched for."""

    said: Said[Incident]
    seen: Seen
    about: About
    ladder: Ladder
    answers: tuple[Answered, ...]
    withdrawn: frozenset[ItemId]

    @cached_property
    def known(self) -> Known:
        """What is said on the ladder."""
        return Known(self.ladder)

    @cached_property
    def roots(self) -> dict[ItemId, frozenset[str]]:
        """The roots of each thing that may be rested on; what names none has none that is known."""
        evidence = {one.id: frozenset(one.form.roots) for one in self.about.said(Evidence)}
        reports = {
            one.id: frozenset(root for event in one.form.events for root in event.roots)
            for one in self.about.said(Report)
        }
        return evidence | reports

    @cached_property
    def moves(self) -> dict[ItemId, tuple[Said[Custody], ...]]:
        """Through whose hands each piece of evidence is said to have gone."""
        return by_name("evidence", self.about.said(Custody))

    @cached_property
    def copies(self) -> dict[ItemId, tuple[Said[WorkingCopy], ...]]:
        """The working copies of each piece of evidence."""
        return by_name("evidence", self.about.said(WorkingCopy))

    def piece(self, one: Said[Any], text: str | None = None) -> Piece:
        """Return one thing that was said; its text is the form's where it has one, else the item's."""
        verified, row = self.about.seen[one.id]
        return Piece(
            id=one.id,
            ref=row.ref,
            member=one.member,
            officer=one.officer,
            at=moment(one.at),
            text=text_of(verified.statement) if text is None else text,
            withdrawn=one.id in self.withdrawn,
        )

    def ref(self, item: ItemId) -> str:
        """Return what people call an item; its id where the viewer does not see it here."""
        return self.about.seen[item][1].ref if item in self.about.seen else item


def view_of(me: MemberId, row: IncidentRow, file: File) -> IncidentView:
    """Return the file whole."""
    said, inside = file.said.id, file.about
    return IncidentView(
        row=row,
        text=text_of(file.seen[0].statement),
        effects=tuple(_effect(one, file) for one in about("incident", said, inside.said(Effect))),
        timeline=_timeline(file),
        evidence=tuple(_evidence(one, file) for one in about("incident", said, inside.said(Evidence))),
        denied=tuple(
            file.piece(one, f"{one.form.by}: {one.form.what}")
            for one in about("incident", said, inside.said(AccessDenied))
        ),
        questions=tuple(_questions(me, file)),
        steps=tuple(
            file.piece(one, f"{one.form.move} {one.form.text}".strip())
            for one in about("incident", said, inside.said(IncidentStep))
        ),
        withdrawn=tuple(sorted(map(file.ref, file.withdrawn))),
    )


def _effect(one: Said[Effect], file: File) -> EffectView:
    counted = one.form.counted
    return EffectView(
        piece=file.piece(one),
        of=counted.of,
        least=counted.least,
        most=counted.most,
        evidence=tuple(map(file.ref, one.form.evidence)),
    )


def _timeline(file: File) -> tuple[TimelineView, ...]:
    said = about("incident", file.said.id, file.about.said(Moment))
    return tuple(
        TimelineView(
            piece=file.piece(one, one.form.what),
            since=moment(Micros(one.form.since)),
            until=moment(Micros(one.form.until)),
            gap=one.form.gap,
            evidence=tuple(map(file.ref, one.form.evidence)),
        )
        for one in sorted(said, key=lambda one: (one.form.since, one.id))
    )


def _evidence(one: Said[Evidence], file: File) -> EvidenceView:
    form = one.form
    links = custody(one, file.moves.get(one.id, ()))
    return EvidenceView(
        piece=file.piece(one),
        thing=form.thing,
        how=form.how,
        collector=form.collector,
        sha256=form.sha256,
        size=form.size,
        media_type=form.media_type,
        place=form.place,
        within_m=form.within_m,
        since=None if form.since is None else moment(Micros(form.since)),
        until=None if form.until is None else moment(Micros(form.until)),
        holder=holder(one, links),
        hands=tuple(HandView(giver=k.giver, taker=k.taker, at=moment(k.at), hand=k.hand.value) for k in links),
        copies=tuple(
            file.piece(c, f"{c.form.change} ({c.form.sha256[:12]})")
            for c in copies(one.id, file.copies.get(one.id, ()))
        ),
    )


def _questions(me: MemberId, file: File) -> Iterable[QuestionView]:
    asked = {one.id: one for one in file.ladder.questions}
    judged = {one.id: one for one in file.ladder.assessments}
    sealed = by_name("question", file.about.said(Sealed))
    shown = by_name("question", file.about.said(Revealed))
    for answer in file.answers:
        question = asked[answer.question]
        yield QuestionView(
            id=question.id,
            ref=file.ref(question.id),
            rung=answer.rung,
            stand=answer.stand.value,
            hypotheses=tuple(_hypotheses(question, answer, file)),
            assessments={
                member: tuple(_assessment(judged[item], file) for item in items)
                for member, items in answer.assessments.items()
            },
            findings=tuple(_finding(one, answer, file) for one in file.known.findings.get(question.id, ())),
            ratings=rated_view(me, question.id, sealed.get(question.id, ()), shown.get(question.id, ())),
        )


def _hypotheses(question: Said[Question], answer: Answered, file: File) -> Iterable[HypothesisView]:
    for one in file.known.proposed(question):
        rejected = answer.rejected.get(one.id, ())
        ref, text = file.ref(one.id), one.form.text
        yield HypothesisView(id=one.id, ref=ref, text=text, member=one.member, rejected=rejected)
    yield HypothesisView(id=question.id, ref=file.ref(question.id), text="", member=None, other=True)


def _assessment(one: Said[Assessment], file: File) -> AssessmentView:
    form = one.form
    return AssessmentView(
        piece=file.piece(one),
        hypothesis=form.hypothesis,
        likelihood=form.likelihood,
        confidence=form.confidence,
        standard=form.standard,
        assumptions=form.assumptions,
        would_change=form.would_change,
        evidence=tuple(map(file.ref, form.evidence)),
    )


def _finding(one: Said[Finding], answer: Answered, file: File) -> FindingView:
    agreed = file.known.concurrences.get(one.id, ())
    dissents = file.known.dissents.get(one.id, ())
    return FindingView(
        piece=file.piece(one),
        hypothesis=one.form.hypothesis,
        members=tuple(map(MemberId, one.form.members)),
        concurring=tuple(sorted({c.member for c in agreed})),
        dissents=tuple(file.piece(d, d.form.text) for d in dissents),
        stands=one.id in answer.findings,
        roots_at_most=len(_roots(one, file)),
    )


def _roots(finding: Said[Finding], file: File) -> set[str]:
    """Return the roots of the evidence on which a finding rests, as far as it was not taken back."""
    rests = {item for one in file.known.rests_on(finding) for item in one.form.evidence} - file.withdrawn
    return {root for item in rests for root in file.roots.get(item, ())}
