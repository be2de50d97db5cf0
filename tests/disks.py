"""What tests do to a disk."""

from contextlib import suppress
from pathlib import Path


def fill(folder: Path) -> Path:
    """Write until not a byte is free; return what to remove to make room."""
    filler = folder / "filler"
    with filler.open("ab", buffering=0) as file:
        for size in (64 * 1024, 4096, 1):
            with suppress(OSError):
                while file.write(bytes(size)):
                    pass
    return filler
