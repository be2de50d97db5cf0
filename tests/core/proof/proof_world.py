"""An exchange of four with one item on record, every part at hand so that a test can spoil one."""

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from quartet.core.charter import Act, ActPayload, Charter, CharterMember, CharterState, found, propose, sign_charter
from quartet.core.control import make_control, sign_control
from quartet.core.encoding import b64, encode, unb64
from quartet.core.ids import SECOND, MemberId, Micros, OfficerName, Tick
from quartet.core.keys import SecretKey
from quartet.core.manifest import (
    ItemKey,
    LogKey,
    Officer,
    OfficerManifest,
    Revocation,
    WireManifest,
    keyring,
    sign_officer_manifest,
    sign_wire_manifest,
    verify_officer_manifest,
    verify_wire_manifest,
)
from quartet.core.marking import Marking
from quartet.core.proof.checkpoint import (
    cosign as cosign_raw,
)
from quartet.core.proof.checkpoint import (
    cosign_slow,
    log_origin,
    make_checkpoint,
    read_checkpoint,
    witness_name,
)
from quartet.core.proof.export import make_hourly, make_proof
from quartet.core.proof.file import Hourly
from quartet.core.proof.log import MerkleLog
from quartet.core.proof.note import SignatureLine, read_note
from quartet.core.proof.path import Path
from quartet.core.proof.tick import TickTree
from quartet.core.signed import sign_all
from quartet.core.statement import Assertion, Statement, assert_item, item_id, sign_bytes
from quartet.core.verify import verify_statement

MEMBERS = tuple(MemberId(m) for m in ("east", "north", "south", "west"))
NORTH, EAST, SOUTH, WEST = (MemberId(m) for m in ("north", "east", "south", "west"))
TICK = 1_800_000_000
NOW = Micros(TICK * SECOND)


def key(member: str, use: str) -> SecretKey:
    """Return a member's key for a use; the same in each run."""
    return SecretKey(f"{member} {use}".encode().ljust(32, b"."))


def slow_key(member: str) -> MLDSA44PrivateKey:
    """Return a member's key for hourly cosignatures; the same in each run."""
    return MLDSA44PrivateKey.from_seed_bytes(f"{member} slow".encode().ljust(32, b"."))


def nkey(member: str) -> str:
    """Return what stands for a member's nkey."""
    return "U" + member.upper().ljust(55, "A")


def authority(member: str) -> bytes:
    """Return what stands for a member's certificate authority."""
    return b"0" + member.encode()


def charter(name: str = "Exercise") -> bytes:
    """Return the charter of the four."""
    members = tuple(
        CharterMember(id=m, root_key=key(m, "root").public.text, nkey=nkey(m), tls_ca=b64(authority(m)))
        for m in MEMBERS
    )
    made = Charter(
        v=1,
        name=name,
        members=members,
        hubs=(),
        algorithms=("Ed25519",),
        tick=SECOND,
        recall_delay=86_400 * SECOND,
        cover="off",
        circles=(),
        agreements=(),
        purposes=(),
        prohibitions=(),
        chair_rota=(),
    )
    return sign_charter(made, [key(m, "root") for m in MEMBERS])


def manifest(state: CharterState, member: MemberId, revocations: tuple[Revocation, ...] = ()) -> bytes:
    """Return a member's wire manifest."""
    made = WireManifest(
        v=1,
        exchange=state.exchange,
        member=member,
        version=1,
        item_keys=(ItemKey(alg="Ed25519", key=key(member, "item").public.text),),
        log_keys=(
            LogKey(alg="Ed25519", key=key(member, "log").public.text),
            LogKey(alg="ML-DSA-44", key=b64(slow_key(member).public_key().public_bytes_raw())),
        ),
        link_key=key(member, "link").public.text,
        nkey=nkey(member),
        tls_ca=b64(hashlib.sha256(authority(member)).digest()),
        revocations=revocations,
        readable=(),
    )
    return sign_wire_manifest(made, key(member, "root"))


def officers(state: CharterState, member: MemberId) -> bytes:
    """Return a member's officer manifest: one duty officer with a key."""
    duty = Officer(name=OfficerName("duty"), roles=(), keys=(key(member, "duty").public.text,), passkeys=())
    made = OfficerManifest(v=1, exchange=state.exchange, member=member, version=1, officers=(duty,))
    return sign_officer_manifest(made, key(member, "root"))


def act(state: CharterState, kind: Any, subject: MemberId, at: int) -> bytes:
    """Return an act about a member that all others signed."""
    payload = ActPayload(at=Micros(at), subject=subject, reason="exercise", admitted=None, changes=None)
    made: Act = propose(state, kind, payload)
    return sign_all("act", encode(made), [key(m, "root") for m in MEMBERS if m != subject])


def cosigned(checkpoint: str, witness: MemberId, seconds: int, signer: SecretKey | None = None) -> SignatureLine:
    """Return a witness's cosignature over a note's checkpoint."""
    said = read_checkpoint(read_note(checkpoint).text)
    name = witness_name(found(charter()).exchange, witness)
    return cosign_raw(said, name, seconds, signer or key(witness, "log"))


