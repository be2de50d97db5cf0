"""Which items a form names: found by the types of its fields, so that no kind needs to say it again.

A form names items by id. Whoever fills one in may use what people say, `N-K7Q-4MX`: `resolved` puts the ids in place.
"""

from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, inspect

from quartet.core.encoding import Value
from quartet.core.ids import HASH_PATTERN, ItemId

_NAMES: Final = "names-item"

Item = Annotated[ItemId, Meta(pattern=HASH_PATTERN, extra={_NAMES: True})]
"""A field that names an item: what the form is about, or rests on."""

Visit = Callable[[str], str]


def named(form: Value) -> tuple[ItemId, ...]:
    """Return the items that a form names, each once, sorted: its statement cites them, so that it is found by them."""
    found: set[str] = set()

    def note(item: str) -> str:
        found.add(item)
        return item

    _walk(msgspec.to_builtins(form), _shape(type(form)), note)
    return tuple(ItemId(item) for item in sorted(found))


def resolved(given: Any, form: type[Value], find: Visit) -> Any:
    """Return what somebody filled in, with each item's name changed by `find`; other shapes stay for the check."""
    return _walk(given, _shape(form), find)


@cache
def _shape(form: type[Value]) -> inspect.Type:
    return inspect.type_info(form)


def _walk(value: Any, shape: inspect.Type, visit: Visit) -> Any:
    match shape:
        case inspect.Metadata(type=inner, extra=extra):
            names = extra is not None and _NAMES in extra
            return visit(value) if names and isinstance(value, str) else _walk(value, inner, visit)
        case inspect.StructType(fields=fields) if isinstance(value, dict):
            kinds = {one.encode_name: one.type for one in fields}
            return {key: _walk(inner, kinds[key], visit) if key in kinds else inner for key, inner in value.items()}
        case inspect.VarTupleType(item_type=inner) if isinstance(value, (list, tuple)):
            return [_walk(one, inner, visit) for one in value]
        case inspect.UnionType(types=types) if value is not None:
            inner = next((one for one in types if not isinstance(one, inspect.NoneType)), shape)
            return _walk(value, inner, visit)
    return value
