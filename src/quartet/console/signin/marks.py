"""The mark of a browser at which an officer signed in before: what she tries there is counted apart from all others.

So nobody who guesses, from wherever, uses up the tries of an officer at her own browser. A mark opens nothing, and is
kept nowhere here: who made it knows it again.
"""

import hmac
import secrets
from typing import Final

from quartet.core.encoding import b64, unb64
from quartet.core.faults import Malformed
from quartet.core.ids import OfficerName

LASTS_S: Final = 90 * 24 * 3600
"""How long a browser keeps a mark."""
MAX_MARK: Final = 512
NONCE_SIZE: Final = 12


class Marks:
    """Makes marks and knows them again."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def make(self, officer: OfficerName) -> str:
        """Return a new mark for the browser at which an officer signed in."""
        said = f"{b64(officer.encode())}.{secrets.token_urlsafe(NONCE_SIZE)}"
        return f"{said}.{self._seal(said)}"

    def officer(self, mark: str) -> OfficerName | None:
        """Return whose browser has this mark; None for one that is none of ours."""
        said, _, seal = mark.rpartition(".")
        if len(mark) > MAX_MARK or not hmac.compare_digest(seal.encode(), self._seal(said).encode()):
            return None
        try:
            return OfficerName(unb64(said.partition(".")[0]).decode())
        except (Malformed, UnicodeDecodeError):
            return None

    def _seal(self, said: str) -> str:
        return b64(hmac.digest(self._key, said.encode(), "sha256"))
