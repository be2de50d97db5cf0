"""The file that shows a stranger that a member's log said two things: the evidence, and what ties its key to a member.

The stranger brings the charter. A log says two things when its key signed twice: two copies of a node ran at once, or
somebody lied; which of them, no file can tell.
"""

from collections.abc import Iterable
from typing import Annotated, Final, Literal

from msgspec import UNSET, DecodeError, Meta, Struct, UnsetType, json

from quartet.core.charter import CharterState, found
from quartet.core.encoding import Value, decode, encode
from quartet.core.faults import Untrusted
from quartet.core.ids import ExchangeId, MemberId, Micros
from quartet.core.manifest import WireManifest, verify_wire_manifest
from quartet.core.proof.checkpoint import log_origin, read_checkpoint, witness_name
from quartet.core.proof.evidence import Evidence, decode_evidence, encode_evidence, verify_evidence
from quartet.core.proof.file import MAX_ACTS, MAX_MANIFESTS, MAX_PROOF
from quartet.core.proof.logkeys import LogKeyring, counts, log_keyring
from quartet.core.proof.note import read_note
from quartet.core.signed import SignedBytes, decode_signed_bytes

TWO_LOGS: Final = "two-logs"


class Conviction(Value, frozen=True):
    """Everything that a stranger needs beside the charter that he trusts."""

    v: Literal[1]
    shows: Literal["two-logs"]
    charter: SignedBytes
    acts: Annotated[tuple[SignedBytes, ...], Meta(max_length=MAX_ACTS)]
    manifest: SignedBytes
    evidence: Evidence
    witnesses: Annotated[tuple[SignedBytes, ...], Meta(max_length=MAX_MANIFESTS)] | UnsetType = UNSET
    """The manifests of those who cosigned; left out where every log key is still in use."""


class ConvictionReport(Value, frozen=True):
    """What a conviction that held shows: whose log, at which sizes, and what was checked, in order."""

    exchange: ExchangeId
    member: MemberId
    origin: str
    sizes: tuple[int, int]
    steps: tuple[str, ...]


def make_conviction(
    charter: bytes, acts: Iterable[bytes], manifest: bytes, evidence: bytes, witnesses: Iterable[bytes] = ()
) -> bytes:
    """Return the file of a conviction; nothing is checked here but shapes.

    `witnesses` are the manifests of those who cosigned: needed where a key that signed was taken back since.
    """
    others = tuple(decode_signed_bytes(one) for one in witnesses)
    return encode(
        Conviction(
            v=1,
            shows=TWO_LOGS,
            charter=decode_signed_bytes(charter),
            acts=tuple(decode_signed_bytes(act) for act in acts),
            manifest=decode_signed_bytes(manifest),
            evidence=decode_evidence(evidence),
            witnesses=others or UNSET,
        )
    )


class _Head(Struct):
    """What a file says of itself; all else in it is passed over."""

    shows: str = ""


def is_conviction(data: bytes) -> bool:
    """Return whether some bytes say of themselves that they are a conviction; whether they are a whole one is checked
    when they are read."""
    try:
        return json.decode(data[:MAX_PROOF], type=_Head).shows == TWO_LOGS
    except (DecodeError, ValueError):
        return False


def decode_conviction(data: bytes) -> Conviction:
    """Return the conviction with these bytes, nothing believed, or raise `Malformed`."""
    return decode(data, Conviction, MAX_PROOF)


def verify_conviction(data: bytes, charter: bytes) -> ConvictionReport:
    """Return what a conviction shows once each step held; raise `Malformed` or `Untrusted` at the first that does not.

    (1) shape, (2) the founders' signatures, on the charter that the reader brings (`other-charter`), (3) each act,
    (4) the member's manifest under its root key, (5) both checkpoints are of the log of that member (`other-log`),
    (6) each is signed by one of its log keys, (7) they cannot both be true (`verify_evidence`), and (8) under a key
    that was taken back a quorum cosigned it before (`key-revoked`): what a thief signs convicts nobody.
    """
    said = decode_conviction(data)
    state = _charter(said, charter)
    manifest = verify_wire_manifest(encode(said.manifest), state)
    origin = said.evidence.origin
    prefix = log_origin(state.exchange, manifest.member, 0).removesuffix("0")
    if not origin.startswith(prefix) or not origin.removeprefix(prefix).isdigit():
        raise Untrusted("other-log", f"{origin[:120]} is no log of {manifest.member}")
    _check_notes(said, state, manifest)
    first, second = (read_checkpoint(read_note(note).text) for note in (said.evidence.first, said.evidence.second))
    return ConvictionReport(
        exchange=state.exchange,
        member=manifest.member,
        origin=origin,
        sizes=(first.size, second.size),
        steps=(
            f"charter: signed by {', '.join(sorted(state.members))}",
            f"log key: of {manifest.member}, version {manifest.version}, signed by its root",
            f"two checkpoints of {origin}, sizes {first.size} and {second.size}, both signed by it",
            "they contradict each other: its key signed two logs",
        ),
    )


def _charter(said: Conviction, charter: bytes) -> CharterState:
    state = found(charter)
    if said.charter.raw != decode_signed_bytes(charter).raw:
        raise Untrusted("other-charter", f"the reader's is of exchange {state.exchange[:8]}")
    for act in said.acts:
        state = state.apply(encode(act))
    return state


def _check_notes(said: Conviction, state: CharterState, manifest: WireManifest) -> None:
    """Raise unless the member's log keys signed what cannot both be true, and each counts as its word."""
    evidence, tick = said.evidence, state.membership.tick
    keys = log_keyring(manifest, tick)
    verify_evidence(encode_evidence(evidence), *keys.publics)
    rings = {one.member: log_keyring(one, tick) for one in _witness_manifests(said, state)}

    def witnesses(at: Micros) -> dict[str, LogKeyring | None]:
        others = [m for m in state.membership.members(at) if m != manifest.member]
        return {witness_name(state.exchange, m): rings.get(m) for m in others}

    def absent(since: Micros, until: Micros) -> list[str]:
        others = tuple(m for m in state.membership.members(since) if m != manifest.member)
        return [witness_name(state.exchange, m) for m in state.membership.not_counted(others, since, until)]

    for note in (evidence.first, evidence.second):
        if not counts(note, evidence.origin, keys, witnesses, absent):
            raise Untrusted("key-revoked", f"{manifest.member} took back the key before a quorum cosigned")


def _witness_manifests(said: Conviction, state: CharterState) -> list[WireManifest]:
    return [] if said.witnesses is UNSET else [verify_wire_manifest(encode(one), state) for one in said.witnesses]
