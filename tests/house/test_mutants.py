"""Each break of a rule that `make mutants` tries still fits the code, so that the long run finds none stale."""

from importlib import import_module
from typing import Any

import pytest

from house import ROOT

ALL = import_module("tests.mutants.__main__").ALL
broken = import_module("tests.mutants.mutant").broken


@pytest.mark.parametrize("mutant", ALL, ids=lambda mutant: f"{mutant.file}: {mutant.name}")
def test_a_mutant_breaks_what_stands_in_its_file_once(mutant: Any) -> None:
    whole = (ROOT / "src" / "quartet" / mutant.file).read_text()

    assert broken(mutant, whole) != whole
