"""Everything that the folds say of what a member holds, laid out so that it can be held against the plain rules."""

from typing import Any

from centre import Held

from quartet.core.ids import ItemId
from quartet.desk import OnWatch, board
from quartet.desk.action import Acknowledged, Closing, Position, Proposal
from quartet.desk.chair import Consent, Procedure, announced, coordinators, effective, extended, presides
from quartet.desk.communique import Communique, Drafted, as_agreed, signers, stood
from quartet.desk.consent import ConsentWord, Sought, shares
from quartet.desk.corroboration import credibility, matters
from quartet.desk.duty import Watch
from quartet.desk.evidence import (
    Custody,
    Evidence,
    Incident,
    IncidentStep,
    WorkingCopy,
    copies,
    custody,
    holder,
    status,
)
from quartet.desk.incident import (
    Assessment,
    Concurrence,
    Dissent,
    Finding,
    Hypothesis,
    Ladder,
    Question,
    Rejection,
    ladder,
)
from quartet.desk.outcome import Outcome, outcome
from quartet.desk.rating import Revealed, Sealed, order, rated
from quartet.desk.report import Independent, Report, SameAs
from quartet.desk.request import Closed, Reply, Request, asked
from quartet.desk.roots import CircleKey, circle_key
from quartet.desk.roster import Roster, planned
from quartet.desk.running import ActionStep, Afterwards, Course, Task, TaskStep, Withdrawal, running
from quartet.desk.said import Said
from quartet.desk.stands import Told
from quartet.desk.threat import Threat, ThreatOver, newest, standing

States = dict[tuple[str, str], Any]
"""How each thing stands, by what it is and its id."""


def folded(held: Held) -> States:
    """Return how everything stands that a member holds, by the folds."""
    states: States = {
        ("chair", ""): _chair(held),
        ("duty", ""): _duty(held),
        ("roster", ""): _roster(held),
        ("threats", ""): _threats(held),
    }
    states |= {("request", one.id): _request(one, held) for one in held.came(Request)}
    states |= {("consent", one.id): _consent(one, held) for one in held.came(Sought)}
    states |= {("action", one.id): _action(one, held) for one in held.came(Proposal)}
    states |= {("incident", one.id): _incident(one, held) for one in held.came(Incident)}
    states |= {("evidence", one.id): _evidence(one, held) for one in held.came(Evidence)}
    states |= {("rating", one.id): _rating(one.id, held) for one in held.came(Question)}
    states |= {("text", one.id): _text(one, held) for one in held.came(Drafted)}
    states |= {("published", one.id): _published(one, held) for one in held.came(Communique)}
    return states | {("matters", ""): _matters(held), ("roots", ""): _roots(held)}


def _chair(held: Held) -> Any:
    told = held.came(Procedure)
    return presides(held.rotas, told, held.now), [one.id for one in effective(held.rotas, told)]


def _duty(held: Held) -> Any:
    watches = (OnWatch(one.id, one.member, one.officer, one.at, one.form) for one in held.came(Watch))
    return {member: (one.item, one.over(held.now)) for member, one in board(watches).items()}


def _roster(held: Held) -> Any:
    plans = planned(held.came(Roster))
    return {m: [(p.since, p.until, p.turn and p.turn.name, p.item) for p in plan] for m, plan in plans.items()}


def _threats(held: Held) -> Any:
    threats, overs = held.came(Threat), held.came(ThreatOver)
    return list(newest(threats)), {one.id: standing(one, threats, overs, held.now).value for one in threats}


def _request(one: Said[Request], held: Held) -> Any:
    found = asked(one, held.came(Reply), held.came(Closed), held.received.get(one.id, {}))
    parts = {m: (p.stage.value, p.due, p.overdue(held.now), list(p.replies), p.reason) for m, p in found.parts.items()}
    return parts, list(found.closings), found.rating, list(found.questions)


def _consent(one: Said[Sought], held: Held) -> Any:
    found = shares(one, held.came(ConsentWord), (), held.received.get(one.id, {}))
    return {
        m: (share.stage.value, share.due, share.lapsed(held.now), share.answer, share.condition, share.reason)
        for m, share in found.items()
    }


