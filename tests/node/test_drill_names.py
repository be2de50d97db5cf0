"""A name that says itself that it is of an exercise is not called so twice, wherever it is told."""

import pytest

from quartet.cli.output import drill_text
from quartet.node.inforce import called, is_drill


@pytest.mark.parametrize(("name", "says"), [("EXERCISE/4b1805", True), ("EXERCISES", False), ("4b1805", False)])
def test_a_line_and_a_cell_say_exercise_once_by_the_same_rule(name: str, says: bool) -> None:
    assert is_drill(name) is says
    assert called(name, exercise=True) == (name if says else f"EXERCISE {name}")
    assert drill_text(name, exercise=True) == (name if says else f"EXERCISE: {name}")
    assert called(name, exercise=False) == drill_text(name, exercise=False) == name
