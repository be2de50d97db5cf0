"""Notes, checkpoints and cosignatures: the standard's own examples, then laws."""

import base64
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import ExchangeId, MemberId, Tick
from quartet.core.keys import PublicKey, SecretKey
from quartet.core.proof.checkpoint import (
    cosign,
    cosign_slow,
    log_origin,
    make_checkpoint,
    read_checkpoint,
    verify_checkpoint,
    verify_cosignature,
    verify_slow_cosignature,
    witness_name,
)
from quartet.core.proof.note import SignatureLine, check_name, key_hint, read_line, read_note, write_note

LOG, EAST = SecretKey(b"l" * 32), SecretKey(b"e" * 32)
SLOW = MLDSA44PrivateKey.from_seed_bytes(b"s" * 32)
EXCHANGE = ExchangeId("A" * 43)
ORIGIN = log_origin(EXCHANGE, MemberId("north"), 1)
WITNESS = witness_name(EXCHANGE, MemberId("east"))
FIRST = Tick(1_800_000_000)
NOTE = make_checkpoint(ORIGIN, 5, bytes(range(32)), FIRST, LOG)
SAID = verify_checkpoint(NOTE, ORIGIN, LOG.public)
LINE = cosign(SAID, WITNESS, 1_800_000_000, EAST)
SLOW_LINE = cosign_slow(SAID, WITNESS, 1_800_000_000, SLOW)
SLOW_KEY = SLOW.public_key().public_bytes_raw()

# The example of c2sp.org/signed-note, with its verifier key.
C2SP_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
C2SP_NOTE = (
    "This is an example message.\n\n\u2014 example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)


def test_the_standards_own_note_is_read_and_believed() -> None:
    name, hint, coded = C2SP_KEY.split("+", 2)
    public = base64.b64decode(coded)[1:]
    note = read_note(C2SP_NOTE)
    line = note.signatures[0]

    assert (line.name, line.hint.hex()) == (name, hint)
    assert key_hint(name, 0x01, public) == line.hint
    PublicKey(public).verify_raw(note.text.encode(), line.sig)


def test_the_standards_note_with_empty_lines_is_split_at_the_last() -> None:
    text = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n"
    note = write_note(text, [LINE])

    assert read_note(note).text == text


def test_a_checkpoint_is_what_its_log_signed() -> None:
    assert (SAID.origin, SAID.size, SAID.root, SAID.first_tick) == (ORIGIN, 5, bytes(range(32)), FIRST)


def test_a_checkpoint_of_another_log_or_key_is_refused() -> None:
    with pytest.raises(Untrusted, match="other-log"):
        verify_checkpoint(NOTE, log_origin(EXCHANGE, MemberId("north"), 2), LOG.public)
    with pytest.raises(Untrusted, match="signature-missing"):
        verify_checkpoint(NOTE, ORIGIN, EAST.public)


def test_a_cosignature_gives_its_date_and_no_other() -> None:
    assert verify_cosignature(SAID, LINE, WITNESS, EAST.public) == 1_800_000_000
    later = SignatureLine(name=LINE.name, hint=LINE.hint, sig=(1_800_000_001).to_bytes(8, "big") + LINE.sig[8:])
    with pytest.raises(Untrusted, match="bad-signature"):
        verify_cosignature(SAID, later, WITNESS, EAST.public)


def test_a_slow_cosignature_gives_its_date_and_no_other() -> None:
    assert verify_slow_cosignature(SAID, SLOW_LINE, WITNESS, SLOW_KEY) == 1_800_000_000
    later = SignatureLine(name=WITNESS, hint=SLOW_LINE.hint, sig=(1_800_000_001).to_bytes(8, "big") + SLOW_LINE.sig[8:])
    with pytest.raises(Untrusted, match="bad-signature"):
        verify_slow_cosignature(SAID, later, WITNESS, SLOW_KEY)


def test_a_slow_cosignature_signs_the_structure_of_the_standard() -> None:
    name, origin = WITNESS.encode(), ORIGIN.encode()
    message = b"subtree/v1\n\x00" + bytes([len(name)]) + name + (1_800_000_000).to_bytes(8, "big")
    message += bytes([len(origin)]) + origin + bytes(8) + (5).to_bytes(8, "big") + bytes(range(32))

    SLOW.public_key().verify(SLOW_LINE.sig[8:], message)
    assert len(SLOW_LINE.sig) == 8 + 2420


def test_one_key_does_not_pass_for_another_kind_or_witness() -> None:
    assert len({key_hint(ORIGIN, kind, LOG.public.raw) for kind in (1, 4, 6)}) == 3
    other = witness_name(EXCHANGE, MemberId("south"))
    with pytest.raises(Untrusted, match="other-witness"):
        verify_cosignature(SAID, LINE, other, EAST.public)
    with pytest.raises(Untrusted, match="other-witness"):
        verify_cosignature(SAID, SLOW_LINE, WITNESS, EAST.public)


@given(st.sampled_from(["size", "root", "origin", "first tick"]))
def test_a_cosignature_is_of_one_checkpoint_only(part: str) -> None:
    size = 6 if part == "size" else 5
    root = bytes(32) if part == "root" else bytes(range(32))
    origin = ORIGIN[:-1] + "2" if part == "origin" else ORIGIN
    first = Tick(FIRST + 1) if part == "first tick" else FIRST
    other = verify_checkpoint(make_checkpoint(origin, size, root, first, LOG), origin, LOG.public)

    with pytest.raises(Untrusted, match="bad-signature"):
        verify_cosignature(other, LINE, WITNESS, EAST.public)
    if part == "first tick":  # what ML-DSA-44 signs is a subtree, as C2SP has it: it knows no extension line
        assert verify_slow_cosignature(other, SLOW_LINE, WITNESS, SLOW_KEY)
        return
    with pytest.raises(Untrusted, match="bad-signature"):
        verify_slow_cosignature(other, SLOW_LINE, WITNESS, SLOW_KEY)


@given(st.data())
def test_a_changed_character_in_a_checkpoint_fails(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(NOTE) - 1))
    to = data.draw(st.characters(codec="utf-8").filter(lambda c: c != NOTE[at]))

    with pytest.raises((Malformed, Untrusted)):
        verify_checkpoint(NOTE[:at] + to + NOTE[at + 1 :], ORIGIN, LOG.public)


