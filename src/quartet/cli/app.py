"""All commands by their words; no command lives here, and none is loaded before its word is called."""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from quartet.cli.commands import Commands
from quartet.cli.words import WORDS, Word

HELP = """An information-exchange centre for sovereign partners.

Start with: quartet demo - or: quartet new-exchange trial; quartet up trial
"""


class _Listed(TyperCommand):
    """A command as lists and completions show it: its name and its line."""

    def __init__(self, word: Word) -> None:
        super().__init__(word.name, help=word.line)
        self._word = word

    def loaded(self) -> Any:
        """Return the command itself, from its module."""
        module, _, name = self._word.place.partition(":")
        made, found = Commands(rich_markup_mode="markdown"), getattr(import_module(f"quartet.cli.{module}"), name)
        if isinstance(found, typer.Typer):
            made.add_typer(found, name=self.name)
        else:
            made.command(self.name)(found)
        return get_group(made).commands[self._word.name]


class _Words(TyperGroup):
    """The list of commands; the one that is called is loaded."""

    def __init__(self, **how: Any) -> None:
        super().__init__(**{**how, "commands": {word.name: _Listed(word) for word in WORDS}})

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name, listed, rest = super().resolve_command(ctx, args)
        return name, listed.loaded() if isinstance(listed, _Listed) else listed, rest


def _nothing() -> None:
    """Do nothing before a command: without this there would be no list of them."""


app = Commands(
    help=HELP,
    cls=_Words,
    callback=_nothing,
    no_args_is_help=False,
    rich_markup_mode="markdown",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
