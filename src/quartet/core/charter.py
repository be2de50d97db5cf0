"""What the members agreed: the state that a charter and its acts make together, believed signature by signature.

The exchange id is the hash of the founding charter without its signatures. Acts form a chain, of which the charter is
the first link; an act needs all but its subject up to four members, more than two thirds of the others above that, and
an absence always all others. The presiding member has no say of its own.
"""

from typing import Final

import msgspec
from msgspec import UNSET, structs

from quartet.core.articles import (
    Act,
    ActKind,
    ActPayload,
    Agreement,
    Changes,
    Charter,
    CharterMember,
    Circle,
    Hub,
    amended,
    check_members,
    check_terms,
    decode_act,
    decode_charter,
)
from quartet.core.encoding import digest64, encode
from quartet.core.faults import Untrusted
from quartet.core.ids import Epoch, ExchangeId, MemberId, Micros
from quartet.core.keyring import Rota
from quartet.core.keys import PublicKey, SecretKey
from quartet.core.membership import Membership, Span, State
from quartet.core.signed import SignedBytes, decode_signed_bytes, sign_all

ALL_UP_TO: Final = 4
"""Members up to which an act needs all but its subject."""


class CharterState(msgspec.Struct, frozen=True):
    """The founding charter and the acts since, all verified. A value: `apply` returns the next one.

    `charter` is what was founded, `terms` what is in force; `members` are all there ever were, and so are `rotas`;
    `head` is what the next act names as its predecessor.
    """

    exchange: ExchangeId
    charter: Charter
    terms: Charter
    founding: bytes
    acts: tuple[bytes, ...]
    members: dict[MemberId, CharterMember]
    membership: Membership
    rotas: tuple[Rota, ...]
    head: str
    settled: Micros

    @property
    def epoch(self) -> Epoch:
        """How many acts there are."""
        return Epoch(len(self.acts))

    @property
    def hubs(self) -> tuple[Hub, ...]:
        """The hubs now."""
        return self.terms.hubs

    def root_key(self, member: MemberId) -> PublicKey:
        """Return the member's root key, or raise `Untrusted("unknown-member")`."""
        found = self.members.get(member)
        if found is None:
            raise Untrusted("unknown-member", member)
        return PublicKey.from_text(found.root_key)

    def apply(self, travelling: bytes) -> "CharterState":
        """Return the state after one more act, or raise `Malformed` or `Untrusted`.

        (1) shape, (2) the next link of this exchange's chain, not backdated, (3) it fits its subject's state,
        (4) signatures, each by somebody who has a say, enough of them.
        """
        signed = decode_signed_bytes(travelling)
        act = decode_act(signed.raw)
        _check_place(act, self)
        after = _after(act, travelling, self)
        _check_carried(act, signed, self)
        return structs.replace(after, head=digest64("quartet/act/v1", signed.raw))

    def missing_signatures(self, travelling: bytes) -> tuple[MemberId, ...]:
        """Return whose signatures an act may still take, sorted."""
        signed = decode_signed_bytes(travelling)
        act = decode_act(signed.raw)
        signers = signed.signers("act", _keys(act, self).values())
        return tuple(m for m in _voters(act, self) if self.root_key(m).id not in signers)


def exchange_id(charter: bytes) -> ExchangeId:
    """Return the id of the exchange that a charter founds (its bytes without signatures)."""
    return ExchangeId(digest64("quartet/exchange/v1", charter))


def sign_charter(charter: Charter, roots: list[SecretKey]) -> bytes:
    """Return the charter with every founder's signature, as it travels."""
    return sign_all("charter", encode(charter), roots)


def found(travelling: bytes) -> CharterState:
    """Return the state of an exchange from its founding charter.

    (1) shape, (2) sense, what is not in this release refused, (3) every founder's signature and no other.
    """
    signed = decode_signed_bytes(travelling)
    raw = signed.raw
    charter = decode_charter(raw)
    signed.require("charter", *(PublicKey.from_text(m.root_key) for m in charter.members))
    spans: dict[MemberId, tuple[Span, ...]] = {m.id: (Span(Micros(0), "active"),) for m in charter.members}
    purposes = frozenset(charter.purposes)
    exchange = exchange_id(raw)
    return CharterState(
        exchange=exchange,
        charter=charter,
        terms=charter,
        founding=travelling,
        acts=(),
        members={m.id: m for m in charter.members},
        membership=Membership(spans=spans, tick=charter.tick, recall_delay=charter.recall_delay, purposes=purposes),
        rotas=(_rota(charter, Epoch(0), Micros(0)),),
        head=exchange,
        settled=Micros(0),
    )


def propose(state: CharterState, kind: ActKind, payload: ActPayload) -> Act:
    """Return the act that would follow the present charter."""
    return Act(v=1, exchange=state.exchange, predecessor=state.head, round=1, kind=kind, payload=payload)


def sign_act(act: Act, roots: list[SecretKey]) -> bytes:
    """Return an act with some signatures, as it travels; `add_signature` adds more."""
    return sign_all("act", encode(act), roots)


def _check_place(act: Act, state: CharterState) -> None:
    if act.exchange != state.exchange:
        raise Untrusted("other-exchange", act.exchange[:8])
    if act.predecessor != state.head:
        raise Untrusted("act-not-next", f"follows {act.predecessor[:8]}, the charter is at {state.head[:8]}")
    if act.payload.at < state.settled:
        raise Untrusted("act-backdated", f"{act.payload.at} is before {state.settled}")


def _voters(act: Act, state: CharterState) -> tuple[MemberId, ...]:
    """Return who decides: for a withdrawal its subject alone, else every active member but the subject."""
    if act.kind == "withdraw" and act.payload.subject is not None:
        return (act.payload.subject,)
    return tuple(m for m in state.membership.members(act.payload.at) if m != act.payload.subject)


