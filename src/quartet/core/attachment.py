"""A file that goes with an item: parts of 256 KiB under one RFC 6962 tree, whose root is the file's name.

Each part travels with its path in the tree, so that a wrong one is known at once, and the whole is verified with the
last. The bytes of a part are a leaf.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from quartet.core.encoding import b64
from quartet.core.faults import Malformed, Untrusted
from quartet.core.parcel import MAX_ATTACHMENT, MAX_PART, AttachmentPart
from quartet.core.proof.merkle import HASH_SIZE, inclusion_path, leaf_hash, root_from_path, root_of

PART: Final = MAX_PART
MAX_NAME: Final = 255
"""Bytes of a file's name: no file system takes more."""
_JOINS: Final = frozenset("\u200c\u200d")
"""What Persian and Indic names are spelt with."""


class FileTree:
    """The tree of one file; grows part by part, in their order."""

    def __init__(self, leaves: bytes = b"") -> None:
        """Begin empty, or with the leaves that `leaves` wrote."""
        if len(leaves) % HASH_SIZE:
            raise Malformed("bad-length", f"{len(leaves)} bytes of leaves")
        self._hashes = [leaves[i : i + HASH_SIZE] for i in range(0, len(leaves), HASH_SIZE)]
        self.size = 0
        """Bytes that were added."""

    def add(self, part: bytes) -> None:
        """Add the next part."""
        self._hashes.append(leaf_hash(part))
        self.size += len(part)

    @property
    def leaves(self) -> bytes:
        """The leaves' hashes, one behind the other."""
        return b"".join(self._hashes)

    @property
    def id(self) -> str:
        """What names the file."""
        return b64(root_of(self._hashes))

    def path(self, number: int) -> bytes:
        """Return the hashes that tie a part to the file, one behind the other."""
        return b"".join(inclusion_path(self._hashes, number))


def file_id(parts: Iterable[bytes]) -> str:
    """Return what names the file that these parts make."""
    tree = FileTree()
    for part in parts:
        tree.add(part)
    return tree.id


def parts_of(size: int) -> int:
    """Return in how many parts a file of `size` bytes goes; raise `Malformed("attachment-too-large")` over 2 GiB."""
    if size > MAX_ATTACHMENT:
        raise Malformed("attachment-too-large", f"{size} bytes where {MAX_ATTACHMENT} may be")
    return -(-size // PART)


def check_name(name: str) -> None:
    """Raise `Malformed("bad-file-name")` for a name that is a path, hides what it is, or fits in no folder."""
    if name in ("", ".", "..") or any(c in "/\\" for c in name):
        raise Malformed("bad-file-name", f"{name!r} is a path; name the file alone")
    if any(_hides(c) for c in name):
        raise Malformed("bad-file-name", f"{name!r} has a sign that nobody sees; rename the file")
    if len(name.encode(errors="replace")) > MAX_NAME:
        raise Malformed("bad-file-name", f"a name of more than {MAX_NAME} bytes; shorten it")


def safe_name(name: str) -> str:
    """Return what another member called a file as a name that stays in its folder and hides nothing."""
    plain = "".join("_" if char in "/\\" or _hides(char) else char for char in name)
    return plain.lstrip(".") or "attachment"


def _hides(char: str) -> bool:
    """Return whether nobody sees a sign: it ends a name, or turns it so that `[U+202E]gpj.exe` reads `exe.jpg`."""
    return char not in _JOINS and not char.isprintable()


def check_part(part: AttachmentPart, parts: int) -> None:
    """Raise `Untrusted("attachment-damaged")` unless a part is this one of the file that has so many."""
    whole = len(part.data) == PART or (part.number == parts - 1 and part.data)
    path = _hashes(part.path)
    try:
        root = root_from_path(leaf_hash(part.data), part.number, parts, path) if whole else b""
    except Untrusted:
        root = b""
    if root != part.attachment:
        raise Untrusted("attachment-damaged", f"part {part.number} is not of the file {b64(part.attachment)[:8]}")


def _hashes(path: bytes) -> Sequence[bytes]:
    return [path[i : i + HASH_SIZE] for i in range(0, len(path), HASH_SIZE)]
