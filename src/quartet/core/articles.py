"""What a charter and an act say, word by word. Read here, believed in `charter`.

What comes with a later release - rounds, other covers, more algorithms, more members - is part of the format already,
and refused with `later-release`.
"""

from collections.abc import Sequence
from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta, UnsetType, structs

from quartet.core.absence import MAX_ABSENCE
from quartet.core.cover import COVER_OFF, COVERS
from quartet.core.encoding import Value, decode, unb64
from quartet.core.faults import Malformed
from quartet.core.ids import NKEY_PATTERN, SECOND, CountField, MemberField, MemberId, TimeField
from quartet.core.keys import ED25519, PublicKey
from quartet.core.statement import Hash

MAX_CHARTER: Final = 256 * 1024
MAX_MEMBERS: Final = 256
MAX_HUBS: Final = 16
MEMBERS_NOW: Final = 8
HUBS_NOW: Final = 2
DAY: Final = 86_400 * SECOND

Text = Annotated[str, Meta(max_length=4096)]
Name = Annotated[str, Meta(min_length=1, max_length=128)]


class CharterMember(Value, frozen=True):
    """A member with the keys that everything else hangs on; `tls_ca` is its authority's certificate (DER)."""

    id: MemberField
    root_key: Hash
    nkey: Annotated[str, Meta(pattern=NKEY_PATTERN)]
    tls_ca: Annotated[str, Meta(max_length=8192)]


class Hub(Value, frozen=True):
    """A hub, the member that hosts it, and where it listens (`tls://host:port`)."""

    name: Name
    host: MemberField
    address: Name


class Circle(Value, frozen=True):
    """A standing community among the members; resolved to member ids when something is signed."""

    name: Name
    members: Annotated[tuple[MemberField, ...], Meta(max_length=MAX_MEMBERS)]


class Agreement(Value, frozen=True):
    """An agreement between members: its circle, dates and the hash of its text."""

    name: Name
    circle: Name
    since: TimeField
    until: TimeField | None
    text_hash: Hash


class Charter(Value, frozen=True):
    """What the founding members signed. Times are microseconds."""

    v: Literal[1]
    name: Name
    members: Annotated[tuple[CharterMember, ...], Meta(min_length=2, max_length=MAX_MEMBERS)]
    hubs: Annotated[tuple[Hub, ...], Meta(max_length=MAX_HUBS)]
    algorithms: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=4)]
    tick: Annotated[int, Meta(ge=100_000, le=60 * SECOND)]
    recall_delay: Annotated[int, Meta(ge=0, le=366 * 86_400 * SECOND)]
    cover: Name
    circles: Annotated[tuple[Circle, ...], Meta(max_length=256)]
    agreements: Annotated[tuple[Agreement, ...], Meta(max_length=256)]
    purposes: Annotated[tuple[Name, ...], Meta(max_length=64)]
    prohibitions: Annotated[tuple[Text, ...], Meta(max_length=64)]
    chair_rota: Annotated[tuple[MemberField, ...], Meta(max_length=MAX_MEMBERS)]


ActKind = Literal["admit", "suspend", "reinstate", "withdraw", "absent", "set"]


class Changes(Value, frozen=True):
    """What a `set` changes, each as a whole; null leaves it as it is."""

    hubs: Annotated[tuple[Hub, ...], Meta(max_length=MAX_HUBS)] | None
    algorithms: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=4)] | None
    recall_delay: Annotated[int, Meta(ge=0, le=366 * 86_400 * SECOND)] | None
    cover: Name | None
    circles: Annotated[tuple[Circle, ...], Meta(max_length=256)] | None
    agreements: Annotated[tuple[Agreement, ...], Meta(max_length=256)] | None
    purposes: Annotated[tuple[Name, ...], Meta(max_length=64)] | None
    prohibitions: Annotated[tuple[Text, ...], Meta(max_length=64)] | None
    chair_rota: Annotated[tuple[MemberField, ...], Meta(max_length=MAX_MEMBERS)] | None


class ActPayload(Value, frozen=True):
    """What an act does: to whom, from when, why; `admitted` describes a newcomer, `changes` is what a `set` sets.

    `until` is when an absence ends; no other act has it.
    """

    at: TimeField
    subject: MemberField | None
    reason: Text
    admitted: CharterMember | None
    changes: Changes | None
    until: TimeField | UnsetType = UNSET


class Act(Value, frozen=True):
    """One change to the charter, behind the one before it."""

    v: Literal[1]
    exchange: Hash
    predecessor: Hash
    round: CountField
    kind: ActKind
    payload: ActPayload


def decode_charter(raw: bytes) -> Charter:
    """Return the charter with these bytes, or raise `Malformed`: shape, then sense."""
    charter = decode(raw, Charter, MAX_CHARTER)
    check_members(charter.members)
    check_terms(charter, [m.id for m in charter.members])
    return charter


