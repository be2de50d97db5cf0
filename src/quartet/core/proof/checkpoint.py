"""Checkpoints and cosignatures (c2sp.org/tlog-checkpoint, c2sp.org/tlog-cosignature).

A cosignature travels as a note of its own: the checkpoint's text, and the witness's line alone. Parsing believes
nothing; `verify_checkpoint` and `verify_cosignature` do, after checking a signature.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from quartet.core.encoding import Value, unb64
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import MEMBER_PATTERN, SECOND, ExchangeId, MemberId, Micros
from quartet.core.keys import ED25519, ML_DSA_44, PublicKey, SecretKey
from quartet.core.keys import SIGNATURE_SIZE as FAST_SIZE
from quartet.core.proof.merkle import EMPTY_ROOT, MAX_TREE
from quartet.core.proof.merkle import HASH_SIZE as ROOT_SIZE
from quartet.core.proof.mldsa import SIGNATURE_SIZE as SLOW_SIZE
from quartet.core.proof.mldsa import SlowPublicKey, SlowSecretKey
from quartet.core.proof.note import (
    KIND_COSIGNATURE,
    KIND_ED25519,
    KIND_ML_DSA_44,
    Note,
    NoteLine,
    key_hash,
    parse_note,
    std64,
    unstd64,
    write_note,
)

MAX_CHECKPOINT: Final = 128 * 1024
MAX_INCARNATION: Final = 1_000_000
TIME_SIZE: Final = 8
MAX_TIME: Final = (2**53 - 1) // SECOND

_MEMBER: Final = re.compile(MEMBER_PATTERN)
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,15}")


class Origin(Value, frozen=True):
    """Whose log it is, and which incarnation of it; written as `quartet/<exchange>/<member>/<incarnation>`."""

    exchange: ExchangeId
    member: MemberId
    incarnation: int

    @property
    def text(self) -> str:
        """The origin line, and the name of the log's key."""
        return f"quartet/{self.exchange}/{self.member}/{self.incarnation}"


class Checkpoint(Value, frozen=True):
    """What a log is at one size."""

    origin: Origin
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin.text}\n{self.size}\n{std64(self.root)}\n"


class Cosignature(Value, frozen=True):
    """A witness's word, checked: at this time, this was the largest it had seen of the log."""

    checkpoint: Checkpoint
    witness: MemberId
    at: Micros
    alg: str


def parse_origin(text: str) -> Origin:
    """Return the origin that `text` spells, or raise `Malformed`."""
    parts = text.split("/")
    if len(parts) != 4 or parts[0] != "quartet":
        raise Malformed("bad-origin", repr(text[:80]))
    _, exchange, member, incarnation = parts
    unb64(exchange, 32)
    if not _MEMBER.fullmatch(member):
        raise Malformed("bad-origin", repr(member[:80]))
    return Origin(ExchangeId(exchange), MemberId(member), _number(incarnation, 1, MAX_INCARNATION))


def parse_checkpoint(data: bytes) -> tuple[Checkpoint, Note]:
    """Return the checkpoint that a note carries, and the note; nothing is believed. Raises `Malformed`."""
    note = parse_note(data)
    lines = note.text[:-1].split("\n")
    if len(lines) != 3:
        raise Malformed("bad-checkpoint", f"{len(lines)} lines where 3 must be")
    root = unstd64(lines[2])
    if len(root) != ROOT_SIZE:
        raise Malformed("bad-checkpoint", f"a root of {len(root)} bytes")
    checkpoint = Checkpoint(parse_origin(lines[0]), _number(lines[1], 0, MAX_TREE), root)
    if checkpoint.size == 0 and root != EMPTY_ROOT:
        raise Malformed("bad-checkpoint", "an empty tree with a root of another")
    return checkpoint, note


def make_checkpoint(origin: Origin, size: int, root: bytes, key: SecretKey) -> bytes:
    """Return the note that a log signs."""
    checkpoint = Checkpoint(origin, size, root)
    hash_ = key_hash(origin.text, KIND_ED25519, key.public.raw)
    line = NoteLine(origin.text, hash_, key.sign_raw(checkpoint.text.encode()))
    return write_note(Note(checkpoint.text, (line,)))


def verify_checkpoint(data: bytes, keys: PublicKey | Iterable[PublicKey], origin: Origin | None = None) -> Checkpoint:
    """Return what a log signed.

    (1) shape, (2) the origin expected (`other-origin`), (3) a line of one of the log's keys (`signature-missing`),
    (4) each such line's signature (`bad-signature`).
    """
    checkpoint, note = parse_checkpoint(data)
    if origin is not None and checkpoint.origin != origin:
        raise Untrusted("other-origin", f"{checkpoint.origin.text[:100]} is not {origin.text}")
    name, found = checkpoint.origin.text, False
    for key in (keys,) if isinstance(keys, PublicKey) else keys:
        line = note.by(name, key_hash(name, KIND_ED25519, key.raw))
        if line is not None:
            key.verify_raw(note.text.encode(), line.sig)
            found = True
    if not found:
        raise Untrusted("signature-missing", f"no line of a log key of {checkpoint.origin.member}")
    return checkpoint


