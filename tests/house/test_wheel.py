"""What a user installs: built from the sources alone, on a machine that has Python and no Node."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
MAX_WHEEL: Final = 12 * 2**20
"""Bytes; what a member downloads over a poor line. The basemap is most of it."""


@pytest.mark.slow
@pytest.mark.skipif("CI" not in os.environ, reason="it fetches Node and what the page is built from")
def test_a_wheel_is_built_without_node_and_holds_the_page_and_nothing_of_its_making(tmp_path: Path) -> None:
    sources, empty, made = tmp_path / "sources", tmp_path / "empty", tmp_path / "made"
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (sources / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, sources / name)
    empty.mkdir()
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(made), str(sources)]

    subprocess.run(command, env=os.environ | {"PATH": str(empty)}, check=True, capture_output=True)

    (wheel,) = made.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "quartet/console/page/index.html" in names
    assert any(name.startswith("quartet/console/page/assets/") and name.endswith(".js") for name in names)
    assert [name for name in names if "node_modules" in name or name.startswith(("frontend", "tests"))] == []
    assert wheel.stat().st_size < MAX_WHEEL