def _action(one: Said[Proposal], held: Held) -> Any:
    version = extended(one, held.rotas, held.came(Procedure))
    told = Told(
        version=version,
        positions=held.came(Position),
        acknowledged=held.came(Acknowledged),
        closings=held.came(Closing),
        others=held.came(Proposal),
    )
    found = outcome(told, held.away, held.now)
    return {
        "end": version.form.decide_by,
        "state": found.state.value,
        "binds": list(found.binds),
        "by silence": list(found.by_silence),
        "against": sorted((member, why.value) for member, why in found.against),
        "evidence": list(found.evidence),
        "announced": list(announced(one.id, found.state.value, held.rotas, held.came(Procedure))),
        "coordinators": list(coordinators(one.id, held.rotas, held.came(Procedure), held.came(Consent))),
        "runs": _runs(version, found, held),
    }


def _runs(version: Said[Proposal], found: Outcome, held: Held) -> Any:
    course = Course(
        steps=held.came(ActionStep),
        withdrawals=held.came(Withdrawal),
        tasks=held.came(Task),
        task_steps=held.came(TaskStep),
        accounts=held.came(Afterwards),
    )
    now = running(version, found, course)
    if now is None:
        return None
    tasks = {task: state.value for task, state in now.tasks.items()}
    accounts = {member: list(ones) for member, ones in now.accounts.items()}
    return now.phase.value, list(now.bound), tasks, accounts, list(now.stopped_by)


def _incident(one: Said[Incident], held: Held) -> Any:
    file = Ladder(
        questions=held.came(Question),
        hypotheses=held.came(Hypothesis),
        rejections=held.came(Rejection),
        assessments=held.came(Assessment),
        findings=held.came(Finding),
        concurrences=held.came(Concurrence),
        dissents=held.came(Dissent),
    )
    answers = {
        answer.question: {
            "rung": answer.rung,
            "stand": answer.stand.value,
            "assessments": {m: list(ones) for m, ones in answer.assessments.items()},
            "findings": list(answer.findings),
            "dissents": {finding: list(ones) for finding, ones in answer.dissents.items()},
            "rejected": {hypothesis: list(ones) for hypothesis, ones in answer.rejected.items()},
        }
        for answer in ladder(one.id, file, held.recalled)
    }
    return status(one, held.came(IncidentStep)).value, list(answers), answers


def _evidence(one: Said[Evidence], held: Held) -> Any:
    links = custody(one, held.came(Custody))
    chain = [(link.giver, link.taker, link.at, link.hand.value, list(link.items)) for link in links]
    return chain, holder(one, links), [copy.id for copy in copies(one.id, held.came(WorkingCopy))]


def _rating(question: ItemId, held: Held) -> Any:
    found = rated(question, held.came(Sealed), held.came(Revealed))
    table = {m: (one.item, one.alone, [list(step) for step in order(one.ratings)]) for m, one in found.ratings.items()}
    return list(found.sealed), list(found.waiting), table


def _text(one: Said[Drafted], held: Held) -> Any:
    found = stood(one, held.came(Position), held.came(Drafted))
    return found.state.value, sorted(found.concurring), sorted(found.objecting), sorted(found.void)


def _published(one: Said[Communique], held: Held) -> Any:
    draft = next((text for text in held.came(Drafted) if text.id == one.form.draft), None)
    found = None if draft is None else stood(draft, held.came(Position), held.came(Drafted))
    return as_agreed(one, draft, found), sorted(signers(one, held.came(Position)))


def _matters(held: Held) -> Any:
    reports = {one.id: one for one in held.came(Report)}
    found = matters(held.came(Report), held.came(SameAs), held.came(Independent))
    return [
        {
            "events": [(ref.report, ref.number) for ref in one.events],
            "roots": (list(one.asserting), list(one.denying), one.unknown),
            "says": (one.at_most, one.independent, one.confirmed, one.disputed),
            "circular": [(ref.report, ref.number) for ref in one.circular],
            "credibility": [
                credibility(one, reports[ItemId(ref.report)].form.events[ref.number]) for ref in one.events
            ],
        }
        for one in found
    ]


def _roots(held: Held) -> Any:
    found = circle_key("cell", held.came(CircleKey))
    return None if found is None else found.id