def witness_name(exchange: str, member: str) -> str:
    """Return the name under which a member cosigns, whatever the incarnation of its own log."""
    return f"quartet/{exchange}/{member}"


def cosign(checkpoint: Checkpoint, witness: MemberId, key: SecretKey | SlowSecretKey, now: Micros) -> bytes:
    """Return a witness's cosignature dated `now` (whole seconds, rounded down), as it travels."""
    name, at = witness_name(checkpoint.origin.exchange, witness), now // SECOND
    kind = KIND_COSIGNATURE if isinstance(key, SecretKey) else KIND_ML_DSA_44
    sig = at.to_bytes(TIME_SIZE, "big") + key.sign_raw(_cosigned(kind, name, checkpoint, at))
    line = NoteLine(name, key_hash(name, kind, key.public.raw), sig)
    return write_note(Note(checkpoint.text, (line,)))


def verify_cosignature(data: bytes, witness: MemberId, keys: Iterable[PublicKey | SlowPublicKey]) -> Cosignature:
    """Return what a witness cosigned, from its own note or from one that carries other lines too.

    (1) shape, (2) a line of one of the witness's keys (`cosignature-missing`), (3) its size and date (`Malformed`),
    (4) the signature (`bad-signature`). The keys are tried in their order; the first with a line decides.
    """
    checkpoint, note = parse_checkpoint(data)
    name = witness_name(checkpoint.origin.exchange, witness)
    for key in keys:
        kind = KIND_COSIGNATURE if isinstance(key, PublicKey) else KIND_ML_DSA_44
        line = note.by(name, key_hash(name, kind, key.raw))
        if line is not None:
            at = _check_line(line, kind, name, checkpoint, key)
            alg = ED25519 if kind == KIND_COSIGNATURE else ML_DSA_44
            return Cosignature(checkpoint, witness, Micros(at * SECOND), alg)
    raise Untrusted("cosignature-missing", f"no line of a log key of {witness}")


def cosigner_of(data: bytes) -> tuple[Checkpoint, MemberId]:
    """Return which checkpoint a travelling cosignature is about, and who says to have made it; nothing is believed."""
    checkpoint, note = parse_checkpoint(data)
    prefix = witness_name(checkpoint.origin.exchange, "")
    member = note.lines[0].name.removeprefix(prefix)
    if len(note.lines) != 1 or not note.lines[0].name.startswith(prefix) or not _MEMBER.fullmatch(member):
        raise Malformed("bad-cosignature", "not one line of one member")
    return checkpoint, MemberId(member)


def witnessed(note: bytes, cosignatures: Sequence[bytes]) -> bytes:
    """Return the log's note with the lines of cosignatures over the same text, as C2SP tools expect it."""
    found = parse_note(note)
    lines = {(line.name, line.key_hash): line for line in found.lines}
    for cosignature in cosignatures:
        other = parse_note(cosignature)
        if other.text != found.text:
            raise Untrusted("other-checkpoint", "a cosignature over another checkpoint")
        lines.update({(line.name, line.key_hash): line for line in other.lines})
    return write_note(Note(found.text, tuple(lines.values())))


def _check_line(line: NoteLine, kind: int, name: str, checkpoint: Checkpoint, key: PublicKey | SlowPublicKey) -> int:
    size = FAST_SIZE if kind == KIND_COSIGNATURE else SLOW_SIZE
    if len(line.sig) != TIME_SIZE + size:
        raise Malformed("bad-cosignature", f"{len(line.sig)} bytes where {TIME_SIZE + size} must be")
    at = int.from_bytes(line.sig[:TIME_SIZE], "big")
    if at > MAX_TIME:
        raise Malformed("bad-cosignature", f"a date of {at}")
    key.verify_raw(_cosigned(kind, name, checkpoint, at), line.sig[TIME_SIZE:])
    return at


def _cosigned(kind: int, name: str, checkpoint: Checkpoint, at: int) -> bytes:
    """What a witness signs; the form for ML-DSA-44 is `cosigned_message` of c2sp.org/tlog-cosignature."""
    if kind == KIND_COSIGNATURE:
        return f"cosignature/v1\ntime {at}\n{checkpoint.text}".encode()
    cosigner, origin = name.encode(), checkpoint.origin.text.encode()
    return b"".join(
        (
            b"subtree/v1\n\x00",
            bytes([len(cosigner)]) + cosigner,
            at.to_bytes(8, "big"),
            bytes([len(origin)]) + origin,
            (0).to_bytes(8, "big"),
            checkpoint.size.to_bytes(8, "big"),
            checkpoint.root,
        )
    )


def _number(text: str, least: int, most: int) -> int:
    if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
        raise Malformed("bad-number", repr(text[:40]))
    return int(text)
