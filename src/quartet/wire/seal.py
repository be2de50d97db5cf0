"""Seal a plaintext for one member's epoch key, and open what was sealed for ours.

HPKE base mode (RFC 9180) with X-Wing (ML-KEM-768 and X25519), HKDF-SHA256 and AES-256-GCM. It binds exchange, both
members and the key, but proves no sender: the header inside is signed for that.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from quartet.core.encoding import b64, digest, unb64
from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.ids import ExchangeId, KeyId, MemberId
from quartet.core.keys import XWING, key_id

VERSION: Final = 1
MLKEM_SEED: Final = 64
X25519_SEED: Final = 32
EPOCH_SEED: Final = MLKEM_SEED + X25519_SEED
MLKEM_PUBLIC: Final = 1184
EPOCH_PUBLIC: Final = MLKEM_PUBLIC + 32
KEY_ID: Final = 32
HEAD: Final = 1 + KEY_ID
OVERHEAD: Final = HEAD + 1120 + 16
"""Version, key id, encapsulated key and tag: what a seal adds to its plaintext."""
MAX_PLAINTEXT: Final = 512 * 1024
MAX_SEALED: Final = MAX_PLAINTEXT + OVERHEAD

_SUITE: Final = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class PublicEpoch:
    """A member's public X-Wing key for an epoch: 1216 raw bytes, parsed once."""

    __slots__ = ("id", "key", "raw")

    def __init__(self, raw: bytes) -> None:
        if len(raw) != EPOCH_PUBLIC:
            raise Malformed("bad-key", f"{len(raw)} bytes where {EPOCH_PUBLIC} must be")
        try:
            mlkem = MLKEM768PublicKey.from_public_bytes(raw[:MLKEM_PUBLIC])
            x25519 = X25519PublicKey.from_public_bytes(raw[MLKEM_PUBLIC:])
        except ValueError as error:
            raise Malformed("bad-key", "not an X-Wing public key") from error
        self.raw = raw
        self.id = key_id(XWING, raw)
        self.key = MLKEM768X25519PublicKey(mlkem, x25519)

    def __repr__(self) -> str:
        return f"PublicEpoch({self.id[:8]})"


@lru_cache(maxsize=256)
def public_epoch(raw: bytes) -> PublicEpoch:
    """Return the parsed key for `raw`, from the cache where it was parsed before."""
    return PublicEpoch(raw)


class EpochSecret:
    """A private X-Wing key for an epoch, made from 96 random bytes: ML-KEM-768 seed (64), X25519 key (32)."""

    __slots__ = ("_seed", "key", "public_epoch")

    def __init__(self, seed: bytes) -> None:
        if len(seed) != EPOCH_SEED:
            raise Malformed("bad-seed", f"{len(seed)} bytes where {EPOCH_SEED} must be")
        mlkem = MLKEM768PrivateKey.from_seed_bytes(seed[:MLKEM_SEED])
        x25519 = X25519PrivateKey.from_private_bytes(seed[MLKEM_SEED:])
        self._seed = seed
        self.key = MLKEM768X25519PrivateKey(mlkem, x25519)
        raw = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        self.public_epoch = public_epoch(raw)

    @classmethod
    def from_bytes(cls, raw: bytes) -> "EpochSecret":
        """Return the key that `to_bytes` wrote."""
        return cls(raw)

    def to_bytes(self) -> bytes:
        """Return the 96 bytes that the key was made from: whoever has them opens everything of the epoch."""
        return self._seed

    @property
    def public(self) -> bytes:
        """The public half: ML-KEM-768 encapsulation key, then X25519 key."""
        return self.public_epoch.raw

    @property
    def id(self) -> KeyId:
        """The id of the public half."""
        return self.public_epoch.id

    def __repr__(self) -> str:
        return f"EpochSecret({self.id[:8]})"


def seal(plaintext: bytes, *, exchange: ExchangeId, frm: MemberId, to: MemberId, public: PublicEpoch) -> bytes:
    """Return `plaintext` sealed for `to`: version, key id, HPKE output."""
    if len(plaintext) > MAX_PLAINTEXT:
        raise Malformed("too-large", f"{len(plaintext)} bytes where {MAX_PLAINTEXT} may be")
    key = unb64(public.id, KEY_ID)
    info = _info(exchange, frm, to, key)
    try:
        return bytes((VERSION,)) + key + _SUITE.encrypt(plaintext, public.key, info)
    except ValueError as error:
        raise Malformed("bad-key", f"{public!r} has no shared secret with anyone") from error


def open_sealed(
    data: bytes, *, exchange: ExchangeId, frm: MemberId, to: MemberId, secrets: Mapping[KeyId, EpochSecret]
) -> bytes:
    """Return the plaintext that `frm` sealed for `to`, or raise a Fault; nothing else escapes.

    (1) size, (2) version, (3) key known, else `Unavailable("unknown-epoch-key")`, (4) seal, else
    `Untrusted("bad-seal")`: damaged, or made for another pair of members or another exchange.
    """
    if not OVERHEAD <= len(data) <= MAX_SEALED:
        raise Malformed("bad-length", f"{len(data)} bytes where {OVERHEAD} to {MAX_SEALED} may be")
    if data[0] != VERSION:
        raise Malformed("unknown-version", f"seal version {data[0]}")
    key = bytes(data[1:HEAD])
    secret = secrets.get(KeyId(b64(key)))
    if secret is None:
        raise Unavailable("unknown-epoch-key", b64(key)[:8])
    try:
        return _SUITE.decrypt(data[HEAD:], secret.key, _info(exchange, frm, to, key))
    except (InvalidTag, ValueError) as error:
        raise Untrusted("bad-seal", f"from {frm}, {len(data)} bytes") from error


def _info(exchange: ExchangeId, frm: MemberId, to: MemberId, key: bytes) -> bytes:
    return digest("quartet/seal/v1", unb64(exchange, 32), frm, to, key)
