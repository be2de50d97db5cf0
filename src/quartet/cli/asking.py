"""Ask the person at the terminal for a yes to what she was shown; a script says `--yes` for her."""

import sys
from collections.abc import Callable
from typing import Final

from quartet.cli.outcome import Refusal

YES: Final = ("y", "yes")


def agree(question: str, show: Callable[[], None], unasked: str, *, quiet: bool) -> None:
    """Show what it is about, ask, and return at a yes.

    Raise `Refusal("not-agreed")` at anything else and at no answer, and with `unasked` as its detail where nobody can
    be asked: nobody is at the terminal, or the command is `quiet`, for a program reads what it says.
    """
    if quiet or not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Refusal("not-agreed", unasked)
    show()
    sys.stdout.write(f"{question} [y/N] ")
    sys.stdout.flush()
    if sys.stdin.readline().strip().lower() not in YES:
        raise Refusal("not-agreed", "nothing was signed")
