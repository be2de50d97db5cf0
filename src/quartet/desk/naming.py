"""Which items a form names: found by the types of its fields, so that no kind needs to say it again.

A form names items by id. Whoever fills one in may use what people say, `N-K7Q-4MX`: `resolved` puts the ids in place.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, Any, Final, NamedTuple

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

    _walk(msgspec.to_builtins(form), _plan_of(type(form)), note)
    return tuple(ItemId(item) for item in sorted(found))


def resolved(given: Any, form: type[Value], find: Visit) -> Any:
    """Return what somebody filled in, with each item's name changed by `find`; other shapes stay for the check."""
    return _walk(given, _plan_of(form), find)


class _Name:
    """Where a form names an item."""


class _Each(NamedTuple):
    """A list, and where names stand in each of it."""

    inner: "_Plan"


class _Fields(NamedTuple):
    """A struct, and where names stand in those of its fields that have any."""

    plans: "Mapping[str, _Plan]"


_Plan = _Name | _Each | _Fields | None
"""Where names stand in a value; None for nowhere: a form of two hundred desks is not looked through for none."""


@cache
def _plan_of(form: type[Value]) -> _Plan:
    return _plan(inspect.type_info(form))


def _plan(shape: inspect.Type) -> _Plan:
    match shape:
        case inspect.Metadata(type=inner, extra=extra):
            return _Name() if extra is not None and _NAMES in extra else _plan(inner)
        case inspect.StructType(fields=fields):
            plans = {one.encode_name: plan for one in fields if (plan := _plan(one.type)) is not None}
            return _Fields(plans) if plans else None
        case inspect.VarTupleType(item_type=inner):
            plan = _plan(inner)
            return None if plan is None else _Each(plan)
        case inspect.UnionType(types=types):
            found = next((one for one in types if not isinstance(one, inspect.NoneType)), None)
            return None if found is None else _plan(found)
    return None


def _walk(value: Any, plan: _Plan, visit: Visit) -> Any:
    match plan:
        case _Name() if isinstance(value, str):
            return visit(value)
        case _Each(inner) if isinstance(value, (list, tuple)):
            return [_walk(one, inner, visit) for one in value]
        case _Fields(plans) if isinstance(value, dict):
            return {key: _walk(inner, plans.get(key), visit) for key, inner in value.items()}
    return value
