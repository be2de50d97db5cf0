"""Who counts as a witness, as the vectors have it; they are made again byte for byte."""

import json
from pathlib import Path
from typing import Any

import pytest
from make_absences import absences

from quartet.core.charter import found
from quartet.core.ids import MemberId, Micros
from quartet.core.proof.counting import shown

FILE = Path(__file__).parent / "absence.json"
CASES: list[dict[str, Any]] = json.loads(FILE.read_text())["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_who_counts_as_a_witness_follows_from_the_acts_alone(case: dict[str, Any]) -> None:
    state = found(bytes.fromhex(case["charter"]))
    for act in case["acts"]:
        state = state.apply(bytes.fromhex(act))
    dates = {MemberId(member): Micros(at) for member, at in case["dates"].items()}

    record = shown(dates, state.membership, MemberId(case["log"]), Micros(case["tick"] * state.membership.tick))

    assert case["record"] == (None if record is None else [record.time, record.witnesses, sorted(record.absent)])


def test_the_script_makes_the_vectors_of_absences_again() -> None:
    assert json.loads(json.dumps(absences())) == json.loads(FILE.read_text())
