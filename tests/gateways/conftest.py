"""Share the worlds of the node's tests."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "node"))
sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "cli"))


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"
