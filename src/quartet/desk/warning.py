"""A warning: what threatens whom where and until when, who was told, who has acknowledged, and who has not.

An officer's is an `alert`: she asserts it, and a second officer of her member confirms its exact bytes before it
leaves (`alert-check`). Where a life depends on it she may release a minimum at once; then the second officer reviews it
within a day, and all see whether that was done. An authority's is relayed as it came (`early-warning`): it names its
source, and no officer stands behind it. Nothing here says from where a danger was sent, or where it will strike.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Final, Literal

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import HASH_PATTERN, SECOND, ItemId, MemberField, MemberId, Micros, OfficerName, TimeField
from quartet.core.statement import MAX_STATEMENT, Assertion
from quartet.core.warning import MAX_IN_FORCE, ends
from quartet.desk.action import HOUR, Words
from quartet.desk.area import MAX_AREAS, Area, check_area
from quartet.desk.naming import Item
from quartet.desk.said import Said, distinct, for_members

MAX_WINDOW: Final = MAX_IN_FORCE
"""How long a warning may be said to hold; one that came and says more holds no longer (`core.warning`)."""
MAX_DESKS: Final = 256
MAX_WORDS: Final = 4096
"""Bytes of all languages together: a FLASH overtakes what waits, and is short."""
MINIMUM: Final = 1024
"""Bytes of what may go before a second officer has read it."""
MAX_ALSO: Final = 200
"""Warnings that one message of an authority may end beside the first."""
REACHED_WITHIN: Final = 9 * SECOND // 2
"""How long a desk may take to have a warning before it is listed as not reached: so that it is, within five seconds."""
REVIEW_WITHIN: Final = 24 * HOUR
PROPOSED_FOR: Final = HOUR
"""How long a warning may wait for its second officer; then it is another one's time."""

Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}\Z")]
"""A language by its short code. Officers write in those of the centre; what is relayed keeps its own."""
LANGUAGES: Final = ("en", "fr", "ar", "fa", "ru")
Category = Literal[
    "Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other"
]
"""The words of CAP 1.2, as are the four that follow."""
Response = Literal["Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"]
Urgency = Literal["Immediate", "Expected", "Future", "Past", "Unknown"]
Severity = Literal["Extreme", "Severe", "Moderate", "Minor", "Unknown"]
Certainty = Literal["Observed", "Likely", "Possible", "Unlikely", "Unknown"]
Word = Literal["ALERT", "UPDATE", "CANCEL"]
Release = Literal["CHECKED", "OVERRIDE"]
DeskName = Annotated[str, Meta(pattern=r"^([a-z][a-z0-9-]{0,31})?\Z")]


class Desk(Value, frozen=True, order=True):
    """To whom a warning is addressed: a member's site desk by its name, or with none the member's own watch."""

    member: MemberField
    name: DeskName = ""


class Info(Value, frozen=True):
    """What is said in one language: what the hazard is, a headline, and what to do to be safe."""

    language: Language
    hazard: Annotated[str, Meta(min_length=1, max_length=80)]
    headline: Annotated[str, Meta(min_length=1, max_length=160)]
    protect: Annotated[str, Meta(min_length=1, max_length=2048)]


class WarningForm(Value, frozen=True, kw_only=True):
    """What every warning says. `previous` is the one whose place an UPDATE takes, and that a CANCEL ends."""

    word: Word = "ALERT"
    category: Category
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    begins: TimeField
    until: TimeField
    areas: Annotated[tuple[Area, ...], Meta(min_length=1, max_length=MAX_AREAS)]
    info: Annotated[tuple[Info, ...], Meta(min_length=1, max_length=5)]
    desks: Annotated[tuple[Desk, ...], Meta(max_length=MAX_DESKS)]
    responses: Annotated[tuple[Response, ...], Meta(max_length=4)] = ()
    previous: Item | None = None


class Alert(WarningForm, frozen=True, kw_only=True):
    """The form of an `alert` item, version 1: CHECKED left after a second officer, OVERRIDE before one."""

    release: Release
    why: Annotated[str, Meta(max_length=300)] = ""


class Source(Value, frozen=True):
    """By whom an early warning was given, in the words of what came: claims, but for `door`, by which it came."""

    door: Annotated[str, Meta(min_length=1, max_length=64)]
    sender: Annotated[str, Meta(max_length=200)]
    identifier: Annotated[str, Meta(max_length=200)]
    sent: TimeField
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]


