"""A key that stands twice in one object, which one reader would read so and the next one otherwise."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import msgspec
import pytest
from doors import DOORS
from test_laws import KINDS, right

from quartet.core.articles import decode_act, decode_charter
from quartet.core.control import Control
from quartet.core.encoding import decode, unb64
from quartet.core.faults import Malformed
from quartet.core.manifest import EpochKey, OfficerManifest, WireManifest
from quartet.core.receipt import Receipt
from quartet.core.statement import decode_statement

LIMIT = 256 * 1024
SIGNED: dict[str, tuple[str, Callable[[bytes], object]]] = {
    "statement": ("statement", decode_statement),
    "fact": ("statement", decode_statement),
    "control": ("control", partial(decode, kind=Control, limit=LIMIT)),
    "act": ("data", decode_act),
    "charter": ("data", decode_charter),
    "manifest": ("data", partial(decode, kind=WireManifest, limit=LIMIT)),
    "officers": ("data", partial(decode, kind=OfficerManifest, limit=LIMIT)),
    "epoch-key": ("data", partial(decode, kind=EpochKey, limit=LIMIT)),
    "lone-receipt": ("receipt", partial(decode, kind=Receipt, limit=LIMIT)),
}
"""Where in what travels the signed bytes lie, and who reads them."""
TRAVELLING = [kind for kind in KINDS if right(kind).startswith(b"{")]


class Pairs(list[tuple[str, Any]]):
    """A JSON object as it stands: pair by pair."""


def doubled(data: bytes) -> Iterator[bytes]:
    """Yield a JSON text with each key of each object twice: with its value again, and with another one before it."""
    whole = json.loads(data, object_pairs_hook=Pairs)
    assert spelled(whole).encode() == data
    for found in objects(whole):
        for n, (key, value) in enumerate(tuple(found)):
            for other in (value, None):
                found.insert(n, (key, other))
                yield spelled(whole).encode()
                del found[n]


def objects(value: object) -> Iterator[Pairs]:
    if isinstance(value, Pairs):
        yield value
    inside = [v for _, v in value] if isinstance(value, Pairs) else value if isinstance(value, list) else []
    for one in inside:
        yield from objects(one)


def spelled(value: object) -> str:
    if isinstance(value, Pairs):
        return "{" + ",".join(f"{spelled(k)}:{spelled(v)}" for k, v in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(spelled(v) for v in value) + "]"
    return msgspec.json.encode(value).decode()


@pytest.mark.parametrize("kind", TRAVELLING)
def test_what_travels_with_a_key_twice_is_refused_wherever_it_stands(kind: str) -> None:
    for data in doubled(right(kind)):
        with pytest.raises(Malformed):
            DOORS[kind](data)


@pytest.mark.parametrize("kind", SIGNED)
def test_what_is_signed_with_a_key_twice_is_refused_wherever_it_stands_whoever_signed_it(kind: str) -> None:
    field, read = SIGNED[kind]
    raw = unb64(json.loads(right(kind))[field])
    read(raw)

    for data in doubled(raw):
        with pytest.raises(Malformed):
            read(data)
