"""A trial exchange in this process: real folders, nodes, databases and sockets; only the wire is in memory."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

from quartet.console.api import make_api, serve_api
from quartet.core.ids import MemberId
from quartet.exercise.plan import DUTY, Duty
from quartet.exercise.setup import new_exchange
from quartet.node.folder import MemberFolder
from quartet.node.keyset import Keyset
from quartet.node.office import charter_of
from quartet.node.settings import load_member
from quartet.node.vault import open_vault
from quartet.serve import ended, make_node
from quartet.store import open_store
from quartet.wire.memory import MemoryHub

MEMBERS = ("north", "east", "south", "west")
TICK_S = 0.2
RECALL_DELAY_S = 1.0


class Trial:
    """The folders of a running exchange, and the hub between its members."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.hub = MemoryHub()

    def __getitem__(self, member: str) -> MemberFolder:
        return MemberFolder(self.root / member)


@contextmanager
def trial(
    root: Path,
    recall_delay_s: float = RECALL_DELAY_S,
    officers: tuple[Duty, ...] = (DUTY,),
    settings: str = "",
    prepare: Callable[[Trial], None] = lambda _: None,
) -> Iterator[Trial]:
    """Make an exchange in `root`, north with more `settings`, `prepare` its folders, and run it in a thread."""
    new_exchange(root, MEMBERS, tick_s=TICK_S, recall_delay_s=recall_delay_s, officers=officers)
    made = Trial(root)
    with made["north"].settings.open("a") as file:
        file.write(settings)
    prepare(made)
    ready, stop = threading.Event(), threading.Event()
    failed: list[BaseException] = []

    def work() -> None:
        try:
            asyncio.run(_run(made, ready, stop))
        except BaseException as error:
            failed.append(error)
        finally:
            ready.set()

    thread = threading.Thread(target=work)
    thread.start()
    ready.wait()
    try:
        if not failed:
            yield made
    finally:
        stop.set()
        thread.join()
    if failed:
        raise failed[0]


async def _run(made: Trial, ready: threading.Event, stop: threading.Event) -> None:
    async with AsyncExitStack() as stack:
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        for member in MEMBERS:
            folder = made[member]
            settings, keys, state = load_member(folder), Keyset.of(open_vault(folder.vault)), charter_of(folder)
            store = stack.enter_context(open_store(folder.path(settings.store), keys.store))
            node = make_node(folder, settings, state, keys, store, made.hub.carrier(MemberId(member)))
            running = tasks.create_task(node.run())
            stack.push_async_callback(ended, running)
            await stack.enter_async_context(serve_api(make_api(node), folder.path(settings.api.socket)))
        ready.set()
        await asyncio.to_thread(stop.wait)
