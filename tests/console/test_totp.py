"""One-time codes: the vectors of RFC 6238, appendix B (SHA-1, eight digits)."""

import pytest

from quartet.console.signin.totp import DRIFT, STEP, code_at, matching_step
from quartet.core.ids import SECOND, Micros

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert code_at(SECRET, seconds * SECOND // STEP, digits=8) == code


@pytest.mark.parametrize(("late", "counts"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(late: int, counts: bool) -> None:
    now = Micros(1111111109 * SECOND)
    step = now // STEP + late

    assert DRIFT == 1
    assert (matching_step(SECRET, code_at(SECRET, step), now, 0) == step) is counts


def test_a_code_counts_once_and_none_before_it_counts_after() -> None:
    now = Micros(1111111109 * SECOND)
    step = now // STEP

    assert matching_step(SECRET, code_at(SECRET, step), now, step) is None
    assert matching_step(SECRET, code_at(SECRET, step - 1), now, step) is None
    assert matching_step(SECRET, code_at(SECRET, step + 1), now, step) == step + 1
