"""Each golden file is refused at its door, for its own reason; the right ones pass."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from doors import DOORS
from make import cases

import quartet.core
from quartet.core.faults import Fault

GOLDEN = Path(__file__).parents[2] / "golden"
INDEX: list[dict[str, Any]] = json.loads((GOLDEN / "index.json").read_text())
CORE = Path(quartet.core.__path__[0])
DOOR_MODULES = [
    *(
        "articles",
        "charter",
        "control",
        "encoding",
        "facts",
        "frame",
        "hats",
        "keyring",
        "manifest",
        "marking",
        "packing",
        "parcel",
        "passkey",
    ),
    *("onrecord", "receipt", "signed", "statement", "verify"),
    *("proof/note", "proof/checkpoint", "proof/path", "proof/since"),
]
NOT_FROM_OUTSIDE = {
    "chair-as-member": "needs an officer of the chair: tests/core/structures/test_hats.py",
    "bad-seed": "seeds are our own",
    "bad-receipts": "a batch of none or too many that we would make",
    "bad-note": "also for a note that we would make",
    "no-log-key": "a question to a manifest",
}


@pytest.mark.parametrize("entry", INDEX, ids=lambda e: str(e["file"]))
def test_each_golden_file_is_refused_for_its_own_reason(entry: dict[str, Any]) -> None:
    data = (GOLDEN / entry["file"]).read_bytes()
    door = DOORS[entry["kind"]]

    if entry["fault"] is None:
        door(data)
        return
    with pytest.raises(Fault) as caught:
        door(data)
    assert (type(caught.value).__name__, caught.value.reason) == (entry["fault"], entry["reason"])


def test_the_script_makes_the_golden_files_again_byte_for_byte() -> None:
    for case in cases():
        assert (GOLDEN / case.kind / f"{case.name}.bin").read_bytes() == case.data, (case.kind, case.name)


def test_every_file_is_in_the_index() -> None:
    there = {str(path.relative_to(GOLDEN)) for path in GOLDEN.rglob("*.bin")}

    assert there == {entry["file"] for entry in INDEX}


def test_every_door_has_a_right_file() -> None:
    kinds = {entry["kind"] for entry in INDEX if not entry["kind"].startswith("act-")}

    assert kinds == {entry["kind"] for entry in INDEX if entry["fault"] is None}


def test_every_reason_that_a_door_can_give_has_a_golden_file() -> None:
    words = set()
    for module in DOOR_MODULES:
        words |= set(re.findall(r'(?:Malformed|Untrusted)\(\s*"([a-z-]+)"', (CORE / f"{module}.py").read_text()))

    assert words - {entry["reason"] for entry in INDEX} - set(NOT_FROM_OUTSIDE) == set()
