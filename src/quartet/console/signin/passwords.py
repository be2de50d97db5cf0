"""Keep a password so that whoever reads the file must try each one dearly: scrypt, 32 MiB and a tenth of a second."""

import hmac
from typing import Final

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from quartet.core.encoding import Value, b64, unb64
from quartet.core.faults import Malformed

LEAST: Final = 12
MOST: Final = 256
COST: Final = 2**15
SALT_SIZE: Final = 16
HASH_SIZE: Final = 32


class Hashed(Value, frozen=True):
    """A password's salt, the cost it was hashed with, and the hash."""

    salt: str
    cost: int
    hash: str


def check_new(password: str) -> None:
    """Raise `Malformed("weak-password")` for one too short or too long; nothing else makes a password better."""
    if not LEAST <= len(password) <= MOST:
        raise Malformed("weak-password", f"{LEAST} to {MOST} characters; four words make a good one")


def hash_password(password: str, salt: bytes) -> Hashed:
    """Return a new password as it is kept."""
    return Hashed(salt=b64(salt), cost=COST, hash=b64(_derived(password, salt, COST)))


def right_password(kept: Hashed, password: str) -> bool:
    """Return whether this is the password."""
    return hmac.compare_digest(_derived(password[:MOST], unb64(kept.salt), kept.cost), unb64(kept.hash))


def _derived(password: str, salt: bytes, cost: int) -> bytes:
    return Scrypt(salt=salt, length=HASH_SIZE, n=cost, r=8, p=1).derive(password.encode())
