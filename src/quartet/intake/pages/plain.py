"""Read plain text into its lines: paragraphs are parted by empty lines, and lines that were only wrapped are joined."""

import re
from typing import Final

from quartet.intake.pages.lines import Box, Source, Writer

_WRAPPED: Final = 55
"""A line at least so long may have been wrapped, so that the next one goes on with it."""
_BEGINS: Final = re.compile(r"\W{0,3}(?:\w{1,3}[.)\-]\s|[-*•–—]\s|[^\W\d][\w \u200c-]{0,40}:)")
"""What begins a line that stands for itself: a number, a bullet, a label."""


def plain(text: str) -> Source:
    """Return what a plain text shows; any text gives a source."""
    root = Box(None, "html")
    writer = Writer(root)
    writer.source.plain = True
    box, before = Box(root, "p", depth=1), ""
    for raw in text.splitlines():
        if writer.full:
            break
        line = raw.strip()
        if not line:
            writer.part()
            box, before = Box(root, "p", depth=1), ""
            continue
        if before and not goes_on(before, line):
            writer.break_line()
        writer.space()
        writer.write(line, box)
        before = line
    return writer.done()


def goes_on(before: str, line: str) -> bool:
    """Return whether a line was only wrapped, so that the next one is a part of it."""
    if _BEGINS.match(line) is not None:
        return False
    open_end = not before.endswith((".", ":", "!", "?", "؟", "…", ";"))
    return len(before) >= _WRAPPED or (open_end and (line[0].islower() or before[-1] in ",،"))
