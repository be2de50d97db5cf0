"""Where a viewer has got to in her list or her stream, written so that it tells her nothing.

The place is the node's own admission number, which counts what she may not see too, and how many of those that the
next admission opened she was told. So she gets it sealed: two cursors
do not say how much lies between them, nor which came first, and another officer's are refused. The same place is always
the same cursor, also after a restart: who resumes loses nothing and is told nothing twice.
"""

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from quartet.core.encoding import b64, unb64
from quartet.core.faults import Malformed
from quartet.core.release import Viewer

BEGINNING: Final = frozenset({"", "0"})
"""What asks for the first page, and for the stream from its beginning."""
OPENED_AT_ONCE: Final = 2**20
"""More items than one fact opens."""
_PLACE_SIZE: Final = 8
_SEALED_SIZE: Final = 16 + _PLACE_SIZE


class Cursors:
    """Seals and opens places, under a key of this node alone."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESSIV(key)

    def seal(self, viewer: Viewer, place: int) -> str:
        """Return a place as this viewer gets it."""
        return b64(self._cipher.encrypt(place.to_bytes(_PLACE_SIZE, "big"), _whose(viewer)))

    def open(self, viewer: Viewer, cursor: str) -> int:
        """Return the place that a cursor of this viewer means; raise `Malformed("bad-cursor")` for any other text."""
        if cursor in BEGINNING:
            return 0
        try:
            return int.from_bytes(self._cipher.decrypt(unb64(cursor, _SEALED_SIZE), _whose(viewer)), "big")
        except (Malformed, InvalidTag) as error:
            raise Malformed("bad-cursor", "it is none that this node gave you; begin again without it") from error

    def at(self, viewer: Viewer, admission: int, opened: int = 0) -> str:
        """Return the cursor of a viewer after an admission, and after so many items that the next one opened."""
        return self.seal(viewer, admission * OPENED_AT_ONCE + opened)

    def place(self, viewer: Viewer, cursor: str) -> tuple[int, int]:
        """Return the admission that a viewer's cursor means, and how many items that the next one opened.

        Raise `Malformed("bad-cursor")`.
        """
        return divmod(self.open(viewer, cursor), OPENED_AT_ONCE)


def _whose(viewer: Viewer) -> list[bytes]:
    return [viewer.member.encode(), viewer.name.encode()]
