"""Requests are proved by the officer's own key: for this request, now, once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from quartet.console.proof import MAX_NONCES, WINDOW, Proof, Request, Verifier, read_proof, sign_request
from quartet.core.faults import Fault, Unavailable, Untrusted
from quartet.core.ids import Micros, OfficerName
from quartet.core.keys import SecretKey

KEY = SecretKey(bytes(32))
OTHER = SecretKey(bytes([1]) * 32)
NOW = Micros(1_800_000_000_000_000)
ASKED = Request("POST", "/items?limit=3", b'{"tlp":"AMBER"}')
ANN = OfficerName("Ann Müller")


def proof_of(request: Request = ASKED, key: SecretKey = KEY, at: int = NOW, nonce: int = 0) -> Proof:
    headers = sign_request(request, ANN, key, Micros(at), nonce.to_bytes(16, "big"))
    return read_proof({name.lower(): value for name, value in headers.items()})


def reason(verifier: Verifier, proof: Proof, request: Request = ASKED, now: int = NOW) -> str:
    with pytest.raises(Fault) as caught:
        verifier.check(proof, request, KEY.public, Micros(now))
    return caught.value.reason


def test_a_fresh_proof_of_the_officers_key_is_believed() -> None:
    proof = proof_of()

    Verifier().check(proof, ASKED, KEY.public, NOW)

    assert proof.officer == ANN


def test_headers_are_plain_ascii_whatever_the_officers_name() -> None:
    headers = sign_request(ASKED, OfficerName("ن\u200fورا"), KEY, NOW, bytes(16))

    assert all(value.isascii() and value.isprintable() for value in headers.values())


def test_a_proof_is_good_once() -> None:
    verifier, proof = Verifier(), proof_of()
    verifier.check(proof, ASKED, KEY.public, NOW)

    assert reason(verifier, proof) == "replayed"
    assert reason(verifier, proof, now=NOW + WINDOW) == "replayed"


@pytest.mark.parametrize("apart", [WINDOW + 1, -WINDOW - 1, 3600_000_000])
def test_a_stale_or_early_proof_is_refused(apart: int) -> None:
    assert reason(Verifier(), proof_of(at=NOW + apart)) == "stale-request"


def test_another_key_is_refused_under_its_own_and_under_the_officers_id() -> None:
    by_other = proof_of(key=OTHER)

    assert reason(Verifier(), by_other) == "bad-signature"
    assert reason(Verifier(), structs.replace(by_other, key_id=KEY.id)) == "bad-signature"


@pytest.mark.parametrize(
    "other",
    [
        Request("PUT", ASKED.target, ASKED.body),
        Request("POST", "/items?limit=4", ASKED.body),
        Request("POST", ASKED.target, b""),
    ],
)
def test_a_proof_is_for_one_method_target_and_body(other: Request) -> None:
    assert reason(Verifier(), proof_of(), other) == "bad-signature"


@pytest.mark.parametrize("change", [{"officer": "bob"}, {"at": NOW + 1}, {"nonce": "A" * 22}])
def test_every_header_is_signed(change: dict[str, object]) -> None:
    assert reason(Verifier(), structs.replace(proof_of(nonce=7), **change)) == "bad-signature"


def test_nonces_are_forgotten_after_the_window_and_bounded_within() -> None:
    verifier = Verifier()
    verifier._seen.update({str(n): NOW for n in range(MAX_NONCES)})

    assert reason(verifier, proof_of()) == "too-many-requests"

    later = NOW + 2 * WINDOW + 1
    verifier.check(proof_of(at=later), ASKED, KEY.public, Micros(later))
    assert len(verifier._seen) == 1


def test_a_refused_proof_takes_no_room() -> None:
    verifier = Verifier()

    reason(verifier, proof_of(key=OTHER))

    assert not verifier._seen


@given(st.dictionaries(st.sampled_from(["officer", "key", "time", "nonce", "signature"]), st.text(max_size=90)))
def test_any_headers_give_a_proof_or_no_proof(given_headers: dict[str, str]) -> None:
    headers = {f"quartet-{name}": value for name, value in given_headers.items()}
    try:
        proof = read_proof(headers)
        Verifier().check(proof, ASKED, KEY.public, NOW)
    except (Untrusted, Unavailable):
        return
    raise AssertionError("believed")
