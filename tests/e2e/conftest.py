"""Three members in processes of their own, and a browser for the officer of each.

Where there is no Chromium the tests are skipped, and say so; in CI they fail.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest
from consoles import Console, Exchange, chromium, open_exchange
from troubles import Troubled, troubled

HERE: Final = Path(__file__).parent
CROWDED: Final = frozenset({"test_brokering_page.py", "test_requests_page.py", "test_first_sight.py"})


class Kept:
    """The exchange of this folder's tests, once the first of them wants it."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._made: Exchange | None = None
        self._bad: Troubled | None = None

    def open(self, root: Path) -> Exchange:
        """Return the exchange, made if there is none."""
        if self._made is None:
            self._made = self._stack.enter_context(open_exchange(root))
        return self._made

    def bad(self, world: Exchange, root: Path) -> Troubled:
        """Return the exchange for bad days, made if there is none; the browser of `world` looks at it."""
        if self._bad is None:
            self._bad = self._stack.enter_context(troubled(root, world))
        return self._bad

    def close(self) -> None:
        """End both; the next test that wants one makes another."""
        self._made = self._bad = None
        self._stack.close()


KEPT: Final = Kept()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """End the exchange with the last test of this folder: Playwright's loop runs in this thread, and others want one.

    A session's fixture would end after all other tests, of which none could run a loop of its own. So does the last of
    a file that leaves many urgent items behind: an inbox shows the urgent first, and the next tests' would lie below.
    """
    crowded = item.path.name in CROWDED and (nextitem is None or nextitem.path != item.path)
    try:
        return (yield)
    finally:
        if crowded or nextitem is None or HERE not in nextitem.path.parents:
            KEPT.close()


@pytest.fixture
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Exchange:
    """Give a running exchange of north, east and west; the tests of this folder share it."""
    if chromium() is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium here, and CI lets no test of the console be left out")
        pytest.skip("no Chromium here: apt-get install chromium")
    return KEPT.open(tmp_path_factory.mktemp("e2e") / "x")


@pytest.fixture
def world(exchange: Exchange, tmp_path_factory: pytest.TempPathFactory) -> Troubled:
    """Give the exchange for bad days: north and east, each with two officers; the way between them can be cut."""
    return KEPT.bad(exchange, tmp_path_factory.mktemp("bad") / "x")


@pytest.fixture
def north(exchange: Exchange) -> Iterator[Console]:
    """Give north's officer at her console, signed in."""
    with exchange.console("north") as console:
        yield console


@pytest.fixture
def east(exchange: Exchange) -> Iterator[Console]:
    """Give east's officer at hers."""
    with exchange.console("east") as console:
        yield console


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Give the folder where pictures of the console are kept."""
    folder = Path(__file__).parents[2] / ".cache" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