class Early(WarningForm, frozen=True, kw_only=True):
    """The form of an `early-warning` item, version 1: an authority's warning, relayed as it came.

    An authority's message may end several at once: `also` are those beside `previous`.
    """

    source: Source
    also: Annotated[tuple[Item, ...], Meta(max_length=MAX_ALSO)] = ()


AnyWarning = Said[Alert | Early]


class Check(Value, frozen=True):
    """The form of an `alert-check` item: a second officer has read these exact bytes. WRONG is of a review alone."""

    alert: Item
    word: Literal["CONFIRMED", "WRONG"] = "CONFIRMED"
    text: Words = ""


class Ack(Value, frozen=True):
    """The form of an `alert-ack` item: a desk has the warning before it. It says nothing of what it will do."""

    alert: Item
    desk: DeskName = ""
    text: Words = ""


class Proposed(Value, frozen=True):
    """The form of an `alert-draft` item: an alert's exact bytes with its author's assertion; it stays at her member."""

    alert: Annotated[str, Meta(pattern=HASH_PATTERN)]
    statement: Annotated[str, Meta(max_length=2 * MAX_STATEMENT)]
    assertion: Assertion


class Stage(StrEnum):
    """How a warning stands: the last three are not in force."""

    IN_FORCE = "IN_FORCE"
    UPDATED = "UPDATED"
    CANCELLED = "CANCELLED"
    OVER = "OVER"


class Acked(Value, frozen=True):
    """Who acknowledged for a desk, when, in what words, by which item."""

    desk: Desk
    item: ItemId
    officer: OfficerName
    at: Micros
    text: str


class Stands(Value, frozen=True):
    """A warning as it stands, in force `until` then at the latest.

    `unreached` are the desks whose member has not had it in time, as far as is known.
    """

    stage: Stage
    until: Micros
    acks: tuple[Acked, ...]
    missing: tuple[Desk, ...]
    unreached: tuple[Desk, ...]
    checked: Said[Check] | None
    review_by: Micros | None
    followed_by: ItemId | None

    def owes_review(self) -> bool:
        """Return whether it left before a second officer read it, and none has since."""
        return self.review_by is not None and self.checked is None


def check_alert(alert: Alert, at: Micros) -> None:
    """Raise `Malformed("bad-form")` or `("bad-area")` for an alert that makes no sense at the time when it is said."""
    check_warned(alert, at)
    if not alert.desks:
        raise Malformed("bad-form", "desks: a warning for nobody warns nobody")
    if any(one.language not in LANGUAGES for one in alert.info):
        raise Malformed("bad-form", f"info: a language is one of {', '.join(LANGUAGES)}")
    for area in alert.areas:
        check_area(area)
    if (alert.release == "OVERRIDE") != bool(alert.why.strip()):
        raise Malformed("bad-form", "why: who releases without a second officer says why, and nobody else does")
    if alert.release == "OVERRIDE" and size_of(alert) + size_beside(alert) > MINIMUM:
        raise Malformed("bad-form", f"info: what goes unread by a second officer has {MINIMUM} bytes at most")


def check_warned(warned: WarningForm, at: Micros) -> None:
    """Raise `Malformed("bad-form")` or `("bad-area")` for a warning of any sort that makes no sense."""
    if not warned.begins < warned.until:
        raise Malformed("bad-form", "until: it would end before it begins")
    if warned.until <= at:
        raise Malformed("bad-form", "until: it would be over before it is said")
    if warned.until - at > MAX_WINDOW:
        raise Malformed("bad-form", f"until: a warning holds {MAX_WINDOW // (24 * HOUR)} days at most")
    if (warned.word == "ALERT") != (warned.previous is None):
        raise Malformed("bad-form", "previous: an UPDATE and a CANCEL name the warning before, and nothing else does")
    if len({one.language for one in warned.info}) != len(warned.info):
        raise Malformed("bad-form", "info: one a language")
    if len(set(warned.desks)) != len(warned.desks):
        raise Malformed("bad-form", "desks: one is named twice")
    if size_of(warned) > MAX_WORDS:
        raise Malformed("bad-form", f"info: {MAX_WORDS} bytes of text at most, all languages together")


def check_early(early: Early, at: Micros) -> None:
    """Raise as `check_warned`, and `Malformed("bad-form")` for one that ends several and names one twice."""
    check_warned(early, at)
    ended = ended_by(early)
    if early.also and (early.previous is None or len(set(ended)) != len(ended)):
        raise Malformed("bad-form", "also: what it ends beside `previous`, each once")


def ended_by(form: Alert | Early) -> tuple[ItemId, ...]:
    """Return the warnings that an UPDATE takes the place of, or that a CANCEL ends."""
    first = () if form.previous is None else (form.previous,)
    return (*first, *form.also) if isinstance(form, Early) else first


