"""Have small pictures drawn by processes that can open nothing, few at a time, each for a few seconds.

What comes back is believed to be a picture by its first bytes alone: whoever broke the process that draws could send
what he likes, and it is shown by an `<img>` that runs nothing.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from quartet.console.confined import Confined
from quartet.core.encoding import Value
from quartet.core.faults import Malformed, Unavailable

WORKER: Final = Path(__file__).with_name("worker.py")
MAX_IMAGE: Final = 32 * 1024**2
"""Bytes of an image of which there is a preview."""
MAX_PREVIEW: Final = 8 * 1024**2
PATIENCE_S: Final = 30.0
JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
_BEGINS: Final = {b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG}
_SAYS: Final = {
    10: ("not-an-image", "it is no JPEG, PNG, GIF or WebP that can be drawn"),
    11: ("image-too-large", "it has more than 50 million pixels"),
}
"""What the process that draws means by its exit codes."""


class Picture(Value, frozen=True):
    """A small picture, and what it is."""

    data: bytes
    kind: str


class Previews:
    """Draws pictures of images."""

    def __init__(self) -> None:
        self._confined = Confined()

    async def draw(self, parts: AsyncIterator[bytes], officer: str) -> Picture:
        """Return a small picture of the image whose parts come; one at a time for each officer.

        Raise `Malformed("not-an-image" | "image-too-large")`, or `Unavailable("preview-failed")` where drawing took
        more memory or time than it may.
        """
        return _picture(*await self._confined.run(WORKER, _bounded(parts), officer, MAX_PREVIEW, PATIENCE_S))


async def _bounded(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    size = 0
    async for part in parts:
        size += len(part)
        if size > MAX_IMAGE:
            raise Malformed("image-too-large", f"it has more than {MAX_IMAGE // 2**20} MiB")
        yield part


def _picture(code: int, data: bytes) -> Picture:
    if code in _SAYS:
        raise Malformed(*_SAYS[code])
    kind = next((kind for begins, kind in _BEGINS.items() if data.startswith(begins)), None)
    if code != 0 or kind is None or len(data) > MAX_PREVIEW:
        raise Unavailable("preview-failed", "drawing it took more than it may; take the file itself")
    return Picture(data, kind)
