"""What the members agreed: the charter, the acts that change it, and the state they make together.

The exchange id is the hash of the founding charter without its signatures. Acts form a chain; an act needs all but its
subject up to four members, more than two thirds of the others above that. The presiding member has no say of its own.
Later rounds, absent members and cover traffic come later and are refused with `later-release`.
"""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from quartet.core.encoding import Value, decode, digest64, encode, unb64
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import SECOND, CountField, Epoch, ExchangeId, MemberField, MemberId, Micros, TimeField
from quartet.core.keys import ED25519, PublicKey, SecretKey
from quartet.core.membership import Membership, Span, State
from quartet.core.signed import SignedBytes, decode_signed_bytes, sign_all
from quartet.core.statement import Hash

MAX_CHARTER: Final = 256 * 1024
MAX_MEMBERS: Final = 256
MAX_HUBS: Final = 16

Text = Annotated[str, Meta(max_length=4096)]
Name = Annotated[str, Meta(min_length=1, max_length=128)]


class CharterMember(Value, frozen=True):
    """A member with the keys that everything else hangs on; the TLS CA is its certificate (DER)."""

    id: MemberField
    root_key: Hash
    nkey: Annotated[str, Meta(pattern=r"^U[A-Z2-7]{55}$")]
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
    cover: Text | None
    circles: Annotated[tuple[Circle, ...], Meta(max_length=256)]
    agreements: Annotated[tuple[Agreement, ...], Meta(max_length=256)]
    purposes: Annotated[tuple[Name, ...], Meta(max_length=64)]
    prohibitions: Annotated[tuple[Text, ...], Meta(max_length=64)]
    chair_rota: Annotated[tuple[MemberField, ...], Meta(max_length=MAX_MEMBERS)]


ActKind = Literal["admit", "suspend", "reinstate", "withdraw", "absent", "set"]


class ActPayload(Value, frozen=True):
    """What an act does: to whom, from when, why; `admitted` for a newcomer, `hubs` for a `set`."""

    at: TimeField
    subject: MemberField | None
    reason: Text
    admitted: CharterMember | None
    hubs: tuple[Hub, ...] | None


class Act(Value, frozen=True):
    """One change to the charter, behind the one before it."""

    v: Literal[1]
    exchange: Hash
    predecessor: Hash
    round: CountField
    kind: ActKind
    payload: ActPayload


class CharterState(msgspec.Struct, frozen=True):
    """The founding charter and the acts since, all verified. A value: `apply` returns the next one."""

    exchange: ExchangeId
    charter: Charter
    founding: bytes
    acts: tuple[bytes, ...]
    members: dict[MemberId, CharterMember]
    hubs: tuple[Hub, ...]
    membership: Membership
    head: str

    @property
    def epoch(self) -> Epoch:
        """How many acts there are."""
        return Epoch(len(self.acts))

    def root_key(self, member: MemberId) -> PublicKey:
        """Return the member's root key, or raise `Untrusted("unknown-member")`."""
        found = self.members.get(member)
        if found is None:
            raise Untrusted("unknown-member", member)
        return PublicKey.from_text(found.root_key)

    def apply(self, travelling: bytes) -> "CharterState":
        """Return the state after one more act, or raise `Malformed` or `Untrusted`."""
        signed = decode_signed_bytes(travelling)
        act = decode_act(signed.raw)
        _check_place(act, self)
        _check_quorum(act, signed, self)
        return _after(act, travelling, self)

    def missing_signatures(self, travelling: bytes) -> tuple[MemberId, ...]:
        """Return whose signatures an act may still take, sorted."""
        signed = decode_signed_bytes(travelling)
        act = decode_act(signed.raw)
        return tuple(m for m in _voters(act, self) if not signed.signed_by("act", self.root_key(m)))


def exchange_id(charter: bytes) -> ExchangeId:
    """Return the id of the exchange that a charter founds (its bytes without signatures)."""
    return ExchangeId(digest64("quartet/exchange/v1", charter))


def sign_charter(charter: Charter, roots: list[SecretKey]) -> bytes:
    """Return the charter with every founder's signature, as it travels."""
    return sign_all("charter", encode(charter), roots)


def found(travelling: bytes) -> CharterState:
    """Return the state of an exchange from its founding charter.

    (1) shape, (2) sense: names once, what is not in this release refused, (3) every founder's signature.
    """
    signed = decode_signed_bytes(travelling)
    raw = signed.raw
    charter = decode(raw, Charter, MAX_CHARTER)
    _check_sense(charter)
    for member in charter.members:
        signed.require("charter", PublicKey.from_text(member.root_key))
    purposes = frozenset(charter.purposes)
    spans: dict[MemberId, tuple[Span, ...]] = {m.id: (Span(Micros(0), "active"),) for m in charter.members}
    return CharterState(
        exchange=exchange_id(raw),
        charter=charter,
        founding=travelling,
        acts=(),
        members={m.id: m for m in charter.members},
        hubs=charter.hubs,
        membership=Membership(spans=spans, tick=charter.tick, recall_delay=charter.recall_delay, purposes=purposes),
        head=digest64("quartet/act/v1", raw),
    )


