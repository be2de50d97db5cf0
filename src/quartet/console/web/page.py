"""The built page, read once into memory: hashed assets for ever, the page itself asked for again each time.

Paths are looked up in a table of what was built; no path of a request ever reaches the file system.
"""

import gzip
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Final

from quartet.core.encoding import Value

PAGE: Final = Path(__file__).parents[1] / "page"
ENTRY: Final = "index.html"
FOREVER: Final = "public, max-age=31536000, immutable"
ASK_AGAIN: Final = "no-cache"
LEAST_ZIPPED: Final = 1024
KINDS: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".pmtiles": "application/octet-stream",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
ZIPPED: Final = frozenset({".css", ".html", ".js", ".json", ".mjs", ".svg", ".webmanifest"})
_RANGE: Final = re.compile(r"bytes=(?P<first>[0-9]{0,15})-(?P<last>[0-9]{0,15})", re.ASCII)


class File(Value, frozen=True):
    """One file of the page as it is answered."""

    kind: str
    tag: str
    keep: str
    data: bytes
    zipped: bytes | None


class Page:
    """The page's files by path; empty where the page was not built."""

    def __init__(self, folder: Path = PAGE) -> None:
        files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in KINDS)
        self._files = {path.relative_to(folder).as_posix(): _read(path, folder) for path in files}

    @property
    def built(self) -> bool:
        """Whether there is a page at all."""
        return ENTRY in self._files

    def file(self, path: str) -> File | None:
        """Return the file at a path of a request: an asset, or the page itself for a place within it."""
        wanted = path.strip("/")
        if wanted in self._files:
            return self._files[wanted]
        return None if "." in wanted.rpartition("/")[2] else self._files.get(ENTRY)


@cache
def built_page() -> Page:
    """Return the page that was built into the package, as it lay there when it was first asked for."""
    return Page()


def part_of(asked: str | None, size: int) -> range | None:
    """Return which bytes of a file a `Range` header asks for: an empty range where it has none of them.

    None for the whole: no header, or one that is not one plain range of bytes, which RFC 9110 lets a server pass over.
    """
    found = _RANGE.fullmatch(asked or "")
    if found is None or found["first"] == found["last"] == "":
        return None
    if found["first"] == "":
        return range(max(0, size - int(found["last"])), size)
    first, last = int(found["first"]), int(found["last"] or size - 1)
    return None if last < first and found["last"] else range(first, min(last + 1, size))


def _read(path: Path, folder: Path) -> File:
    data = path.read_bytes()
    zipped = gzip.compress(data, 9, mtime=0) if path.suffix in ZIPPED and len(data) >= LEAST_ZIPPED else None
    hashed = path.relative_to(folder).parts[0] == "assets"
    return File(
        kind=KINDS[path.suffix],
        tag=f'"{hashlib.sha256(data).hexdigest()[:32]}"',
        keep=FOREVER if hashed else ASK_AGAIN,
        data=data,
        zipped=zipped,
    )
