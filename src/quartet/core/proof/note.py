"""Signed notes as C2SP writes them (c2sp.org/signed-note): text, a blank line, signature lines.

Nothing in a note is believed here: whoever knows a key finds its line by name and key hash, and checks it.
"""

import base64
import binascii
import hashlib
from typing import Final

from quartet.core.encoding import Value
from quartet.core.faults import Malformed

MAX_NOTE: Final = 128 * 1024
MAX_LINES: Final = 64
MAX_NAME: Final = 255
KIND_ED25519: Final = 0x01
KIND_COSIGNATURE: Final = 0x04
KIND_ML_DSA_44: Final = 0x06
HASH_SIZE: Final = 4

_DASH: Final = "— "


class NoteLine(Value, frozen=True):
    """One signature line: the key's name, the 4-byte hash that says which key, and the signature."""

    name: str
    key_hash: bytes
    sig: bytes


class Note(Value, frozen=True):
    """A text that ends in a newline, with its signature lines."""

    text: str
    lines: tuple[NoteLine, ...]

    def by(self, name: str, key_hash_: bytes) -> NoteLine | None:
        """Return the line of a key, or None."""
        return next((n for n in self.lines if n.name == name and n.key_hash == key_hash_), None)


def key_hash(name: str, kind: int, public: bytes) -> bytes:
    """Return the first 4 bytes of SHA-256 over name, newline, kind and public key."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:HASH_SIZE]


def verifier_key(name: str, kind: int, public: bytes) -> str:
    """Return a key as C2SP tools read it: name+hash+base64(kind, key)."""
    return f"{name}+{key_hash(name, kind, public).hex()}+{std64(bytes([kind]) + public)}"


def write_note(note: Note) -> bytes:
    """Return the bytes of a note."""
    lines = "".join(f"{_DASH}{n.name} {std64(n.key_hash + n.sig)}\n" for n in note.lines)
    return f"{note.text}\n{lines}".encode()


def parse_note(data: bytes) -> Note:
    """Return the note with these bytes, or raise `Malformed`.

    (1) size, (2) text without control characters, (3) a blank line, (4) each line, (5) no key twice, (6) one spelling.
    """
    if len(data) > MAX_NOTE:
        raise Malformed("too-large", f"a note of {len(data)} bytes where {MAX_NOTE} may be")
    try:
        whole = data.decode()
    except UnicodeDecodeError as error:
        raise Malformed("bad-note", "not UTF-8") from error
    if any(character < " " and character != "\n" for character in whole):
        raise Malformed("bad-note", "a control character")
    text, blank, tail = whole.rpartition("\n\n")
    if not blank or not text or not tail.endswith("\n"):
        raise Malformed("bad-note", "no blank line before the signatures")
    raw = tail[:-1].split("\n")
    if len(raw) > MAX_LINES:
        raise Malformed("too-many", f"{len(raw)} signature lines where {MAX_LINES} may be")
    note = Note(text + "\n", tuple(_line(line) for line in raw))
    if len({(n.name, n.key_hash) for n in note.lines}) != len(note.lines):
        raise Malformed("signature-twice", "two lines of one key")
    return note


def check_name(name: str) -> None:
    """Raise `Malformed` unless C2SP allows the name of a key."""
    if not name or len(name.encode()) > MAX_NAME or "+" in name or any(c.isspace() or c < " " for c in name):
        raise Malformed("bad-name", repr(name[:60]))


def std64(raw: bytes) -> str:
    """Return `raw` as C2SP writes bytes: base64 with padding."""
    return base64.b64encode(raw).decode("ascii")


def unstd64(text: str) -> bytes:
    """Return the bytes that `text` spells in base64 with padding; another spelling of the same is refused."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed("bad-base64", repr(text[:60])) from error
    if std64(raw) != text:
        raise Malformed("bad-base64", "another spelling of the same bytes")
    return raw


def _line(line: str) -> NoteLine:
    if not line.startswith(_DASH):
        raise Malformed("bad-note", f"no signature line: {line[:40]!r}")
    name, space, coded = line[len(_DASH) :].partition(" ")
    check_name(name)
    raw = unstd64(coded)
    if not space or len(raw) <= HASH_SIZE:
        raise Malformed("bad-note", f"a signature of {len(raw)} bytes")
    return NoteLine(name, raw[:HASH_SIZE], raw[HASH_SIZE:])
