"""Serve the API on a local socket that only its owner may open, and the console on a port, inside a running loop."""

import asyncio
import contextlib
import ipaddress
import os
import socket
from collections.abc import AsyncIterator, Generator
from pathlib import Path
from typing import Final, Literal

import uvicorn
from litestar.types import ASGIApp

from quartet.core.faults import Malformed, Unavailable
from quartet.node.folder import check_socket_path
from quartet.node.settings import Console
from quartet.picture.look import MAX_LOOK

BACKLOG: Final = 128
STOP_SECONDS: Final = 3
START_LOOK: Final = 0.01
SOCKETS: Final = "websockets-sansio"
PING_SECONDS: Final = 20.0
"""How often a silent browser is asked whether it is there, and how long it may take to say so."""

IDLE_SECONDS: Final = 5
"""How long a browser's connection that says nothing is kept."""
LOCAL_IDLE_SECONDS: Final = 120
"""How long a command's is: longer than any waits for an answer. A node that was busy for as long as a connection may be
idle would close it with the next request unread in it, and who sent that could not know."""

Identity = tuple[Path, Path]
"""A certificate chain and its key."""


class _Server(uvicorn.Server):
    """uvicorn's server without its hands on the process's signals: whoever runs the loop has those."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


@contextlib.asynccontextmanager
async def serve_api(app: ASGIApp, path: Path) -> AsyncIterator[Path]:
    """Serve `app` at the socket `path` (mode 0600) while the context lasts; the caller alone owns the folder.

    Raise `Unavailable("socket-taken")` where the socket cannot be made.
    """
    listener = listen(path)
    try:
        async with _serving(_config(app, idle_s=LOCAL_IDLE_SECONDS), listener):
            yield path
    finally:
        _remove(listener, path)


@contextlib.asynccontextmanager
async def serve_console(app: ASGIApp, settings: Console, tls: Identity | None) -> AsyncIterator[str]:
    """Serve `app` to browsers while the context lasts, and give its address.

    Raise `Malformed("console-without-tls")` for a door to other machines that is not behind TLS, or
    `Unavailable("port-taken")`.
    """
    if tls is None and not _loopback(settings.listen):
        raise Malformed("console-without-tls", f"{settings.listen}: give console.certificate and console.key")
    config = _config(app, SOCKETS, settings.proxy)
    if tls is not None:
        config.ssl_certfile, config.ssl_keyfile = str(tls[0]), str(tls[1])
    with _bound(settings.listen, settings.port) as listener:
        async with _serving(config, listener):
            yield settings.address


@contextlib.asynccontextmanager
async def _serving(config: uvicorn.Config, listener: socket.socket) -> AsyncIterator[None]:
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await _started(server, serving)
        yield
    finally:
        server.should_exit = True
        await serving


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextlib.contextmanager
def _bound(host: str, port: int) -> Generator[socket.socket, None, None]:
    try:
        listener = socket.create_server((host, port), backlog=BACKLOG)
    except OSError as error:
        detail = f"{host}:{port}: {error.strerror}: end what uses it, or set console.port"
        raise Unavailable("port-taken", detail) from error
    with listener:
        listener.setblocking(False)
        yield listener


@contextlib.asynccontextmanager
async def serve_loopback(app: ASGIApp, address: str) -> AsyncIterator[str]:
    """Serve `app` at an address of this machine's loopback, `127.0.0.1:9100`, while the context lasts.

    Raise `Unavailable("port-taken")` where nobody can listen there.
    """
    with _listen_at(address) as listener:
        async with _serving(_config(app, idle_s=LOCAL_IDLE_SECONDS), listener):
            yield f"http://{address}"


async def _started(server: _Server, serving: asyncio.Task[None]) -> None:
    while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn tells it in no other way
        await asyncio.sleep(START_LOOK)
    if serving.done():
        await serving


def _listen_at(address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host.strip("[]"), int(port)))
        listener.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        raise Unavailable("port-taken", f"{address}: {error}; set `metrics` to another port") from error
    listener.setblocking(False)
    return listener


def listen(path: Path) -> socket.socket:
    """Return a listening socket at `path` that nobody but its owner could ever open."""
    check_socket_path(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with _owner_only():
            listener.bind(str(path))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise Unavailable("socket-taken", f"{path}: {error.strerror}") from error
    listener.setblocking(False)
    return listener


def _remove(listener: socket.socket, path: Path) -> None:
    listener.close()
    path.unlink(missing_ok=True)


@contextlib.contextmanager
def _owner_only() -> Generator[None, None, None]:
    before = os.umask(0o177)
    try:
        yield
    finally:
        os.umask(before)


def _config(
    app: ASGIApp,
    sockets: Literal["none", "websockets-sansio"] = "none",
    proxy: str | None = None,
    idle_s: int = IDLE_SECONDS,
) -> uvicorn.Config:
    """Return how an app is served; what a request says of whom it was forwarded for is believed of `proxy` alone."""
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=proxy or "",
        lifespan="off",
        ws=sockets,
        ws_max_size=MAX_LOOK,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        ws_per_message_deflate=False,
        timeout_keep_alive=idle_s,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
