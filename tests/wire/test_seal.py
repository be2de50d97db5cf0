import hmac
from hashlib import sha3_256, sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from quartet.core.encoding import b64, digest
from quartet.core.faults import Fault, Malformed, Unavailable, Untrusted
from quartet.core.ids import ExchangeId, KeyId, MemberId
from quartet.core.keys import key_id
from quartet.wire.seal import (
    EPOCH_PUBLIC,
    HEAD,
    MAX_PLAINTEXT,
    OVERHEAD,
    EpochSecret,
    PublicEpoch,
    open_sealed,
    public_epoch,
    seal,
)

NORTH, EAST, SOUTH = MemberId("north"), MemberId("east"), MemberId("south")
EXCHANGE = ExchangeId(b64(digest("quartet/exchange/v1", b"one")))
OTHER = ExchangeId(b64(digest("quartet/exchange/v1", b"other")))
SECRET = EpochSecret(bytes(range(96)))
LATER = EpochSecret(bytes(range(1, 97)))
SECRETS = {secret.id: secret for secret in (SECRET, LATER)}
PLAIN = b"Drone parts seen near Dam 3" * 40
SEALED = seal(PLAIN, exchange=EXCHANGE, frm=NORTH, to=EAST, public=SECRET.public_epoch)


def opened(data: bytes) -> bytes:
    return open_sealed(data, exchange=EXCHANGE, frm=NORTH, to=EAST, secrets=SECRETS)


def test_what_was_sealed_for_us_opens_as_it_was() -> None:
    assert opened(SEALED) == PLAIN
    assert SEALED[0] == 1
    assert KeyId(b64(SEALED[1:HEAD])) == SECRET.id
    assert len(SEALED) == len(PLAIN) + OVERHEAD


def test_the_same_plaintext_never_seals_to_the_same_bytes() -> None:
    assert seal(PLAIN, exchange=EXCHANGE, frm=NORTH, to=EAST, public=SECRET.public_epoch) != SEALED


@given(st.binary(max_size=4096))
@settings(max_examples=50)
def test_whatever_is_sealed_opens(plain: bytes) -> None:
    sealed = seal(plain, exchange=EXCHANGE, frm=NORTH, to=EAST, public=LATER.public_epoch)

    assert opened(sealed) == plain


@given(st.one_of(st.binary(max_size=2000), st.binary(max_size=2000).map(lambda tail: SEALED[:HEAD] + tail)))
@settings(max_examples=100)
def test_any_bytes_give_a_value_or_a_fault(data: bytes) -> None:
    with pytest.raises(Fault):
        opened(data)


