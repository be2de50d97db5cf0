"""How our commands read their words: an item's id may begin with a dash, and is no option then."""

import re
from collections.abc import Callable
from typing import Any, Final

import typer
from typer.core import TyperCommand

DASHED_ID: Final = re.compile(r"-[A-Za-z0-9_-]{42}")
_GUARD: Final = "\0"
"""Before such an id while words are told from options; no shell can pass it."""


class Commands(typer.Typer):
    """A group of commands that all read their words so."""

    def command(self, name: str | None = None, **how: Any) -> Callable[[Any], Any]:
        """Register a command as `typer.Typer.command` does."""
        return super().command(name, cls=_Command, **how)


class _Command(TyperCommand):
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        rest = super().parse_args(ctx, [_GUARD + word if DASHED_ID.fullmatch(word) else word for word in args])
        ctx.params = {name: _plain(value) for name, value in ctx.params.items()}
        return [str(_plain(word)) for word in rest]


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.removeprefix(_GUARD)
    if isinstance(value, list | tuple):
        return type(value)(_plain(one) for one in value)
    return value
