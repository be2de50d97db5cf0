"""The second verifier is asked about what the other tests make: the golden files, the proofs, a running exchange."""

import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), *(str(TESTS / folder) for folder in ("golden", "core/proof", "node"))]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"
