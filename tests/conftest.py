"""What holds for every test."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import lastwords
import quartet
from quartet.node import vault

settings.register_profile("unhurried", settings.default, deadline=None)
"""A slow machine breaks no law: how long an example takes is for the benches to say."""
settings.load_profile("unhurried")


def compile_what_is_not() -> None:
    """Remove compiled loops that are older than any of their sources, and compile all where there is none.

    A loop that calls another holds it whole, and numba looks only whether the caller's own file has changed. A node
    that finds none shows tracks apart until its child has compiled them, and a test would see them so.
    """
    loops = Path(quartet.__file__).parent / "picture"
    newest = max(source.stat().st_mtime for source in loops.rglob("*.py"))
    kept = [one for one in loops.rglob("*.nb[ic]") if one.exists()]
    old = [one for one in kept if one.stat().st_mtime < newest]
    for one in old:
        one.unlink(missing_ok=True)
    if old or not kept:
        subprocess.run([sys.executable, "-m", "quartet.node.loops"], check=True)


compile_what_is_not()


@pytest.fixture(scope="session", autouse=True)
def cheap_passphrases() -> Iterator[None]:
    """Have each new vault cost little to open: a vault says its own cost, so every process that opens it gains too.

    At full cost a trial of four takes seconds to found, and a command a tenth of one to begin. What the cost is by
    itself is for `test_vault` to say.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vault, "SCRYPT_N", 16)
        yield


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mix the files of a quick run: by folders those that reckon all come first, and then those that wait for ticks."""
    if config.option.markexpr:
        items.sort(key=lambda item: hashlib.sha256(item.nodeid.partition("::")[0].encode()).digest())


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Have a worker that dies say where; after pytest's own, which writes where few look."""
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        lastwords.listen(worker)


@pytest.hookimpl(optionalhook=True)
def pytest_handlecrashitem(report: pytest.TestReport) -> None:
    """Tell with a test during which a worker died what is known of it."""
    report.longrepr = f"{report.longrepr}\n{lastwords.told()}"
