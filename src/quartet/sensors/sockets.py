"""The two ways in which a live sensor is heard: datagrams, also of a multicast group, and a connection."""

import asyncio
import ipaddress
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, NamedTuple

from quartet.core.faults import Unavailable

PIECE: Final = 64 * 1024
CONNECT_S: Final = 10.0
SILENT_S: Final = 60.0
"""A connection over which nothing comes for so long is made anew."""
BUFFER: Final = 4 * 1024 * 1024
"""Bytes of datagrams that the system is asked to keep until we read them."""


class Address(NamedTuple):
    """Where a sensor is heard."""

    kind: str
    host: str
    port: int


def parse_address(text: str) -> Address:
    """Return what an address of the settings says, `udp://239.1.1.1:8600`."""
    kind, _, rest = text.partition("://")
    host, _, port = rest.rpartition(":")
    return Address(kind, host.strip("[]"), int(port))


@asynccontextmanager
async def datagrams(
    address: Address, interface: str | None, sender: str | None, put: Callable[[bytes], None]
) -> AsyncIterator[tuple[str, int]]:
    """Hand each datagram that comes to an address to `put`, from `sender` alone if one is named; yield where."""
    loop = asyncio.get_running_loop()
    heard = await _bound(address, interface)
    transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(put, sender), sock=heard)
    try:
        yield heard.getsockname()[:2]
    finally:
        transport.close()


async def connection(address: Address, put: Callable[[bytes], Awaitable[None]]) -> None:
    """Connect, and hand over each piece that comes; raise `Unavailable` when it ends or is silent, or `OSError`."""
    async with asyncio.timeout(CONNECT_S):
        reader, writer = await asyncio.open_connection(address.host, address.port, limit=PIECE)
    try:
        while data := await _next(reader):
            await put(data)
    except TimeoutError as error:
        raise Unavailable("silent", f"nothing came from {address.host} for {SILENT_S:g} s") from error
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
    raise Unavailable("ended", f"{address.host} ended the connection")


async def _next(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(SILENT_S):
        return await reader.read(PIECE)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, put: Callable[[bytes], None], sender: str | None) -> None:
        self._put = put
        self._sender = sender

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        if data and self._sender in (None, addr[0]):
            self._put(data)


async def _bound(address: Address, interface: str | None) -> socket.socket:
    found = await asyncio.get_running_loop().getaddrinfo(address.host, address.port, type=socket.SOCK_DGRAM)
    family, kind, protocol, _, where = found[0]
    made = socket.socket(family, kind, protocol)
    try:
        made.setblocking(False)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        group = ipaddress.ip_address(where[0])
        if group.is_multicast:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(where)
        if group.is_multicast:
            _join(made, group, interface)
    except BaseException:
        made.close()
        raise
    return made


def _join(made: socket.socket, group: ipaddress.IPv4Address | ipaddress.IPv6Address, interface: str | None) -> None:
    """Join a group, at the interface that has an address (IPv4), or at the one that the system chooses."""
    if group.version == 4:
        at = ipaddress.IPv4Address(interface or "0.0.0.0").packed  # noqa: S104 - the system's choice
        made.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group.packed + at)
    else:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, group.packed + struct.pack("@I", 0))