def decode_act(raw: bytes) -> Act:
    """Return the act with these bytes, or raise `Malformed`: shape, what is not in this release, then sense."""
    act = decode(raw, Act, MAX_CHARTER)
    if act.round != 1:
        raise Malformed("later-release", f"round {act.round} comes with a later release")
    if (act.kind == "set") != (act.payload.subject is None):
        raise Malformed("act-subject", f"{act.kind} of {act.payload.subject or 'nobody'}")
    if (act.kind == "set") != (act.payload.changes is not None):
        raise Malformed("act-changes", "changes are what a `set` has, and nothing else has them")
    if act.payload.changes is not None:
        _check_changes(act.payload.changes)
    admitted = act.payload.admitted
    if (act.kind == "admit") != (admitted is not None) or (admitted and admitted.id != act.payload.subject):
        raise Malformed("act-newcomer", "a newcomer is described by its admission, and only there")
    _check_until(act)
    return act


def check_members(members: Sequence[CharterMember]) -> None:
    """Raise `Malformed` unless members are sorted, each once, with keys that are theirs alone."""
    _check_sorted("members", [m.id for m in members])
    if len(members) > MEMBERS_NOW:
        raise Malformed("later-release", f"{len(members)} members where this release takes {MEMBERS_NOW}")
    for member in members:
        PublicKey.from_text(member.root_key)
        if not unb64(member.tls_ca).startswith(b"\x30"):
            raise Malformed("bad-certificate", f"the authority of {member.id} is not a DER certificate")
    for name in ("root_key", "nkey", "tls_ca"):
        if len({getattr(m, name) for m in members}) != len(members):
            raise Malformed("key-twice", f"two members with one {name}")


def check_terms(charter: Charter, known: Sequence[MemberId]) -> None:
    """Raise `Malformed` unless a charter's terms make sense among the members it knows."""
    if charter.algorithms != (ED25519,):
        raise Malformed("unknown-algorithm", ", ".join(charter.algorithms))
    if charter.cover not in {COVER_OFF, *COVERS}:
        names = ", ".join((COVER_OFF, *COVERS))
        raise Malformed("later-release", f"cover {charter.cover!r} comes with a later release: this one knows {names}")
    _check_hubs(charter.hubs)
    _check_sorted("purposes", charter.purposes)
    _check_sorted("circles", [c.name for c in charter.circles])
    for circle in charter.circles:
        _check_sorted(f"circle {circle.name}", circle.members)
    _check_agreements(charter)
    named = {m for c in charter.circles for m in c.members} | {h.host for h in charter.hubs} | set(charter.chair_rota)
    if named - set(known):
        raise Malformed("unknown-member", ", ".join(sorted(named - set(known))))


def amended(charter: Charter, changes: Changes) -> Charter:
    """Return a charter's terms with some changed."""
    given = {name: value for name, value in structs.asdict(changes).items() if value is not None}
    return structs.replace(charter, **given)


def _check_until(act: Act) -> None:
    until, at = act.payload.until, act.payload.at
    if (act.kind == "absent") != (until is not UNSET):
        raise Malformed("act-until", "an end is what an absence has, and nothing else has one")
    if until is not UNSET and not at < until <= at + MAX_ABSENCE:
        raise Malformed("bad-times", f"an absence lasts {MAX_ABSENCE // DAY} days at most, and ends after it begins")


def _check_hubs(hubs: Sequence[Hub]) -> None:
    if len(hubs) > HUBS_NOW:
        raise Malformed("later-release", f"{len(hubs)} hubs where this release takes {HUBS_NOW}")
    if len({h.name for h in hubs}) != len(hubs):
        raise Malformed("hub-twice", "two hubs of one name")


def _check_agreements(charter: Charter) -> None:
    _check_sorted("agreements", [a.name for a in charter.agreements])
    for agreement in charter.agreements:
        if agreement.circle not in {c.name for c in charter.circles}:
            raise Malformed("unknown-circle", agreement.circle)
        if agreement.until is not None and agreement.until <= agreement.since:
            raise Malformed("bad-times", f"agreement {agreement.name} ends before it begins")


def _check_changes(changes: Changes) -> None:
    if all(value is None for value in structs.asdict(changes).values()):
        raise Malformed("act-changes-nothing", "a `set` that changes nothing")
    for name in ("algorithms", "recall_delay"):
        if getattr(changes, name) is not None:
            raise Malformed("later-release", f"a change of {name} comes with a later release")


def _check_sorted(what: str, names: Sequence[str]) -> None:
    if [n.encode() for n in names] != sorted({n.encode() for n in names}):
        raise Malformed("unsorted", f"{what} are not sorted, each once")
