"""A body of any kind has one spelling, so that nodes cannot differ about it."""

import msgspec
import pytest

from quartet.core.encoding import Value, decode
from quartet.core.faults import Malformed


class Letter(Value, frozen=True):
    body: msgspec.Raw


@pytest.mark.parametrize("body", [b'{"a": 1}', b'{"a":1,"a":2}', b'"\\u0041"', b"1e0", b"[1 ]"])
def test_a_raw_body_in_another_spelling_is_refused(body: bytes) -> None:
    with pytest.raises(Malformed):
        decode(b'{"body":' + body + b"}", Letter, 1000)


def test_a_raw_body_in_its_one_spelling_is_kept_byte_for_byte() -> None:
    data = b'{"body":{"b":[1,"\xc3\xa9"],"a":null}}'

    letter = decode(data, Letter, 1000)

    assert bytes(letter.body) == b'{"b":[1,"\xc3\xa9"],"a":null}'
