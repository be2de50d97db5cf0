"""A body is what the description says, or refused: no number is taken for a time, and no 0 for false.

The framework reads values of a body as leniently as those of a query, where everything is text.
"""

import re
from typing import Any, Final

import msgspec
from litestar import Request
from litestar.exceptions import ValidationException

_WHERE: Final = re.compile(r" - at `\$\.?(.*)`\Z")


class StrictRequest(Request[Any, Any, Any]):
    """A request whose body has its handler's types as they stand."""

    async def json(self) -> Any:
        """Return the body as plain values; raise `ValidationException` for one of another shape."""
        try:
            told = await super().json()
            field = self.route_handler.parsed_data_field
            if field is not None:
                _check(told, field.annotation)
        except RecursionError as error:
            raise ValidationException(detail="it is nested deeper than anything that is said here") from error
        return told


def _whole(told: Any) -> Any:
    """Return plain values with each whole number as such: 1.0 is one to JSON Schema."""
    match told:
        case float() if told.is_integer():
            return int(told)
        case dict():
            return {key: _whole(value) for key, value in told.items()}
        case list():
            return [_whole(value) for value in told]
    return told


def _check(told: Any, shape: Any) -> None:
    try:
        msgspec.convert(_whole(told), shape, str_keys=True)
    except msgspec.ValidationError as error:
        where = _WHERE.search(str(error))
        message = {"message": _WHERE.sub("", str(error)), "key": "" if where is None else where[1]}
        raise ValidationException(detail=str(error), extra=[message]) from error
