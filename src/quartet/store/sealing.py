"""Keys: one for each item, drawn here and kept only wrapped under the member's store key; destroyed by overwriting.

AES-256-GCM throughout. What is sealed is bound to its place: it opens nowhere else.
"""

import hmac
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from quartet.core.faults import Untrusted

KEY_SIZE: Final = 32
NONCE_SIZE: Final = 12
WRAPPED_SIZE: Final = NONCE_SIZE + KEY_SIZE + 16
DESTROYED: Final = bytes(WRAPPED_SIZE)
"""What stands where a wrapped key was."""


class Sealer:
    """Wraps keys under the store key, and seals with what it unwraps."""

    def __init__(self, master: bytes) -> None:
        self._master = AESGCM(master)
        self._secret = master

    def new_key(self, place: str) -> tuple[bytes, bytes]:
        """Return a fresh key, and the same wrapped for `place`."""
        key = os.urandom(KEY_SIZE)
        return key, self.wrap(key, place)

    def derived(self, use: str) -> bytes:
        """Return a key for one use, always the same, from which the store key cannot be learned."""
        return hmac.digest(self._secret, f"quartet/derived/v1 {use}".encode(), "sha256")

    def wrap(self, secret: bytes, place: str) -> bytes:
        """Return `secret` sealed under the store key for `place`."""
        return _seal(self._master, secret, place)

    def unwrap(self, wrapped: bytes, place: str) -> bytes:
        """Return the secret, or raise `Untrusted("damaged")`."""
        return _open(self._master, wrapped, place)


def seal(key: bytes, data: bytes, place: str) -> bytes:
    """Return `data` sealed under `key` for `place`."""
    return _seal(AESGCM(key), data, place)


def open_sealed(key: bytes, sealed: bytes, place: str) -> bytes:
    """Return what is sealed, or raise `Untrusted("damaged")`."""
    return _open(AESGCM(key), sealed, place)


def join(signed: bytes, control: bytes | None) -> bytes:
    """Return an item's two parts as one."""
    return len(signed).to_bytes(4, "big") + signed + (control or b"")


def split(content: bytes) -> tuple[bytes, bytes | None]:
    """Return an item's signed bytes and its own control, None for a fact."""
    end = 4 + int.from_bytes(content[:4], "big")
    return content[4:end], content[end:] or None


def _seal(key: AESGCM, data: bytes, place: str) -> bytes:
    nonce = os.urandom(NONCE_SIZE)
    return nonce + key.encrypt(nonce, data, place.encode())


def _open(key: AESGCM, sealed: bytes, place: str) -> bytes:
    try:
        return key.decrypt(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], place.encode())
    except (InvalidTag, ValueError) as error:
        raise Untrusted("damaged", place) from error
