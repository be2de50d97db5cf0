"""A TCP proxy that can be cut: stands in a member's link to a hub, so that an exercise can part them and see the bytes.

Cutting closes what is open and refuses what comes; a frozen proxy holds connections open and carries nothing, as a
network does that loses every packet.
"""

import asyncio
import contextlib
import ssl
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final

BLOCK: Final = 64 * 1024


class CutProxy:
    """Listens on `port` and carries to `target` while it is not cut; writes what crosses to `tap`."""

    def __init__(self, port: int, target: tuple[str, int], *, host: str = "127.0.0.1", tap: Path | None = None) -> None:
        self.host = host
        self.port = port
        self.crossed = 0
        self._target = target
        self._tap_path = tap
        self._tap: BinaryIO | None = None
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._cut = False
        self._near: ssl.SSLContext | None = None
        self._far: ssl.SSLContext | None = None
        """By what TLS ends at either side, for whom that is to look into what it carries."""

    async def start(self) -> None:
        """Open the tap and listen."""
        if self._tap_path is not None:
            self._tap = self._tap_path.open("ab", buffering=0)
        self._server = await asyncio.start_server(self._accept, self.host, self.port, ssl=self._near)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close everything."""
        if self._server is not None:
            self._server.close()
            self.cut()
            await self._server.wait_closed()
        if self._tap is not None:
            self._tap.close()
            self._tap = None

    def cut(self) -> None:
        """Close every connection and refuse new ones."""
        self._cut = True
        for writer in list(self._open):
            writer.transport.abort()
        self._flowing.set()

    def freeze(self) -> None:
        """Carry nothing, and tell nobody."""
        self._flowing.clear()

    def mend(self) -> None:
        """Carry again."""
        self._cut = False
        self._flowing.set()

    async def __aenter__(self) -> "CutProxy":
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._cut:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._target, ssl=self._far)
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, far_writer}
        self._open |= ends
        try:
            await asyncio.gather(self._carry(reader, far_writer), self._carry(far_reader, writer))
        finally:
            self._open -= ends
            for end in ends:
                end.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while block := await reader.read(BLOCK):
                await self._flowing.wait()
                self.crossed += len(block)
                if self._tap is not None:
                    self._tap.write(block)
                writer.write(block)
                await writer.drain()
            writer.transport.abort()
