"""What is loaded before a command does anything: an officer who asks her node waits for none of what a node is made of.

No time is measured here; `docs/benchmarks.md` has the figures.
"""

import subprocess
import sys

from commandline import heavy_after

from quartet.cli.words import WORDS

BY_THEMSELVES = {"backup", "restore"}
"""These open a member's store without its node."""


def test_the_list_of_commands_loads_none_of_them() -> None:
    assert heavy_after(["--help"]) == []
    assert loaded_with("quartet.cli.main").isdisjoint(f"quartet.cli.{word.place.partition(':')[0]}" for word in WORDS)


def test_the_inbox_loads_nothing_that_only_a_node_needs() -> None:
    assert heavy_after(["inbox", "--help"]) == []


def test_no_command_that_asks_a_node_loads_what_one_is_made_of() -> None:
    words = [word.name for word in WORDS if word.name not in BY_THEMSELVES]

    assert heavy_after(*([word, "--help"] for word in words)) == []


def test_a_hubs_process_loads_neither_node_nor_store_nor_tracker() -> None:
    loaded = loaded_with("quartet.serve")

    assert "quartet.wire.natsserver" in loaded
    assert loaded.isdisjoint({"numba", "numpy", "sqlite3", "httpx", "litestar", "uvicorn"})
    assert loaded.isdisjoint({"quartet.node.node", "quartet.node.parts", "quartet.store.store", "quartet.desk.forms"})


def loaded_with(module: str) -> set[str]:
    """Return what a new process has loaded once it has imported a module."""
    asked = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    return set(done.stdout.split())
