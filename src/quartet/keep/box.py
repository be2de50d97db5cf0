"""Encryption at rest: each item under a key of its own, each key wrapped under the member's master key.

Destroying the wrapped key is what purging rests on; the row goes too.
"""

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from quartet.core.faults import Malformed, Untrusted

KEY_SIZE: Final = 32
NONCE_SIZE: Final = 12
BODY_NONCE: Final = bytes(NONCE_SIZE)
"""An item's key seals its body once; its parts count on from one."""


class Box:
    """Seals what the store keeps under one master key of 32 bytes."""

    def __init__(self, master: bytes) -> None:
        if len(master) != KEY_SIZE:
            raise Malformed("bad-master-key", f"{len(master)} bytes where {KEY_SIZE} must be")
        self._master = AESGCM(master)

    def new_key(self, label: str) -> tuple[bytes, bytes]:
        """Return a fresh key and the same key wrapped."""
        key = os.urandom(KEY_SIZE)
        return key, self.wrap(key, label)

    def wrap(self, secret: bytes, label: str) -> bytes:
        """Return a secret sealed under the master key, bound to its label."""
        nonce = os.urandom(NONCE_SIZE)
        return nonce + self._master.encrypt(nonce, secret, label.encode())

    def unwrap(self, wrapped: bytes, label: str) -> bytes:
        """Return what `wrap` sealed, or raise `Untrusted("damaged")`."""
        try:
            return self._master.decrypt(wrapped[:NONCE_SIZE], wrapped[NONCE_SIZE:], label.encode())
        except (InvalidTag, ValueError) as error:
            raise Untrusted("damaged", f"{label} cannot be opened") from error


def seal_part(key: bytes, n: int, data: bytes, label: str) -> bytes:
    """Return data sealed under an item's key; `n` is 0 for its body, and counts its parts from 1."""
    return AESGCM(key).encrypt(n.to_bytes(NONCE_SIZE, "big"), data, label.encode())


def open_part(key: bytes, n: int, sealed: bytes, label: str) -> bytes:
    """Return what `seal_part` sealed, or raise `Untrusted("damaged")`."""
    try:
        return AESGCM(key).decrypt(n.to_bytes(NONCE_SIZE, "big"), sealed, label.encode())
    except (InvalidTag, ValueError) as error:
        raise Untrusted("damaged", f"{label} cannot be opened") from error
