"""What holds for every test."""

import subprocess
import sys
from pathlib import Path

from hypothesis import settings

import quartet

settings.register_profile("unhurried", settings.default, deadline=None)
"""A slow machine breaks no law: how long an example takes is for the benches to say."""
settings.load_profile("unhurried")


def forget_what_was_compiled_before() -> None:
    """Remove compiled loops that are older than any of their sources.

    A loop that calls another holds it whole, and numba looks only whether the caller's own file has changed. Then all
    are compiled here: a node that finds none shows tracks apart until its child has compiled them.
    """
    loops = Path(quartet.__file__).parent / "picture"
    newest = max(source.stat().st_mtime for source in loops.rglob("*.py"))
    old = [kept for kept in loops.rglob("*.nb[ic]") if kept.exists() and kept.stat().st_mtime < newest]
    for kept in old:
        kept.unlink(missing_ok=True)
    if old:
        subprocess.run([sys.executable, "-m", "quartet.node.loops"], check=True)


forget_what_was_compiled_before()
