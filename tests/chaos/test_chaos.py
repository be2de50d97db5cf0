"""A short storm; the long one is `make chaos`."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_nothing_is_lost_doubled_or_astray_though_parts_die_at_random() -> None:
    command = (sys.executable, "-m", "tests.chaos", "--faults", "12", "--seed", "7", "--backlog", "30")

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
