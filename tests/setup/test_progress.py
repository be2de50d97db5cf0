"""While a step takes long, who watches sees that it goes on, and a pipe is not flooded."""

import asyncio
import io

from quartet.exercise.progress import CLEAR, Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def told(out: io.StringIO, seconds: float, every: int = 1) -> str:
    async def whole() -> None:
        progress = Progress(out, every)
        async with progress.step():
            progress.doing = "waiting until south has caught up"
            await asyncio.sleep(seconds)

    asyncio.run(whole())
    return out.getvalue()


def test_at_a_terminal_one_line_counts_and_is_gone_afterwards() -> None:
    text = told(Terminal(), 2.5)

    assert text.count("\n") == 0
    assert [line.split("  ")[-1] for line in text.split(CLEAR)[1:-1]] == ["waiting until south has caught up"] * 2
    assert ["1 s" in text, "2 s" in text, text.endswith(CLEAR)] == [True] * 3


def test_in_a_pipe_a_line_comes_only_now_and_then() -> None:
    assert told(io.StringIO(), 2.5, every=2) == "      2 s  waiting until south has caught up\n"
    assert told(io.StringIO(), 1.5, every=10) == ""


def test_a_script_is_told_nothing() -> None:
    async def whole() -> None:
        async with Progress(None).step():
            await asyncio.sleep(1.2)

    asyncio.run(whole())
