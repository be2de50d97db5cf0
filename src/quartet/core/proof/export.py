"""Check one item's proof with its file, the charter and nothing else, as an outsider does.

It proves who said it, that it is on record, since when, and that it was not altered. It cannot show that no newer
manifest exists: a revocation that the exporter leaves out is not seen. A key revoked in a manifest that *is* here is
held against the quorum time, which is never earlier than the tick.
"""

from collections.abc import Mapping, Sequence

from quartet.core.charter import CharterState, found
from quartet.core.encoding import Value, encode, unb64
from quartet.core.faults import Untrusted
from quartet.core.ids import SECOND, ExchangeId, ItemId, KeyId, MemberId, Micros, OfficerName
from quartet.core.keys import ED25519, ML_DSA_44, PublicKey, key_id
from quartet.core.manifest import (
    OfficerManifest,
    WireManifest,
    keyring,
    verify_officer_manifest,
    verify_wire_manifest,
)
from quartet.core.proof.checkpoint import (
    Checkpoint,
    is_line_of,
    read_checkpoint,
    verify_checkpoint,
    verify_line,
    witness_name,
)
from quartet.core.proof.counting import shown
from quartet.core.proof.file import Proof, decode_proof, hourly_path, make_hourly, make_proof, path_of
from quartet.core.proof.note import SignatureLine, read_line, read_note
from quartet.core.proof.path import verify_path
from quartet.core.proof.quorum import Reached, quorum
from quartet.core.signed import decode_signed_bytes
from quartet.core.statement import decode_signed
from quartet.core.verify import Verified, verify_statement

__all__ = ["Proof", "ProofReport", "decode_proof", "make_hourly", "make_proof", "verify_proof"]


class ProofReport(Value, frozen=True):
    """What a proof that held shows; `steps` says what was checked, in order."""

    exchange: ExchangeId
    charter: str
    item: ItemId
    author: MemberId
    officer: OfficerName
    kind: str
    at: Micros
    origin: str
    size: int
    on_record: Micros
    cosigners: tuple[MemberId, ...]
    witnesses: int
    steps: tuple[str, ...]
    hourly: tuple[MemberId, ...] = ()
    """Who cosigned an hourly checkpoint over it with ML-DSA-44, which a quantum computer does not forge."""
    absent: tuple[MemberId, ...] = ()
    """Who was declared absent then, and is counted neither among the witnesses nor among the cosigners."""


