"""Two members in processes of their own, and a browser for the officer of each.

Where there is no Chromium the tests are skipped, and say so; in CI they fail.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from consoles import Console, Exchange, chromium, open_exchange


@pytest.fixture(scope="session")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exchange]:
    """Give a running exchange of north, east and west."""
    if chromium() is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium here, and CI lets no test of the console be left out")
        pytest.skip("no Chromium here: apt-get install chromium")
    with open_exchange(tmp_path_factory.mktemp("e2e") / "x") as made:
        yield made


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
