"""Checkpoints of a log, and witnesses' cosignatures of them (C2SP tlog-checkpoint, tlog-cosignature).

The origin `quartet/<exchange>/<member>/<incarnation>` is also the name of the log's key; a witness's name is
`quartet/<exchange>/<member>`. One extension line says which tick the log's first leaf is: with it every leaf has a tick
that its log signed and its witnesses cosigned, and that nobody is told otherwise.
"""

import base64
import binascii
import re
from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from quartet.core.encoding import Value
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import SECOND, ExchangeId, MemberId, Micros, Tick
from quartet.core.keys import ML_DSA_44, PublicKey, SecretKey
from quartet.core.proof.note import (
    ALG_COSIGNATURE,
    ALG_COSIGNATURE_ML_DSA_44,
    ALG_ED25519,
    SignatureLine,
    check_name,
    key_hint,
    read_note,
    write_note,
)

MAX_SIZE: Final = 2**53 - 1
MAX_TIME: Final = MAX_SIZE // SECOND
"""Seconds: what a date in microseconds can still count."""
FIRST_TICK: Final = "first-tick "
_NUMBER: Final = re.compile(r"^(0|[1-9][0-9]{0,15})$")


class Checkpoint(Value, frozen=True):
    """What a log says of itself: how long it is, its root, and its first tick. `text` is what was signed."""

    origin: str
    size: int
    root: bytes
    first_tick: Tick
    text: str


def log_origin(exchange: ExchangeId, member: MemberId, incarnation: int) -> str:
    """Return the origin of a member's log."""
    return f"quartet/{exchange}/{member}/{incarnation}"


def witness_name(exchange: ExchangeId, member: MemberId) -> str:
    """Return the name under which a member cosigns."""
    return f"quartet/{exchange}/{member}"


def witness_named(exchange: ExchangeId, name: str) -> MemberId | None:
    """Return which member cosigns under a name; None for one that is no witness's name here."""
    prefix = witness_name(exchange, MemberId(""))
    return MemberId(name.removeprefix(prefix)) if name.startswith(prefix) else None


def make_checkpoint(origin: str, size: int, root: bytes, first_tick: Tick, key: SecretKey) -> str:
    """Return the signed note of a checkpoint."""
    check_name(origin)
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode('ascii')}\n{FIRST_TICK}{first_tick}\n"
    hint = key_hint(origin, ALG_ED25519, key.public.raw)
    return write_note(text, [SignatureLine(name=origin, hint=hint, sig=key.sign_raw(text.encode()))])


def read_checkpoint(text: str) -> Checkpoint:
    """Return the checkpoint that a note's text spells, or raise `Malformed`."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise Malformed("bad-checkpoint", "origin, size and root, a line each")
    origin, size, root64, *more = lines[:-1]
    check_name(origin)
    if not _is_number(size):
        raise Malformed("bad-checkpoint", f"size {size[:40]!r}")
    try:
        root = base64.b64decode(root64, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed("bad-checkpoint", "root is not base64") from error
    if len(root) != 32 or base64.b64encode(root).decode("ascii") != root64:
        raise Malformed("bad-checkpoint", "root is not 32 bytes in their one spelling")
    return Checkpoint(origin=origin, size=int(size), root=root, first_tick=_first_tick(more), text=text)


def _first_tick(more: list[str]) -> Tick:
    """Return what the one extension line says; a second one would be room for what no witness looks at."""
    if len(more) != 1 or not more[0].startswith(FIRST_TICK) or not _is_number(more[0].removeprefix(FIRST_TICK)):
        raise Malformed("no-first-tick", f"{len(more)} lines after the root, where one must say `{FIRST_TICK}N`")
    return Tick(int(more[0].removeprefix(FIRST_TICK)))


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None and int(text) <= MAX_SIZE


def verify_checkpoint(note: str, origin: str, *keys: PublicKey) -> Checkpoint:
    """Return a checkpoint once its origin and its log's signature, by one of these keys, were checked."""
    return signed_checkpoint(note, origin, keys)[0]


def signed_checkpoint(note: str, origin: str, keys: Sequence[PublicKey]) -> tuple[Checkpoint, PublicKey]:
    """As `verify_checkpoint`, and which of the keys signed it."""
    parsed = read_note(note)
    checkpoint = read_checkpoint(parsed.text)
    if checkpoint.origin != origin:
        raise Untrusted("other-log", checkpoint.origin[:120])
    for key in keys:
        hint = key_hint(origin, ALG_ED25519, key.raw)
        for line in parsed.signatures:
            if (line.name, line.hint) == (origin, hint):
                key.verify_raw(parsed.text.encode(), line.sig)
                return checkpoint, key
    raise Untrusted("signature-missing", f"checkpoint {checkpoint.size} is not signed by its log")


