"""How a sensor is, in one word."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartet.core.ids import SECOND, Micros
from quartet.picture.sensorhealth import SILENT_AFTER, WORDS, health_of

NOON = Micros(1_800_000_000 * SECOND)
WELL: dict[str, Any] = {
    "heard": NOON,
    "began": Micros(NOON - 600 * SECOND),
    "now": NOON,
    "rotation_s": None,
    "quarantined": False,
    "trouble": None,
    "in_use": None,
}


@pytest.mark.parametrize(
    ("change", "word", "reason"),
    [
        ({}, "OK", None),
        ({"in_use": True}, "OK", None),
        ({"in_use": False}, "OK", "not-in-use"),
        ({"doubtful": True}, "OK", "offset-doubtful"),
        ({"doubtful": True, "in_use": False}, "OK", "not-in-use"),
        ({"doubtful": True, "now": NOON + 16 * SECOND}, "LATE", "late"),
        ({"now": NOON + 15 * SECOND}, "OK", None),
        ({"now": NOON + 16 * SECOND}, "LATE", "late"),
        ({"now": NOON + 11 * SECOND, "rotation_s": 4.0}, "LATE", "late"),
        ({"now": NOON + 16 * SECOND, "rotation_s": 12.0}, "OK", None),
        ({"now": NOON + 61 * SECOND}, "SILENT", "silent"),
        ({"now": NOON + 61 * SECOND, "trouble": "not-reached"}, "SILENT", "not-reached"),
        ({"trouble": "ended"}, "LATE", "ended"),
        ({"heard": None}, "SILENT", "never-heard"),
        ({"heard": None, "began": NOON - 20 * SECOND}, "LATE", "not-heard-yet"),
        ({"heard": None, "began": NOON - 5 * SECOND}, "OK", None),
        ({"quarantined": True, "now": NOON + 61 * SECOND, "trouble": "ended"}, "QUARANTINED", "quarantined"),
    ],
)
def test_a_sensor_is_as_the_worst_that_is_known_of_it(change: dict[str, Any], word: str, reason: str | None) -> None:
    health = health_of(**{**WELL, **change})

    assert (health.word, health.reason) == (word, reason)


@given(st.integers(0, 200), st.integers(0, 200), st.none() | st.floats(0.5, 20))
def test_nobody_who_is_silent_longer_is_better(some: int, more: int, rotation_s: float | None) -> None:
    words = [
        health_of(**{**WELL, "rotation_s": rotation_s, "now": NOON + seconds * SECOND}).word
        for seconds in (some, some + more)
    ]

    assert WORDS.index(words[0]) <= WORDS.index(words[1])
    assert (words[0] == "SILENT") == (some * SECOND > SILENT_AFTER)
