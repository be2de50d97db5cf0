from collections.abc import Iterator
from pathlib import Path

import pytest
from stored import opened

from quartet.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path) as store:
        yield store
