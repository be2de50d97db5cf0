"""What is decoded at a glance is decoded as if every value of it had been looked at: same values, same reasons."""

import sys
import unicodedata
from collections.abc import Callable
from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import UNSET, Meta, UnsetType
from plain_spelling import Refused, plain_decode, plain_unb64

from quartet.core.encoding import Value, b64, decode, encode, unb64
from quartet.core.faults import Malformed
from quartet.core.plain import form_of
from quartet.core.statement import Statement
from quartet.exercise.world import exchange

Count = Annotated[int, Meta(ge=-(2**53) + 1, le=2**53 - 1)]


class Inner(Value, frozen=True):
    at: Count
    word: str | None


class Letter(Value, frozen=True, kw_only=True):
    """Of a type that admits plain values alone, but for its body."""

    name: str
    state: Literal["NEW", "OLD", 7]
    at: Count
    pair: tuple[Count, str] | UnsetType = UNSET
    inner: tuple[Inner, ...]
    body: msgspec.Raw
    fresh: bool | UnsetType = UNSET


class Wide(Value, frozen=True):
    at: int


class Broad(Value, frozen=True):
    at: Annotated[int, Meta(ge=-(2**60), le=2**60)]


class Ratio(Value, frozen=True):
    at: float


class Keyed(Value, frozen=True):
    at: dict[str, Count]


class Anything(Value, frozen=True):
    at: Any


class Renamed(Value, frozen=True, rename={"at": "At"}):
    at: Count


class Deeper(Value, frozen=True):
    """Holds itself: as deep as anyone likes."""

    at: "Deeper | None"


class Raw(Value, frozen=True):
    """Its raw value lies deeper than the first level."""

    at: tuple[msgspec.Raw, ...]


class Tagged(Value, frozen=True, tag_field="Kind", tag="t"):
    at: Count


PLAIN: list[Any] = [Letter, Inner, Statement]
OTHERS: list[Any] = [Wide, Ratio, Keyed, Anything, Renamed, Deeper, Raw, Tagged]

texts = st.text(
    st.sampled_from('ab"\\/\n\x00\x1f\x7f\u0301\u0327\u0338nfe<=>é\u00c5\u212b\u1100\u1161\u2028\U0001d15e')
)
numbers = st.one_of(
    st.integers(-3, 3), st.sampled_from([2**53 - 1, 2**53, -(2**53), -(2**53) + 1, 2**64, 1.5, 1e300, -0.0])
)
keys = st.one_of(st.sampled_from(["a", "b_2", "_"]), st.sampled_from(["A", "a-b", "", "é", "2", "a\n"]))
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts, st.text(max_size=3)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)),
    max_leaves=8,
)
deep = st.integers(25, 40).map(lambda n: b"[" * n + b"]" * n)
bodies = st.one_of(
    values.map(encode), values.map(encode), deep, st.sampled_from([b'{"a":1,"a":1}', b"[1 ]", b'"\\u0041"'])
)
ODD = [
    b" ",
    b'"',
    b"\\",
    b"\\u0301",
    b"\\/",
    b"e0",
    b".0",
    b"-",
    b"\xcc\x81",
    b"\xff",
    b"\xed\xa0\x80",
    b",",
    b'"a":1,',
    b"\x00",
]


@st.composite
def letters(draw: st.DrawFn) -> bytes:
    """Return a letter as it is spelled, its fields mostly in order."""
    fields = {
        "name": draw(texts),
        "state": draw(st.sampled_from(["NEW", 7])),
        "at": draw(numbers),
        "pair": [draw(numbers), draw(texts)],
        "inner": [{"at": draw(numbers), "word": draw(st.one_of(st.none(), texts))}],
    }
    if draw(st.booleans()):
        del fields["pair"]
    end = draw(st.sampled_from([b"}", b"}", b',"fresh":true}', b',"at":1}']))
    return encode(fields)[:-1] + b',"body":' + draw(bodies) + end


@st.composite
def statements(draw: st.DrawFn) -> bytes:
    """Return a statement with any body, and an officer with any name."""
    made = exchange("north", "east").statement("north", "report", {"text": "x"})
    name = draw(st.one_of(st.just("duty"), texts.filter(bool)))
    return encode(msgspec.structs.replace(made, officer=name, body=msgspec.Raw(draw(bodies))))


@st.composite
def wounded(draw: st.DrawFn, whole: st.SearchStrategy[bytes]) -> bytes:
    """Return bytes with a piece taken out and another put in."""
    data = draw(whole)
    start = draw(st.integers(0, len(data)))
    end = draw(st.integers(start, min(len(data), start + 4)))
    return data[:start] + draw(st.sampled_from(ODD)) + data[end:]


def agree(data: bytes, kind: Any, limit: int = 10_000) -> None:
    """Fail unless both ways give the same value, or refuse for the same reason."""
    assert _answer(decode, data, kind, limit) == _answer(plain_decode, data, kind, limit)


def _answer(way: Callable[..., Any], *asked: Any) -> Any:
    """Return what a way to decode makes of it: a value, or the word why not."""
    try:
        return way(*asked)
    except Refused as refused:
        return "refused", str(refused)
    except Malformed as fault:
        return "refused", fault.reason


@pytest.mark.parametrize("kind", PLAIN)
def test_of_what_is_signed_only_raw_bodies_are_walked(kind: Any) -> None:
    assert form_of(kind).plain
    assert set(form_of(kind).raw) <= {"body"}


