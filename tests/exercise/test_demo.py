"""How long the demo stays up, and what it says of that."""

import asyncio
import time
from pathlib import Path

import pytest

from quartet.exercise.demo import _stay
from quartet.exercise.progress import Progress
from quartet.exercise.receivers import STATIONS
from quartet.exercise.story import Stage

pytestmark = pytest.mark.anyio


async def said(seconds: float | None, passed: float, root: Path, *, asked: bool = False) -> tuple[str, float]:
    """Return what is said after the story, which took so long, and how long it stays up then."""
    lines: list[str] = []
    stage = Stage(root=root, ways={}, say=lines.append, progress=Progress(None), recording=None)
    stop = asyncio.Event()
    if asked:
        stop.set()
    began = time.monotonic()
    await _stay(stage, seconds, began - passed, stop)
    return "\n".join(lines), time.monotonic() - began


async def test_what_is_shorter_than_the_story_ends_with_it_and_says_why(tmp_path: Path) -> None:
    told, stayed = await said(20, 70, tmp_path)

    assert "took until second 70" in told
    assert "--for" in told
    assert stayed < 0.5


async def test_what_is_longer_than_the_story_stays_up_for_the_rest(tmp_path: Path) -> None:
    told, stayed = await said(71, 70, tmp_path)

    assert "another 1 s" in told
    assert 0.8 < stayed < 3


async def test_without_a_time_it_stays_up_until_it_is_asked_to_end(tmp_path: Path) -> None:
    told, _ = await said(None, 70, tmp_path, asked=True)

    assert "Ctrl-C" in told


def test_each_of_its_feeds_has_a_title_of_its_own() -> None:
    titles = [title for station in STATIONS for title in station.titles]

    assert len(titles) == len(set(titles)) > len(STATIONS)
