"""What stays of a purged item: that it existed, under which recall it went, and who may still ask what became of it.

The officers who may ask are hashed with a salt of this stub: a stub does not say for whom a RED item was, only whether
one who asks is among them.
"""

from typing import Final

from quartet.core.encoding import Value, b64, decode, digest64, unb64
from quartet.core.ids import MemberId, OfficerName

MAX_STUB: Final = 256 * 1024
SALT_SIZE: Final = 16


class Stub(Value, frozen=True):
    """A purged item. `askers` None: every officer of this member could see it."""

    id: str
    c: str
    author: MemberId
    recall: str | None
    salt: str
    askers: tuple[str, ...] | None

    def may_ask(self, officer: OfficerName) -> bool:
        """Return whether an officer could see the item when it was destroyed."""
        return self.askers is None or _hashed(self.salt, officer) in self.askers


def make_stub(
    item: str, c: str, author: MemberId, recall: str | None, askers: tuple[OfficerName, ...] | None, salt: bytes
) -> Stub:
    """Return the stub of an item that is about to go."""
    text = b64(salt)
    hashed = None if askers is None else tuple(sorted(_hashed(text, name) for name in askers))
    return Stub(id=item, c=c, author=author, recall=recall, salt=text, askers=hashed)


def read_stub(data: bytes) -> Stub:
    """Return the stub with these bytes, or raise `Malformed`."""
    return decode(data, Stub, MAX_STUB)


def _hashed(salt: str, officer: OfficerName) -> str:
    return digest64("quartet/asker/v1", unb64(salt, SALT_SIZE), officer)
