"""A threat: who or what is threatened, by what, when, how likely, how sure, and what protects. It names no culprit."""

from collections.abc import Iterable
from enum import StrEnum

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import ItemId, Micros, TimeField
from quartet.desk.action import Words
from quartet.desk.incident import Confidence, Likelihood
from quartet.desk.naming import Item
from quartet.desk.report import Line
from quartet.desk.said import Said, for_members


class Threat(Value, frozen=True):
    """The form of a `threat` item: what is in danger and from what, in a window; when it must be looked at again.

    `likelihood` is a band of ICD 203, `confidence` how sure its author is: two fields, never one sentence. `previous`
    is the assessment whose place this one takes.
    """

    threatened: Line
    danger: Line
    since: TimeField
    until: TimeField
    likelihood: Likelihood
    confidence: Confidence
    review_at: TimeField
    measures: Words = ""
    previous: Item | None = None


class ThreatOver(Value, frozen=True):
    """The form of a `threat-over` item: its author holds a threat for past, and says why."""

    threat: Item
    text: Words = ""


class Standing(StrEnum):
    """How a threat stands: it holds, its review is due, its window is past, it was replaced, or said to be over."""

    HOLDS = "HOLDS"
    REVIEW_DUE = "REVIEW_DUE"
    PAST = "PAST"
    REPLACED = "REPLACED"
    OVER = "OVER"


def check_threat(threat: Threat, at: Micros) -> None:
    """Raise `Malformed("bad-form")` for a window that is upside down or past, or a review after it."""
    if threat.until < threat.since:
        raise Malformed("bad-form", "until: it would end before it begins")
    if threat.until <= at:
        raise Malformed("bad-form", "until: that is past")
    if not at < threat.review_at <= threat.until:
        raise Malformed("bad-form", "review_at: after now, and no later than it ends")


def standing(
    threat: Said[Threat], others: Iterable[Said[Threat]], overs: Iterable[Said[ThreatOver]], now: Micros
) -> Standing:
    """Return how a threat stands; only its author replaces it or says that it is over."""
    if any(one.form.threat == threat.id and one.member == threat.member for one in for_members(overs)):
        return Standing.OVER
    if any(one.form.previous == threat.id and one.member == threat.member for one in for_members(others)):
        return Standing.REPLACED
    if now > threat.form.until:
        return Standing.PAST
    return Standing.REVIEW_DUE if now >= threat.form.review_at else Standing.HOLDS


def newest(threats: Iterable[Said[Threat]]) -> tuple[ItemId, ...]:
    """Return the threats that no other of the same member takes the place of, in the order of their dates."""
    told = for_members(threats)
    replaced = {(one.member, one.form.previous) for one in told}
    return tuple(one.id for one in told if (one.member, one.id) not in replaced)
