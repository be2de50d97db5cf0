"""ML-DSA-44 (FIPS 204), pure mode, empty context: the slow cosignatures that a quantum computer does not forge."""

from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from quartet.core.faults import Malformed, Untrusted

SEED_SIZE: Final = 32
PUBLIC_SIZE: Final = 1312
SIGNATURE_SIZE: Final = 2420


class SlowPublicKey:
    """An ML-DSA-44 public key (1312 raw bytes) that checks signatures."""

    __slots__ = ("_key", "raw")

    def __init__(self, raw: bytes) -> None:
        if len(raw) != PUBLIC_SIZE:
            raise Malformed("bad-key", f"{len(raw)} bytes where {PUBLIC_SIZE} must be")
        self.raw = raw
        self._key = MLDSA44PublicKey.from_public_bytes(raw)

    def verify_raw(self, message: bytes, signature: bytes) -> None:
        """Raise `Untrusted("bad-signature")` unless `signature` is this key's over `message`."""
        try:
            self._key.verify(signature, message)
        except (InvalidSignature, ValueError) as error:
            raise Untrusted("bad-signature", "ML-DSA-44") from error


class SlowSecretKey:
    """An ML-DSA-44 key made from a 32-byte seed; never shown by `repr`."""

    __slots__ = ("_key", "public")

    def __init__(self, seed: bytes) -> None:
        if len(seed) != SEED_SIZE:
            raise Malformed("bad-seed", f"{len(seed)} bytes where {SEED_SIZE} must be")
        self._key = MLDSA44PrivateKey.from_seed_bytes(seed)
        self.public = SlowPublicKey(self._key.public_key().public_bytes_raw())

    def sign_raw(self, message: bytes) -> bytes:
        """Return the 2420-byte signature over `message`; two calls may differ (the library hedges)."""
        return self._key.sign(message)

    def __repr__(self) -> str:
        return "SlowSecretKey()"
