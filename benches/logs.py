"""How fast a log grows and proves, beside pymerkle.

pymerkle is under the GPL: it is installed into an environment of its own under `.cache/bench-env`, and asked there.
"""

import json
import subprocess
import sys
import time
import venv
from pathlib import Path
from typing import Final

from benches.table import Table, number
from quartet.core.proof.log import MerkleLog

LEAVES: Final = 50_000
PROOFS: Final = 2_000
ENV: Final = Path(".cache/bench-env")
THEIRS: Final = """
import json, sys, time
from pymerkle import InmemoryTree
leaves, proofs = int(sys.argv[1]), int(sys.argv[2])
tree = InmemoryTree(algorithm="sha256")
start = time.perf_counter()
for n in range(leaves):
    tree.append_entry(b"%032d" % n)
append = leaves / (time.perf_counter() - start)
start = time.perf_counter()
for n in range(proofs):
    tree.prove_inclusion(1 + n * 7919 % leaves)
include = proofs / (time.perf_counter() - start)
start = time.perf_counter()
for n in range(proofs):
    tree.prove_consistency(1 + n * 7919 % leaves, leaves)
print(json.dumps([append, include, proofs / (time.perf_counter() - start)]))
"""


def measure() -> Table:
    """Append and prove with our log, then with pymerkle's tree in memory."""
    ours, theirs = _ours(), _theirs()
    names = ("appends", "inclusion proofs", "consistency proofs")
    rows = []
    for n, name in enumerate(names):
        beside = (number(theirs[n]), f"{ours[n] / theirs[n]:.1f}") if isinstance(theirs, list) else ("skipped", "-")
        rows.append((name, number(ours[n]), *beside))
    said = (
        f"A tree of {LEAVES:,} leaves of 32 bytes in memory, a second in one process; {PROOFS:,} proofs of each kind."
    )
    if isinstance(theirs, str):
        said += f" pymerkle was skipped: {theirs}."
    return Table("Logs and proofs", ("what, a second", "Quartet", "pymerkle", "times as fast"), rows, said)


def _ours() -> list[float]:
    log = MerkleLog()
    start = time.perf_counter()
    for n in range(LEAVES):
        log.append(b"%032d" % n)
    append = LEAVES / (time.perf_counter() - start)
    start = time.perf_counter()
    for n in range(PROOFS):
        log.inclusion(n * 7919 % LEAVES)
    include = PROOFS / (time.perf_counter() - start)
    start = time.perf_counter()
    for n in range(PROOFS):
        log.consistency(1 + n * 7919 % LEAVES)
    return [append, include, PROOFS / (time.perf_counter() - start)]


def _theirs() -> list[float] | str:
    """Return what pymerkle does, or why it could not be asked."""
    python = ENV / "bin" / "python"
    try:
        if not python.exists():
            venv.create(ENV, with_pip=True)
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "-q", "install", "pymerkle==6.1.0"]
        subprocess.run(pip, check=True, capture_output=True, timeout=180)
        asked = subprocess.run(
            [str(python), "-c", THEIRS, str(LEAVES), str(PROOFS)], check=True, capture_output=True, timeout=300
        )
    except (OSError, subprocess.SubprocessError) as error:
        lines = (getattr(error, "stderr", None) or str(error).encode()).decode().strip().splitlines()
        print(f"pymerkle: skipped: {lines[-1] if lines else error}", file=sys.stderr)
        return "no environment of its own could be made, or it did not run there"
    found: list[float] = json.loads(asked.stdout)
    return found
