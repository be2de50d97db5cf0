"""Each way in which a passkey's assertion can be wrong: a recall by north's officer, asserted in her browser."""

import hashlib
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from four import DUTY, FOUR, NORTH, key, officers, recall, right_manifest, seed, state
from wrong import Case, malformed, right, untrusted

from quartet.core.encoding import b64, encode, unb64
from quartet.core.ids import ItemId
from quartet.core.keyring import Keyring
from quartet.core.manifest import (
    Passkey,
    keyring,
    sign_officer_manifest,
    verify_officer_manifest,
    verify_wire_manifest,
)
from quartet.core.passkey import ORDER, PasskeyKey, one_spelling
from quartet.core.statement import Assertion, item_id, sign_bytes

ORIGIN: Final = "https://console.north.example"
PRESENT_AND_VERIFIED: Final = 0x05


def private(name: str = "passkey") -> ec.EllipticCurvePrivateKey:
    """Return the P-256 key that a name always gives."""
    return ec.derive_private_key(int.from_bytes(seed("p-256", name), "big") % (ORDER - 1) + 1, ec.SECP256R1())


def point(name: str = "passkey") -> bytes:
    """Return the public half as an uncompressed point."""
    return private(name).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@cache
def passkey_ring() -> Keyring:
    """Return whose key is whose, once north's officer has a passkey and nothing else."""
    wires = [verify_wire_manifest(right_manifest(m), state()) for m in FOUR]
    one = officers(NORTH).officers[0]
    passkey = Passkey(b64(b"credential"), b64(point()), ORIGIN)
    with_passkey = msgspec.structs.replace(one, keys=(), passkeys=(passkey,))
    signed = sign_officer_manifest(officers(NORTH, officers=(with_passkey,)), key(NORTH, "root"))
    return keyring(state(), wires, [verify_officer_manifest(signed, state())])


def authenticator_data(party: str = "console.north.example", flags: int = PRESENT_AND_VERIFIED) -> bytes:
    """Return what an authenticator says of itself."""
    return hashlib.sha256(party.encode()).digest() + bytes([flags]) + (7).to_bytes(4, "big")


def client_data(item: ItemId, origin: str = ORIGIN, end: str = ',"crossOrigin":false}') -> bytes:
    """Return what a browser says of the page that asked."""
    return f'{{"type":"webauthn.get","challenge":"{item}","origin":"{origin}"{end}'.encode()


def asserted(seen: bytes, said: bytes, name: str = "passkey", **changes: Any) -> bytes:
    """Return north's recall with an assertion over these bytes, some of it changed."""
    data = encode(recall())
    message = seen + hashlib.sha256(said).digest()
    der = private(name).sign(message, ec.ECDSA(SHA256(), deterministic_signing=True))
    key_id = PasskeyKey(point(name), ORIGIN).id
    assertion = Assertion(key_id, b64(seen), b64(said), b64(one_spelling(der)))
    return sign_bytes(data, key(NORTH, "item"), msgspec.structs.replace(assertion, **changes))


def passkeys() -> Iterator[Case]:
    """Yield the golden files of passkeys' assertions."""
    item = item_id(encode(recall()))
    seen, said = authenticator_data(), client_data(item)
    good = asserted(seen, said)
    yield right("fact-by-passkey", good)
    yield from _other_client(item, seen)
    yield from _other_authenticator(said)
    yield from _other_signature(seen, said, good)


def _other_client(item: ItemId, seen: bytes) -> Iterator[Case]:
    other = ItemId(b64(seed("another item")))
    yield untrusted("fact-by-passkey", "other-challenge", asserted(seen, client_data(other)), "passkey-other-challenge")
    elsewhere = client_data(item, "https://console.north.example.evil")
    yield untrusted("fact-by-passkey", "other-origin", asserted(seen, elsewhere), "passkey-other-origin")
    framed = client_data(item, end=',"crossOrigin":true,"topOrigin":"https://evil.example"}')
    yield untrusted("fact-by-passkey", "inside-another-page", asserted(seen, framed), "passkey-other-origin")
    created = client_data(item).replace(b"webauthn.get", b"webauthn.create")
    yield malformed("fact-by-passkey", "of-a-registration", asserted(seen, created), "bad-client-data")
    spaced = client_data(item).replace(b",", b", ")
    yield malformed("fact-by-passkey", "white-space", asserted(seen, spaced), "bad-client-data")


def _other_authenticator(said: bytes) -> Iterator[Case]:
    for name, party in (("other-party", "evil.example"), ("party-is-the-origin", ORIGIN)):
        yield untrusted("fact-by-passkey", name, asserted(authenticator_data(party), said), "passkey-other-party")
    for name, flags in (("nobody-present", 0x04), ("nobody-verified", 0x01)):
        yield untrusted(
            "fact-by-passkey", name, asserted(authenticator_data(flags=flags), said), "passkey-user-not-verified"
        )
    extended = authenticator_data(flags=0x85)
    yield malformed("fact-by-passkey", "extension-announced", asserted(extended, said), "bad-authenticator-data")
    alone = authenticator_data(flags=0x15)
    yield malformed("fact-by-passkey", "backed-up-and-never-can-be", asserted(alone, said), "bad-authenticator-data")
    yield malformed("fact-by-passkey", "extension-inside", asserted(extended + b"\xa0", said), "bad-authenticator-data")


def _other_signature(seen: bytes, said: bytes, good: bytes) -> Iterator[Case]:
    fields = msgspec.json.decode(good)["assertion"]
    raw = unb64(fields["sig"])
    high = raw[:32] + (ORDER - int.from_bytes(raw[32:], "big")).to_bytes(32, "big")
    yield malformed("fact-by-passkey", "high-s", asserted(seen, said, sig=b64(high)), "signature-not-low")
    yield malformed("fact-by-passkey", "short-signature", asserted(seen, said, sig=b64(raw[:63])), "bad-length")
    yield untrusted("fact-by-passkey", "zero-signature", asserted(seen, said, sig=b64(bytes(64))), "bad-signature")
    counted = seen[:-1] + b"\x08"
    yield untrusted(
        "fact-by-passkey", "other-counter", asserted(seen, said, authenticator_data=b64(counted)), "bad-signature"
    )
    longer = said[:-1] + b',"a":"b"}'
    yield untrusted(
        "fact-by-passkey", "other-client-data", asserted(seen, said, client_data=b64(longer)), "bad-signature"
    )
    yield untrusted("fact-by-passkey", "another-passkey", asserted(seen, said, "stolen"), "unknown-officer")
    officer_key = key(NORTH, DUTY).id
    yield untrusted(
        "fact-by-passkey", "under-the-officers-key", asserted(seen, said, key_id=officer_key), "unknown-officer"
    )
    yield untrusted("fact-by-passkey", "half", asserted(seen, said, client_data=None), "assertion-unknown")
