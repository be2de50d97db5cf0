"""An incident and its evidence: what was captured, by whom, how it is known, and through whose hands it went.

The evidential copy is never touched: whoever works, works on a copy that says what was changed. A handing over counts
when both sides said it, of the same bytes; until then it is one side's word.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Final, Literal

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import CountField, ItemId, MemberField, MemberId, Micros, TimeField
from quartet.desk.action import Words
from quartet.desk.naming import Item
from quartet.desk.report import Counted, How, Line, Root
from quartet.desk.said import Said, about, for_members

Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
"""As every tool prints it."""
Thing = Literal["PHOTO", "VIDEO", "SOUND", "DOCUMENT", "PAGE", "OBJECT", "INSTRUMENT", "TESTIMONY"]
MAX_METRES: Final = 10_000_000
"""A quarter of the way round the earth: nobody knows a place less well."""


class Incident(Value, frozen=True):
    """The form of an `incident` item: when and where something was, as far as is agreed; its title is neutral."""

    since: TimeField
    until: TimeField
    area: Line


class Effect(Value, frozen=True):
    """The form of an `effect` item: what an incident did, as a range, and the evidence for it."""

    incident: Item
    counted: Counted
    evidence: Annotated[tuple[Item, ...], Meta(max_length=64)] = ()


class Moment(Value, frozen=True):
    """The form of a `timeline` item: what happened when, within an incident, and what shows it. `gap`: nobody knows."""

    incident: Item
    since: TimeField
    until: TimeField
    what: Line
    evidence: Annotated[tuple[Item, ...], Meta(max_length=64)] = ()
    gap: bool = False


class IncidentStep(Value, frozen=True):
    """The form of an `incident-step` item: its opener closes an incident, and any member reopens it."""

    incident: Item
    move: Literal["CLOSE", "REOPEN"]
    text: Words = ""


class Evidence(Value, frozen=True):
    """The form of an `evidence` item: one thing, by the hash of its bytes where it has any; it is marked `hold`.

    `captured` lies between `since` and `until`; the place is words, and within how many metres it is known.
    """

    incident: Item
    thing: Thing
    how: How
    collector: Line
    sha256: Sha256 | None = None
    size: CountField | None = None
    media_type: Line = ""
    since: TimeField | None = None
    until: TimeField | None = None
    place: Line = ""
    within_m: Annotated[int, Meta(ge=0, le=MAX_METRES)] | None = None
    tool: Line = ""
    url: Line = ""
    archive: Line = ""
    roots: Annotated[tuple[Root, ...], Meta(max_length=16)] = ()
    original: Item | None = None


class Custody(Value, frozen=True):
    """The form of a `custody` item: a member says that it gave evidence to another, or that it took it from one."""

    evidence: Item
    move: Literal["GIVES", "TAKES"]
    other: MemberField
    at: TimeField
    why: Line
    sha256: Sha256 | None = None


class WorkingCopy(Value, frozen=True):
    """The form of a `working-copy` item: the hash of a copy that somebody works on, and what was changed in it."""

    evidence: Item
    sha256: Sha256
    change: Line


class AccessDenied(Value, frozen=True):
    """The form of an `access-denied` item: who kept a member from seeing a place or a thing, and when."""

    incident: Item
    by: Line
    at: TimeField
    what: Line


class Hand(StrEnum):
    """How a handing over stands: both said it; one did; or both, and not of the same bytes."""

    BOTH = "BOTH"
    GIVER_ALONE = "GIVER_ALONE"
    TAKER_ALONE = "TAKER_ALONE"
    DIFFER = "DIFFER"


class Handed(Value, frozen=True):
    """One handing over of evidence, in the order of its dates."""

    giver: MemberId
    taker: MemberId
    at: Micros
    hand: Hand
    items: tuple[ItemId, ...]


class Status(StrEnum):
    """How an incident stands; whether its facts are agreed is for the ladder to say."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"
    REOPENED = "REOPENED"


def check_incident(incident: Incident, _: Micros) -> None:
    """Raise `Malformed("bad-form")` for one that ends before it begins."""
    if incident.until < incident.since:
        raise Malformed("bad-form", "until: it would end before it begins")


def check_moment(moment: Moment, _: Micros) -> None:
    """Raise `Malformed("bad-form")` for what ends before it begins."""
    if moment.until < moment.since:
        raise Malformed("bad-form", "until: it would end before it begins")


def check_evidence(evidence: Evidence, _: Micros) -> None:
    """Raise `Malformed("bad-form")` where times or size make no sense."""
    if (evidence.since is None) != (evidence.until is None):
        raise Malformed("bad-form", "since and until: when it was captured lies between two times; say both")
    if evidence.since is not None and evidence.until is not None and evidence.until < evidence.since:
        raise Malformed("bad-form", "until: it would be captured before it was")
    if (evidence.sha256 is None) != (evidence.size is None):
        raise Malformed("bad-form", "sha256 and size: bytes have both")


def status(incident: Said[Incident], steps: Iterable[Said[IncidentStep]]) -> Status:
    """Return how an incident stands: its opener closes it, any member opens it again, and the chair does neither."""
    found = Status.OPEN
    for one in about("incident", incident.id, steps):
        if one.form.move == "REOPEN" and found is Status.CLOSED:
            found = Status.REOPENED
        elif one.form.move == "CLOSE" and one.member == incident.member:
            found = Status.CLOSED
    return found


def custody(evidence: Said[Evidence], moves: Iterable[Said[Custody]]) -> tuple[Handed, ...]:
    """Return through whose hands evidence went: each giving with the taking that answers it, by the date that it bears.

    The giver's n-th giving to a member answers that member's n-th taking from it, in the order of dates.
    """
    told = about("evidence", evidence.id, moves)
    pairs: dict[tuple[MemberId, MemberId], tuple[list[Said[Custody]], list[Said[Custody]]]] = {}
    for one in sorted(told, key=lambda one: (one.form.at, one.id)):
        gives = one.form.move == "GIVES"
        other = MemberId(one.form.other)
        way = (one.member, other) if gives else (other, one.member)
        pairs.setdefault(way, ([], []))[0 if gives else 1].append(one)
    links = [link for way, (given, taken) in pairs.items() for link in _links(way, given, taken)]
    return tuple(sorted(links, key=lambda link: (link.at, link.giver, link.taker)))


def _links(way: tuple[MemberId, MemberId], given: list[Said[Custody]], taken: list[Said[Custody]]) -> Iterable[Handed]:
    for n in range(max(len(given), len(taken))):
        both = [*given[n : n + 1], *taken[n : n + 1]]
        if len(both) == 2:
            hand = Hand.BOTH if both[0].form.sha256 == both[1].form.sha256 else Hand.DIFFER
        else:
            hand = Hand.GIVER_ALONE if n < len(given) else Hand.TAKER_ALONE
        at = Micros(min(one.form.at for one in both))
        yield Handed(giver=way[0], taker=way[1], at=at, hand=hand, items=tuple(one.id for one in both))


def holder(evidence: Said[Evidence], links: Iterable[Handed]) -> MemberId:
    """Return who has the evidential copy: its collector's member, or whoever took it last by both sides' word."""
    took = [link.taker for link in links if link.hand is Hand.BOTH]
    return took[-1] if took else evidence.member


def copies(evidence: ItemId, said: Iterable[Said[WorkingCopy]]) -> tuple[Said[WorkingCopy], ...]:
    """Return the working copies of one piece of evidence."""
    return tuple(one for one in for_members(said) if one.form.evidence == evidence)
