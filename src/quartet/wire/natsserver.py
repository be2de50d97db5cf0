"""Run nats-server as a child: start it, watch over it, stop it; it dies with us.

It is started again when it dies. Its log and settings lie in the run folder (mode 0700, settings 0600).
"""

import asyncio
import contextlib
import ctypes
import errno
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final

from quartet.core.faults import Unavailable
from quartet.wire.natsbinary import check_version, find_binary

READY_SECONDS: Final = 10.0
PORT_SECONDS: Final = 3.0
"""How long a port may stay taken before we give up: a server that was just killed lets go within."""
STOP_SECONDS: Final = 5.0
RESTART_SECONDS: Final = 0.2
_PR_SET_PDEATHSIG: Final = 1
_LIBC: Final = ctypes.CDLL(None) if sys.platform == "linux" else None


def free_port(host: str = "127.0.0.1") -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


class NatsServer:
    """One nats-server child. `listens` are the addresses it will take, checked before each start.

    The first is for clients: nats-server opens it last, and is ready once it answers there.
    """

    def __init__(
        self,
        name: str,
        config: str,
        *,
        folder: Path,
        listens: Sequence[tuple[str, int]],
        binary: Path | None = None,
    ) -> None:
        self.name = name
        self.restarts = 0
        self.trouble = ""
        """Why it could not be started again, while it cannot."""
        self._config = config
        self._folder = folder
        self._listens = tuple(listens)
        self._given = binary
        self._binary: Path | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The child's process id while it runs."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    @property
    def config_path(self) -> Path:
        """Where the settings lie."""
        return self._folder / f"{self.name}.conf"

    @property
    def log_path(self) -> Path:
        """Where the server's log lies."""
        return self._folder / f"{self.name}.log"

    async def start(self) -> None:
        """Write the settings, start the child and return when it answers; then watch over it.

        Raise `Unavailable` with `nats-server-missing`, `nats-server-version`, `port-taken`, `address-not-here` or
        `nats-server-failed`, `Untrusted` with `nats-server-changed`.
        """
        self._binary = find_binary(self._given)
        check_version(await _output(self._binary, "--version"))
        self._write()
        await self._launch()
        self._watch = asyncio.create_task(self._watch_over(), name=f"nats-server {self.name}")

    async def stop(self) -> None:
        """End the child and the watch over it."""
        watch, self._watch = self._watch, None
        try:
            if watch is not None:
                watch.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await watch
        finally:
            await self._end()

    def write(self, config: str) -> None:
        """Write new settings for the next start or reload (`hubadmin` puts them in force on a running hub)."""
        self._config = config
        self._write()

    async def restart(self, config: str) -> None:
        """End the child; the watch over it starts it again, with new settings. Who was connected comes back by itself.

        For what a reload does not put in force: where a member's server connects to.
        """
        self.write(config)
        await self._end()

    async def __aenter__(self) -> "NatsServer":
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def _write(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(self.config_path, self._config.encode())

    async def _launch(self) -> None:
        await self._await_ports()
        command = [str(self._binary), "-c", str(self.config_path), "-l", str(self.log_path)]
        null = asyncio.subprocess.DEVNULL
        with self._complaints.open("wb") as complaints:
            self._process = await asyncio.create_subprocess_exec(
                *command,
                stdin=null,
                stdout=null,
                stderr=complaints,
                start_new_session=True,
                preexec_fn=_die_with(os.getpid()),
            )
        try:
            await self._await_ready(self._process)
        except BaseException:
            await self._end()
            raise

    async def _await_ports(self) -> None:
        deadline = _now() + PORT_SECONDS
        for host, port in self._listens:
            while (error := _refusal(host, port)) is not None:
                if _now() > deadline:
                    raise self._cannot_listen(f"{host}:{port}", error)
                await asyncio.sleep(0.05)

    def _cannot_listen(self, at: str, error: OSError) -> Unavailable:
        if error.errno == errno.EADDRINUSE:
            mend = "end what uses it, or set another port in settings.toml"
            return Unavailable("port-taken", f"{self.name} needs {at}: {mend}")
        why = error.strerror or "it cannot be had"
        return Unavailable("address-not-here", f"{self.name} is to listen at {at}: {why}; correct it in settings.toml")

    async def _await_ready(self, process: asyncio.subprocess.Process) -> None:
        deadline = _now() + READY_SECONDS
        while not all([await _answers(*address) for address in self._listens[:1]]):
            if process.returncode is not None or _now() > deadline:
                raise Unavailable("nats-server-failed", f"{self.name}: {self._last_words()}")
            await asyncio.sleep(0.02)

    @property
    def _complaints(self) -> Path:
        """What it says before it opens its log: that it cannot read its settings."""
        return self._folder / f"{self.name}.err"

    def _last_words(self) -> str:
        lines: list[str] = []
        for path in (self._complaints, self.log_path):
            with contextlib.suppress(OSError):
                lines += path.read_text(errors="replace").splitlines()
        bad = [line for line in lines if "[FTL]" in line or "[ERR]" in line] or lines
        return bad[-1][-300:] if bad else f"no word in {self.log_path}"

    async def _watch_over(self) -> None:
        while True:
            if self._process is not None:
                await self._process.wait()
            await asyncio.sleep(RESTART_SECONDS)
            try:
                await self._launch()
            except (Unavailable, OSError) as error:
                self.trouble = str(error)
            else:
                self.trouble = ""
                self.restarts += 1

    async def _end(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()


def write_private(path: Path, data: bytes) -> None:
    """Write `data` to a file that only we may read, whole or not at all."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _die_with(parent: int) -> Callable[[], None] | None:
    """Return what makes a child die with `parent`, also by kill -9; None where the system has no such thing."""
    if _LIBC is None:
        return None

    def tie() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return tie


async def _output(binary: Path, *arguments: str) -> str:
    pipe = asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(str(binary), *arguments, stdout=pipe, stderr=pipe)
        out, err = await asyncio.wait_for(process.communicate(), READY_SECONDS)
    except (OSError, TimeoutError) as error:
        raise Unavailable("nats-server-missing", f"{binary} does not run: {error}") from error
    return (out + err).decode(errors="replace")


def _refusal(host: str, port: int) -> OSError | None:
    """Return why nobody can listen at an address; None where one can."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error
        return None


async def _answers(host: str, port: int) -> bool:
    try:
        async with asyncio.timeout(1):
            _, writer = await asyncio.open_connection(host, port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return True


def _now() -> float:
    return asyncio.get_running_loop().time()
