"""A passkey's assertion: what an independent implementation of WebAuthn believes, and no second spelling of it."""

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from four import recall
from hypothesis import example, given, settings
from hypothesis import strategies as st
from webauthn import verify_authentication_response
from webauthn.helpers.exceptions import WebAuthnException
from wrong_passkeys import ORIGIN, asserted, authenticator_data, client_data, passkey_ring, point

from quartet.core.encoding import b64, encode, unb64
from quartet.core.faults import Fault, Malformed
from quartet.core.passkey import ORDER, PasskeyKey, one_spelling, party_of
from quartet.core.statement import Assertion, ItemId, item_id
from quartet.core.verify import verify_statement

ITEM = item_id(encode(recall()))


def made(seen: bytes, said: bytes) -> Assertion:
    assertion: Assertion = msgspec.json.decode(
        msgspec.json.encode(msgspec.json.decode(asserted(seen, said))["assertion"]), type=Assertion
    )
    return assertion


def ours(assertion: Assertion) -> bool:
    try:
        PasskeyKey(point(), ORIGIN).verify(ITEM, assertion)
    except Fault:
        return False
    return True


def cose(raw: bytes) -> bytes:
    """Return a P-256 point as CBOR has it (RFC 9053)."""
    return b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20" + raw[1:33] + b"\x22\x58\x20" + raw[33:]


def theirs(assertion: Assertion) -> bool:
    raw = unb64(assertion.sig)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    credential = {
        "id": "AAAA",
        "rawId": "AAAA",
        "type": "public-key",
        "response": {
            "authenticatorData": assertion.authenticator_data,
            "clientDataJSON": assertion.client_data,
            "signature": b64(der),
        },
    }
    try:
        verify_authentication_response(
            credential=credential,
            expected_challenge=unb64(ITEM),
            expected_rp_id=party_of(ORIGIN),
            expected_origin=ORIGIN,
            credential_public_key=cose(point()),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except WebAuthnException:
        return False
    return True


@pytest.mark.parametrize("end", ["}", ',"crossOrigin":false}', ',"crossOrigin":false,"later":"words"}'])
@pytest.mark.parametrize("flags", [0x05, 0x0D, 0x1D])
def test_what_browsers_send_is_believed_here_and_by_an_independent_implementation(end: str, flags: int) -> None:
    assertion = made(authenticator_data(flags=flags), client_data(ITEM, end=end))

    assert ours(assertion)
    assert theirs(assertion)


@settings(deadline=None)
@given(
    item=st.sampled_from([ITEM, ItemId(b64(bytes(32)))]),
    origin=st.sampled_from([ORIGIN, "https://console.north.example:8443", "https://north.example"]),
    party=st.sampled_from(["console.north.example", "north.example"]),
    flags=st.integers(0, 255),
)
@example(item=ITEM, origin=ORIGIN, party="console.north.example", flags=0x15)
def test_whatever_is_believed_here_an_independent_implementation_believes(
    item: ItemId, origin: str, party: str, flags: int
) -> None:
    assertion = made(authenticator_data(party, flags), client_data(item, origin))

    assert ours(assertion) <= theirs(assertion)
    right = (item, origin, party) == (ITEM, ORIGIN, "console.north.example")
    assert ours(assertion) == (right and flags & 0x05 == 0x05 and not flags & ~0x1D and flags & 0x18 != 0x10)


@given(st.integers(1, ORDER - 1), st.integers(1, ORDER - 1))
def test_a_signature_travels_in_one_spelling(r: int, s: int) -> None:
    one = one_spelling(encode_dss_signature(r, s))
    other = one_spelling(encode_dss_signature(r, ORDER - s))

    assert one == other
    assert int.from_bytes(one[32:], "big") <= ORDER // 2


@given(st.binary(max_size=80))
def test_any_bytes_for_a_browsers_signature_give_a_signature_or_malformed(der: bytes) -> None:
    try:
        spelt = one_spelling(der)
    except Malformed:
        return
    assert len(spelt) == 64


def test_a_statement_asserted_by_a_passkey_is_a_statement_like_any_other() -> None:
    verified = verify_statement(asserted(authenticator_data(), client_data(ITEM)), None, passkey_ring())

    assert verified.statement.kind == "recall"
