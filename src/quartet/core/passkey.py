"""Believe a passkey's assertion over a statement's id: WebAuthn, read strictly and by its bytes alone.

A reader at another member has never spoken to the browser. What it needs stands in the officer manifest: the key, and
the origin of the console where the passkey was made. The counter is not read: a reader has no count to compare.
"""

import hashlib
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from quartet.core.encoding import unb64
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import ItemId, KeyId
from quartet.core.keys import key_id
from quartet.core.statement import Assertion

ES256: Final = "ES256"
POINT_SIZE: Final = 65
ORIGIN_PATTERN: Final = r"^(https://[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|http://localhost)(?::[1-9][0-9]{0,4})?\Z"
"""The origins that a passkey can have: https, or a console on the officer's own machine."""

AUTHENTICATOR_DATA_SIZE: Final = 37
"""SHA-256 of the relying party's id, the flags, the counter: no attested key, no extension."""
PRESENT: Final = 0x01
VERIFIED: Final = 0x04
BACKED_UP: Final = 0x08 | 0x10
_BACKED_UP_ALONE: Final = 0x10
"""Backed up, and not one that can be: WebAuthn lets nobody say so."""
KNOWN_FLAGS: Final = PRESENT | VERIFIED | BACKED_UP
ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of P-256: a signature's two numbers are below it, and the second in its lower half."""


class PasskeyKey:
    """The public half of a passkey, and the origin where alone it counts."""

    __slots__ = ("_public", "id", "origin", "party", "raw")

    def __init__(self, raw: bytes, origin: str) -> None:
        if len(raw) != POINT_SIZE:
            raise Malformed("bad-length", f"{len(raw)} bytes where {POINT_SIZE} must be")
        try:
            self._public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
        except ValueError as error:
            raise Malformed("bad-key", "not a point of P-256") from error
        self.raw = raw
        self.origin = origin
        self.party = party_of(origin)
        self.id: KeyId = key_id(ES256, raw)

    def verify(self, item: ItemId, assertion: Assertion) -> None:
        """Raise `Malformed` or `Untrusted` unless this passkey asserted exactly this item, at its own origin.

        (1) the authenticator's data: relying party, flags, (2) the client's: its kind, challenge and origin, (3) the
        signature over both.
        """
        seen, said = unb64(assertion.authenticator_data or ""), unb64(assertion.client_data or "")
        self._check_authenticator(seen)
        self._check_client(said, item)
        self._check_signature(unb64(assertion.sig), seen + hashlib.sha256(said).digest())

    def _check_authenticator(self, data: bytes) -> None:
        if len(data) != AUTHENTICATOR_DATA_SIZE:
            raise Malformed("bad-authenticator-data", f"{len(data)} bytes where {AUTHENTICATOR_DATA_SIZE} must be")
        if data[:32] != hashlib.sha256(self.party.encode()).digest():
            raise Untrusted("passkey-other-party", f"not for {self.party}")
        flags = data[32]
        if flags & ~KNOWN_FLAGS or flags & BACKED_UP == _BACKED_UP_ALONE:
            raise Malformed("bad-authenticator-data", f"flags {flags:#04x}")
        if not flags & PRESENT or not flags & VERIFIED:
            raise Untrusted("passkey-user-not-verified", f"flags {flags:#04x}: nobody was there, or nobody was asked")

    def _check_client(self, data: bytes, item: ItemId) -> None:
        """Compare the beginning, which WebAuthn lays down byte for byte (5.8.1.1): JSON could be read in two ways."""
        kind = b'{"type":"webauthn.get","challenge":"'
        if not data.startswith(kind):
            raise Malformed("bad-client-data", "it does not begin as a browser's does")
        rest = data[len(kind) :]
        if not rest.startswith(f'{item}"'.encode()):
            raise Untrusted("passkey-other-challenge", "it asserts something else")
        rest = rest[len(item) + 1 :]
        origin = f',"origin":"{self.origin}"'.encode()
        if not rest.startswith(origin):
            raise Untrusted("passkey-other-origin", f"not at {self.origin}")
        rest = rest[len(origin) :]
        if rest == b"}":
            return
        inside = b',"crossOrigin":false'
        if not rest.startswith(inside) or rest[len(inside) : len(inside) + 1] not in {b"}", b","}:
            raise Untrusted("passkey-other-origin", "asserted inside another site's page")

    def _check_signature(self, sig: bytes, message: bytes) -> None:
        if len(sig) != 64:
            raise Malformed("bad-length", f"a signature of {len(sig)} bytes where 64 must be")
        r, s = int.from_bytes(sig[:32], "big"), int.from_bytes(sig[32:], "big")
        if s > ORDER // 2:
            raise Malformed("signature-not-low", "the same signature has a second spelling; the lower one is used")
        try:
            self._public.verify(encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
        except (InvalidSignature, ValueError) as error:
            raise Untrusted("bad-signature", f"passkey {self.id[:8]}") from error

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PasskeyKey) and (other.raw, other.origin) == (self.raw, self.origin)

    def __hash__(self) -> int:
        return hash((self.raw, self.origin))


def party_of(origin: str) -> str:
    """Return the relying party's id of an origin: its host."""
    return origin.partition("://")[2].partition(":")[0]


def one_spelling(der: bytes) -> bytes:
    """Return a browser's DER signature as it travels: r and s raw, and of a signature's two spellings the lower."""
    try:
        r, s = decode_dss_signature(der)
    except ValueError as error:
        raise Malformed("bad-shape", "not a DER signature") from error
    if not 0 < r < ORDER or not 0 < s < ORDER:
        raise Malformed("bad-shape", "a signature's numbers are out of range")
    return r.to_bytes(32, "big") + min(s, ORDER - s).to_bytes(32, "big")
