"""What is tried with a million inputs is read, not refused at the door."""

from random import Random

import pytest
from fuzz import Made, Records, captures, run, sentences, squitters

MAKES: dict[str, Made] = {"asterix": Records(Random(3)).make, "ais": sentences, "modes": squitters}


@pytest.mark.parametrize("name", MAKES)
def test_of_made_inputs_some_are_plots(name: str) -> None:
    _, _, seen = run(MAKES[name], 3_000, 3)

    assert seen["plots"] > 0


def test_of_made_captures_some_hold_datagrams_that_are_looked_into() -> None:
    _, _, seen = captures(20_000, 3)

    assert seen["datagrams"] > 0
    assert seen["not-ip"] > seen["bad-packet"]
