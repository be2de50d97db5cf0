"""Signed notes as C2SP has them: a text, a blank line, and a line for each signature.

A signature line is `— name base64(4 bytes of key hash, signature)`; the key hash is over name, newline, algorithm, key.
"""

import base64
import binascii
import hashlib
import re
from typing import Final

from quartet.core.encoding import Value
from quartet.core.faults import Malformed

MAX_NOTE: Final = 64 * 1024
MAX_LINES: Final = 100
MAX_NAME: Final = 255
ALG_ED25519: Final = 0x01
ALG_COSIGNATURE: Final = 0x04
ALG_COSIGNATURE_ML_DSA_44: Final = 0x06

_NAME: Final = re.compile(r"^[^\s+]{1,255}$")
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")
"""What a note may not hold: control characters but the newline."""
_LINE: Final = re.compile(r"^\u2014 ([^\s+]{1,255}) ([A-Za-z0-9+/]+={0,2})$")


class SignatureLine(Value, frozen=True):
    """One signature of a note: who, the hint of which key, and the signature bytes."""

    name: str
    hint: bytes
    sig: bytes

    @property
    def text(self) -> str:
        """The line as it stands in a note, with its newline."""
        return f"\u2014 {self.name} {base64.b64encode(self.hint + self.sig).decode('ascii')}\n"


class Note(Value, frozen=True):
    """A text with its signatures; nothing in it is believed yet."""

    text: str
    signatures: tuple[SignatureLine, ...]


def key_hint(name: str, algorithm: int, public: bytes) -> bytes:
    """Return the four bytes by which a line names its key."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([algorithm]) + public).digest()[:4]


def check_name(name: str) -> None:
    """Raise `Malformed("bad-key-name")` for a name with white space or a plus sign, or over 255 bytes."""
    if not _NAME.fullmatch(name) or len(name.encode("utf-8", "surrogatepass")) > MAX_NAME:
        raise Malformed("bad-key-name", repr(name)[:80])


def write_note(text: str, lines: list[SignatureLine]) -> str:
    """Return the note of a text that ends with a newline."""
    if not text.endswith("\n"):
        raise Malformed("bad-note", "the text does not end with a newline")
    return text + "\n" + "".join(line.text for line in lines)


def read_note(data: str) -> Note:
    """Return the note that `data` spells, or raise `Malformed`."""
    if len(data.encode("utf-8", "surrogatepass")) > MAX_NOTE:
        raise Malformed("too-large", f"a note of more than {MAX_NOTE} bytes")
    text, blank, tail = data.rpartition("\n\n")
    if not blank or not tail.endswith("\n") or _CONTROL.search(data) is not None:
        raise Malformed("bad-note", "no text, blank line and signatures")
    lines = tail[:-1].split("\n")
    if len(lines) > MAX_LINES:
        raise Malformed("too-many-signatures", f"{len(lines)} where {MAX_LINES} may be")
    return Note(text=text + "\n", signatures=tuple(read_line(line) for line in lines))


def read_line(line: str) -> SignatureLine:
    """Return the signature that one line spells (without its newline), or raise `Malformed`."""
    match = _LINE.fullmatch(line)
    if match is None:
        raise Malformed("bad-signature-line", repr(line)[:80])
    try:
        raw = base64.b64decode(match[2], validate=True)
    except binascii.Error as error:
        raise Malformed("bad-signature-line", str(error)) from error
    if len(raw) < 5 or base64.b64encode(raw).decode("ascii") != match[2]:
        raise Malformed("bad-signature-line", "another spelling, or too short")
    return SignatureLine(name=match[1], hint=raw[:4], sig=raw[4:])
