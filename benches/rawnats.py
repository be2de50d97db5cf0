"""Raw core NATS: one server, one publisher, three subscribers, nothing signed, sealed, stored or acknowledged."""

import asyncio
import multiprocessing
import time
from multiprocessing.synchronize import Semaphore
from pathlib import Path
from typing import Final

from nats.aio.client import Client
from nats.aio.msg import Msg

from quartet.exercise.ports import choose_ports
from quartet.wire.natsbinary import find_binary

SUBSCRIBERS: Final = 3
FLUSH_EVERY: Final = 500


async def items_a_second(count: int, size: int, folder: Path) -> float:
    """Return how many items a second reach all three subscribers."""
    port = choose_ports(1)[0]
    with (folder / "raw-nats.log").open("wb") as log:
        server = await asyncio.create_subprocess_exec(
            str(find_binary()), "-a", "127.0.0.1", "-p", str(port), stdout=log, stderr=log
        )
    context = multiprocessing.get_context("spawn")
    ready, done = context.Semaphore(0), context.Semaphore(0)
    children = [context.Process(target=_subscribe, args=(port, count, ready, done)) for _ in range(SUBSCRIBERS)]
    try:
        await asyncio.sleep(0.5)
        for child in children:
            child.start()
        for _ in children:
            await asyncio.to_thread(ready.acquire)
        client = Client()
        await client.connect(f"nats://127.0.0.1:{port}")
        body, start = b"x" * size, time.perf_counter()
        for n in range(count):
            await client.publish("raw", body)
            if n % FLUSH_EVERY == 0:
                await client.flush(60)
        await client.flush(60)
        for _ in children:
            await asyncio.to_thread(done.acquire, True, 60)
        spent = time.perf_counter() - start
        await client.close()
    finally:
        server.terminate()
        await server.wait()
        for child in children:
            child.join(5)
    return count / spent


def _subscribe(port: int, count: int, ready: Semaphore, done: Semaphore) -> None:
    asyncio.run(_count(port, count, ready, done))


async def _count(port: int, count: int, ready: Semaphore, done: Semaphore) -> None:
    client, heard, last = Client(), 0, asyncio.Event()
    await client.connect(f"nats://127.0.0.1:{port}")

    async def one(_: Msg) -> None:
        nonlocal heard
        heard += 1
        if heard == count:
            last.set()

    await client.subscribe("raw", cb=one, pending_bytes_limit=-1, pending_msgs_limit=-1)
    await client.flush()
    ready.release()
    await last.wait()
    done.release()
    await client.close()
