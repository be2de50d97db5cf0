"""Prove each request by the officer's own key: no password, no session, no administrator who could speak for her.

What is signed names the method, the target with its query, the body's hash, the time, a nonce, and for what purpose she
asks, if she states one: what is marked for certain purposes is shown for those alone. A proof is good once, and for
`WINDOW` around its time by the machine's clock, which client and node share.
"""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Annotated, Final
from urllib.parse import quote, unquote

import msgspec
from msgspec import Meta

from quartet.core.encoding import Value, b64, digest64, encode, unb64
from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.ids import SECOND, CountField, Micros, NameField, OfficerName
from quartet.core.keys import PublicKey, SecretKey
from quartet.core.statement import Hash

WINDOW: Final = 30 * SECOND
MAX_NONCES: Final = 100_000
NONCE_SIZE: Final = 16
KIND: Final = b"application/vnd.quartet.request"

OFFICER: Final = "Quartet-Officer"
KEY: Final = "Quartet-Key"
TIME: Final = "Quartet-Time"
NONCE: Final = "Quartet-Nonce"
SIGNATURE: Final = "Quartet-Signature"
PURPOSE: Final = "Quartet-Purpose"


class Request(Value, frozen=True):
    """What an officer asks: the method, the target (path and query as sent), the body, and for what purpose."""

    method: str
    target: str
    body: bytes
    purpose: str | None = None


class Proof(Value, frozen=True):
    """Who asks, under which key, when, and the signature; as the headers say it."""

    officer: NameField
    key_id: Hash
    at: CountField
    nonce: Annotated[str, Meta(min_length=22, max_length=22)]
    sig: Annotated[str, Meta(min_length=86, max_length=86)]
    purpose: Annotated[str, Meta(min_length=1, max_length=64)] | None = None


def sign_request(request: Request, officer: OfficerName, key: SecretKey, now: Micros, nonce: bytes) -> dict[str, str]:
    """Return the headers that prove `request`."""
    text = b64(nonce)
    stated = {} if request.purpose is None else {PURPOSE: quote(request.purpose, safe="")}
    return {
        **stated,
        OFFICER: quote(officer, safe=""),
        KEY: key.id,
        TIME: str(now),
        NONCE: text,
        SIGNATURE: b64(key.sign_raw(_signed(request, officer, now, text))),
    }


def read_proof(headers: Mapping[str, str]) -> Proof:
    """Return the proof that the headers carry, or raise `Untrusted("no-proof")`."""
    raw = {
        "officer": unquote(headers.get(OFFICER.lower(), "")),
        "key_id": headers.get(KEY.lower()),
        "at": headers.get(TIME.lower()),
        "nonce": headers.get(NONCE.lower()),
        "sig": headers.get(SIGNATURE.lower()),
        "purpose": None if (stated := headers.get(PURPOSE.lower())) is None else unquote(stated),
    }
    try:
        return msgspec.convert(raw, Proof, strict=False)
    except msgspec.ValidationError as error:
        raise Untrusted("no-proof", "a request is proved by an officer's key") from error


class Verifier:
    """Believes each proof once; remembers the nonces of the window, at most `MAX_NONCES`, then asks to wait."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, Micros] = OrderedDict()

    def check(self, proof: Proof, request: Request, key: PublicKey, now: Micros) -> None:
        """Raise unless the proof is the key's over this request, fresh, and the first of its nonce.

        (1) time: `stale-request`, (2) key and signature: `bad-signature`, (3) nonce: `replayed`, (4) room for one more.
        """
        if abs(now - proof.at) > WINDOW:
            apart = abs(now - proof.at) // SECOND
            raise Untrusted("stale-request", f"signed {apart} s from this machine's time; sign it again")
        if key.id != proof.key_id:
            raise Untrusted("bad-signature", f"key {proof.key_id[:8]} is not the officer's")
        try:
            key.verify_raw(_signed(request, proof.officer, Micros(proof.at), proof.nonce), unb64(proof.sig))
        except Malformed as error:
            raise Untrusted("bad-signature", error.reason) from error
        self._remember(f"{proof.key_id}.{proof.nonce}", now)

    def _remember(self, nonce: str, now: Micros) -> None:
        while self._seen and next(iter(self._seen.values())) < now - 2 * WINDOW:
            self._seen.popitem(last=False)
        if nonce in self._seen:
            raise Untrusted("replayed", "this request came before; sign it again")
        if len(self._seen) >= MAX_NONCES:
            raise Unavailable("too-many-requests", f"{MAX_NONCES} in a minute; wait a minute")
        self._seen[nonce] = now


def _signed(request: Request, officer: OfficerName, at: Micros, nonce: str) -> bytes:
    body = digest64("quartet/request-body/v1", request.body)
    payload = encode([request.method, request.target, officer, body, at, nonce, request.purpose])
    return b"DSSEv1 %d %s %d %s" % (len(KIND), KIND, len(payload), payload)
