"""The desk where officers sign in: each way in, what it costs to guess, and the session that it opens.

Every refusal of a password reads the same, and takes as long, whether the officer, the password or the code is wrong.
"""

import asyncio
import os
import time
from base64 import b32encode
from typing import Any, Final, NamedTuple

from msgspec import structs

from quartet.console.signin.book import Book, BrowserKey, OwnPasskey, Person
from quartet.console.signin.limits import (
    BACK,
    COSTLY,
    PARTS,
    REQUESTS,
    TRIES_OF_ADDRESS,
    TRIES_OF_BROWSER,
    TRIES_OF_ONE,
    Limit,
    Line,
)
from quartet.console.signin.links import Links
from quartet.console.signin.marks import Marks
from quartet.console.signin.passkeys import (
    Challenges,
    authenticated,
    authentication,
    challenge_of,
    registered,
    registration,
)
from quartet.console.signin.passwords import SALT_SIZE, check_new, hash_password, right_password
from quartet.console.signin.sessions import Session, Sessions
from quartet.console.signin.totp import SECRET_SIZE, matching_step, secret_url
from quartet.core.encoding import b64, unb64
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import Micros, OfficerName
from quartet.core.keyring import OfficerEntry
from quartet.core.keys import PublicKey
from quartet.node.node import Node

MAX_PENDING: Final = 256
NOBODY: Final = hash_password("nobody has this password", bytes(SALT_SIZE))
"""What a stranger's password is compared with, so that he waits as long as anybody."""

Opened = tuple[str, Session]


class Asker(NamedTuple):
    """Who wants to sign in, as far as is known: from which address, and with what marks of sign-ins before."""

    address: str = ""
    marks: tuple[str, ...] = ()


STRANGER: Final = Asker()


