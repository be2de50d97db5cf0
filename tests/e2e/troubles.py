"""An exchange for bad days, beside the one of this folder: the way to its hub can be cut, its nodes killed."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

from consoles import Exchange

from quartet.core.ids import OfficerName
from quartet.exercise.cut import CutProxy
from quartet.exercise.plan import DUTY, Duty
from quartet.exercise.ports import choose_ports
from quartet.exercise.setup import new_exchange
from quartet.exercise.up import Processes
from quartet.node.folder import HubFolder
from quartet.node.settings import load_hub

MEMBERS: Final = ("north", "east")
DEPUTY: Final = Duty(OfficerName("deputy"), roles=(*DUTY.roles, "administrator"))

T = TypeVar("T")


class Troubled(Exchange):
    """An exchange of north and east, each with `duty` and `deputy`, who is administrator; recalls wait for a day.

    East says that it is no trial.
    """

    def __init__(self, world: Exchange, loop: asyncio.AbstractEventLoop, east: CutProxy) -> None:
        super().__init__(world.root, world._processes, world.browser, world._addresses, loop)
        self._east = east

    def cut(self) -> None:
        """Part east from the hub."""
        self._loop.call_soon_threadsafe(self._east.cut)

    def mend(self) -> None:
        """Let east reach the hub again."""
        self._loop.call_soon_threadsafe(self._east.mend)


@contextmanager
def troubled(root: Path, world: Exchange) -> Iterator[Troubled]:
    """Make and run one, seen by the browser of `world`."""
    new_exchange(root, MEMBERS, officers=(DEPUTY, DUTY))
    hub = load_hub(HubFolder(root / "hub-1"))
    (port,) = choose_ports(1)
    settings = root / "east" / "settings.toml"
    text = settings.read_text().replace("trial = true", "trial = false")
    settings.write_text(f'{text}\n[[wire.hubs]]\nname = "hub-1"\nurl = "tls://127.0.0.1:{port}"\n')
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def do(work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, loop).result(150)

    proxy, processes = CutProxy(port, (hub.wire.host, hub.wire.port)), Processes(root)
    try:
        do(proxy.start())
        ready = do(processes.start(120))
        addresses = {part.name: part.addresses["console"] for part in ready if "console" in part.addresses}
        made = Troubled(Exchange(root, processes, world.browser, addresses, loop), loop, proxy)
        yield made
        made.close()
    finally:
        do(processes.stop())
        do(proxy.stop())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
