"""An exchange of four made from fixed seeds, with one of each structure as it should be. Nothing is drawn by chance."""

import hashlib
from functools import cache
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from quartet.core.charter import (
    Act,
    ActKind,
    ActPayload,
    Changes,
    Charter,
    CharterMember,
    CharterState,
    Circle,
    Hub,
    found,
    propose,
    sign_act,
    sign_charter,
)
from quartet.core.control import make_control, sign_control
from quartet.core.encoding import b64, encode
from quartet.core.ids import SECOND, ControlId, MemberId, Micros, OfficerName
from quartet.core.keyring import Keyring
from quartet.core.keys import XWING, SecretKey, key_id
from quartet.core.manifest import (
    EpochKey,
    ItemKey,
    LogKey,
    Officer,
    OfficerManifest,
    Readable,
    Revocation,
    WireManifest,
    authority_fingerprint,
    keyring,
    sign_epoch_key,
    sign_officer_manifest,
    sign_wire_manifest,
    verify_officer_manifest,
    verify_wire_manifest,
)
from quartet.core.marking import Marking
from quartet.core.statement import Contained, Statement, assert_item, item_id, sign_bytes
from quartet.core.verify import Verified, verify_statement

NORTH, EAST, SOUTH, WEST = (MemberId(m) for m in ("north", "east", "south", "west"))
FOUR: Final = (EAST, NORTH, SOUTH, WEST)
NOON: Final = Micros(1_800_000_000 * SECOND)
DUTY: Final = OfficerName("duty")
NO_CHANGE: Final = Changes(
    hubs=None,
    algorithms=None,
    recall_delay=None,
    cover=None,
    circles=None,
    agreements=None,
    purposes=None,
    prohibitions=None,
    chair_rota=None,
)


def seed(*words: object) -> bytes:
    """Return the 32 bytes that these words always give."""
    return hashlib.sha256("/".join(str(word) for word in words).encode()).digest()


@cache
def key(member: str, use: str) -> SecretKey:
    """Return a member's key for a use: root, item, log, link, an officer's name."""
    return SecretKey(seed("key", member, use))


@cache
def slow_key(member: str) -> MLDSA44PrivateKey:
    """Return a member's key for hourly cosignatures."""
    return MLDSA44PrivateKey.from_seed_bytes(seed("slow key", member))


def described(member: str) -> CharterMember:
    """Return a member as a charter or an admission describes it."""
    nkey = "U" + member.upper().replace("-", "").ljust(55, "A")
    return CharterMember(
        id=MemberId(member), root_key=key(member, "root").public.text, nkey=nkey, tls_ca=b64(b"0" + member.encode())
    )


def charter(**changes: Any) -> Charter:
    """Return the charter of the four, some of it changed."""
    made = Charter(
        v=1,
        name="Exercise Four",
        members=tuple(described(m) for m in FOUR),
        hubs=(Hub(name="hub-1", host=NORTH, address="tls://hub-1.example:7422"),),
        algorithms=("Ed25519",),
        tick=SECOND,
        recall_delay=86_400 * SECOND,
        cover="off",
        circles=(Circle(name="coast", members=(EAST, NORTH)),),
        agreements=(),
        purposes=("exercise",),
        prohibitions=("No use against persons who are not named.",),
        chair_rota=(NORTH, EAST),
    )
    return msgspec.structs.replace(made, **changes)


def roots(*members: str) -> list[SecretKey]:
    """Return the root keys of some members, of all four when none is named."""
    return [key(m, "root") for m in (members or FOUR)]


@cache
def founded() -> CharterState:
    """Return the exchange as it was founded."""
    return found(sign_charter(charter(), roots()))


def act(state: CharterState, kind: ActKind, at: int = NOON, **payload: Any) -> Act:
    """Return an act that would come next."""
    fields: dict[str, Any] = {"subject": None, "reason": "exercise", "admitted": None, "changes": None, **payload}
    return propose(state, kind, ActPayload(at=Micros(at), **fields))


def right_act() -> bytes:
    """Return the first act: all four agree on one more purpose, an hour before noon."""
    changes = msgspec.structs.replace(NO_CHANGE, purposes=("exercise", "search"))
    return sign_act(act(founded(), "set", NOON - 3600 * SECOND, changes=changes), roots())


@cache
def state() -> CharterState:
    """Return the exchange after its first act: epoch 1."""
    return founded().apply(right_act())


