"""The log of a running node: structured lines of what it does, never of what passes through it.

A line holds words of this program, names of members, numbers and reason words: no title, no reference; an officer is
named for a changed setting alone.
What libraries and faults have to say is cut to its kind and its place in the code, for their texts may quote anything.
"""

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, TextIO

import structlog

from quartet.core.encoding import Value
from quartet.node.pulse import Pulse

LATE_S: Final = 1.0
"""A tick that is done later than this is told."""

Journal = structlog.typing.FilteringBoundLogger


class Line(Value, frozen=True):
    """One thing that happened: its word, and what goes with it."""

    event: str
    level: int = logging.INFO
    about: dict[str, str | int | float | bool] = {}  # noqa: RUF012 - frozen


def open_journal(stream: TextIO | None = None) -> Journal:
    """Return a log that writes to a stream, standard error if none: JSON, or for a person at a terminal plain lines."""
    out = stream or sys.stderr
    person = out.isatty()
    journal: Journal = structlog.wrap_logger(
        structlog.PrintLogger(out),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer() if person else structlog.processors.JSONRenderer(sort_keys=True),
        ],
    )
    return journal


def tell(journal: Journal, line: Line) -> None:
    """Write one line; where there is no room for it, on a full disk or in a closed pipe, the node works on without."""
    with suppress(OSError):
        journal.log(line.level, line.event, **line.about)


def changes(before: Pulse | None, after: Pulse) -> list[Line]:
    """Return what is worth telling between two looks at a node."""
    return [*_links(before, after), *_alarms(before, after), *_ticks(before, after)]


def _links(before: Pulse | None, after: Pulse) -> Iterator[Line]:
    for member, link in after.links.items():
        known = None if before is None else before.links.get(member)
        if known is None or known.state != link.state:
            level = logging.INFO if link.state == "up" or known is None else logging.WARNING
            yield Line("link", level, {"to": member, "state": link.state})
        if known is not None and known.by != link.by:
            yield Line("way", logging.WARNING if link.by == "none" else logging.INFO, {"to": member, "by": link.by})
        if known is not None and known.carried_out != link.carried_out:
            yield Line("carried-out", about={"to": member})
        if known is not None and known.carried_in != link.carried_in:
            yield Line("carried-in", about={"of": member})


def _alarms(before: Pulse | None, after: Pulse) -> Iterator[Line]:
    known = {} if before is None else before.alarms
    for reason in sorted({*known, *after.alarms}):
        count = after.alarms.get(reason, 0)
        if count != known.get(reason, 0):
            level = logging.WARNING if count > known.get(reason, 0) else logging.INFO
            yield Line("alarm", level, {"reason": reason, "open": count})


def _ticks(before: Pulse | None, after: Pulse) -> Iterator[Line]:
    lag = after.tick_lag_s or 0.0
    if lag > LATE_S and (before is None or before.tick_lag_s != after.tick_lag_s):
        yield Line("tick-late", logging.WARNING, {"lag_s": lag})
    if before is not None and before.ticking != after.ticking:
        yield Line("ticking", logging.INFO if after.ticking else logging.ERROR, {"is": after.ticking})


@contextmanager
def libraries(journal: Journal) -> Iterator[None]:
    """Have everything that is logged in this process told by the journal while the block lasts, without its text."""
    handler = _Cut(journal)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)


class _Cut(logging.Handler):
    def __init__(self, journal: Journal) -> None:
        super().__init__(logging.WARNING)
        self._journal = journal

    def emit(self, record: logging.LogRecord) -> None:
        about: dict[str, Any] = {"by": record.name, "where": f"{Path(record.pathname).name}:{record.lineno}"}
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            about |= {"error": type(error).__name__, "where": place_of(error)}
        tell(self._journal, Line("library", record.levelno, about))


def place_of(error: BaseException) -> str:
    """Return where in the code an error was raised, and what stands above it: files and lines, no text."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames)) or "?"
