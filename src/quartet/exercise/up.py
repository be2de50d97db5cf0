"""Run an exchange in the foreground: a process a member and hub, until a signal says stop."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

from quartet.core.faults import Fault, Malformed
from quartet.exercise.process import START_SECONDS, Part
from quartet.node.files import refused
from quartet.node.folder import Folder
from quartet.node.instance import Ready, stop_asked
from quartet.node.settings import HubSettings, load_settings

RESTART_SECONDS: Final = 0.5

Say = Callable[[str], None]


class Processes:
    """The processes of an exchange; leaving them (`async with`) stops all, members before hubs."""

    def __init__(self, directory: Path) -> None:
        hubs, members = find_parts(directory)
        self.hubs = {root.name: Part(root) for root in hubs}
        self.members = {root.name: Part(root) for root in members}

    @property
    def parts(self) -> dict[str, Part]:
        """All of them by name, hubs first."""
        return {**self.hubs, **self.members}

    async def start(self, within: float = START_SECONDS) -> list[Ready]:
        """Start all and wait until each serves; raise the fault of the first that cannot."""
        for part in self.parts.values():
            await part.start()
        try:
            async with asyncio.TaskGroup() as group:
                waiting = [group.create_task(part.serving(within)) for part in self.parts.values()]
        except ExceptionGroup as faults:
            raise faults.exceptions[0] from faults
        return [task.result() for task in waiting]

    async def stop(self) -> None:
        """Stop all, members before hubs."""
        for parts in (self.members, self.hubs):
            await asyncio.gather(*(part.stop() for part in parts.values()))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()


def find_parts(directory: Path) -> tuple[list[Path], list[Path]]:
    """Return the folders of the hubs and of the members; raise `Malformed("not-an-exchange")` where none is."""
    roots = [path for path in _within(directory) if (path / "settings.toml").exists()]
    if not roots:
        raise Malformed("not-an-exchange", _instead(directory))
    hubs = [root for root in roots if isinstance(load_settings(Folder(root)), HubSettings)]
    return hubs, [root for root in roots if root not in hubs]


def _within(directory: Path) -> list[Path]:
    try:
        return sorted(path for path in directory.iterdir() if path.is_dir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise refused(error, directory, "cannot-read") from error


def _instead(directory: Path) -> str:
    """Return what to do where a folder is no exchange."""
    if (directory / "settings.toml").exists():
        return f"{directory} is one member or hub: quartet serve --dir {directory}, or name the folder above it"
    if directory.is_dir() or not directory.exists():
        return f"{directory} has no member in it: make an exchange with quartet new-exchange {directory}"
    return f"{directory} is a file: name the folder that quartet new-exchange made"


def tell(line: str) -> None:
    """Print a line at once, also into a pipe."""
    print(line, flush=True)


def up(directory: Path, *, supervise: bool = False, say: Say = tell) -> None:
    """Run the exchange in `directory` until SIGTERM or Ctrl-C; `supervise` starts again what ends."""
    asyncio.run(run_up(directory, supervise=supervise, say=say))


async def run_up(directory: Path, *, supervise: bool = False, say: Say = tell) -> None:
    """As `up`, inside a running loop: (1) start all, (2) say where each listens and `ready`, (3) wait, (4) stop all."""
    asked = stop_asked()
    async with Processes(directory) as processes:
        starting = asyncio.create_task(processes.start())
        await _either(starting, asked)
        if asked.is_set():
            return
        for line in addresses(starting.result()):
            say(line)
        say("Ctrl-C ends all of them")
        say("ready")
        await _watch(processes, asked, supervise=supervise, say=say)


def addresses(ready: Iterable[Ready]) -> list[str]:
    """Return a line for each part: its name, its process and where it listens."""
    parts = list(ready)
    wide = max((len(part.name) for part in parts), default=0)
    return [
        "  ".join(
            (part.name.ljust(wide), f"pid {part.pid:<7}", *(f"{use} {where}" for use, where in part.addresses.items()))
        )
        for part in parts
    ]


async def _watch(processes: Processes, asked: asyncio.Event, *, supervise: bool, say: Say) -> None:
    keep = _keep_up if supervise else _tell_end
    watching = asyncio.gather(*(keep(part, say) for part in processes.parts.values()))
    await _either(watching, asked)


async def _tell_end(part: Part, say: Say) -> None:
    code = await part.wait()
    say(f"{part.name} ended, exit {code}; see {part.log}")


async def _keep_up(part: Part, say: Say) -> None:
    while True:
        await _tell_end(part, say)
        await asyncio.sleep(RESTART_SECONDS)
        await part.start()
        try:
            await part.serving()
            say(f"{part.name} serves again")
        except Fault as fault:
            say(str(fault))


async def _either(work: asyncio.Future[list[Ready]] | asyncio.Future[list[None]], asked: asyncio.Event) -> None:
    stop = asyncio.create_task(asked.wait())
    await asyncio.wait((work, stop), return_when=asyncio.FIRST_COMPLETED)
    for waiting in (work, stop):
        if not waiting.done():
            waiting.cancel()
            with suppress(asyncio.CancelledError):
                await waiting
