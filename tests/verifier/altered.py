"""Every way in which one place of a JSON document can be another: what each verifier is shown, one change at a time."""

import json
from collections.abc import Iterator
from typing import Any

Place = tuple[str | int, ...]

WORDS = (
    *("null", "true", "0", "-1", "1.0", "1e0", "-0", "9007199254740992", "123456789012345678901", "[]", "{}"),
    *('""', '"x"', '"north"', '" "', '"\\u0041"', '"e\\u0301"', '"\\ud800"', '"\\n"', '"A/B"', "[null]", '{"a":1}'),
    *('"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"', '"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB"', "[[]]"),
)
"""What may stand in any place instead: of another type, of no type, spelled otherwise, out of range."""


FEW = ("null", "1.0", "-1", '""', '"x"', "[]", "{}")
"""As much of that as a large document takes."""


def altered(document: Any, words: tuple[str, ...] = WORDS) -> Iterator[str]:
    """Yield the document's JSON with one place changed, each place and each change once."""
    for place, value in _places(document, ()):
        for word in (*words, *_near(value)):
            yield write(document, place, word)
        yield write(document, place, None)
    for place in _objects(document, ()):
        yield write(document, (*place, "unknown"), "1")
        yield write(document, place, " {")


def _places(value: Any, at: Place) -> Iterator[tuple[Place, Any]]:
    yield at, value
    for name, one in _inner(value):
        yield from _places(one, (*at, name))


def _inner(value: Any) -> list[tuple[str | int, Any]]:
    """Return what stands in a value; of a list the first and the last, for those between are as they are."""
    if isinstance(value, dict):
        return list(value.items())
    if not isinstance(value, list):
        return []
    return [(n, one) for n, one in enumerate(value) if n in {0, len(value) - 1}]


def _objects(value: Any, at: Place) -> Iterator[Place]:
    for place, one in _places(value, at):
        if isinstance(one, dict):
            yield place


def _near(value: Any) -> Iterator[str]:
    """Yield what is nearly the value: one more, one less, cut, doubled, in another order."""
    if isinstance(value, bool):
        yield _spelt(not value)
    elif isinstance(value, int):
        yield from (_spelt(value + 1), _spelt(value - 1), f"{value}.5", f"{value}0")
    elif isinstance(value, str):
        yield from (
            _spelt(value + "a"),
            _spelt(value[:-1]),
            _spelt(value.upper()),
            _spelt(value + "\n"),
            _spelt(value + "="),
        )
    elif isinstance(value, list) and value:
        yield from (_spelt(value[1:]), _spelt([*value, value[-1]]), _spelt(value[::-1]))
    elif isinstance(value, dict) and value:
        yield _spelt(dict(reversed(value.items())))
        first = next(iter(value))
        yield "{" + f"{_spelt(first)}:{_spelt(value[first])}," + _spelt(value)[1:]


def write(value: Any, place: Place, word: str | None) -> str:
    """Return the JSON of a value with a word at one place, or without that place."""
    if not place:
        return "" if word is None else word.replace(" {", " " + _spelt(value)) if word == " {" else word
    name, inner = place[0], place[1:]
    if isinstance(value, list):
        parts = [write(one, inner, word) if n == name else _spelt(one) for n, one in enumerate(value)]
        return "[" + ",".join(part for part in parts if part) + "]"
    named = {k: write(v, inner, word) if k == name else _spelt(v) for k, v in value.items()}
    if name not in named and word is not None:
        named[str(name)] = word
    return "{" + ",".join(f"{_spelt(k)}:{part}" for k, part in named.items() if part) + "}"


def _spelt(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
