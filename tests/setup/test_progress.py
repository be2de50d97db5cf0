"""While a step takes long, who watches sees that it goes on, and a pipe is not flooded."""

import asyncio
import io

import pytest

from quartet.exercise import progress
from quartet.exercise.progress import CLEAR, Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Seconds:
    """A clock by which a second passes whenever somebody looks at it."""

    def __init__(self) -> None:
        self.passed = -1

    def monotonic(self) -> float:
        self.passed += 1
        return float(self.passed)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Seconds:
    made = Seconds()
    monkeypatch.setattr(progress, "time", made)
    monkeypatch.setattr(progress, "COUNT_S", 0)
    return made


def told(out: io.StringIO | None, clock: Seconds, seconds: int, every: int = 1) -> str:
    async def whole() -> None:
        watched = Progress(out, every)
        async with watched.step():
            watched.doing = "waiting until south has caught up"
            while clock.passed < seconds:  # noqa: ASYNC110 - the clock is looked at by who counts
                await asyncio.sleep(0)

    asyncio.run(whole())
    return "" if out is None else out.getvalue()


def test_at_a_terminal_one_line_counts_and_is_gone_afterwards(clock: Seconds) -> None:
    text = told(Terminal(), clock, 2)

    assert text.count("\n") == 0
    assert [line.split("  ")[-1] for line in text.split(CLEAR)[1:-1]] == ["waiting until south has caught up"] * 2
    assert ["1 s" in text, "2 s" in text, text.endswith(CLEAR)] == [True] * 3


@pytest.mark.parametrize(
    ("seconds", "every", "lines"),
    [(2, 2, ["2 s"]), (5, 2, ["2 s", "4 s"]), (9, 10, [])],
)
def test_in_a_pipe_a_line_comes_only_now_and_then(clock: Seconds, seconds: int, every: int, lines: list[str]) -> None:
    text = told(io.StringIO(), clock, seconds, every)

    assert text == "".join(f"      {line}  waiting until south has caught up\n" for line in lines)


def test_a_script_is_told_nothing(clock: Seconds) -> None:
    assert told(None, clock, 3) == ""