def manifest(member: str, /, **changes: Any) -> WireManifest:
    """Return a member's wire manifest; its old item key is revoked."""
    revoked = (Revocation(key_id=key(member, "old item").id, from_tick=NOON // SECOND),)
    made = WireManifest(
        v=1,
        exchange=state().exchange,
        member=MemberId(member),
        version=2,
        item_keys=tuple(ItemKey("Ed25519", key(member, use).public.text) for use in ("old item", "item", "spare item")),
        log_keys=(
            LogKey("Ed25519", key(member, "log").public.text),
            LogKey("ML-DSA-44", b64(seed(member, "ml-dsa") * 41)),
        ),
        link_key=key(member, "link").public.text,
        nkey=described(member).nkey,
        tls_ca=authority_fingerprint(described(member)),
        revocations=revoked,
        readable=(Readable("report", 1),),
    )
    return msgspec.structs.replace(made, **changes)


def officers(member: str, /, **changes: Any) -> OfficerManifest:
    """Return a member's officer manifest: one officer on duty."""
    one = Officer(name=DUTY, roles=("watch",), keys=(key(member, "duty").public.text,), passkeys=())
    made = OfficerManifest(v=1, exchange=state().exchange, member=MemberId(member), version=1, officers=(one,))
    return msgspec.structs.replace(made, **changes)


def epoch_key(member: str, /, **changes: Any) -> EpochKey:
    """Return a member's epoch key: 1216 bytes that stand for an X-Wing key."""
    public = seed(member, "x-wing") * 38
    made = EpochKey(
        v=1,
        exchange=state().exchange,
        member=MemberId(member),
        key_id=key_id(XWING, public),
        public=b64(public),
        not_before=NOON,
        not_after=Micros(NOON + 7 * 86_400 * SECOND),
    )
    return msgspec.structs.replace(made, **changes)


def right_manifest(member: str) -> bytes:
    """Return a member's wire manifest as it travels."""
    return sign_wire_manifest(manifest(member), key(member, "root"))


def right_officers(member: str) -> bytes:
    """Return a member's officer manifest as it travels."""
    return sign_officer_manifest(officers(member), key(member, "root"))


def right_epoch_key(member: str) -> bytes:
    """Return a member's epoch key as it travels."""
    return sign_epoch_key(epoch_key(member), key(member, "item"))


@cache
def ring() -> Keyring:
    """Return whose key is whose."""
    wires = [verify_wire_manifest(right_manifest(m), state()) for m in FOUR]
    return keyring(state(), wires, [verify_officer_manifest(right_officers(m), state()) for m in FOUR])


def statement(member: str = NORTH, /, **changes: Any) -> Statement:
    """Return a report for east and south, some of it changed."""
    made = Statement(
        v=1,
        exchange=state().exchange,
        epoch=state().epoch,
        member=MemberId(member),
        officer=DUTY,
        hat="MEMBER",
        at=NOON,
        clock="SURE",
        nonce=b64(seed("nonce", member)),
        precedence="ROUTINE",
        marking=Marking(tlp="AMBER", rel=(EAST, SOUTH)),
        contains=(),
        cites=(),
        kind="report",
        kind_v=1,
        body=msgspec.Raw(b'{"title":"Drone parts seen near Dam 3","text":"Two, grey.","attachments":[]}'),
    )
    return msgspec.structs.replace(made, **changes)


def signed(said: Statement, use: str = "item", officer: str | None = None) -> bytes:
    """Return a statement as it travels, asserted by an officer if one is named."""
    data = encode(said)
    assertion = None if officer is None else assert_item(item_id(data), key(said.member, officer))
    return sign_bytes(data, key(said.member, use), assertion)


def control_of(said: Statement, use: str = "item") -> Contained:
    """Return the control of a statement as it travels beside it."""
    data = make_control(said, item_id(encode(said)), seed("serial", said.member)[:16], said.at // SECOND)
    return sign_control(data, key(said.member, use))


def source() -> Statement:
    """Return what east said before, which north's report contains."""
    return statement(EAST, marking=Marking(tlp="GREEN", rel=(NORTH, SOUTH)), at=Micros(NOON - SECOND))


def report() -> Statement:
    """Return north's report, which contains east's."""
    return statement(contains=(control_of(source()),))


def right_statement() -> bytes:
    """Return north's report as it travels."""
    return signed(report())


def right_control() -> bytes:
    """Return the control of north's report as it travels."""
    return encode(control_of(report()))


@cache
def verified() -> Verified:
    """Return north's report, believed."""
    return verify_statement(right_statement(), right_control(), ring())


def recall(**changes: Any) -> Statement:
    """Return north's recall of its report: a fact."""
    assert verified().own is not None
    controls = ControlId(verified().controls[0].id)
    body = encode({"controls": [controls], "reason": "NORMAL", "in_incident": False})
    return statement(marking=Marking(tlp="AMBER", rel=()), kind="recall", body=msgspec.Raw(body), **changes)
