"""Make records of any edition from libasterix's own tables, and read one with its own parser: beside the decoder."""

from collections.abc import Iterator
from importlib import import_module
from random import Random
from typing import Any

from quartet.exercise.asterix import category

FX = 1


def random_record(number: int, edition: str, rng: Random, share: float = 0.3) -> bytes:
    """Return a record with some of its items, each of any value; its source and its spare bits are plain."""
    items = category(number, edition).cv_record.cv_items_list
    return _announced([getattr(one, "cv_non_spare", None) for one in items], rng, share, always=("010",))


def parsed(number: int, edition: str, data: bytes) -> list[Any]:
    """Return the records that libasterix finds in the bytes of a block without its header."""
    base = import_module("asterix.base")
    found = category(number, edition).cv_uap.parse(base.Bits.from_bytes(data))
    if isinstance(found, ValueError):
        raise found
    return list(found)


def value(record: Any, path: str) -> int | None:
    """Return what libasterix has for a field of a record, as bits."""
    here = record.items_regular.get(path.split("/")[0])
    for name in path.split("/")[1:]:
        here = None if here is None else _inside(here, name)
    return None if here is None else int(here.as_uint())


def _inside(thing: Any, name: str) -> Any:
    while not hasattr(thing, "_get_item"):
        thing = thing.arg
    return thing._get_item(name)


def _variation(non_spare: Any) -> Any:
    rule = non_spare.cv_rule
    return rule.cv_variation if hasattr(rule, "cv_variation") else rule.cv_default_variation


def _kind(variation: Any) -> str:
    kinds = ("Element", "Group", "Extended", "Repetitive", "Explicit", "Compound")
    return str(next(one.__name__ for one in variation.__mro__ if one.__name__ in kinds))


def _announced(items: list[Any], rng: Random, share: float, always: tuple[str, ...] = ()) -> bytes:
    chosen = [one is not None and (one.cv_name in always or rng.random() < share) for one in items]
    last = max((number for number, one in enumerate(chosen) if one), default=0)
    head = bytearray()
    for begin in range(0, last + 1, 7):
        bits = sum(0x80 >> n for n, one in enumerate(chosen[begin : begin + 7]) if one)
        head.append(bits | (FX if begin + 7 <= last else 0))
    return bytes(head) + b"".join(
        _item(_variation(one), rng, share) for one, is_in in zip(items, chosen, strict=True) if is_in
    )


def _item(variation: Any, rng: Random, share: float) -> bytes:
    match _kind(variation):
        case "Extended":
            return _extended(variation, rng)
        case "Repetitive":
            return _repeated(variation, rng)
        case "Explicit":
            size = rng.randrange(1, 6)
            return bytes((size,)) + rng.randbytes(size - 1)
        case "Compound":
            return _announced(list(variation.cv_items_list), rng, share)
        case _:
            return _packed(_bits(variation, rng))


def _extended(variation: Any, rng: Random) -> bytes:
    parts = variation.cv_items_list
    count = rng.randrange(1, len(parts) + 1)
    made = b""
    for number, part in enumerate(parts[:count]):
        bits: list[int] = []
        for one in part:
            bits += [int(number + 1 < count)] if one is None else _of(one[0], one[1], rng)
        made += _packed(bits)
    return made


def _repeated(variation: Any, rng: Random) -> bytes:
    count = rng.randrange(1, 4)
    if variation.cv_rep_bytes is None:
        each = [_packed([*_bits(variation.cv_variation, rng), int(n + 1 < count)]) for n in range(count)]
        return b"".join(each)
    body = b"".join(_packed(_bits(variation.cv_variation, rng)) for _ in range(count))
    return count.to_bytes(variation.cv_rep_bytes, "big") + body


def _bits(variation: Any, rng: Random) -> list[int]:
    if _kind(variation) == "Group":
        return [bit for one, width in variation.cv_items_list for bit in _of(one, width, rng)]
    return [rng.getrandbits(1) for _ in range(variation.cv_bit_size)]


def _of(one: Any, width: int, rng: Random) -> list[int]:
    return _bits(_variation(one.cv_non_spare), rng) if hasattr(one, "cv_non_spare") else [0] * width


def _packed(bits: list[int]) -> bytes:
    return int("".join(map(str, bits)), 2).to_bytes(len(bits) // 8, "big")


def paths(number: int, edition: str) -> Iterator[str]:
    """Yield the name of every field of an edition that is not in a repeated item."""
    for one in category(number, edition).cv_record.cv_items_list:
        if hasattr(one, "cv_non_spare"):
            yield from _paths(one.cv_non_spare, "")


def _paths(non_spare: Any, prefix: str) -> Iterator[str]:
    name, variation = prefix + non_spare.cv_name, _variation(non_spare)
    match _kind(variation):
        case "Element":
            yield name
        case "Group":
            yield from _of_group(variation.cv_items_list, name)
        case "Extended":
            for part in variation.cv_items_list:
                yield from _of_group([one for one in part if one is not None], name)
        case "Compound":
            for one in variation.cv_items_list:
                if one is not None:
                    yield from _paths(one, name + "/")


def _of_group(items: Any, name: str) -> Iterator[str]:
    for one, _ in items:
        if hasattr(one, "cv_non_spare"):
            yield from _paths(one.cv_non_spare, name + "/")
