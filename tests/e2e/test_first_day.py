"""A new officer's first day is done on the demo as its page says it: every key, every click, every command."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from consoles import SIZE, Exchange
from guided import Guided, sentences, steps
from playwright.sync_api import Page

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[2] / "docs" / "tutorial" / "first-day.md"
MEANWHILE = {"$ make demo", "$ . .venv/bin/activate"}
"""Done by the test itself: the demo, and the environment."""
LINK = re.compile(r"^\s+(north|east|south|west) +(http://\S+#\S+)$")
ENROL = re.compile(r"quartet officer enrol duty --dir (\S+)/north$")


@contextmanager
def demo(root: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """Run the demo, and yield its folder and each member's link, as it prints them."""
    with (root / "errors").open("w") as errors:
        told = subprocess.Popen(
            [sys.executable, "-m", "quartet.cli", "demo"],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
    try:
        yield _printed(told)
        assert told.stdout is not None
        assert any(line.startswith("It stays up") for line in told.stdout), (root / "errors").read_text()
    finally:
        told.send_signal(signal.SIGINT)
        told.communicate(timeout=180)
    assert told.returncode == 0, (root / "errors").read_text()


def _printed(told: "subprocess.Popen[str]") -> tuple[Path, dict[str, str]]:
    links: dict[str, str] = {}
    assert told.stdout is not None
    for line in told.stdout:
        if (link := LINK.match(line)) is not None:
            links[link[1]] = link[2]
        if (folder := ENROL.search(line.strip())) is not None:
            return Path(folder[1]), links
    raise AssertionError(f"it said no folder; its links: {links}")


def test_a_new_officers_first_day_is_as_its_page_says(exchange: Exchange, tmp_path: Path) -> None:
    with demo(tmp_path) as (folder, links), ExitStack() as stack:
        pages = {member: stack.enter_context(_window(exchange, links[member])) for member in ("north", "east")}
        officer = Guided(pages, folder)
        done = [step for step in steps(PAGE) if step not in MEANWHILE]
        for step in done:
            officer.do(step)
        assert len(done) > 40
        for page in pages.values():
            page.screenshot(path=Path(__file__).parents[2] / ".cache" / "pictures" / "first-day.png")


def test_a_step_that_nobody_can_try_fails() -> None:
    officer = Guided({"north": None}, Path())  # type: ignore[dict-item]  # no screen is looked at

    with pytest.raises(AssertionError, match="nobody can try this"):
        officer.do("Have a look around.")
    assert sentences("At **north**, press `g`, then `d`. You see **So. It is** beside **east**.") == [
        ("at _", ["north"]),
        ("press _, then _", ["g", "d"]),
        ("you see _ beside _", ["So. It is", "east"]),
    ]


@contextmanager
def _window(exchange: Exchange, link: str) -> Iterator[Page]:
    context = exchange.browser.new_context(viewport=SIZE, locale="en-GB")
    context.set_default_timeout(45_000)
    try:
        page = context.new_page()
        page.goto(link)
        page.wait_for_url("**/inbox")
        yield page
    finally:
        context.close()
