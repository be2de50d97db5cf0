"""The forms of typed items, by kind. To add one: a frozen struct, a check if its sense hangs on the time, a line here.

A form is checked where it is published. What another member sent is read with `form_of`, which gives nothing for what
does not fit: such an item is kept and shown as it came, and no fold counts it.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeVar

import msgspec

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.home import HOME_KINDS
from quartet.core.ids import MemberId, Micros
from quartet.core.statement import Statement
from quartet.desk.action import Acknowledged, Closing, Position, Proposal, check_position, check_proposal
from quartet.desk.chair import Challenge, Consent, Procedure, check_procedure
from quartet.desk.communique import Communique, Drafted, check_communique, check_drafted
from quartet.desk.consent import ConsentWord, Sought, check_consent_word, check_sought
from quartet.desk.deconflict import Activity, Conflict, check_activity, check_conflict
from quartet.desk.duty import Watch, check_watch
from quartet.desk.evidence import (
    AccessDenied,
    Custody,
    Effect,
    Evidence,
    Incident,
    IncidentStep,
    Moment,
    WorkingCopy,
    check_evidence,
    check_incident,
    check_moment,
)
from quartet.desk.flightplan import FlightPlan, check_plan
from quartet.desk.identification import (
    Identification,
    TrackAnswer,
    TrackOffer,
    check_answer,
    check_identification,
    check_offer,
)
from quartet.desk.incident import (
    Assessment,
    Concurrence,
    Dissent,
    Finding,
    Hypothesis,
    Question,
    Rejection,
    check_hypothesis,
)
from quartet.desk.naming import named, resolved
from quartet.desk.notification import Known, Notified, check_notified
from quartet.desk.rating import Revealed, Sealed
from quartet.desk.report import Independent, Report, SameAs, check_report
from quartet.desk.request import Closed, Reply, Request, check_hidden, check_reply, check_request
from quartet.desk.roots import CircleKey
from quartet.desk.roster import Roster, check_roster
from quartet.desk.running import ActionStep, Afterwards, Task, TaskStep, Withdrawal
from quartet.desk.site import (
    Call,
    Exemption,
    Lifted,
    Notice,
    Site,
    SiteSeen,
    Warned,
    check_call,
    check_close,
    check_exemption,
    check_notice,
    check_site,
)
from quartet.desk.situation import Situation, check_situation
from quartet.desk.threat import Threat, ThreatOver, check_threat
from quartet.desk.warning import Ack, Alert, Check, Early, Proposed, check_alert, check_check, check_early


class Handover(Value, frozen=True):
    """The form of a `handover` item, version 1: its text says all; it is for the officers of its author alone."""


class Kind(Value, frozen=True):
    """A kind of item that has a form, and what its form must make sense of at the time when it is said.

    `version` is the body's that holds the form; where that is more than 1, the versions before have none.
    """

    form: type[Value]
    check: Callable[[Any, Micros], None] | None = None
    version: int = 1


FORMS: Final[Mapping[str, Kind]] = {
    "duty": Kind(Watch, check_watch),
    "handover": Kind(Handover),
    "roster": Kind(Roster, check_roster),
    "report": Kind(Report, check_report, version=2),
    "circle-key": Kind(CircleKey),
    "same-as": Kind(SameAs),
    "independent": Kind(Independent),
    "request": Kind(Request, check_request),
    "reply": Kind(Reply, check_reply),
    "request-closed": Kind(Closed),
    "consent-request": Kind(Sought, check_sought),
    "consent-answer": Kind(ConsentWord, check_consent_word),
    "proposal": Kind(Proposal, check_proposal),
    "position": Kind(Position, check_position),
    "acknowledgement": Kind(Acknowledged),
    "closing-statement": Kind(Closing),
    "step": Kind(ActionStep),
    "withdrawal": Kind(Withdrawal),
    "task": Kind(Task),
    "task-step": Kind(TaskStep),
    "after-action": Kind(Afterwards),
    "activity": Kind(Activity, check_activity),
    "conflict": Kind(Conflict, check_conflict),
    "sitrep": Kind(Situation, check_situation),
    "threat": Kind(Threat, check_threat),
    "threat-over": Kind(ThreatOver),
    "communique-draft": Kind(Drafted, check_drafted),
    "communique": Kind(Communique, check_communique),
    "procedure": Kind(Procedure, check_procedure),
    "challenge": Kind(Challenge),
    "nomination-answer": Kind(Consent),
    "incident": Kind(Incident, check_incident),
    "incident-step": Kind(IncidentStep),
    "effect": Kind(Effect),
    "timeline": Kind(Moment, check_moment),
    "evidence": Kind(Evidence, check_evidence),
    "custody": Kind(Custody),
    "working-copy": Kind(WorkingCopy),
    "access-denied": Kind(AccessDenied),
    "question": Kind(Question),
    "hypothesis": Kind(Hypothesis, check_hypothesis),
    "rejection": Kind(Rejection),
    "assessment": Kind(Assessment),
    "finding": Kind(Finding),
    "concurrence": Kind(Concurrence),
    "dissent": Kind(Dissent),
    "rating-seal": Kind(Sealed),
    "rating": Kind(Revealed),
    "site": Kind(Site, check_site),
    "site-notice": Kind(Notice, check_notice),
    "site-exemption": Kind(Exemption, check_exemption),
    "site-lifted": Kind(Lifted),
    "site-warning": Kind(Warned),
    "site-seen": Kind(SiteSeen),
    "site-call": Kind(Call, check_call),
    "flight-plan": Kind(FlightPlan, check_plan),
    "identification": Kind(Identification, check_identification),
    "track-offer": Kind(TrackOffer, check_offer),
    "track-answer": Kind(TrackAnswer, check_answer),
    "alert": Kind(Alert, check_alert),
    "alert-draft": Kind(Proposed),
    "alert-check": Kind(Check, check_check),
    "alert-ack": Kind(Ack),
    "early-warning": Kind(Early, check_early),
    "notification": Kind(Notified, check_notified),
    "notification-ack": Kind(Known),
}
"""Every kind of item with a form."""

KIND_OF: Final[Mapping[type[Value], str]] = {known.form: kind for kind, known in FORMS.items()}
"""Of which kind an item with a form is."""

F = TypeVar("F", bound=Value)


def check_form(kind: str, given: object, at: Micros, find: Callable[[str], str] | None = None) -> Value | None:
    """Return the form of an item that is about to be published, None for a kind (or a version of it) without one.

    `find` puts the id of an item in the place of what people call it. Raise `Malformed("bad-form")` with the place
    where it does not fit, or `Malformed("no-form")` for a form too many; and as `find` does.
    """
    known = FORMS.get(kind)
    if known is None:
        if given is not None:
            raise Malformed("no-form", f"an item of kind {kind} has no form")
        return None
    if given is None and known.version > 1:
        return None
    asked = {} if given is None else given
    try:
        form = msgspec.convert(asked if find is None else resolved(asked, known.form, find), known.form)
    except msgspec.ValidationError as error:
        raise Malformed("bad-form", str(error)) from error
    if known.check is not None:
        known.check(form, at)
    return form


def check_audience(form: Value | None, labels: Iterable[str], to: tuple[MemberId, ...], me: MemberId) -> None:
    """Raise `Malformed` where a form would go to more than its kind may: `labels` are all that it will bear."""
    check_hidden(form, to, me)
    check_close(form, labels, to, me)
    others = sorted(set(to) - {me})
    if form is not None and KIND_OF[type(form)] in HOME_KINDS and others:
        raise Malformed("stays-home", f"{', '.join(others)}: a {KIND_OF[type(form)]} is for this member's own officers")


def form_of(statement: Statement, form: type[F]) -> F | None:
    """Return the form that a received item carries, or None where it carries none of this kind.

    What speaks about an item cites it: one that names an item and does not is found beside nothing, and no form.
    """
    if statement.kind != KIND_OF[form]:
        return None
    try:
        body = msgspec.json.decode(statement.body)
        found = msgspec.convert(body["form"], form)
    except (msgspec.MsgspecError, KeyError, TypeError):
        return None
    return found if set(named(found)) <= {cite.item for cite in statement.cites} else None
