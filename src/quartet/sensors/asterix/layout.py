"""The layout of one edition of a category, taken from libasterix's tables, and the walk over a record's bytes.

libasterix knows every item of every edition, and parses a record in 160 to 400 microseconds, recursing and copying as
it goes. Here its tables are turned once into sizes and masks, and a record is walked in a flat loop; a test proves that
both read the same of any record. Spare bits must be zero: what another edition means by them, this one cannot know.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any, Final, NamedTuple

from quartet.core.faults import Malformed

MAX_REPEATS: Final = 255
"""Elements of a repetitive item without a count of its own."""

Slices = dict[str, tuple[int, int]]
"""The items of a record by name - a part of a compound as `380/ADR` - each as its bits, and how many these are."""


class Fixed(NamedTuple):
    """An item of one size, in bytes; bits of `spare` are zero."""

    size: int
    spare: int


class Extended(NamedTuple):
    """An item that goes on as long as the last bit of a part is one: the size and the spare bits of each part."""

    parts: tuple[Fixed, ...]
    open_end: bool
    """Whether the last part has no such bit."""


class Repetitive(NamedTuple):
    """An item that is repeated: as often as a count of so many bytes says, or (0) while the last bit is one."""

    count_size: int
    each: Fixed


class Explicit(NamedTuple):
    """An item that begins with its own size in bytes; what is in it, is not read."""


class Compound(NamedTuple):
    """An item of parts, each there if its bit of the head is one."""

    head: "Head"


Shape = Fixed | Extended | Repetitive | Explicit | Compound


class Head(NamedTuple):
    """The items that the bits of a field specification stand for, in order; None is no item."""

    items: tuple[tuple[str, Shape] | None, ...]
    max_size: int


class Field(NamedTuple):
    """One number in an item: from which bit on, how many bits, whether signed, and what one unit is."""

    item: str
    offset: int
    size: int
    signed: bool
    unit: float
    words: Mapping[int, str]
    """What the values mean, where they are a list."""

    def raw(self, slices: Slices) -> int | None:
        """Return the bits as a number; None where the item, or this part of it, is not there."""
        found = slices.get(self.item)
        if found is None:
            return None
        shift = found[1] - self.offset - self.size
        return None if shift < 0 else found[0] >> shift & (1 << self.size) - 1

    def value(self, slices: Slices) -> float | None:
        """Return the number in the unit of the category; None as `raw`."""
        raw = self.raw(slices)
        if raw is None:
            return None
        return (raw - (1 << self.size) if self.signed and raw >> self.size - 1 else raw) * self.unit


NO_FIELD: Final = Field("", 0, 0, False, 1.0, {})
"""What an edition does not have: it is never there."""


class Layout:
    """One edition of one category."""

    def __init__(self, category: int, edition: str, head: Head, fields: Mapping[str, Field]) -> None:
        self.category = category
        self.edition = edition
        self._head = head
        self._fields = fields

    def field(self, *names: str) -> Field:
        """Return the first of these fields (`040/RHO`) that the edition has, or one that is never there."""
        return next((self._fields[name] for name in names if name in self._fields), NO_FIELD)

    def record(self, data: bytes, at: int) -> tuple[Slices, int]:
        """Return the items of the record that begins at `at`, and where it ends; raise `Malformed`."""
        slices: Slices = {}
        end = _walk(self._head, data, at, slices, "")
        return slices, end


def _walk(head: Head, data: bytes, at: int, slices: Slices, prefix: str) -> int:
    """Note every item that the bits at `at` announce, and return where the last one ends."""
    items, at = _announced(head, data, at)
    for name, shape in items:
        name = prefix + name
        if type(shape) is Fixed:
            end = at + shape.size
            value = int.from_bytes(data[at:end], "big")
        else:
            value, end = _of_any_size(shape, data, at, slices, name)
        if end > len(data):
            raise Malformed("bad-record", f"item {name} of {end - at} bytes ends after its block")
        if type(shape) is Fixed and value & shape.spare:
            raise Malformed("spare-bits", f"item {name} has bits that mean nothing in this edition")
        slices[name] = value, (end - at) * 8
        at = end
    return at


def _announced(head: Head, data: bytes, at: int) -> tuple[list[tuple[str, Shape]], int]:
    found: list[tuple[str, Shape]] = []
    for place in range(head.max_size):
        if at >= len(data):
            raise Malformed("bad-record", "the field specification is cut off")
        octet, at = data[at], at + 1
        for bit in range(7):
            if octet & 0x80 >> bit:
                number = place * 7 + bit
                item = head.items[number] if number < len(head.items) else None
                if item is None:
                    raise Malformed("unknown-item", f"item {number + 1} of the field specification is none")
                found.append(item)
        if not octet & 1:
            return found, at
    raise Malformed("bad-record", f"a field specification of more than {head.max_size} bytes")


def _of_any_size(shape: Shape, data: bytes, at: int, slices: Slices, name: str) -> tuple[int, int]:
    match shape:
        case Extended():
            return _extended(shape, data, at, name)
        case Repetitive():
            return 0, _repeated(shape, data, at, name)
        case Explicit():
            size = data[at] if at < len(data) else 0
            if size == 0:
                raise Malformed("bad-record", f"item {name} has no size")
            return 0, at + size
        case Compound():
            return 0, _walk(shape.head, data, at, slices, name + "/")
        case Fixed():
            return 0, at + shape.size


def _extended(shape: Extended, data: bytes, at: int, name: str) -> tuple[int, int]:
    value = 0
    for number, part in enumerate(shape.parts):
        end = at + part.size
        if end > len(data):
            raise Malformed("bad-record", f"item {name} ends after its block")
        piece = int.from_bytes(data[at:end], "big")
        if piece & part.spare:
            raise Malformed("spare-bits", f"item {name} has bits that mean nothing in this edition")
        value, at = value << part.size * 8 | piece, end
        if not piece & 1 or (shape.open_end and number == len(shape.parts) - 1):
            return value, at
    raise Malformed("bad-record", f"item {name} goes on after its last part")


def _repeated(shape: Repetitive, data: bytes, at: int, name: str) -> int:
    if shape.count_size:
        count, at = int.from_bytes(data[at : at + shape.count_size], "big"), at + shape.count_size
        end = at + count * shape.each.size
        if end > len(data):
            raise Malformed("bad-record", f"item {name} of {count} elements ends after its block")
        _check_spare(shape.each, data, at, end, name)
        return end
    begin = at
    for _ in range(MAX_REPEATS):
        at += shape.each.size
        if at > len(data):
            raise Malformed("bad-record", f"item {name} ends after its block")
        if not data[at - 1] & 1:
            _check_spare(shape.each, data, begin, at, name)
            return at
    raise Malformed("bad-record", f"item {name} of more than {MAX_REPEATS} elements")


def _check_spare(each: Fixed, data: bytes, at: int, end: int, name: str) -> None:
    if each.spare and any(
        int.from_bytes(data[begin : begin + each.size], "big") & each.spare for begin in range(at, end, each.size)
    ):
        raise Malformed("spare-bits", f"item {name} has bits that mean nothing in this edition")


# -- from libasterix's tables


@cache
def layout(category: int, edition: str) -> Layout:
    """Return the layout of an edition (`1.32`); raise `Malformed("unknown-edition")` with those that there are."""
    known = {_edition(one): one for one in import_module("asterix.generated").manifest["CATS"].get(category, ())}
    if edition not in known:
        there = ", ".join(known) or "none"
        raise Malformed("unknown-edition", f"category {category:03} has no edition {edition} here; there are: {there}")
    record = known[edition].cv_uap.cv_record
    fields: dict[str, Field] = {}
    items = tuple(
        _item(one.cv_non_spare, fields, "") if hasattr(one, "cv_non_spare") else None for one in _list(record)
    )
    return Layout(category, edition, Head(items, record.cv_fspec_max_bytes), fields)


def _edition(category: Any) -> str:
    return ".".join(str(number) for number in category.cv_edition)


def _list(thing: Any) -> Any:
    return thing.cv_items_list


def _item(non_spare: Any, fields: dict[str, Field], prefix: str) -> tuple[str, Shape]:
    name = prefix + non_spare.cv_name
    return non_spare.cv_name, _shape(_variation(non_spare), name, fields)


def _variation(non_spare: Any) -> Any:
    rule = non_spare.cv_rule
    return rule.cv_variation if hasattr(rule, "cv_variation") else rule.cv_default_variation


def _kind(variation: Any) -> str:
    kinds = ("Element", "Group", "Extended", "Repetitive", "Explicit", "Compound")
    return str(next(one.__name__ for one in variation.__mro__ if one.__name__ in kinds))


def _shape(variation: Any, name: str, fields: dict[str, Field]) -> Shape:
    match _kind(variation):
        case "Extended":
            return _extended_shape(variation, name, fields)
        case "Repetitive":
            each, bits = variation.cv_variation, variation.cv_rep_bytes
            spare, size = _bits(each, name, "", 0, {}, with_fx=bits is None)
            return Repetitive(bits or 0, Fixed(size // 8, spare))
        case "Explicit":
            return Explicit()
        case "Compound":
            parts = tuple(None if one is None else _item(one, fields, name + "/") for one in _list(variation))
            return Compound(Head(parts, variation.cv_fspec_max_bytes))
        case _:
            spare, size = _bits(variation, name, "", 0, fields)
            return Fixed(size // 8, spare)


def _extended_shape(variation: Any, name: str, fields: dict[str, Field]) -> Extended:
    parts: list[Fixed] = []
    offset, open_end = 0, False
    for part in _list(variation):
        spare = size = 0
        for one in part:
            if one is None:
                spare, size = spare << 1, size + 1
                continue
            inner, width = _place(one[0], one[1], name, "", offset + size, fields)
            spare, size = spare << width | inner, size + width
        parts.append(Fixed(size // 8, spare))
        offset, open_end = offset + size, part[-1] is not None
    return Extended(tuple(parts), open_end)


def _bits(
    variation: Any, item: str, path: str, offset: int, fields: dict[str, Field], *, with_fx: bool = False
) -> tuple[int, int]:
    """Return the spare bits of what lies at a bit of an item, and its size in bits; note the fields in it."""
    if _kind(variation) == "Group":
        spare = size = 0
        for one, width in _list(variation):
            inner, width = _place(one, width, item, path, offset + size, fields)
            spare, size = spare << width | inner, size + width
    else:
        spare, size = 0, variation.cv_bit_size
        fields[item + path] = _field(variation, item, offset)
    return (spare << 1, size + 1) if with_fx else (spare, size)


def _place(one: Any, width: int, item: str, path: str, offset: int, fields: dict[str, Field]) -> tuple[int, int]:
    if not hasattr(one, "cv_non_spare"):
        return (1 << width) - 1, width
    inner = one.cv_non_spare
    return _bits(_variation(inner), item, f"{path}/{inner.cv_name}", offset, fields)


def _field(element: Any, item: str, offset: int) -> Field:
    content = getattr(element.cv_rule, "cv_content", None)
    signed = getattr(getattr(content, "cv_signedness", None), "__name__", "") == "Signed"
    words = getattr(content, "cv_values", {})
    return Field(item, offset, element.cv_bit_size, signed, getattr(content, "cv_lsb", 1.0), words)


def editions(category: int) -> Iterator[str]:
    """Yield the editions of a category that there are, oldest first."""
    for one in import_module("asterix.generated").manifest["CATS"].get(category, ()):
        yield _edition(one)