@given(st.integers(0, len(SEALED) * 8 - 1))
@settings(max_examples=200)
def test_a_flipped_bit_does_not_open(bit: int) -> None:
    damaged = bytearray(SEALED)
    damaged[bit // 8] ^= 1 << bit % 8

    with pytest.raises(Fault):
        opened(bytes(damaged))


@given(st.integers(0, len(SEALED) - 1))
@settings(max_examples=50)
def test_a_cut_seal_does_not_open(size: int) -> None:
    with pytest.raises(Fault):
        opened(SEALED[:size])


@pytest.mark.parametrize(
    ("exchange", "frm", "to"),
    [(OTHER, NORTH, EAST), (EXCHANGE, SOUTH, EAST), (EXCHANGE, NORTH, SOUTH), (EXCHANGE, EAST, NORTH)],
)
def test_a_seal_for_another_pair_or_exchange_is_bad(exchange: ExchangeId, frm: MemberId, to: MemberId) -> None:
    with pytest.raises(Untrusted, match="bad-seal"):
        open_sealed(SEALED, exchange=exchange, frm=frm, to=to, secrets=SECRETS)


def test_a_seal_under_another_of_our_keys_is_bad() -> None:
    data = SEALED[:1] + digest("quartet/key/v1", "X-Wing", LATER.public) + SEALED[HEAD:]

    with pytest.raises(Untrusted, match="bad-seal"):
        opened(data)


def test_a_key_that_we_do_not_have_is_unknown() -> None:
    with pytest.raises(Unavailable, match="unknown-epoch-key"):
        open_sealed(SEALED, exchange=EXCHANGE, frm=NORTH, to=EAST, secrets={LATER.id: LATER})


def test_an_unknown_version_is_malformed() -> None:
    with pytest.raises(Malformed, match="unknown-version"):
        opened(b"\x02" + SEALED[1:])


def test_size_comes_first() -> None:
    with pytest.raises(Malformed, match="bad-length"):
        opened(bytes(OVERHEAD + MAX_PLAINTEXT + 1))
    with pytest.raises(Malformed, match="too-large"):
        seal(bytes(MAX_PLAINTEXT + 1), exchange=EXCHANGE, frm=NORTH, to=EAST, public=SECRET.public_epoch)


def test_a_secret_comes_back_from_its_bytes_and_does_not_show_them() -> None:
    again = EpochSecret.from_bytes(SECRET.to_bytes())

    assert (again.id, again.public) == (SECRET.id, SECRET.public)
    assert again.id == key_id("X-Wing", again.public)
    assert len(again.public) == EPOCH_PUBLIC
    assert SECRET.to_bytes().hex() not in repr(SECRET) + str(SECRET)


def test_a_public_key_is_parsed_once() -> None:
    assert public_epoch(SECRET.public) is public_epoch(bytes(SECRET.public))


@given(st.binary(max_size=1300))
@settings(max_examples=50)
def test_a_public_key_of_the_wrong_size_is_malformed(raw: bytes) -> None:
    if len(raw) == EPOCH_PUBLIC:
        PublicEpoch(raw)
    with pytest.raises(Malformed, match="bad-key"):
        PublicEpoch(raw + bytes(EPOCH_PUBLIC + 1 if len(raw) < EPOCH_PUBLIC else 0))


def test_a_public_key_out_of_range_is_malformed() -> None:
    with pytest.raises(Malformed, match="bad-key"):
        PublicEpoch(b"\xff" * EPOCH_PUBLIC)


def test_a_public_key_of_small_order_is_malformed() -> None:
    weak = PublicEpoch(SECRET.public[:-32] + bytes(32))

    with pytest.raises(Malformed, match="bad-key"):
        seal(PLAIN, exchange=EXCHANGE, frm=NORTH, to=EAST, public=weak)


def opened_by_the_book(sealed: bytes, secret: EpochSecret, info: bytes) -> bytes:
    """Open as a second implementation would, from ML-KEM, X25519, SHA-3, HMAC and AES alone.

    X-Wing: draft-connolly-cfrg-xwing-kem; KEM 0x647a: draft-ietf-hpke-pq; key schedule: RFC 9180, 5.1, base mode.
    """
    suite = b"HPKE" + bytes.fromhex("647a00010002")
    encapsulated, cipher = sealed[HEAD : HEAD + 1120], sealed[HEAD + 1120 :]
    shared = x_wing(secret, encapsulated)

    def extract(salt: bytes, label: bytes, material: bytes) -> bytes:
        return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + material, sha256)

    def expand(key: bytes, label: bytes, context: bytes, size: int) -> bytes:
        labelled = size.to_bytes(2, "big") + b"HPKE-v1" + suite + label + context
        return hmac.digest(key, labelled + b"\x01", sha256)[:size]

    context = b"\x00" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", info)
    top = extract(shared, b"secret", b"")
    return AESGCM(expand(top, b"key", context, 32)).decrypt(expand(top, b"base_nonce", context, 12), cipher, b"")


def x_wing(secret: EpochSecret, encapsulated: bytes) -> bytes:
    seed = secret.to_bytes()
    lattice = MLKEM768PrivateKey.from_seed_bytes(seed[:64]).decapsulate(encapsulated[:1088])
    curve_share = encapsulated[1088:]
    curve = X25519PrivateKey.from_private_bytes(seed[64:]).exchange(X25519PublicKey.from_public_bytes(curve_share))
    return sha3_256(lattice + curve + curve_share + secret.public[-32:] + b"\\.//^\\").digest()


def test_a_second_implementation_opens_what_we_seal() -> None:
    key = digest("quartet/key/v1", "X-Wing", SECRET.public)
    info = digest("quartet/seal/v1", digest("quartet/exchange/v1", b"one"), "north", "east", key)

    assert opened_by_the_book(SEALED, SECRET, info) == PLAIN
