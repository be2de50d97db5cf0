"""Ask the person at the terminal for a yes to what she was shown; a script says `--yes` for her."""

import sys
from typing import Final

from quartet.cli.outcome import Refusal

YES: Final = ("y", "yes")


def can_ask() -> bool:
    """Return whether somebody is there who reads what is shown and can answer."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def ask(question: str) -> None:
    """Ask, and return at a yes; raise `Refusal("not-agreed")` at anything else, and at no answer."""
    sys.stdout.write(f"{question} [y/N] ")
    sys.stdout.flush()
    if sys.stdin.readline().strip().lower() not in YES:
        raise Refusal("not-agreed", "nothing was signed")
