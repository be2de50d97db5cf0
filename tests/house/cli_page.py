"""Write the commands' part of docs/reference/cli.md from the commands themselves: `make docs` runs this."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import typer
from typer.core import TyperGroup

from house import ROOT
from quartet.cli.app import app

PAGE: Final = ROOT / "docs" / "reference" / "cli.md"
MARK: Final = "<!-- from here on written by `make docs` -->"
SHARED: Final = ("--dir", "--as", "--passphrase-file", "--json")
"""Options that mean the same everywhere: the head of the page explains them."""


@cache
def commands() -> tuple[tuple[str, Any], ...]:
    """Return each command's full name, and the command."""
    return tuple(_below(typer.main.get_command(app), "quartet"))


def written(page: str) -> str:
    """Return `page` with its commands written anew."""
    head = page.partition(MARK)[0]
    return f"{head}{MARK}\n\n" + "\n".join(_section(name, command) for name, command in commands())


def main(page: Path = PAGE) -> None:
    """Write the page."""
    page.write_text(written(page.read_text()))


def _below(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    if not isinstance(command, TyperGroup):
        yield name, command
        return
    context = typer.Context(command)
    for word in command.commands:
        yield from _below(command.resolve_command(context, [word])[1], f"{name} {word}")


def _section(name: str, command: Any) -> str:
    says, _, examples = (command.help or "").partition("\n\nExample")
    given = [param for param in command.params if param.param_type_name == "argument"]
    options = [param for param in command.params if param.param_type_name == "option"]
    own = [param for param in options if param.opts[0] not in SHARED]
    lines = [
        f"### {name}",
        "",
        " ".join(says.split()),
        "",
        "```console",
        f"$ {_usage(name, given, options)}",
        "```",
        "",
    ]
    rows = [(f"`{param.metavar}`", param.help) for param in given]
    rows += [(f"`{_spelt(param)}`", param.help + _default(param)) for param in own]
    if rows:
        lines += ["| | |", "|---|---|", *(f"| {name} | {text} |" for name, text in rows), ""]
    shown = [line.strip() for line in examples.partition("\n\n")[2].splitlines() if line.strip()]
    if shown:
        lines += ["```console", *(f"$ {line}" for line in shown), "```", ""]
    return "\n".join(lines)


def _usage(name: str, given: list[Any], options: list[Any]) -> str:
    words = [name, *(param.metavar if param.required else f"[{param.metavar}]" for param in given)]
    if any(param.opts[0] not in SHARED for param in options):
        words.append("[OPTIONS]")
    words += [f"[{_spelt(param)}]" for param in options if param.opts[0] in SHARED]
    return " ".join(words)


def _spelt(param: Any) -> str:
    return param.opts[0] if param.is_flag else f"{param.opts[0]} {param.metavar or param.opts[0].strip('-').upper()}"


def _default(param: Any) -> str:
    return "" if param.default in (None, False, "", ()) else f" Default: `{param.default}`."


if __name__ == "__main__":
    main()