def decode_act(raw: bytes) -> Act:
    """Return the act with these bytes, or raise `Malformed`."""
    act = decode(raw, Act, MAX_CHARTER)
    if act.round != 1 or act.kind == "absent":
        raise Malformed("later-release", f"round {act.round} of {act.kind} comes with a later release")
    if act.kind == "set" and act.payload.hubs is None:
        raise Malformed("bad-act", "a `set` names hubs")
    if act.kind != "set" and act.payload.subject is None:
        raise Malformed("bad-act", f"{act.kind} names no subject")
    admitted = act.payload.admitted
    if (act.kind == "admit") != (admitted is not None) or (admitted and admitted.id != act.payload.subject):
        raise Malformed("bad-act", "a newcomer is described by its admission, and only there")
    return act


def propose(state: CharterState, kind: ActKind, payload: ActPayload) -> Act:
    """Return the act that would follow the present charter."""
    return Act(v=1, exchange=state.exchange, predecessor=state.head, round=1, kind=kind, payload=payload)


def _check_sense(charter: Charter) -> None:
    ids = [m.id for m in charter.members]
    if ids != sorted(set(ids)):
        raise Malformed("unsorted", "members are not sorted, each once")
    if ED25519 not in charter.algorithms or set(charter.algorithms) - {ED25519}:
        raise Malformed("unknown-algorithm", ", ".join(charter.algorithms))
    if charter.cover is not None:
        raise Malformed("later-release", "cover traffic comes with a later release")
    if len({h.name for h in charter.hubs}) != len(charter.hubs):
        raise Malformed("hub-twice", "two hubs of one name")
    named = {h.host for h in charter.hubs} | {m for c in charter.circles for m in c.members}
    strangers = named | set(charter.chair_rota)
    if strangers - set(ids):
        raise Malformed("unknown-member", ", ".join(sorted(strangers - set(ids))))
    for member in charter.members:
        unb64(member.tls_ca)


def _check_place(act: Act, state: CharterState) -> None:
    if act.exchange != state.exchange:
        raise Untrusted("other-exchange", act.exchange[:8])
    if act.predecessor != state.head:
        raise Untrusted("act-not-next", f"follows {act.predecessor[:8]}, the charter is at {state.head[:8]}")
    latest = max((s.since for spans in state.membership.spans.values() for s in spans), default=Micros(0))
    if act.payload.at < latest:
        raise Untrusted("act-backdated", f"{act.payload.at} is before {latest}")
    _next_state(act, state)


def _voters(act: Act, state: CharterState) -> tuple[MemberId, ...]:
    """Return who decides: for a withdrawal its subject alone, else every active member but the subject."""
    if act.kind == "withdraw" and act.payload.subject is not None:
        return (act.payload.subject,)
    return tuple(m for m in state.membership.members(act.payload.at) if m != act.payload.subject)


def _check_quorum(act: Act, signed: SignedBytes, state: CharterState) -> None:
    voters = _voters(act, state)
    active = len(state.membership.members(act.payload.at))
    if active <= 2 and act.kind in ("suspend", "reinstate"):
        raise Untrusted("two-can-only-part", "two members cannot suspend each other")
    signers = [m for m in voters if signed.signed_by("act", state.root_key(m))]
    needed = len(voters) if active <= 4 else len(voters) * 2 // 3 + 1
    if len(signers) < needed:
        missing = sorted(set(voters) - set(signers))
        raise Untrusted("act-not-carried", f"{len(signers)} of {needed} signatures; missing {', '.join(missing)}")


def _next_state(act: Act, state: CharterState) -> State | None:
    subject, at = act.payload.subject, act.payload.at
    if act.kind == "set" or subject is None:
        return None
    present = state.membership.state(subject, at)
    allowed = {
        "admit": (None, "withdrawn"),
        "suspend": ("active",),
        "reinstate": ("suspended",),
        "withdraw": ("active", "suspended"),
    }[act.kind]
    if present not in allowed:
        raise Untrusted("act-out-of-turn", f"{act.kind} of {subject}, who is {present or 'not a member'}")
    states: dict[str, State] = {"suspend": "suspended", "withdraw": "withdrawn"}
    return states.get(act.kind, "active")


def _after(act: Act, travelling: bytes, state: CharterState) -> CharterState:
    target = _next_state(act, state)
    membership = msgspec.structs.replace(state.membership, epoch=Epoch(state.epoch + 1))
    members, hubs = state.members, state.hubs
    if target is not None and act.payload.subject is not None:
        membership = state.membership.with_span(act.payload.subject, act.payload.at, target)
        if target != "active":
            hubs = tuple(h for h in hubs if h.host != act.payload.subject)
    if act.payload.admitted is not None:
        members = {**members, act.payload.admitted.id: act.payload.admitted}
    if act.payload.hubs is not None:
        hubs = act.payload.hubs
    return msgspec.structs.replace(
        state,
        acts=(*state.acts, travelling),
        members=members,
        hubs=hubs,
        membership=membership,
        head=digest64("quartet/act/v1", decode_signed_bytes(travelling).raw),
    )