def verify_proof(data: bytes, charter: bytes) -> ProofReport:
    """Return what a proof shows once each step held; raise `Malformed` or `Untrusted` at the first that does not.

    (1) shape, (2) the founders' signatures, on the charter that the reader brings (`other-charter`), (3) each act,
    (4) one manifest a member, under its root key, (5) the statement and its controls, with the keys of that time,
    (6) the path is that of this statement (`other-commitment`) and (7) leads to the checkpoint, (8) the checkpoint is
    one of the author's log, (9) each cosignature, (10) a quorum, and no key revoked before it, (11) the hourly
    checkpoint if there is one: of the same log (`other-log`), with the same leaf, each ML-DSA-44 cosignature.
    """
    proof = decode_proof(data)
    state = _charter(proof, charter)
    manifests = _manifests(proof, state)
    verified = _statement(proof, state, manifests)
    path = path_of(proof.path)
    if path.c != verified.c:
        raise Untrusted("other-commitment", "the path is that of another statement")
    author = verified.statement.member
    checkpoint, log_key = _checkpoint(proof.checkpoint, state, manifests[author])
    verify_path(path, checkpoint.size, checkpoint.root, checkpoint.first_tick)
    dates = _dates(proof.cosignatures, checkpoint, state, manifests, author, ED25519)
    record = _quorum(dates, state, author, Micros(path.tick * state.membership.tick))
    _check_revocations(verified, log_key, manifests, record.time // state.membership.tick)
    hourly = _hourly(proof, checkpoint, state, manifests, author)
    return _report(state, verified, checkpoint, dates, record, hourly)


def _hourly(
    proof: Proof,
    checkpoint: Checkpoint,
    state: CharterState,
    manifests: Mapping[MemberId, WireManifest],
    author: MemberId,
) -> dict[MemberId, Micros]:
    """Return when each witness cosigned the hourly checkpoint; empty where none is shown."""
    if proof.hourly is None:
        return {}
    later, _ = _checkpoint(proof.hourly.checkpoint, state, manifests[author])
    if later.origin != checkpoint.origin:
        raise Untrusted("other-log", later.origin[:120])
    verify_path(hourly_path(proof.path, proof.hourly), later.size, later.root, later.first_tick)
    return _dates(proof.hourly.cosignatures, later, state, manifests, author, ML_DSA_44)


def _charter(proof: Proof, charter: bytes) -> CharterState:
    state = found(charter)
    if proof.charter.raw != decode_signed_bytes(charter).raw:
        raise Untrusted("other-charter", f"the reader's is of exchange {state.exchange[:8]}")
    found(encode(proof.charter))
    for act in proof.acts:
        state = state.apply(encode(act))
    return state


def _manifests(proof: Proof, state: CharterState) -> Mapping[MemberId, WireManifest]:
    out: dict[MemberId, WireManifest] = {}
    for signed in proof.manifests:
        manifest = verify_wire_manifest(encode(signed), state)
        if manifest.member in out:
            raise Untrusted("manifest-twice", manifest.member)
        out[manifest.member] = manifest
    return out


def _officers(proof: Proof, state: CharterState) -> list[OfficerManifest]:
    out = [verify_officer_manifest(encode(signed), state) for signed in proof.officers]
    if len({manifest.member for manifest in out}) != len(out):
        raise Untrusted("manifest-twice", "officers")
    return out


def _statement(proof: Proof, state: CharterState, manifests: Mapping[MemberId, WireManifest]) -> Verified:
    ring = keyring(state, manifests.values(), _officers(proof, state))
    control = None if proof.control is None else encode(proof.control)
    return verify_statement(encode(proof.signed), control, ring, on_record=True)


def _checkpoint(note: str, state: CharterState, manifest: WireManifest) -> tuple[Checkpoint, KeyId]:
    """Return the checkpoint once one of the author's log keys signed it, under its own origin, and which key did."""
    origin = read_checkpoint(read_note(note).text).origin
    prefix = f"quartet/{state.exchange}/{manifest.member}/"
    incarnation = origin.removeprefix(prefix)
    if not origin.startswith(prefix) or not incarnation.isascii() or not incarnation.isdigit():
        raise Untrusted("other-log", f"{origin[:120]} is no log of {manifest.member}")
    missing = Untrusted("no-log-key", manifest.member)
    for raw in _log_keys(manifest, ED25519):
        key = PublicKey(raw)
        try:
            return verify_checkpoint(note, origin, key), key.id
        except Untrusted as error:
            if error.reason != "signature-missing":
                raise
            missing = error
    raise missing


def _log_keys(manifest: WireManifest, algorithm: str) -> list[bytes]:
    return [unb64(entry.key) for entry in reversed(manifest.log_keys) if entry.alg == algorithm]


def _dates(
    cosignatures: Sequence[str],
    checkpoint: Checkpoint,
    state: CharterState,
    manifests: Mapping[MemberId, WireManifest],
    author: MemberId,
    algorithm: str,
) -> dict[MemberId, Micros]:
    """Return when each witness cosigned; one that is no active member then, the author, or a second word is refused."""
    dates: dict[MemberId, Micros] = {}
    for text in cosignatures:
        line = read_line(text)
        witness = MemberId(line.name.removeprefix(witness_name(state.exchange, MemberId(""))))
        manifest = manifests.get(witness)
        if manifest is None or witness == author:
            raise Untrusted("unknown-witness", line.name[:120])
        if witness in dates:
            raise Untrusted("cosigned-twice", witness)
        at = _cosigned_at(checkpoint, line, state, manifest, algorithm)
        if not state.membership.active(witness, at):
            raise Untrusted("witness-not-active", witness)
        dates[witness] = at
    return dates


def _cosigned_at(
    checkpoint: Checkpoint, line: SignatureLine, state: CharterState, manifest: WireManifest, algorithm: str
) -> Micros:
    name = witness_name(state.exchange, manifest.member)
    for raw in _log_keys(manifest, algorithm):
        if is_line_of(line, name, algorithm, raw):
            at = Micros(SECOND * verify_line(checkpoint, line, name, algorithm, raw))
            _check_valid(manifest, key_id(algorithm, raw), at // state.membership.tick)
            return at
    raise Untrusted("unknown-witness", f"no log key of {manifest.member} made {line.name[:120]}")


def _quorum(
    dates: Mapping[MemberId, Micros], state: CharterState, author: MemberId, ticked: Micros
) -> Reached[Micros, MemberId]:
    """Return since when a quorum of how many covers the item, by whoever counts (`shown`)."""
    found = shown(dates, state.membership, author, ticked)
    if found is None:
        raise Untrusted("no-quorum", f"{len(dates)} cosignatures, too few of those who count")
    return found


def _check_revocations(
    verified: Verified, log_key: KeyId, manifests: Mapping[MemberId, WireManifest], tick: int
) -> None:
    """Raise `Untrusted("key-revoked")` where a key that signed was revoked by the tick of the quorum time."""
    author = verified.statement.member
    used = {(author, KeyId(s.key_id)) for s in decode_signed(verified.signed).signatures} | {(author, log_key)}
    used |= {(c.control.controller, KeyId(c.sealed.key_id)) for c in verified.controls}
    for member, key in sorted(used):
        _check_valid(manifests[member], key, tick)


def _check_valid(manifest: WireManifest, key: KeyId, tick: int) -> None:
    for revocation in manifest.revocations:
        if revocation.key_id == key and tick >= revocation.from_tick:
            raise Untrusted("key-revoked", f"{manifest.member} from tick {revocation.from_tick}")


def _report(
    state: CharterState,
    verified: Verified,
    checkpoint: Checkpoint,
    dates: Mapping[MemberId, Micros],
    record: Reached[Micros, MemberId],
    hourly: Mapping[MemberId, Micros],
) -> ProofReport:
    said = verified.statement
    cosigners, absent = sorted(set(dates) - set(record.absent)), sorted(record.absent)
    without = f", without {', '.join(absent)}, declared absent" if absent else ""
    return ProofReport(
        exchange=state.exchange,
        charter=state.charter.name,
        item=verified.id,
        author=said.member,
        officer=said.officer,
        kind=said.kind,
        at=said.at,
        origin=checkpoint.origin,
        size=checkpoint.size,
        on_record=record.time,
        cosigners=tuple(cosigners),
        witnesses=record.witnesses,
        steps=(
            "1. the file has the shape of a proof",
            f"2. the charter is the reader's, signed by its {len(state.charter.members)} founders",
            f"3. {len(state.acts)} acts follow it, each carried",
            "4. each member's manifest is signed by its root key",
            f"5. {said.member} signed the statement, and each of its {len(verified.controls)} controls is signed",
            "6. the path begins at this statement",
            f"7. it leads to the log's root at size {checkpoint.size}",
            f"8. {said.member}'s log signed that root as {checkpoint.origin}",
            f"9. {len(cosigners)} of {record.witnesses} witnesses cosigned it{without}",
            f"10. that is a quorum ({quorum(record.witnesses)}), and no key used was revoked before it",
            *((f"11. {len(hourly)} of them cosigned the log within the hour with ML-DSA-44",) if hourly else ()),
        ),
        hourly=tuple(sorted(hourly)),
        absent=tuple(absent),
    )
