"""Name a source without naming it: a hash of its name under a key that the members of a circle share.

Two reports of one agency's line then have one root, and who does not hold the key learns neither the name nor whether
it was guessed right.
"""

import hmac
import unicodedata
from collections.abc import Collection, Iterable
from hashlib import sha256
from typing import Annotated, Final

from msgspec import Meta

from quartet.core.encoding import Value, b64, unb64
from quartet.core.faults import Malformed
from quartet.core.ids import HASH_PATTERN, MemberId
from quartet.core.marking import Marking
from quartet.desk.said import Said, for_members

TAG: Final = b"quartet/root/v1\x00"
MAX_NAME: Final = 256
Circle = Annotated[str, Meta(min_length=1, max_length=128)]


class CircleKey(Value, frozen=True):
    """The form of a `circle-key` item: 32 random bytes, for the members of the circle alone."""

    circle: Circle
    key: Annotated[str, Meta(pattern=HASH_PATTERN)]


def folded(name: str) -> str:
    """Return a source's name as it is compared: one case, one form of each letter, one space between words."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def root_of(key: CircleKey, name: str) -> str:
    """Return the blinded id of a source; raise `Malformed("bad-source")` for no name, or one too long."""
    plain = folded(name)
    if not plain or len(plain) > MAX_NAME:
        raise Malformed("bad-source", f"a source has a name of 1 to {MAX_NAME} letters")
    said = TAG + key.circle.encode() + b"\x00" + plain.encode()
    return b64(hmac.new(unb64(key.key), said, sha256).digest())


def circle_key(circle: str, keys: Iterable[Said[CircleKey]]) -> Said[CircleKey] | None:
    """Return the key of a circle: the first by its date, then by its id, so that all who hold the same use one."""
    return next((one for one in for_members(keys) if one.form.circle == circle), None)


def counts(author: MemberId, marking: Marking, members: Collection[MemberId]) -> bool:
    """Return whether a key is a circle's: a member of it made it, for members of it alone.

    Any other names its sources to outsiders; a marking of CLEAR may name nobody, and is for all.
    """
    return author in members and marking.tlp != "CLEAR" and set(marking.named) <= set(members)