def size_of(warned: WarningForm) -> int:
    """Return how many bytes of words a warning has, in all its languages."""
    return sum(len(text.encode()) for one in warned.info for text in (one.hazard, one.headline, one.protect))


def size_beside(alert: Alert) -> int:
    """Return how many bytes of words an officer's warning has beside its texts: its reason, and its areas' names."""
    return sum(len(text.encode()) for text in (alert.why, *(area.name for area in alert.areas)))


def check_beside(form: Value | None, title: str, text: str) -> None:
    """Raise `Malformed("bad-form")` for a warning that says more than its form: a second officer reads nothing else.

    Its title is a headline of its own, or the beginning of one, or empty.
    """
    if not isinstance(form, Alert):
        return
    if text:
        raise Malformed("bad-form", "text: a warning says all in its form: put it there, where it is read and counted")
    if not any(one.headline.startswith(title) for one in form.info):
        raise Malformed("bad-form", "title: of a warning it is its headline")


def check_check(check: Check, _: Micros) -> None:
    """Raise `Malformed("bad-form")` for a review that finds something wrong and does not say what."""
    if check.word == "WRONG" and not check.text.strip():
        raise Malformed("bad-form", "text: say what is wrong with it")


def stands(
    warning: AnyWarning,
    later: Iterable[AnyWarning],
    checks: Iterable[Said[Check]],
    acks: Iterable[Said[Ack]],
    now: Micros,
    *,
    sent: Micros,
    received: Mapping[MemberId, Micros],
) -> Stands:
    """Return how a warning stands; `sent` is when this node kept it, `received` when it came to each member."""
    form = warning.form
    acked = _acked(warning, acks)
    missing = tuple(desk for desk in form.desks if desk not in acked)
    after = _next(warning, later)
    late = now - sent >= REACHED_WITHIN
    override = isinstance(form, Alert) and form.release == "OVERRIDE"
    until = over_at(warning, sent)
    return Stands(
        stage=_stage(until, after, now),
        until=until,
        acks=tuple(acked[desk] for desk in form.desks if desk in acked),
        missing=missing,
        unreached=tuple(desk for desk in missing if late and desk.member not in received),
        checked=checked_by(warning, checks),
        review_by=Micros(warning.at + REVIEW_WITHIN) if override else None,
        followed_by=None if after is None else after.id,
    )


def checked_by(warning: AnyWarning, checks: Iterable[Said[Check]]) -> Said[Check] | None:
    """Return the first word of a second officer of the same member: the author's own counts for nothing."""
    for one in for_members(checks):
        same = one.form.alert == warning.id and one.member == warning.member
        if same and one.officer != warning.officer:
            return one
    return None


def _acked(warning: AnyWarning, acks: Iterable[Said[Ack]]) -> dict[Desk, Acked]:
    """Return who acknowledged first for each desk that is addressed: each member speaks for its own."""
    found: dict[Desk, Acked] = {}
    for one in for_members(acks):
        desk = Desk(one.member, one.form.desk)
        if one.form.alert == warning.id and desk in warning.form.desks:
            found.setdefault(desk, Acked(desk, one.id, one.officer, one.at, one.form.text))
    return found


def _next(warning: AnyWarning, later: Iterable[AnyWarning]) -> AnyWarning | None:
    """Return what ends a warning: a CANCEL if there is one, else its newest UPDATE; its own member's alone."""
    found = [one for one in distinct(later) if warning.id in ended_by(one.form) and _may_follow(warning, one)]
    cancels = [one for one in found if one.form.word == "CANCEL"]
    return next(iter(cancels), found[-1] if found else None)


def _may_follow(warning: AnyWarning, after: AnyWarning) -> bool:
    """Return whether a warning may end another: one member's, and of what a door relayed only what that door brings."""
    before, form = warning.form, after.form
    if isinstance(before, Early) and isinstance(form, Early) and before.source.door != form.source.door:
        return False
    return after.member == warning.member and after.hat == warning.hat and type(form) is type(before)


def over_at(warning: AnyWarning, sent: Micros) -> Micros:
    """Return when a warning that this node kept at `sent` is over by itself, however long it says, and of what date."""
    return ends(warning.form.until, min(warning.at, sent))


def _stage(until: Micros, after: AnyWarning | None, now: Micros) -> Stage:
    if after is not None:
        return Stage.CANCELLED if after.form.word == "CANCEL" else Stage.UPDATED
    return Stage.OVER if now >= until else Stage.IN_FORCE
