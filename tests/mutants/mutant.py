"""One way to break the source, and which tests must notice."""

from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parents[2]


class Mutant(NamedTuple):
    """In `file` (under src/quartet) `text`, which stands there once, becomes `instead`; one of `tests` must fail."""

    name: str
    file: str
    text: str
    instead: str
    tests: tuple[str, ...]


Row = tuple[str, str, str]
"""What is broken, the exact text, and what stands there instead."""


def mutants(file: str, tests: str, *rows: Row) -> tuple[Mutant, ...]:
    """Return the mutants of one file; `tests` names test files, separated by spaces."""
    return tuple(Mutant(name, file, text, instead, tuple(tests.split())) for name, text, instead in rows)


def broken(mutant: Mutant, source: str) -> str:
    """Return the source with the mutant in it; raise `LookupError` unless its text stands there exactly once."""
    found = source.count(mutant.text)
    if found != 1:
        raise LookupError(f"{mutant.file}: {found} times instead of once: {mutant.text!r}")
    return source.replace(mutant.text, mutant.instead)
