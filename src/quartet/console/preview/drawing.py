"""Have small pictures drawn by processes that can open nothing, few at a time, each for a few seconds.

What comes back is believed to be a picture by its first bytes alone: whoever broke the process that draws could send
what he likes, and it is shown by an `<img>` that runs nothing.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Final
from weakref import WeakValueDictionary

from quartet.core.encoding import Value
from quartet.core.faults import Malformed, Unavailable

WORKER: Final = Path(__file__).with_name("worker.py")
MAX_IMAGE: Final = 32 * 1024**2
"""Bytes of an image of which there is a preview."""
MAX_PREVIEW: Final = 8 * 1024**2
AT_ONCE: Final = 2
PATIENCE_S: Final = 30.0
"""Longer than the process has seconds of the processor, for a machine that is busy."""
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
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._of_one: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def draw(self, parts: AsyncIterator[bytes], officer: str) -> Picture:
        """Return a small picture of the image whose parts come; one at a time for each officer.

        The parts are asked for when its turn has come: what waits holds no image, and may be refused by then.

        Raise `Malformed("not-an-image" | "image-too-large")`, or `Unavailable("preview-failed")` where drawing took
        more memory or time than it may.
        """
        async with self._of_one.setdefault(officer, asyncio.Lock()), self._turn:
            return _picture(*await _drawn(await _whole(parts)))


async def _whole(parts: AsyncIterator[bytes]) -> bytes:
    data = bytearray()
    async for part in parts:
        data += part
        if len(data) > MAX_IMAGE:
            raise Malformed("image-too-large", f"it has more than {MAX_IMAGE // 2**20} MiB")
    return bytes(data)


async def _drawn(data: bytes) -> tuple[int, bytes]:
    pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    words = (sys.executable, "-I", "-B", str(WORKER))
    process = await asyncio.create_subprocess_exec(
        *words, stdin=pipe, stdout=pipe, stderr=nothing, env={}, cwd="/", start_new_session=True
    )
    try:
        out = await asyncio.wait_for(_talked(process, data), PATIENCE_S)
    except TimeoutError:
        out = b""
    finally:
        if process.returncode is None:
            process.kill()
    await _emptied(process.stdout)
    return await process.wait(), out


async def _talked(process: asyncio.subprocess.Process, data: bytes) -> bytes:
    """Give a process its image, and return what it says: no more than a preview may have, and a byte."""
    assert process.stdin is not None
    assert process.stdout is not None
    feeding = asyncio.create_task(_fed(process.stdin, data))
    try:
        said = bytearray()
        while len(said) <= MAX_PREVIEW and (more := await process.stdout.read(MAX_PREVIEW + 1 - len(said))):
            said += more
        if len(said) <= MAX_PREVIEW:
            await process.wait()
        return bytes(said)
    finally:
        feeding.cancel()


async def _emptied(stdout: asyncio.StreamReader | None) -> None:
    """Throw away what was said too much: who is dead with a full pipe is not seen to be."""
    while stdout is not None and await stdout.read(MAX_PREVIEW):
        pass


async def _fed(stdin: asyncio.StreamWriter, data: bytes) -> None:
    with suppress(BrokenPipeError, ConnectionResetError):  # it ended before it had read all
        stdin.write(data)
        await stdin.drain()
    stdin.close()


def _picture(code: int, data: bytes) -> Picture:
    if code in _SAYS:
        raise Malformed(*_SAYS[code])
    kind = next((kind for begins, kind in _BEGINS.items() if data.startswith(begins)), None)
    if code != 0 or kind is None or len(data) > MAX_PREVIEW:
        raise Unavailable("preview-failed", "drawing it took more than it may; take the file itself")
    return Picture(data, kind)
