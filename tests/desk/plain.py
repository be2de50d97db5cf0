"""How everything stands that a member holds, by the plain rules: what the folds must say."""

from typing import Any

from centre import Held
from plain_actions import action
from plain_chairs import chair
from plain_incidents import evidence, incident, rating
from plain_matters import consent, duty, matters, published, request, roots, roster, text, threats

from quartet.desk.action import Proposal
from quartet.desk.communique import Communique, Drafted
from quartet.desk.consent import Sought
from quartet.desk.evidence import Evidence, Incident
from quartet.desk.incident import Question
from quartet.desk.request import Request


def justified(held: Held) -> dict[tuple[str, str], Any]:
    """Return the state that a member's items justify."""
    states: dict[tuple[str, str], Any] = {
        ("chair", ""): chair(held),
        ("duty", ""): duty(held),
        ("roster", ""): roster(held),
    }
    states |= {("threats", ""): threats(held), ("matters", ""): matters(held), ("roots", ""): roots(held)}
    states |= {("request", one.id): request(one, held) for one in held.every(Request)}
    states |= {("consent", one.id): consent(one, held) for one in held.every(Sought)}
    states |= {("action", one.id): action(one, held) for one in held.every(Proposal)}
    states |= {("incident", one.id): incident(one, held) for one in held.every(Incident)}
    states |= {("evidence", one.id): evidence(one, held) for one in held.every(Evidence)}
    states |= {("rating", one.id): rating(one.id, held) for one in held.every(Question)}
    states |= {("text", one.id): text(one, held) for one in held.every(Drafted)}
    return states | {("published", one.id): published(one, held) for one in held.every(Communique)}
