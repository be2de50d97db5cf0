"""How many streams of news one officer may have open: of one too many the oldest ends, and nobody else's."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx
from inside import CLERK
from maps import PATIENCE_S, Maps, maps

from quartet.console.api.streams import MAX_STREAMS, first_of


class Listener:
    """One stream of an officer's page, read line by line."""

    def __init__(self, response: httpx.Response) -> None:
        assert response.status_code == 200
        self._lines = response.aiter_lines()

    async def until(self, word: str) -> str | None:
        """Return the next line that has a word in it; None once the stream has ended without one."""
        async with asyncio.timeout(PATIENCE_S):
            async for line in self._lines:
                if word in line:
                    return line
        return None


def listening(scenario: Callable[[Maps, Callable[[dict[str, str]], Awaitable[Listener]]], Awaitable[Any]]) -> Any:
    """Play a scenario at a fresh console; it gets what opens a stream for whoever is signed in."""

    async def play() -> Any:
        async with maps() as console, AsyncExitStack() as stack:
            many = httpx.Limits(max_connections=None)
            client = await stack.enter_async_context(
                httpx.AsyncClient(base_url=console.origin, timeout=PATIENCE_S, limits=many)
            )

            async def listen(signed_in: dict[str, str]) -> Listener:
                stream = client.stream("GET", "/api/events", headers=signed_in)
                return Listener(await stack.enter_async_context(stream))

            return await scenario(console, listen)

    return asyncio.run(play())


def test_of_an_officers_streams_the_oldest_ends_when_she_opens_too_many_and_all_others_go_on() -> None:
    async def scenario(console: Maps, listen: Callable[[dict[str, str]], Awaitable[Listener]]) -> list[str | None]:
        hers, again = await console.sign_in(), await console.sign_in()
        clerk = await listen(await console.sign_in(CLERK.name))
        oldest, *others = [await listen(hers if n % 2 else again) for n in range(MAX_STREAMS)]
        others.append(await listen(hers))
        ended = await oldest.until("data:")
        await console.world.report(False)
        return [ended, *[await one.until("data:") for one in (clerk, *others)]]

    ended, *told = listening(scenario)

    assert ended is None
    assert len(told) == 1 + MAX_STREAMS
    assert all('"kind":"item"' in one for one in told)


def test_a_stream_that_was_closed_is_counted_no_more() -> None:
    async def scenario(console: Maps, listen: Callable[[dict[str, str]], Awaitable[Listener]]) -> str | None:
        signed_in = await console.sign_in()
        first = await listen(signed_in)
        async with httpx.AsyncClient(base_url=console.origin, timeout=PATIENCE_S) as client:
            for _ in range(2 * MAX_STREAMS):
                async with client.stream("GET", "/api/events", headers=signed_in) as passing:
                    assert passing.status_code == 200
                while len(console.world.node.watching._bells) > 1:  # noqa: ASYNC110 - it hears a moment after
                    await asyncio.sleep(0.01)
        await console.world.report(False)
        return await first.until("data:")

    assert '"kind":"item"' in str(listening(scenario))


def test_what_alarms_overtakes_all_that_waits_to_be_told() -> None:
    async def alarms(rung: asyncio.Event) -> AsyncIterator[str]:
        await rung.wait()
        yield "alarm"
        await asyncio.Event().wait()

    async def backlog() -> AsyncIterator[str]:
        for n in range(100):
            yield f"news {n}"

    async def play() -> list[str | None]:
        rung, heard = asyncio.Event(), list[str | None]()
        async for one in first_of((alarms(rung), backlog()), lambda: len(heard) < 9, asyncio.Event()):
            heard.append(one)
            if one == "news 3":
                rung.set()
                await asyncio.sleep(0)
        return heard

    heard = asyncio.run(play())

    assert heard.index("alarm") <= heard.index("news 3") + 2
    assert [one for one in heard if one != "alarm"] == [f"news {n}" for n in range(8)]
