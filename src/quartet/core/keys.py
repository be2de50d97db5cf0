"""Sign with Ed25519, and believe a signature only after checking it.

What is signed is the DSSE v1 pre-authentication encoding of (`application/vnd.quartet.<tag>`, bytes), so that
a signature made for one kind of structure never passes for another. Seeds come from outside: core draws nothing.
"""

from functools import lru_cache
from typing import Final, Literal

import nacl.exceptions
from nacl.bindings import (
    crypto_core_ed25519_is_valid_point,
    crypto_sign,
    crypto_sign_BYTES,
    crypto_sign_open,
    crypto_sign_seed_keypair,
)

from quartet.core.encoding import b64, digest, unb64
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import KeyId

Tag = Literal[
    "statement",
    "control",
    "assertion",
    "receipts",
    "manifest",
    "epoch-key",
    "officers",
    "charter",
    "act",
    "parcel",
    "frame",
]
ED25519: Final = "Ed25519"
XWING: Final = "X-Wing"
ML_DSA_44: Final = "ML-DSA-44"
KEY_SIZE: Final = 32
SIGNATURE_SIZE: Final = crypto_sign_BYTES


def preauth(tag: Tag, payload: bytes) -> bytes:
    """Return the DSSE v1 pre-authentication encoding of `payload` under `tag`."""
    return b"%b%d %b" % (_preamble(tag), len(payload), payload)


@lru_cache(maxsize=16)
def _preamble(tag: Tag) -> bytes:
    kind = f"application/vnd.quartet.{tag}".encode()
    return b"DSSEv1 %d %b " % (len(kind), kind)


def key_id(algorithm: str, public: bytes) -> KeyId:
    """Return the id of a public key."""
    return KeyId(b64(digest("quartet/key/v1", algorithm, public)))


class PublicKey:
    """An Ed25519 public key (32 raw bytes) that checks signatures."""

    __slots__ = ("id", "raw")

    def __init__(self, raw: bytes) -> None:
        if len(raw) != KEY_SIZE:
            raise Malformed("bad-key", f"{len(raw)} bytes where {KEY_SIZE} must be")
        if not crypto_core_ed25519_is_valid_point(raw):
            raise Malformed("bad-key", "not a point of the main subgroup")
        self.raw = raw
        self.id = key_id(ED25519, raw)

    @classmethod
    def from_text(cls, text: str) -> "PublicKey":
        """Return the key that base64url `text` spells; one that was read before is not worked out again."""
        return _public_key(text)

    @property
    def text(self) -> str:
        """The key as base64url."""
        return b64(self.raw)

    def verify_raw(self, message: bytes, signature: bytes) -> None:
        """Raise `Untrusted("bad-signature")` unless `signature` is this key's over `message` as it is."""
        if len(signature) != SIGNATURE_SIZE:
            raise Untrusted("bad-signature", f"{len(signature)} bytes")
        try:
            crypto_sign_open(signature + message, self.raw)
        except (nacl.exceptions.BadSignatureError, ValueError) as error:
            raise Untrusted("bad-signature", f"key {self.id[:8]}") from error

    def verify(self, tag: Tag, payload: bytes, signature: bytes) -> None:
        """Raise `Untrusted("bad-signature")` unless this key signed `payload` as a `tag`."""
        self.verify_raw(preauth(tag, payload), signature)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PublicKey) and other.raw == self.raw

    def __hash__(self) -> int:
        return hash(self.raw)


@lru_cache(maxsize=1024)
def _public_key(text: str) -> PublicKey:
    return PublicKey(unb64(text, KEY_SIZE))


class SecretKey:
    """An Ed25519 key made from a 32-byte seed (RFC 8032); never shown by `repr`."""

    __slots__ = ("_secret", "public", "seed")

    def __init__(self, seed: bytes) -> None:
        if len(seed) != KEY_SIZE:
            raise Malformed("bad-seed", f"{len(seed)} bytes where {KEY_SIZE} must be")
        raw, self._secret = crypto_sign_seed_keypair(seed)
        self.seed = seed
        self.public = PublicKey(raw)

    @property
    def id(self) -> KeyId:
        """The id of the public half."""
        return self.public.id

    def sign_raw(self, message: bytes) -> bytes:
        """Return the 64-byte signature over `message` as it is (C2SP notes need that)."""
        signed: bytes = crypto_sign(message, self._secret)
        return signed[:SIGNATURE_SIZE]

    def sign(self, tag: Tag, payload: bytes) -> bytes:
        """Return the 64-byte signature over `payload` as a `tag`."""
        return self.sign_raw(preauth(tag, payload))

    def __repr__(self) -> str:
        return f"SecretKey({self.id[:8]})"