@given(st.data())
def test_a_changed_bit_in_a_cosignature_fails(data: st.DataObject) -> None:
    bit = data.draw(st.integers(0, 8 * len(LINE.sig) - 1))
    sig = bytes(b ^ (1 << bit % 8) if i == bit // 8 else b for i, b in enumerate(LINE.sig))

    with pytest.raises((Malformed, Untrusted)):
        verify_cosignature(SAID, SignatureLine(name=LINE.name, hint=LINE.hint, sig=sig), WITNESS, EAST.public)


@given(st.text() | st.text("\n\u2014 ab+/=0159", max_size=60) | st.integers(0, len(NOTE)).map(lambda n: NOTE[n:]))
def test_any_text_gives_a_checkpoint_or_malformed(text: str) -> None:
    with suppress(Malformed):
        note = read_note(text)
        assert write_note(note.text, list(note.signatures)) == text
    with suppress(Malformed):
        assert read_checkpoint(text).text == text
    with suppress(Malformed):
        assert read_line(text).text == text + "\n"


@given(st.binary(max_size=100))
def test_no_other_bytes_are_a_cosignature(sig: bytes) -> None:
    with pytest.raises((Malformed, Untrusted)):
        verify_cosignature(SAID, SignatureLine(name=WITNESS, hint=LINE.hint, sig=sig), WITNESS, EAST.public)
    with pytest.raises((Malformed, Untrusted)):
        verify_slow_cosignature(SAID, SignatureLine(name=WITNESS, hint=SLOW_LINE.hint, sig=sig), WITNESS, SLOW_KEY)


def test_a_name_with_space_plus_or_too_many_bytes_is_refused() -> None:
    for name in ("", "a b", "a+b", "a\u2003b", "a\n", "é" * 128):
        with pytest.raises(Malformed, match="bad-key-name"):
            check_name(name)


@pytest.mark.parametrize("size", ["05", "-1", "+1", " 1", "", "1e3", "९", str(2**53)])
def test_a_size_has_one_spelling_and_a_limit(size: str) -> None:
    with pytest.raises(Malformed, match="bad-checkpoint"):
        read_checkpoint(NOTE.split("\n\n")[0].replace("\n5\n", f"\n{size}\n") + "\n")


@pytest.mark.parametrize("line", ["", "first-tick", "first-tick ", "first-tick 05", "first-tick -1", "first tick 5"])
def test_a_checkpoint_says_its_first_tick_once_and_nothing_more(line: str) -> None:
    text = NOTE.split("\n\n")[0]
    stem = text.rpartition("\n")[0] + "\n"

    for wrong in (stem + (line + "\n" if line else ""), f"{text}\n{line}more\n"):
        with pytest.raises(Malformed, match="no-first-tick"):
            read_checkpoint(wrong)
