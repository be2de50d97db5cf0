"""A foot and a nautical mile are written once."""

import re
from pathlib import Path

import pytest

import quartet
from quartet.core.units import FOOT_A_MINUTE_MPS, FOOT_M, KNOT_MPS, LEVEL_M, NM_M

SOURCES = Path(quartet.__file__).parent
WRITTEN = re.compile(r"0\.3048|\b1_?852(\.0)?( / 3_?600)?$|= 1_?852", re.MULTILINE)


def test_they_are_as_annex_5_defines_them() -> None:
    assert (FOOT_M, NM_M) == (0.3048, 1852.0)
    assert pytest.approx(0.514444, abs=1e-6) == KNOT_MPS
    assert pytest.approx(30.48) == LEVEL_M
    assert pytest.approx(0.00508) == FOOT_A_MINUTE_MPS


def test_no_other_module_writes_them_anew() -> None:
    found = [path.name for path in SOURCES.rglob("*.py") if WRITTEN.search(path.read_text())]

    assert found == ["units.py"]
