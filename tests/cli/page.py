"""A page's command blocks as a reader types them: one after the other, in one folder, looking at each."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from commandline import Said

from quartet.core.encoding import Value

DOCS: Final = Path(__file__).parents[2]
WITHIN_S: Final = 180
_BLOCK: Final = re.compile(r"(?:^ {4,}\S.*\n?)+", re.MULTILINE)
_SHOWN: Final = re.compile(r"^```text\n(.*?)^```", re.MULTILINE | re.DOTALL)
_VARIES: Final = re.compile(r"[A-Z]-[0-9A-Z]{3}-[0-9A-Z]{3}|\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ|\d+|─+|\S*/\S*")


class Command(Value, frozen=True):
    """A command of a page, and what the page says that it prints (empty where it says nothing)."""

    line: str
    shown: str


def commands(page: Path) -> list[Command]:
    """Return the commands of a page in their order."""
    text = page.read_text()
    found: list[Command] = []
    for start, body, is_output in sorted(_pieces(text)):
        del start
        if is_output:
            found[-1] = Command(found[-1].line, body)
        else:
            found += [Command(line, "") for line in _lines(body)]
    return found


def _pieces(text: str) -> Iterator[tuple[int, str, bool]]:
    for hit in _SHOWN.finditer(text):
        yield hit.start(), hit[1], True
    fenceless = _SHOWN.sub(lambda hit: "\n" * hit[0].count("\n") + " " * (len(hit[0]) - hit[0].count("\n")), text)
    for hit in _BLOCK.finditer(fenceless):
        if hit[0].strip():
            yield hit.start(), hit[0], False


def _lines(block: str) -> list[str]:
    joined = re.sub(r"\\\n\s*", "", block)
    return [line.strip().partition("  #")[0].rstrip() for line in joined.splitlines() if line.strip()]


def shape(text: str) -> str:
    """Return what is printed without what differs from run to run: references, times, numbers, paths, widths."""
    return " ".join(_VARIES.sub("*", text).split())


class Terminal:
    """A reader's terminal: one folder, `quartet` on its path, and the reference that she was given in its place."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ref = ""

    def type(self, command: Command) -> Said:
        """Type one command, and look at what is printed."""
        line = re.sub(r"\bquartet\b", f"{shlex.quote(sys.executable)} -m quartet.cli", command.line)
        line = line.replace("N-K7Q-4MX", self.ref or "N-K7Q-4MX")
        done = subprocess.run(
            line, shell=True, check=False, capture_output=True, text=True, cwd=self.folder, timeout=WITHIN_S
        )
        if re.fullmatch(r"[A-Z]-[0-9A-Z]{3}-[0-9A-Z]{3}\n", done.stdout):
            self.ref = done.stdout.strip()
        return Said(done.returncode, done.stdout, done.stderr)