class SigninDesk:
    """Lets officers of one member in. `origin` is where browsers find this console; `trial` is said on every page."""

    def __init__(self, node: Node, book: Book, origin: str, *, trial: bool = False) -> None:
        self.origin = origin
        self.trial = trial
        self.banner = ""
        """What this site has to say on every page, by its settings."""
        self.sessions = Sessions()
        self._node = node
        self._book = book
        self._links = Links()
        self._challenges = Challenges()
        self.marks = Marks(book.derived("quartet/known-browser/v1"))
        self._of_one, self._codes = Limit(TRIES_OF_ONE), Limit(TRIES_OF_ONE)
        self._of_browser, self._of_address = Limit(TRIES_OF_BROWSER), Limit(TRIES_OF_ADDRESS)
        self._her_line, self._strangers_line = Line(), Line()
        self._requests, self._costly = Limit(REQUESTS), Limit(COSTLY)
        self._uploads, self._back = Limit(PARTS), Limit(BACK)
        self._pending: dict[OfficerName, tuple[str, bytes]] = {}

    # -- ways in

    def make_link(self, officer: OfficerName) -> tuple[str, Micros]:
        """Return the address that opens the console once for an officer, and until when."""
        word, until = self._links.make(officer, now())
        return f"{self.origin}/link#{word}", until

    def by_link(self, word: str, asker: Asker = STRANGER) -> Opened:
        """Sign in by a one-time link."""
        self._try(asker)
        return self._open(self._links.use(word, now()))

    def ask_passkey(self, asker: Asker = STRANGER) -> Any:
        """Return what the browser is asked, to sign in with a passkey."""
        self._try(asker)
        return authentication(self.origin, self._challenges.make(now()))

    async def by_passkey(self, credential: dict[str, Any], asker: Asker = STRANGER) -> Opened:
        """Sign in with a passkey."""
        self._try(asker)
        challenge = self._challenges.use(challenge_of(credential), now())
        found = self._book.owner(str(credential.get("id")))
        if found is None:
            raise Untrusted("bad-passkey", "this console does not know that passkey")
        name, passkey = found
        count = authenticated(credential, passkey, challenge)

        def counted(person: Person) -> Person:
            others = tuple(one for one in person.passkeys if one.credential != passkey.credential)
            return structs.replace(person, passkeys=(*others, structs.replace(passkey, count=count)))

        await self._book.change(name, counted)
        return self._open(name)

    async def by_password(self, name: OfficerName, password: str, code: str, asker: Asker = STRANGER) -> Opened:
        """Sign in with a password and a code of the moment."""
        hers = [mark for mark in asker.marks if self.marks.officer(mark) == name]
        self._try(Asker(asker.address, tuple(hers)))
        if not hers:
            self._of_one.take(name, time.monotonic())
        person = self._book.person(name)
        async with (self._her_line if hers else self._strangers_line).turn():
            right = await asyncio.to_thread(right_password, person.password or NOBODY, password)

        def used(known: Person) -> Person:
            step = matching_step(unb64(person.secret or ""), code, now(), known.step)  # by another try meanwhile too
            same = known.password is not None and known.password == person.password
            if not right or not same or person.secret is None or step is None:
                raise Untrusted("bad-password", "officer, password or code is wrong")
            return structs.replace(known, step=step)

        await self._book.change(name, used)
        return self._open(name)

    # -- what an officer has

    def person(self, name: OfficerName) -> Person:
        """Return how an officer signs in."""
        return self._book.person(name)

    def ask_new_passkey(self, name: OfficerName) -> Any:
        """Return what the browser is asked, to make a passkey for an officer."""
        have = self._book.person(name).passkeys
        return registration(self.origin, self._node.me, name, have, self._challenges.make(now()))

    async def add_passkey(self, name: OfficerName, credential: dict[str, Any], label: str) -> OwnPasskey:
        """Keep the passkey that a browser made; it asserts once root has signed it into the officer manifest."""
        challenge = self._challenges.use(challenge_of(credential), now())
        passkey = registered(credential, self.origin, label, challenge)

        def added(person: Person) -> Person:
            if self._book.owner(passkey.credential) is not None:
                raise Malformed("passkey-taken", "this console knows that passkey already")
            return structs.replace(person, passkeys=(*person.passkeys, passkey))

        await self._book.change(name, added)
        return passkey

    async def add_key(self, name: OfficerName, key: str, label: str) -> BrowserKey:
        """Keep the public half of a browser's own key; as `add_passkey`."""
        PublicKey.from_text(key)
        made = BrowserKey(key, label)

        def added(person: Person) -> Person:
            known = any(one.key == key for one in person.keys)
            return person if known else structs.replace(person, keys=(*person.keys, made))

        await self._book.change(name, added)
        return made

    def new_password(self, name: OfficerName, password: str) -> tuple[str, str]:
        """Return a code secret, in letters and as an address, for a password that counts once a code was given."""
        check_new(password)
        secret = os.urandom(SECRET_SIZE)
        self._pending.pop(name, None)
        while len(self._pending) >= MAX_PENDING:
            del self._pending[next(iter(self._pending))]
        self._pending[name] = (password, secret)
        return b32encode(secret).decode(), secret_url(secret, self._node.me, name)

    async def confirm_password(self, name: OfficerName, code: str) -> None:
        """Let a new password count: its officer's authenticator gives the right code."""
        self._codes.take(name, time.monotonic())
        if name not in self._pending:
            raise Malformed("no-new-password", "choose a password first")
        password, secret = self._pending[name]
        step = matching_step(secret, code, now(), 0)
        if step is None:
            raise Malformed("wrong-code", "the authenticator gives another; is its clock right?")
        hashed = await asyncio.to_thread(hash_password, password, os.urandom(SALT_SIZE))
        await self._book.change(
            name, lambda person: structs.replace(person, password=hashed, secret=b64(secret), step=step)
        )
        self._pending.pop(name, None)

    # -- sessions

    def officer(self, session: Session) -> OfficerEntry:
        """Return the officer of a session; one whom the manifest no longer names is out at once."""
        return self._known(session.officer)

    def count(self, session: Session) -> None:
        """Count one request of a session, or raise `Unavailable("too-many-requests")`."""
        self._requests.take(session.csrf, time.monotonic())

    def count_costly(self, session: Session) -> None:
        """Count one request that keeps the machine busy, whatever session of the officer it is of; raise as `count`."""
        self._costly.take(session.officer, time.monotonic())

    def count_back(self, session: Session) -> None:
        """Count one look back at a track, whatever session of the officer it is of; raise as `count`."""
        self._back.take(session.officer, time.monotonic())

    def count_part(self, session: Session) -> None:
        """Count one part of a file, whatever session of the officer it is of; raise as `count`."""
        self._uploads.take(session.officer, time.monotonic())

    def still(self, session: Session, officer: OfficerEntry) -> bool:
        """Return whether a session is open as it was, of the officer as she was: what a stream asks again and again."""
        return self.sessions.still(session, now()) and self._node.officer(session.officer) == officer

    def _try(self, asker: Asker) -> None:
        """Count a try: of a browser that is known by itself, of all others by their address."""
        known = next((mark for mark in asker.marks if self.marks.officer(mark) is not None), None)
        if known is not None:
            self._of_browser.take(known, time.monotonic())
        else:
            self._of_address.take(asker.address, time.monotonic())

    def _open(self, name: OfficerName) -> Opened:
        self._known(name)
        return self.sessions.begin(name, now())

    def _known(self, name: OfficerName) -> OfficerEntry:
        entry = self._node.officer(name)
        if entry is None:
            raise Untrusted("no-session", "this member's manifest names no such officer")
        return entry


def now() -> Micros:
    """Return this machine's time: sessions and codes are people's, so the exercise's clock does not enter."""
    return Micros(time.time_ns() // 1000)