def cosign(checkpoint: Checkpoint, witness: str, time_s: int, key: SecretKey) -> SignatureLine:
    """Return a witness's cosignature/v1 of a checkpoint at a time in seconds."""
    hint = key_hint(witness, ALG_COSIGNATURE, key.public.raw)
    sig = key.sign_raw(_cosigned(checkpoint.text, time_s))
    return SignatureLine(name=witness, hint=hint, sig=time_s.to_bytes(8, "big") + sig)


def dated(line: SignatureLine) -> Micros:
    """Return when a witness's line says that it was made, which its signature covers."""
    return Micros(SECOND * int.from_bytes(line.sig[:8], "big"))


def verify_cosignature(checkpoint: Checkpoint, line: SignatureLine, witness: str, key: PublicKey) -> int:
    """Return the time in seconds of a witness's cosignature once it was checked, or raise `Untrusted`."""
    if line.name != witness or line.hint != key_hint(witness, ALG_COSIGNATURE, key.raw):
        raise Untrusted("other-witness", line.name[:120])
    time_s = _time(line)
    key.verify_raw(_cosigned(checkpoint.text, time_s), line.sig[8:])
    return time_s


def cosign_slow(checkpoint: Checkpoint, witness: str, time_s: int, key: MLDSA44PrivateKey) -> SignatureLine:
    """Return a witness's ML-DSA-44 cosignature (once an hour: it is large, and good against a quantum computer)."""
    public = key.public_key().public_bytes_raw()
    sig = key.sign(_slow_message(checkpoint, witness, time_s))
    hint = key_hint(witness, ALG_COSIGNATURE_ML_DSA_44, public)
    return SignatureLine(name=witness, hint=hint, sig=time_s.to_bytes(8, "big") + sig)


def verify_slow_cosignature(checkpoint: Checkpoint, line: SignatureLine, witness: str, public: bytes) -> int:
    """Return the time in seconds of an ML-DSA-44 cosignature once it was checked, or raise `Untrusted`."""
    if line.name != witness or line.hint != key_hint(witness, ALG_COSIGNATURE_ML_DSA_44, public):
        raise Untrusted("other-witness", line.name[:120])
    time_s = _time(line)
    try:
        MLDSA44PublicKey.from_public_bytes(public).verify(line.sig[8:], _slow_message(checkpoint, witness, time_s))
    except (InvalidSignature, ValueError) as error:
        raise Untrusted("bad-signature", f"cosignature of {witness}") from error
    return time_s


def is_line_of(line: SignatureLine, witness: str, algorithm: str, public: bytes) -> bool:
    """Return whether a line says that this key of a witness made it; nothing is checked."""
    kind = ALG_COSIGNATURE_ML_DSA_44 if algorithm == ML_DSA_44 else ALG_COSIGNATURE
    return line.name == witness and line.hint == key_hint(witness, kind, public)


def verify_line(checkpoint: Checkpoint, line: SignatureLine, witness: str, algorithm: str, public: bytes) -> int:
    """Return the time in seconds of a cosignature by a key of this algorithm once it was checked."""
    if algorithm == ML_DSA_44:
        return verify_slow_cosignature(checkpoint, line, witness, public)
    return verify_cosignature(checkpoint, line, witness, PublicKey(public))


def _time(line: SignatureLine) -> int:
    time_s = int.from_bytes(line.sig[:8], "big")
    if len(line.sig) < 9 or not 0 < time_s <= MAX_TIME:
        raise Malformed("bad-cosignature", f"{len(line.sig)} bytes, time {time_s}")
    return time_s


def _cosigned(text: str, time_s: int) -> bytes:
    return f"cosignature/v1\ntime {time_s}\n{text}".encode()


def _slow_message(checkpoint: Checkpoint, witness: str, time_s: int) -> bytes:
    name, origin = witness.encode(), checkpoint.origin.encode()
    return b"".join(
        [
            b"subtree/v1\n\x00",
            len(name).to_bytes(1, "big") + name,
            time_s.to_bytes(8, "big"),
            len(origin).to_bytes(1, "big") + origin,
            (0).to_bytes(8, "big"),
            checkpoint.size.to_bytes(8, "big"),
            checkpoint.root,
        ]
    )
