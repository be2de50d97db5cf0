"""How a command ends: its exit code, and the one line that says what happened and what to do."""

import traceback
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import Final

from quartet.cli.output import one_line
from quartet.core.faults import Fault, Malformed, Unavailable, Untrusted


class Exit(IntEnum):
    """The exit codes that scripts depend on; `BUG` is outside the contract."""

    DONE = 0
    NO = 1
    USAGE = 2
    UNREACHABLE = 3
    UNTRUSTED = 4
    BUG = 70


class Refusal(Exception):  # noqa: N818 - it is an answer, not a fault
    """The answer is no: withheld, not to be had, still owed."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


_CODES: Final[dict[type[Fault], Exit]] = {
    Malformed: Exit.USAGE,
    Unavailable: Exit.UNREACHABLE,
    Untrusted: Exit.UNTRUSTED,
}


def exit_of(fault: Fault) -> Exit:
    """Return the exit code of a fault."""
    return next((code for kind, code in _CODES.items() if isinstance(fault, kind)), Exit.BUG)


def line_of(fault: Fault | Refusal) -> str:
    """Return a fault's line: the reason word, what happened, what to do."""
    return one_line(f"{fault.reason}: {fault.detail or 'see docs/reference/reasons.md'}")


@contextmanager
def hinted(hints: Mapping[str, str]) -> Generator[None, None, None]:
    """Have what the node refuses say what to type, by its reason: the node speaks to a browser too."""
    try:
        yield
    except Malformed as fault:
        if fault.reason not in hints:
            raise
        raise Malformed(fault.reason, f"{fault.detail}, {hints[fault.reason]}") from fault


def bug_line(error: Exception) -> str:
    """Return the line of our own error: what, and where in the code."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return one_line(f"bug: {type(error).__name__} at {where}: {error}; please report it")
