"""One-time links: an officer's own key at the command line opens the console, once, within a few minutes."""

import hashlib
import secrets
from typing import Final

from quartet.core.faults import Untrusted
from quartet.core.ids import SECOND, Micros, OfficerName

LASTS: Final = 15 * 60 * SECOND
MAX_LINKS: Final = 256
WORD_SIZE: Final = 24


class Links:
    """The links that nobody has used yet; their words are kept as hashes."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[OfficerName, Micros]] = {}

    def make(self, officer: OfficerName, now: Micros) -> tuple[str, Micros]:
        """Return the word of a new link, and until when it is good."""
        self._open = {h: (o, until) for h, (o, until) in self._open.items() if until > now}
        while len(self._open) >= MAX_LINKS:
            del self._open[next(iter(self._open))]
        word, until = secrets.token_urlsafe(WORD_SIZE), Micros(now + LASTS)
        self._open[_hash(word)] = (officer, until)
        return word, until

    def use(self, word: str, now: Micros) -> OfficerName:
        """Return whose link this is, and forget it; raise `Untrusted("bad-link")`."""
        found = self._open.pop(_hash(word), None)
        if found is None or found[1] <= now:
            raise Untrusted("bad-link", "it was used, or is too old: quartet officer link makes another")
        return found[0]


def _hash(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()