def _keys(act: Act, state: CharterState) -> dict[MemberId, PublicKey]:
    """Return whose signatures an act may bear: those who decide, and its subject, who does not count."""
    keys = {m: state.root_key(m) for m in _voters(act, state)}
    if act.payload.admitted is not None:
        keys[act.payload.admitted.id] = PublicKey.from_text(act.payload.admitted.root_key)
    elif act.payload.subject is not None:
        keys[act.payload.subject] = state.root_key(act.payload.subject)
    return keys


def _check_carried(act: Act, signed: SignedBytes, state: CharterState) -> None:
    voters = _voters(act, state)
    active = len(state.membership.members(act.payload.at))
    if active <= 2 and act.kind in ("suspend", "absent"):
        raise Untrusted("two-can-only-part", "of two members neither can suspend the other, nor declare it absent")
    keys = _keys(act, state)
    signers = signed.signers("act", keys.values())
    missing = [m for m in voters if keys[m].id not in signers]
    everybody = active <= ALL_UP_TO or act.kind == "absent"
    needed = max(1, len(voters) if everybody else len(voters) * 2 // 3 + 1)
    if len(voters) - len(missing) < needed:
        raise Untrusted(
            "act-not-carried", f"{len(voters) - len(missing)} of {needed} signatures; missing {', '.join(missing)}"
        )


def _after(act: Act, travelling: bytes, state: CharterState) -> CharterState:
    """Return the state after an act, but for its head; raise `Untrusted` where it does not fit."""
    acts = (*state.acts, travelling)
    settled = state.settled if act.kind == "withdraw" else act.payload.at
    if act.payload.changes is not None:
        changed = _changed(act.payload.changes, act.payload.at, state)
        return structs.replace(changed, acts=acts, settled=settled)
    subject = act.payload.subject
    if subject is None:
        raise Untrusted("act-out-of-turn", f"{act.kind} of nobody")
    target = _target(act, subject, state)
    membership = _counted(act, subject, state)
    if membership is not None:
        return structs.replace(state, acts=acts, settled=settled, membership=membership)
    membership = state.membership.with_span(subject, act.payload.at, target)
    hubs = state.hubs if target == "active" else tuple(h for h in state.hubs if h.host != subject)
    terms = structs.replace(state.terms, hubs=hubs)
    members = state.members if act.payload.admitted is None else _with(act.payload.admitted, state)
    return structs.replace(state, acts=acts, settled=settled, membership=membership, terms=terms, members=members)


def _counted(act: Act, subject: MemberId, state: CharterState) -> Membership | None:
    """Return the membership after an act that only says whether a witness counts; None for any other act."""
    at, membership = act.payload.at, state.membership
    if act.payload.until is not UNSET:
        away = [m for m in membership.members(at) if m != subject and membership.absence(m, at, at)]
        if away:
            raise Untrusted("one-at-a-time", f"{', '.join(away)} is absent: nobody else can be declared so meanwhile")
        return membership.declared_absent(subject, at, Micros(act.payload.until))
    if act.kind == "reinstate" and membership.active(subject, at):
        return membership.counted_again(subject, at)
    return None


def _changed(changes: Changes, at: Micros, state: CharterState) -> CharterState:
    terms = amended(state.terms, changes)
    check_terms(terms, list(state.members))
    gone = {h.host for h in terms.hubs if not state.membership.active(h.host, at)}
    if gone:
        raise Untrusted("host-not-active", ", ".join(sorted(gone)))
    epoch = Epoch(state.epoch + 1)
    membership = structs.replace(state.membership, epoch=epoch, purposes=frozenset(terms.purposes))
    rotas = state.rotas if changes.chair_rota is None else (*state.rotas, _rota(terms, epoch, at))
    return structs.replace(state, terms=terms, membership=membership, rotas=rotas)


def _rota(terms: Charter, epoch: Epoch, since: Micros) -> Rota:
    return Rota(epoch=epoch, since=since, members=tuple(MemberId(m) for m in terms.chair_rota))


def _target(act: Act, subject: MemberId, state: CharterState) -> State:
    present = state.membership.state(subject, act.payload.at)
    absent = state.membership.absence(subject, act.payload.at, act.payload.at) is not None
    allowed: dict[str, tuple[State | None, ...]] = {
        "admit": (None, "withdrawn"),
        "suspend": ("active",),
        "reinstate": ("suspended", "active") if absent else ("suspended",),
        "absent": ("active",),
        "withdraw": ("active", "suspended"),
    }
    if present not in allowed[act.kind]:
        raise Untrusted("act-out-of-turn", f"{act.kind} of {subject}, who is {present or 'not a member'}")
    states: dict[str, State] = {"suspend": "suspended", "withdraw": "withdrawn"}
    return states.get(act.kind, "active")


def _with(newcomer: CharterMember, state: CharterState) -> dict[MemberId, CharterMember]:
    """Return all members with one more; who comes again keeps its root key, for its old statements hang on it."""
    before = state.members.get(newcomer.id)
    if before is not None and before.root_key != newcomer.root_key:
        raise Untrusted("other-root-key", f"{newcomer.id} was a member with another root key")
    members = {**state.members, newcomer.id: newcomer}
    check_members([members[m] for m in sorted(members)])
    return members


__all__ = [
    "Act",
    "ActKind",
    "ActPayload",
    "Agreement",
    "Changes",
    "Charter",
    "CharterMember",
    "CharterState",
    "Circle",
    "Hub",
    "amended",
    "decode_act",
    "decode_charter",
    "exchange_id",
    "found",
    "propose",
    "sign_act",
    "sign_charter",
]
