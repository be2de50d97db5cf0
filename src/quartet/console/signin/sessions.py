"""Who is signed in at the console: in memory alone, so that a restart signs everybody out.

The browser holds a random word in a cookie that no script reads; here lies its hash. A session ends when nobody
touched the page for `idle`, and after `longest` at all events; what speaks for the member wants a proof that is no
older than `UNLOCK`, and what widens or takes back by a key that asks for no gesture one no older than `FRESH`.
"""

import hashlib
import secrets
from collections import OrderedDict
from typing import Final

from msgspec import structs

from quartet.core.encoding import Value
from quartet.core.faults import Untrusted
from quartet.core.ids import SECOND, Micros, OfficerName

IDLE: Final = 30 * 60 * SECOND
LONGEST: Final = 12 * 3600 * SECOND
UNLOCK: Final = 10 * 60 * SECOND
FRESH: Final = 3 * 60 * SECOND
MAX_SESSIONS: Final = 1000
WORD_SIZE: Final = 32


class Session(Value, frozen=True):
    """One sign-in of an officer. `csrf` is the word that her page says with whatever changes something.

    `purpose` is what she says that she reads for; until she says it, what is for a purpose is not shown.
    """

    officer: OfficerName
    began: Micros
    seen: Micros
    csrf: str
    purpose: str | None = None

    @property
    def unlocked_until(self) -> Micros:
        """Until when she may speak for the member without proving herself again."""
        return Micros(self.began + UNLOCK)

    @property
    def fresh_until(self) -> Micros:
        """Until when a key that asks for no gesture may assert for her."""
        return Micros(self.began + FRESH)

    def alive(self, now: Micros, idle: int, longest: int) -> bool:
        """Return whether the session still counts, where it may be untouched and last so long."""
        return now < self.seen + idle and now < self.began + longest


class Sessions:
    """The sessions that are open, at most `MAX_SESSIONS`: the one longest untouched makes room.

    `idle` and `longest` are what this node's settings say, `IDLE` and `LONGEST` where they say nothing.
    """

    def __init__(self) -> None:
        self.idle = IDLE
        self.longest = LONGEST
        self._open: OrderedDict[str, Session] = OrderedDict()

    def begin(self, officer: OfficerName, now: Micros) -> tuple[str, Session]:
        """Open a session; return the word for the cookie, which is kept nowhere here."""
        word = secrets.token_urlsafe(WORD_SIZE)
        session = Session(officer, began=now, seen=now, csrf=secrets.token_urlsafe(WORD_SIZE))
        self._open[_hash(word)] = session
        while len(self._open) > MAX_SESSIONS:
            self._open.popitem(last=False)
        return word, session

    def succeed(self, before: str, word: str) -> Session:
        """Let a session that was just begun take the place of her browser's last: that ends, its purpose goes on."""
        made, last = self._open[_hash(word)], self._open.pop(_hash(before), None)
        if last is not None and last.officer == made.officer:
            made = self._open[_hash(word)] = structs.replace(made, purpose=last.purpose)
        return made

    def find(self, word: str, now: Micros, *, touch: bool = True) -> Session:
        """Return the session of a cookie's word, or raise `Untrusted("no-session" | "session-expired")`."""
        session = self._open.get(_hash(word))
        if session is None:
            raise Untrusted("no-session", "sign in")
        if not self._alive(session, now):
            del self._open[_hash(word)]
            raise Untrusted("session-expired", "sign in again")
        if touch:
            session = structs.replace(session, seen=now)
            self._open[_hash(word)] = session
            self._open.move_to_end(_hash(word))
        return session

    def state_purpose(self, word: str, purpose: str | None, now: Micros) -> Session:
        """Note for what an officer reads from now on; raise as `find`. Streams that began before end."""
        session = structs.replace(self.find(word, now), purpose=purpose)
        self._open[_hash(word)] = session
        return session

    def end(self, word: str) -> None:
        """End the session of a cookie's word, if there is one."""
        self._open.pop(_hash(word), None)

    def still(self, session: Session, now: Micros) -> bool:
        """Return whether a session that was found before is still open, for the same purpose."""
        wanted = session.csrf, session.purpose
        return any((one.csrf, one.purpose) == wanted and self._alive(one, now) for one in self._open.values())

    def _alive(self, session: Session, now: Micros) -> bool:
        return session.alive(now, self.idle, self.longest)


def _hash(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()
