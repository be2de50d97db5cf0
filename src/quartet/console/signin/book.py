"""What a node remembers of how its officers sign in: passwords, code secrets, passkeys, keys of browsers. One file.

It is sealed under a key that is drawn from the store's: a copy of the file alone says nothing. What an officer may
state is decided by root, in the officer manifest: until root has signed, a new passkey opens the door and no more.
"""

import asyncio
import hmac
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from quartet.console.signin.passwords import Hashed
from quartet.core.encoding import Value
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import OfficerName
from quartet.node.files import read_private, write_file

MAX_BOOK: Final = 4 * 1024 * 1024
MAX_KEYS: Final = 16
NONCE_SIZE: Final = 12
MARK: Final = b"quartet-signin-1\n"


class OwnPasskey(Value, frozen=True):
    """A passkey: its credential, its point, the console that made it, what she calls it, and its counter."""

    credential: str
    key: str
    origin: str
    label: str
    count: int = 0


class BrowserKey(Value, frozen=True):
    """An Ed25519 key that one browser keeps and cannot give away."""

    key: str
    label: str


class Person(Value, frozen=True):
    """How one officer signs in. `step` is the last code that was used."""

    password: Hashed | None = None
    secret: str | None = None
    step: int = 0
    passkeys: tuple[OwnPasskey, ...] = ()
    keys: tuple[BrowserKey, ...] = ()


class Book:
    """Persons by name; each change is on disk before it counts."""

    def __init__(self, path: Path, key: bytes, persons: dict[OfficerName, Person]) -> None:
        self._path = path
        self._key = key
        self._persons = persons
        self._lock = asyncio.Lock()

    def person(self, name: OfficerName) -> Person:
        """Return how an officer signs in; a stranger has no way."""
        return self._persons.get(name, Person())

    def derived(self, what: str) -> bytes:
        """Return a key for something else, drawn from the book's own."""
        return hmac.digest(self._key, what.encode(), "sha256")

    def owner(self, credential: str) -> tuple[OfficerName, OwnPasskey] | None:
        """Return whose passkey has this credential id."""
        for name, person in self._persons.items():
            for passkey in person.passkeys:
                if passkey.credential == credential:
                    return name, passkey
        return None

    async def change(self, name: OfficerName, how: Callable[[Person], Person]) -> Person:
        """Change what is remembered of an officer; `how` gets what is remembered once it is her turn.

        Two changes at one time both count. What `how` raises changes nothing.
        """
        async with self._lock:
            person = how(self.person(name))
            if len(person.passkeys) > MAX_KEYS or len(person.keys) > MAX_KEYS:
                raise Malformed("too-many-keys", f"{MAX_KEYS} of a kind may be: remove one first")
            persons = {**self._persons, name: person}
            await asyncio.to_thread(write_file, self._path, _seal(self._key, persons))
            self._persons = persons
            return person


def open_book(path: Path, store_key: bytes) -> Book:
    """Return the book at `path`, an empty one where there is none; raise `Untrusted("signin-book-damaged")`."""
    key = hmac.digest(store_key, b"quartet/signin/v1", "sha256")
    return Book(path, key, _opened(path, key) if path.exists() else {})


def _seal(key: bytes, persons: dict[OfficerName, Person]) -> bytes:
    nonce = os.urandom(NONCE_SIZE)
    return MARK + nonce + AESGCM(key).encrypt(nonce, msgspec.json.encode(persons), MARK)


def _opened(path: Path, key: bytes) -> dict[OfficerName, Person]:
    data = read_private(path, MAX_BOOK)
    rest = data.removeprefix(MARK)
    try:
        plain = AESGCM(key).decrypt(rest[:NONCE_SIZE], rest[NONCE_SIZE:], MARK)
        persons: dict[OfficerName, Person] = msgspec.json.decode(plain, type=dict[str, Person])
    except (InvalidTag, ValueError, msgspec.MsgspecError) as error:
        raise Untrusted("signin-book-damaged", f"{path}: remove it, and let officers sign in by link") from error
    return persons
