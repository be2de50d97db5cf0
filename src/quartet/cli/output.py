"""Write for people and for scripts: tables and times on standard output, one JSON document, one line of error.

What others wrote is cleaned of control characters first: a title never moves the cursor of who reads it.
"""

import sys
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec
from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from quartet.node.inforce import DRILL, is_drill

WIDE: Final = 4096
"""Nothing is cut where a pipe, not a person, reads."""

_OVERRIDES: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What turns around all that follows on the line: left open in one cell, it would move who said it into another."""
_TLP_STYLE: Final = {
    "RED": "bold #ff2b2b on black",
    "AMBER+STRICT": "bold #ffc000 on black",
    "AMBER": "bold #ffc000 on black",
    "GREEN": "bold #33ff00 on black",
    "CLEAR": "bold #ffffff on black",
}


def screen() -> Console:
    """Return the console that people read: no markup from data, nothing cut in a pipe."""
    width = None if sys.stdout.isatty() else WIDE
    return Console(markup=False, emoji=False, highlight=False, width=width, soft_wrap=False)


def say_json(value: object) -> None:
    """Write the one JSON document."""
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")


def say(line: str) -> None:
    """Write a line for people."""
    sys.stdout.write(clean(line) + "\n")


def complain(line: str) -> None:
    """Write the one line of error."""
    sys.stderr.write(one_line(line) + "\n")


def clean(text: str) -> str:
    """Return text without what could act on a terminal; lines and tabs stay."""
    return "".join("\ufffd" if _acts(char) else char for char in text)


def one_line(text: str) -> str:
    """Return text as one clean line."""
    return clean(" ".join(text.split()))


def utc(at: datetime | None) -> str:
    """Return a time as people read it: `2026-03-01 04:05:06Z`."""
    return "-" if at is None else at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def size_text(size: int) -> str:
    """Return a number of bytes as people say it."""
    if size < 1024:
        return f"{size} bytes"
    power = 1 if size < 1024**2 else 2 if size < 1024**3 else 3
    return f"{size / 1024**power:.1f} {('KiB', 'MiB', 'GiB')[power - 1]}"


def drill_text(text: str, *, exercise: bool) -> str:
    """Return what a cell says of something: before all else whether it is of an exercise, which a name may say."""
    if exercise and is_drill(text):
        return text
    return (f"{DRILL}: {text}" if text else DRILL) if exercise else text


def tlp_text(word: str) -> Text:
    """Return a TLP label: its words always, FIRST's colours where there are colours."""
    return Text(f"TLP:{clean(word)}", style=_TLP_STYLE.get(word, "bold"))


def table(columns: Sequence[str], rows: Iterable[Sequence[str | Text]]) -> None:
    """Write a table: no lines but the head's, columns no wider than they must be; without rows it says so."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for name in columns:
        made.add_column(name, overflow="fold")
    for row in rows:
        made.add_row(*(cell if isinstance(cell, Text) else one_line(cell) for cell in row))
    if made.row_count:
        _print(made)
    else:
        say("none")


def facts(pairs: Iterable[tuple[str, str]]) -> None:
    """Write names and values beside each other."""
    made = Table.grid(padding=(0, 2))
    for name, value in pairs:
        made.add_row(Text(name, style="bold"), clean(value))
    _print(made)


def progress(*, quiet: bool) -> Progress:
    """Return a progress bar on standard error; silent unless a person watches."""
    console = Console(stderr=True, markup=False)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=quiet or not sys.stderr.isatty())


def _print(made: Table) -> None:
    console = screen()
    with console.capture() as drawn:
        console.print(made)
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in drawn.get().splitlines()))


def _acts(char: str) -> bool:
    return char in _OVERRIDES or (char not in "\n\t" and unicodedata.category(char) == "Cc")
