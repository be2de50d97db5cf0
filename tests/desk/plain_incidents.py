"""The incident file, plainly: what is agreed, what stands of it, and through whose hands evidence went."""

from itertools import zip_longest
from typing import Any

from centre import Held

from quartet.core.ids import MemberId
from quartet.desk.evidence import Custody, Evidence, Incident, IncidentStep, WorkingCopy
from quartet.desk.incident import Assessment, Concurrence, Dissent, Finding, Hypothesis, Question, Rejection
from quartet.desk.rating import Revealed, Sealed, seal_of
from quartet.desk.said import Said

LADDER = ["EVENT", "OBJECT_TYPE", "DIRECTION", "PLACE_OF_ORIGIN", "ACTOR", "INTENT"]


class File:
    """Every question of an incident that a member holds."""

    def __init__(self, incident: Said[Incident], held: Held) -> None:
        self.held = held
        asked = [one for one in held.every(Question) if one.form.incident == incident.id]
        self.questions = sorted(asked, key=lambda one: LADDER.index(one.form.rung))

    def agreed(self, question: Said[Question]) -> list[Said[Finding]]:
        """Return the findings with which every member concurs that they name, and from which none of these dissents."""
        made = [one for one in self.held.every(Finding) if one.form.question == question.id]
        return [one for one in made if all(self._behind(member, one) for member in one.form.members)]

    def _behind(self, member: str, finding: Said[Finding]) -> bool:
        yes = [one for one in self.held.members(Concurrence, finding=finding.id) if one.member == member]
        no = [one for one in self.held.members(Dissent, finding=finding.id) if one.member == member]
        return bool(yes) and not no

    def _bare(self, finding: Said[Finding]) -> bool:
        """Return whether somebody concurred on a judgement, or on evidence, that was taken back."""
        gone: set[str] = set()
        for yes in self.held.members(Concurrence, finding=finding.id):
            gone |= self.held.recalled & {yes.form.assessment}
            for own in self.held.members(Assessment):
                if (own.id, own.member) == (yes.form.assessment, yes.member):
                    gone |= self.held.recalled & set(own.form.evidence)
        return bool(gone)

    def stands(self, finding: Said[Finding], question: Said[Question]) -> bool:
        """Return whether a finding stands: on its evidence, and on every rung below, found anew before it if broken."""
        if self._bare(finding):
            return False
        rung = LADDER.index(question.form.rung)
        for lower in self.questions:
            if LADDER.index(lower.form.rung) < rung and self.agreed(lower):
                firm = self.standing(lower)
                if not firm:
                    return False
                if len(firm) < len(self.agreed(lower)) and finding.at <= min(one.at for one in firm):
                    return False
        return True

    def standing(self, question: Said[Question]) -> list[Said[Finding]]:
        return [one for one in self.agreed(question) if self.stands(one, question)]

    def answer(self, question: Said[Question]) -> dict[str, Any]:
        judged: dict[str, list[str]] = {}
        all_own = self.held.members(Assessment, question=question.id)
        for one in all_own:
            if not any(other.member == one.member and other.form.previous == one.id for other in all_own):
                judged.setdefault(one.member, []).append(one.id)
        standing, agreed = self.standing(question), self.agreed(question)
        proposed = [one for one in self.held.every(Hypothesis) if one.form.question == question.id]
        hypotheses = [one.id for one in proposed if one.form.rung == question.form.rung]
        rejected = {
            item: sorted({one.member for one in self.held.members(Rejection, hypothesis=item)}) for item in hypotheses
        }
        made = [one.id for one in self.held.every(Finding) if one.form.question == question.id]
        differ = "DIFFER" if len(judged) > 1 else "OPEN"
        return {
            "rung": question.form.rung,
            "stand": "FOUND" if standing else "REOPENED" if agreed else differ,
            "assessments": judged,
            "findings": [one.id for one in standing],
            "dissents": {item: [d.id for d in self.held.members(Dissent, finding=item)] for item in made},
            "rejected": {item: members for item, members in rejected.items() if members},
        }


def incident(one: Said[Incident], held: Held) -> Any:
    """Its opener closes an incident, any member opens it again, and an answer is given rung by rung."""
    file = File(one, held)
    moves = [(step.form.move, step.member) for step in held.members(IncidentStep, incident=one.id)]
    moves = [(move, member) for move, member in moves if move == "REOPEN" or member == one.member]
    closed = any(move == "CLOSE" for move, _ in moves)
    status = "OPEN" if not closed else "CLOSED" if moves[-1][0] == "CLOSE" else "REOPENED"
    return status, [q.id for q in file.questions], {q.id: file.answer(q) for q in file.questions}


def evidence(one: Said[Evidence], held: Held) -> Any:
    """A handing over is both sides' word of the same bytes; the copy is where the last such one left it."""
    moves = sorted(held.members(Custody, evidence=one.id), key=lambda move: (move.form.at, move.id))
    sides = {(m.member, m.form.other) if m.form.move == "GIVES" else (m.form.other, m.member) for m in moves}
    links = []
    for giver, taker in sides:
        given = [m for m in moves if (m.form.move, m.member, m.form.other) == ("GIVES", giver, taker)]
        taken = [m for m in moves if (m.form.move, m.member, m.form.other) == ("TAKES", taker, giver)]
        links += [_link(giver, taker, gives, takes) for gives, takes in zip_longest(given, taken)]
    links.sort(key=lambda link: link[:3])
    chain = [(giver, taker, at, hand, items) for at, giver, taker, hand, items in links]
    whose = one.member
    for _, taker, _, hand, _ in chain:
        whose = taker if hand == "BOTH" else whose
    return chain, whose, [copy.id for copy in held.members(WorkingCopy, evidence=one.id)]


def _link(giver: Any, taker: Any, gives: Any, takes: Any) -> tuple[Any, ...]:
    both = [side for side in (gives, takes) if side is not None]
    at, items = min(side.form.at for side in both), [side.id for side in both]
    if len(both) == 1:
        return at, giver, taker, "GIVER_ALONE" if gives is not None else "TAKER_ALONE", items
    return at, giver, taker, "BOTH" if gives.form.sha256 == takes.form.sha256 else "DIFFER", items


def rating(question: str, held: Held) -> Any:
    """Rate apart, reveal together: the first seal on record counts, and nothing is shown before all have shown.

    Who sealed when another's ratings could be read already is waited for by nobody.
    """
    seals = [one for one in held.members(Sealed, question=question) if one.timely is not None]
    latest_first = sorted(seals, key=lambda one: (one.timely or 0, one.id), reverse=True)
    first = {one.member: one for one in latest_first}
    shown: dict[MemberId, Said[Revealed]] = {}
    for own in reversed(held.members(Revealed, question=question)):
        seal = first.get(own.member)
        kept = seal_of(own.form.question, own.member, own.form.nonce, own.form.ratings)
        if seal is not None and seal.form.seal == kept:
            shown[own.member] = own
    followed = {m for m in first if any(one.at <= (first[m].timely or 0) for n, one in shown.items() if n != m)}
    waiting = sorted(member for member in first if member not in shown and member not in followed)
    table = {} if waiting else {m: _rated(shown[m], m not in followed) for m in shown}
    return sorted(first), waiting, table


def _rated(own: Said[Revealed], alone: bool) -> Any:
    against: dict[str, int] = {}
    for one in own.form.ratings:
        against[one.hypothesis] = against.get(one.hypothesis, 0) + {"I": 1, "II": 2}.get(one.mark, 0)
    steps = sorted(set(against.values()))
    return own.id, alone, [sorted(h for h, n in against.items() if n == step) for step in steps]
