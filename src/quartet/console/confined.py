"""Have bytes that others sent read by processes that can open nothing, few at a time, each for a few seconds.

What comes back is bytes within a bound, and believed to be no more: whoever broke such a process could send what he
likes.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Final
from weakref import WeakValueDictionary

AT_ONCE: Final = 2


class Confined:
    """Runs a program that gives up what it has (`confinement`) over what it is given on its standard input."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._of_one: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def run(
        self, program: Path, parts: AsyncIterator[bytes], officer: str, most: int, within: float
    ) -> tuple[int, bytes]:
        """Return a program's exit code, and what it said, at most a byte more than `most`; one at a time an officer.

        The parts are asked for when its turn has come: what waits holds nothing, and may be refused by then. Where it
        took more than `within` seconds, which are more than it has of the processor, it said nothing.
        """
        async with self._of_one.setdefault(officer, asyncio.Lock()), self._turn:
            return await _run(program, b"".join([part async for part in parts]), most, within)


async def _run(program: Path, data: bytes, most: int, within: float) -> tuple[int, bytes]:
    pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    words = (sys.executable, "-I", "-B", str(program))
    process = await asyncio.create_subprocess_exec(
        *words, stdin=pipe, stdout=pipe, stderr=nothing, env={}, cwd="/", start_new_session=True
    )
    try:
        out = await asyncio.wait_for(_talked(process, data, most), within)
    except TimeoutError:
        out = b""
    finally:
        if process.returncode is None:
            process.kill()
    await _emptied(process.stdout)
    return await process.wait(), out


async def _talked(process: asyncio.subprocess.Process, data: bytes, most: int) -> bytes:
    """Give a process what it reads, and return what it says: no more than it may, and a byte."""
    assert process.stdin is not None
    assert process.stdout is not None
    feeding = asyncio.create_task(_fed(process.stdin, data))
    try:
        said = bytearray()
        while len(said) <= most and (more := await process.stdout.read(most + 1 - len(said))):
            said += more
        if len(said) <= most:
            await process.wait()
        return bytes(said)
    finally:
        feeding.cancel()


async def _emptied(stdout: asyncio.StreamReader | None) -> None:
    """Throw away what was said too much: who is dead with a full pipe is not seen to be."""
    while stdout is not None and await stdout.read(_PIECE):
        pass


_PIECE: Final = 1024**2


async def _fed(stdin: asyncio.StreamWriter, data: bytes) -> None:
    with suppress(BrokenPipeError, ConnectionResetError):  # it ended before it had read all
        stdin.write(data)
        await stdin.drain()
    stdin.close()