@pytest.mark.parametrize("kind", OTHERS)
def test_a_type_that_admits_more_is_not_taken_for_plain(kind: Any) -> None:
    assert not form_of(kind).plain


@settings(max_examples=400, deadline=None)
@given(st.one_of(letters(), wounded(letters())))
def test_a_letter_is_decoded_as_if_every_value_were_looked_at(data: bytes) -> None:
    agree(data, Letter)


@settings(max_examples=150, deadline=None)
@given(st.one_of(statements(), wounded(statements())))
def test_a_statement_is_decoded_as_if_every_value_were_looked_at(data: bytes) -> None:
    agree(data, Statement)


@pytest.mark.parametrize("kind", [*OTHERS, Inner])
@settings(max_examples=60, deadline=None)
@given(data=st.one_of(bodies.map(lambda b: b'{"at":' + b + b"}"), bodies.map(lambda b: b'{"At":' + b + b"}"), bodies))
def test_any_other_type_is_decoded_so_too(kind: Any, data: bytes) -> None:
    agree(data, kind)
    agree(data.replace(b"{", b'{"Kind":"t",', 1), kind)
    agree(data, kind, limit=8)


@pytest.mark.parametrize(
    "spelled", ["e\u0301", "\u0301", "a\u0327\u0301", "\u212b", "\u1100\u1161", "e\n\u0301", "é", '"\u0301']
)
@pytest.mark.parametrize("at", ["name", "body", "word"])
def test_a_text_is_judged_alike_wherever_it_stands(spelled: str, at: str) -> None:
    inner = [{"at": 1, "word": spelled if at == "word" else "w"}]
    fields = {"name": spelled if at == "name" else "n", "state": "OLD", "at": 1, "inner": inner}
    body = {"a": [spelled]} if at == "body" else {}

    agree(encode(fields | {"body": body}), Letter)


@pytest.mark.parametrize(("levels", "passes"), [(30, True), (31, True), (32, False), (33, False)])
def test_the_depth_of_a_body_is_counted_from_the_whole(levels: int, passes: bool) -> None:
    head = encode({"name": "n", "state": "OLD", "at": 1, "inner": []})[:-1]
    data = head + b',"body":' + b"[" * levels + b"]" * levels + b"}"

    agree(data, Letter)
    assert isinstance(_answer(decode, data, Letter, 1000), Letter) is passes


def test_no_character_that_is_escaped_combines_with_one_after_it() -> None:
    escaped = [c for c in map(chr, range(128)) if len(encode(c)) > 3]
    after = [chr(n) for n in range(sys.maxunicode + 1) if not 0xD800 <= n < 0xE000 and _may_combine(chr(n))]

    assert len(escaped) == 34
    assert len(after) > 900
    assert all(unicodedata.is_normalized("NFC", c + mark) for c in escaped for mark in after)


def _may_combine(char: str) -> bool:
    """Return whether a character is NFC alone and yet could join one before it."""
    if not unicodedata.is_normalized("NFC", char):
        return False
    return unicodedata.combining(char) != 0 or unicodedata.category(char)[0] == "M" or "\u1161" <= char <= "\u11c2"


def test_every_character_but_those_is_spelled_as_itself() -> None:
    itself = [chr(n) for n in range(sys.maxunicode + 1) if not 0xD800 <= n < 0xE000 and chr(n) not in '"\\' and n >= 32]

    assert encode("".join(itself)) == f'"{"".join(itself)}"'.encode()


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=80), st.data())
@example(b"", None)
def test_base64_is_read_as_if_it_were_spelled_again(raw: bytes, data: Any) -> None:
    text = b64(raw)
    assert unb64(text) == raw == plain_unb64(text)
    if data is None:
        return
    at = data.draw(st.integers(0, len(text)))
    piece = data.draw(
        st.one_of(
            st.text(max_size=2), st.sampled_from(["+", "/", "=", "==", '"', "\\", "\\u0041", " ", "\n", "A", "B", "é"])
        )
    )
    odd = text[:at] + piece + text[at + data.draw(st.integers(0, 2)) :]

    assert _answer(unb64, odd) == _answer(plain_unb64, odd)


def test_base64_of_two_bytes_and_less_has_one_spelling_each() -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

    for size, count in ((1, 0), (2, 256), (3, 65536)):
        texts = ("".join(alphabet[n >> 6 * place & 63] for place in range(size)) for n in range(64**size))
        read = [(text, _answer(unb64, text)) for text in texts]
        found = {raw for text, raw in read if isinstance(raw, bytes) and b64(raw) == text}
        assert len(found) == count == sum(raw != ("refused", "bad-base64") for _, raw in read)


@pytest.mark.parametrize("number", [2**53, -(2**53), 2**60])
def test_an_integer_that_others_would_round_is_refused_wherever_it_stands(number: int) -> None:
    body = b'{"name":"n","state":"NEW","at":1,"inner":[],"body":{"count":%d}}' % number

    alone = b'{"at":%d}' % number
    for data, kind in ((body, Letter), (alone, Wide), (alone, Broad), (b'{"at":[%d]}' % number, Anything)):
        with pytest.raises(Malformed, match="integer-range"):
            decode(data, kind, 1_000)


@pytest.mark.parametrize("text", ["\\u0041" * 4, "AA\\/A", "\\u0041" * 8])
def test_base64_that_is_spelled_with_escapes_is_refused(text: str) -> None:
    with pytest.raises(Malformed, match="bad-base64"):
        unb64(text)
