"""The second verifier's sources are written in the style of the console's."""

import os
import subprocess
from pathlib import Path

import pytest
from second import ROOT, node

FRONTEND = ROOT / "frontend"
PRETTIER = FRONTEND / "node_modules" / "prettier" / "bin" / "prettier.cjs"
ALONE = {"index.html", "page.css", "page.js", "quartet-verify.js"}


def test_its_sources_are_formatted_as_the_consoles() -> None:
    if not PRETTIER.exists() and os.environ.get("CI"):
        pytest.fail("CI has no prettier, so that the format was not checked")
    if not PRETTIER.exists():
        pytest.skip("prettier is not installed: make page")
    sources = [ROOT / "verifier", *sorted(Path(__file__).parent.glob("*.js"))]

    words: list[str | Path] = [node(), PRETTIER, "--config", FRONTEND / ".prettierrc.json", "--check", *sources]
    done = subprocess.run(words, cwd=FRONTEND, capture_output=True, text=True, check=False, timeout=120)

    assert done.returncode == 0, done.stderr


def test_it_needs_nothing_but_itself() -> None:
    source = (ROOT / "verifier" / "quartet-verify.js").read_text(encoding="utf-8")

    assert {path.name for path in (ROOT / "verifier").iterdir()} == ALONE
    assert source.count("require(") == 1
    assert "require('node:fs')" in source
    assert "import(" not in source
    assert "fetch" not in source
