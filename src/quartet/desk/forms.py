"""The forms of typed items, by kind. To add one: a frozen struct, a check if its sense hangs on the time, a line here.

A form is checked where it is published. What another member sent is read with `form_of`, which gives nothing for what
does not fit: such an item is kept and shown as it came, and no fold counts it.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

import msgspec

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import Micros
from quartet.core.statement import Statement
from quartet.desk.duty import Watch, check_watch


class Handover(Value, frozen=True):
    """The form of a `handover` item, version 1: its text says all; it is for the officers of its author alone."""


class Kind(Value, frozen=True):
    """A kind of item that has a form, and what its form must make sense of at the time when it is said."""

    form: type[Value]
    check: Callable[[Any, Micros], None] | None = None


FORMS: Final[Mapping[str, Kind]] = {"duty": Kind(Watch, check_watch), "handover": Kind(Handover)}
"""Every kind of item with a form."""

F = TypeVar("F", bound=Value)


def check_form(kind: str, given: object, at: Micros) -> Value | None:
    """Return the form of an item that is about to be published, None for a kind without one.

    Raise `Malformed("bad-form")` with the place where it does not fit, or `Malformed("no-form")` for a form too many.
    """
    known = FORMS.get(kind)
    if known is None:
        if given is not None:
            raise Malformed("no-form", f"an item of kind {kind} has no form")
        return None
    try:
        form = msgspec.convert({} if given is None else given, known.form)
    except msgspec.ValidationError as error:
        raise Malformed("bad-form", str(error)) from error
    if known.check is not None:
        known.check(form, at)
    return form


def form_of(statement: Statement, form: type[F]) -> F | None:
    """Return the form that a received item carries, or None where it carries none of this kind."""
    try:
        body = msgspec.json.decode(statement.body)
        return msgspec.convert(body["form"], form)
    except (msgspec.MsgspecError, KeyError, TypeError):
        return None