def cosigned_by_the_hour(
    checkpoint: str, witness: MemberId, seconds: int, signer: MLDSA44PrivateKey | None = None
) -> SignatureLine:
    """Return a witness's ML-DSA-44 cosignature over a note's checkpoint."""
    said = read_checkpoint(read_note(checkpoint).text)
    return cosign_slow(said, witness_name(found(charter()).exchange, witness), seconds, signer or slow_key(witness))


def item(state: CharterState, kind: str = "report", **fields: Any) -> tuple[bytes, bytes | None]:
    """Return a signed statement of north's, and its control."""
    facts = kind == "recall"
    marking = Marking(tlp="AMBER", rel=() if facts else (EAST, SOUTH))
    said = Statement(
        v=1,
        exchange=state.exchange,
        epoch=state.epoch,
        member=NORTH,
        officer=OfficerName("duty"),
        hat="MEMBER",
        at=NOW,
        clock="SURE",
        nonce=b64(bytes(range(32))),
        precedence="ROUTINE",
        marking=marking,
        contains=(),
        cites=(),
        kind=kind,
        kind_v=1,
        body=msgspec.Raw(b'{"title":"Drone parts seen near Dam 3"}'),
    )
    said = msgspec.structs.replace(said, **fields)
    data = encode(said)
    assertion: Assertion | None = assert_item(item_id(data), key(NORTH, "duty")) if facts else None
    signed = sign_bytes(data, key(NORTH, "item"), assertion)
    if facts:
        return signed, None
    control = sign_control(make_control(said, item_id(data), bytes(16), TICK), key(NORTH, "item"))
    return signed, encode(control)


@dataclass(frozen=True)
class Record:
    """The parts of one proof; `but` gives another with some of them changed."""

    state: CharterState
    signed: bytes
    control: bytes | None
    path: Path
    checkpoint: str
    cosignatures: tuple[SignatureLine, ...]
    manifests: tuple[bytes, ...]
    officers: tuple[bytes, ...] = field(default=())
    hourly: Hourly | None = None

    def but(self, **changes: Any) -> "Record":
        """Return the record with some parts changed."""
        return replace(self, **changes)

    def proof(self) -> bytes:
        """Return the file."""
        return make_proof(
            self.state,
            self.signed,
            self.control,
            self.path,
            self.checkpoint,
            self.cosignatures,
            self.manifests,
            self.officers,
            self.hourly,
        )


def on_record(kind: str = "report", ticks: int = 5, state: CharterState | None = None) -> Record:
    """Return an item of north's that all three others witnessed."""
    state = state or found(charter())
    signed, control = item(state, kind)
    manifests = tuple(manifest(state, m) for m in MEMBERS)
    officers_ = (officers(state, NORTH),)
    ring = keyring(
        state,
        [verify_wire_manifest(m, state) for m in manifests],
        [verify_officer_manifest(o, state) for o in officers_],
    )
    verified = verify_statement(signed, control, ring)
    log, tree = MerkleLog(), tick_with(verified.c)
    for n in range(ticks - 2):
        log.append(TickTree(bytes(32), TICK - ticks + n, []).root)
    index = log.append(tree.root)
    log.append(TickTree(bytes(32), TICK + 1, []).root)
    path = path_of(tree, verified.c, log, index)
    note = make_checkpoint(
        log_origin(state.exchange, NORTH, 1), log.size, log.root(), Tick(TICK - index), key(NORTH, "log")
    )
    lines = tuple(cosigned(note, m, TICK + 2 + n) for n, m in enumerate((EAST, SOUTH, WEST)))
    return Record(state, signed, control, path, note, lines, manifests, officers_)


def by_the_hour(record: Record, by: tuple[MemberId, ...] = (EAST, SOUTH, WEST), **changes: Any) -> Record:
    """Return a record with a later checkpoint, ten ticks on, that witnesses cosigned with ML-DSA-44.

    `changes` are of the checkpoint: its origin, root, first tick, and the key that signs it.
    """
    log, tree = MerkleLog(), tick_with(record.path.c)
    for n in range(record.path.leaf_index):
        log.append(TickTree(bytes(32), TICK - record.path.size + n, []).root)
    log.append(tree.root)
    for n in range(11):
        log.append(TickTree(bytes(32), TICK + 1 + n, []).root)
    said: dict[str, Any] = {
        "origin": log_origin(record.state.exchange, NORTH, 1),
        "root": log.root(),
        "first_tick": Tick(TICK - record.path.leaf_index),
        "key": key(NORTH, "log"),
    } | changes
    note = make_checkpoint(size=log.size, **said)
    lines = [cosigned_by_the_hour(note, m, TICK + 12) for m in by]
    path = path_of(tree, record.path.c, log, record.path.leaf_index)
    return record.but(hourly=make_hourly(path, note, lines))


def tick_with(c: str) -> TickTree:
    """Return the tick that holds a commitment."""
    return TickTree(bytes(range(32)), TICK, [unb64(c, 32), bytes(32)])


def path_of(tree: TickTree, c: Any, log: MerkleLog, index: int) -> Path:
    """Return the path of a commitment in a log."""
    raw = unb64(c, 32)
    return Path(
        c=c,
        slot=tree.slot_of(raw),
        slot_path=tuple(tree.path(raw)),
        tick=Tick(TICK),
        leaf_index=index,
        tick_path=log.inclusion(index),
        size=log.size,
    )
