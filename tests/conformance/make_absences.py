"""Make the vectors of who counts as a witness, from fixed seeds; what must come out is written here by hand.

PYTHONPATH=src:tests/golden python tests/conformance/make_absences.py
"""

import json
from collections.abc import Iterator, Mapping
from functools import reduce
from pathlib import Path
from typing import Any, NamedTuple

from four import EAST, NOON, NORTH, SOUTH, WEST, act, charter, described, roots

from quartet.core.charter import ActKind, CharterState, found, sign_act, sign_charter
from quartet.core.ids import SECOND, MemberId

HERE = Path(__file__).parent
COAST = MemberId("coast")
THREE, FIVE = (EAST, NORTH, WEST), (COAST, EAST, NORTH, SOUTH, WEST)
HOUR = 3600
Record = tuple[int, int, list[str]]
"""Since when, of how many, without whom; times are seconds after noon."""


class Word(NamedTuple):
    """An act: what it does, to whom, when, and who signs; an absence lasts for an hour."""

    kind: ActKind
    subject: MemberId
    at: int
    signers: tuple[MemberId, ...]


class Case(NamedTuple):
    """What is given, and what must come out."""

    name: str
    members: tuple[MemberId, ...]
    acts: tuple[Word, ...]
    log: MemberId
    tick: int
    dates: Mapping[MemberId, int]
    record: Record | None


AWAY = Word("absent", WEST, 0, (EAST, NORTH))
AGAIN = Word("absent", WEST, 2 * HOUR, (EAST, NORTH))
BACK = Word("reinstate", WEST, 1800, (EAST, NORTH))
AWAY_OF_FIVE = Word("absent", WEST, 0, (COAST, EAST, NORTH, SOUTH))
BACK_OF_FIVE = Word("reinstate", WEST, 1800, (COAST, EAST, NORTH, SOUTH))
SUSPENDED, REINSTATED = Word("suspend", WEST, 100, (EAST, NORTH)), Word("reinstate", WEST, 200, (EAST, NORTH))
CASES = (
    Case("in its last second", THREE, (AWAY,), NORTH, HOUR - 1, {EAST: HOUR - 1}, (HOUR - 1, 1, [WEST])),
    Case("of three, one absent", THREE, (AWAY,), NORTH, 10, {EAST: 11}, (11, 1, [WEST])),
    Case("no act", THREE, (), NORTH, 10, {EAST: 11}, None),
    Case("before the absence", THREE, (AWAY,), NORTH, -10, {EAST: -9}, None),
    Case("of before, cosigned in the absence", THREE, (AWAY,), NORTH, -10, {EAST: 5}, (5, 1, [WEST])),
    Case("as it begins", THREE, (AWAY,), NORTH, -10, {EAST: 0}, (0, 1, [WEST])),
    Case("a second before it ends", THREE, (AWAY,), NORTH, 10, {EAST: HOUR - 1}, (HOUR - 1, 1, [WEST])),
    Case("as it ends", THREE, (AWAY,), NORTH, 10, {EAST: HOUR}, None),
    Case("of before, dated back into no absence", THREE, (AWAY,), NORTH, 10, {EAST: -100}, (-100, 1, [WEST])),
    Case("of after, dated back into the absence", THREE, (AWAY,), NORTH, HOUR + 10, {EAST: 10}, None),
    Case("of the first absence, after a second", THREE, (AWAY, AGAIN), NORTH, 10, {EAST: 11}, (11, 1, [WEST])),
    Case("between two absences", THREE, (AWAY, AGAIN), NORTH, HOUR + 10, {EAST: HOUR + 11}, None),
    Case("the absent one's line does not count", THREE, (AWAY,), NORTH, 0, {WEST: 5, EAST: 11}, (11, 1, [WEST])),
    Case("the absent one alone", THREE, (AWAY,), NORTH, 0, {WEST: 5}, None),
    Case("it counts from the end on", THREE, (AWAY,), NORTH, 10, {WEST: HOUR, EAST: HOUR + 1}, (HOUR + 1, 2, [])),
    Case("its own log has all witnesses", THREE, (AWAY,), WEST, 10, {EAST: 11}, None),
    Case("its own log on record", THREE, (AWAY,), WEST, 10, {EAST: 11, NORTH: 12}, (12, 2, [])),
    Case("the others ended it", THREE, (AWAY, BACK), NORTH, 1800, {EAST: 1801}, None),
    Case("what was on record before that stays", THREE, (AWAY, BACK), NORTH, 10, {EAST: 1799}, (1799, 1, [WEST])),
    Case("suspended in the absence", THREE, (AWAY, SUSPENDED), NORTH, 150, {EAST: 151}, (151, 1, [])),
    Case("suspended and reinstated", THREE, (AWAY, SUSPENDED, REINSTATED), NORTH, 300, {EAST: 301}, None),
    Case(
        "never below one",
        THREE,
        (AWAY, Word("withdraw", EAST, 100, (EAST,))),
        NORTH,
        200,
        {WEST: 201},
        (201, 1, []),
    ),
    Case("of five, two of three", FIVE, (AWAY_OF_FIVE,), NORTH, 10, {EAST: 11, SOUTH: 12}, (12, 3, [WEST])),
    Case("the first line was made before it", FIVE, (AWAY_OF_FIVE,), NORTH, -10, {EAST: -5, SOUTH: 5}, None),
    Case("of five, one of three", FIVE, (AWAY_OF_FIVE,), NORTH, 10, {EAST: 11}, None),
    Case(
        "one dated back does not keep it absent when the quorum is there",
        FIVE,
        (AWAY_OF_FIVE, BACK_OF_FIVE),
        NORTH,
        10,
        {EAST: 1799, SOUTH: 1800},
        None,
    ),
    Case(
        "and three of four are then needed",
        FIVE,
        (AWAY_OF_FIVE, BACK_OF_FIVE),
        NORTH,
        10,
        {EAST: 1799, SOUTH: 1800, WEST: 1801},
        (1801, 4, []),
    ),
)


def state_of(case: Case) -> CharterState:
    """Return the exchange after a case's acts."""
    described_ = tuple(described(m) for m in case.members)
    terms = charter(members=described_, hubs=(), circles=(), chair_rota=())
    return reduce(_after, case.acts, found(sign_charter(terms, roots(*case.members))))


def _after(state: CharterState, word: Word) -> CharterState:
    ends = {"until": NOON + (word.at + HOUR) * SECOND} if word.kind == "absent" else {}
    made = act(state, word.kind, NOON + word.at * SECOND, subject=word.subject, **ends)
    return state.apply(sign_act(made, roots(*word.signers)))


def absences() -> dict[str, Any]:
    """Return the vectors."""
    return {
        "about": "Charter and acts as they travel; in which tick of `log` a leaf lies, and when (microseconds) each"
        " witness cosigned a checkpoint over it. `record` is since when it is on record, of how many witnesses, and who"
        " of the active members does not count; null where there is no quorum.",
        "cases": list(_cases()),
    }


def _cases() -> Iterator[dict[str, Any]]:
    for case in CASES:
        state, record = state_of(case), case.record
        yield {
            "name": case.name,
            "charter": state.founding.hex(),
            "acts": [one.hex() for one in state.acts],
            "log": case.log,
            "tick": NOON // SECOND + case.tick,
            "dates": {member: NOON + at * SECOND for member, at in case.dates.items()},
            "record": None if record is None else [NOON + record[0] * SECOND, record[1], record[2]],
        }


if __name__ == "__main__":
    (HERE / "absence.json").write_text(json.dumps(absences(), indent=1) + "\n")
