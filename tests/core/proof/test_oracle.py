"""Code by others (`aics-tlog`, Python >= 3.12, in an environment of its own) accepts what we write."""

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from quartet.core.ids import ExchangeId, MemberId, Tick
from quartet.core.keys import SecretKey
from quartet.core.proof.checkpoint import cosign, log_origin, make_checkpoint, verify_checkpoint, witness_name
from quartet.core.proof.log import MerkleLog

ORACLE = Path(__file__).parents[3] / ".cache" / "tlog-oracle"
VERSION = "aics-tlog==0.2.1"
LOG, EAST = SecretKey(b"l" * 32), SecretKey(b"e" * 32)
EXCHANGE = ExchangeId("A" * 43)
ORIGIN = log_origin(EXCHANGE, MemberId("north"), 1)
WITNESS = witness_name(EXCHANGE, MemberId("east"))
LEAVES = [bytes([n]) * 32 for n in range(13)]
FIRST = Tick(1_800_000_000)

CHECK = """
import json, sys
import aics_tlog as t
case = json.load(sys.stdin)
note = t.parse_note(case["note"])
said = t.parse_checkpoint(note.text)
log = t.vkey_from_ed25519(case["origin"], bytes.fromhex(case["log_key"]))
witness = t.cosignature_vkey(case["witness"], bytes.fromhex(case["witness_key"]))
lines = {line.name: line for line in note.signatures}
leaves = [bytes.fromhex(leaf) for leaf in case["leaves"]]
tree = t.MerkleTree()
for leaf in leaves:
    tree.append(leaf)
print(json.dumps({
    "origin": said.origin, "size": said.size, "root": said.root.hex(),
    "log_id": lines[log.name].key_id == log.key_id,
    "note": bool(t.verify_note(note, [log])),
    "witness_id": lines[witness.name].key_id == witness.key_id,
    "cosignature": t.verify_cosignature(lines[witness.name].signature, witness.name, witness.public_key,
                                        said.origin, said.size, said.root, said.extension_lines),
    "extension": said.extension_lines,
    "tree": tree.root().hex(),
    "inclusion": [t.verify_leaf_inclusion(leaf, i, said.size, [bytes.fromhex(h) for h in case["inclusion"][i]],
                                          said.root) for i, leaf in enumerate(leaves)],
    "consistency": [t.verify_consistency(m, said.size, bytes.fromhex(r), said.root, [bytes.fromhex(h) for h in p])
                    for m, r, p in case["consistency"]],
}))
"""


def _python() -> str | None:
    """Return a Python of 3.12 or later: on the path, or one that pyenv keeps."""
    kept = sorted((Path.home() / ".pyenv" / "versions").glob("3.1[2-9].*/bin/python3"))
    on_path = (shutil.which(f"python3.{minor}") for minor in (14, 13, 12))
    for candidate in (*map(str, kept), *(found for found in on_path if found)):
        asked = subprocess.run([candidate, "-c", "import sys; sys.exit(sys.version_info < (3, 12))"], check=False)
        if asked.returncode == 0:
            return candidate
    return None


@cache
def _oracle() -> Path:
    """Return the Python of the oracle's environment, made on first use; skip, and say why, where it cannot be."""
    python = ORACLE / "bin" / "python"
    if python.exists() and _has_it(python):
        return python
    newer = _python()
    if newer is None:
        pytest.skip("no Python >= 3.12 here for aics-tlog")
    subprocess.run([newer, "-m", "venv", "--clear", str(ORACLE)], check=True, timeout=120)
    made = subprocess.run([str(python), "-m", "pip", "install", "-q", VERSION], check=False, timeout=300)
    if made.returncode or not _has_it(python):
        pytest.skip(f"{VERSION} could not be installed")
    return python


def _has_it(python: Path) -> bool:
    return subprocess.run([str(python), "-c", "import aics_tlog"], check=False, capture_output=True).returncode == 0


def _case(size: int, root: bytes | None = None) -> dict[str, Any]:
    log = MerkleLog()
    for leaf in LEAVES[:size]:
        log.append(leaf)
    note = make_checkpoint(ORIGIN, size, log.root() if root is None else root, FIRST, LOG)
    said = verify_checkpoint(note, ORIGIN, LOG.public)
    return {
        "note": note + cosign(said, WITNESS, 1_800_000_000, EAST).text,
        "origin": ORIGIN,
        "log_key": LOG.public.raw.hex(),
        "witness": WITNESS,
        "witness_key": EAST.public.raw.hex(),
        "leaves": [leaf.hex() for leaf in LEAVES[:size]],
        "inclusion": [[h.hex() for h in log.inclusion(i)] for i in range(size)],
        "consistency": [(m, log.root(m).hex(), [h.hex() for h in log.consistency(m)]) for m in range(1, size + 1)],
    }


def _ask(case: dict[str, Any]) -> dict[str, Any]:
    done = subprocess.run(
        [str(_oracle()), "-c", CHECK],
        input=json.dumps(case).encode(),
        check=False,
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode()[-500:]
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("size", [1, 2, 7, 8, 13])
def test_others_accept_our_checkpoint_cosignature_and_paths(size: int) -> None:
    said = _ask(_case(size))

    assert (said["origin"], said["size"], said["root"]) == (ORIGIN, size, said["tree"])
    assert said["extension"] == [f"first-tick {FIRST}"]
    assert [said[k] for k in ("log_id", "note", "witness_id", "cosignature")] == [True] * 4
    assert said["inclusion"] == [True] * size
    assert said["consistency"] == [True] * size


def test_others_refuse_what_we_refuse() -> None:
    case = _case(7)
    case["witness_key"] = SecretKey(b"x" * 32).public.raw.hex()

    assert _ask(case)["cosignature"] is False


def test_others_see_a_root_that_is_not_of_its_leaves() -> None:
    said = _ask(_case(7, bytes(32)))

    assert said["inclusion"] == [False] * 7
    assert said["tree"] != said["root"]
