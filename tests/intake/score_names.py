"""Tell how often the right name is the first proposed, and among the first five, by pair of scripts.

    python tests/intake/score_names.py tuned

Beside it, in the same run: anyascii and difflib, which anybody can have without us.
"""

import sys
import time
from collections import defaultdict
from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from anyascii import anyascii

from quartet.intake.names import propose

NAMES: Final = Path(__file__).parent / "corpus" / "names"
FIVE: Final = 5


class Case(msgspec.Struct, frozen=True):
    """A name, the right one, and those that are near."""

    id: str
    entity: str
    kind: str
    query: str
    query_language: str
    match: str
    match_language: str
    third: list[str]
    distractors: list[str]


class Figures(NamedTuple):
    """How many cases, how often right first and among five, and the mean rank of the right one."""

    cases: int
    first: float
    five: float
    rank: float


def ours(case: Case) -> int:
    """Return at which place the right name is proposed, from 1; one more than there are where it is not."""
    names = [case.match, *case.distractors]
    found = [one.name for one in propose(case.query, names, limit=len(names))]
    return found.index(case.match) + 1 if case.match in found else len(names) + 1


def plain(case: Case) -> int:
    """Return the same for anyascii and difflib."""
    asked = anyascii(case.query).casefold()
    names = [case.match, *case.distractors]
    ranked = sorted(names, key=lambda one: (-SequenceMatcher(None, asked, anyascii(one).casefold()).ratio(), one))
    return ranked.index(case.match) + 1


def measured(cases: list[Case], rank: Callable[[Case], int]) -> dict[str, Figures]:
    """Return the figures by pair of scripts, and of all."""
    ranks = defaultdict[str, list[int]](list)
    for case in cases:
        place = rank(case)
        ranks[f"{case.query_language} -> {case.match_language}"].append(place)
        ranks["all"].append(place)
    return {pair: _figures(found) for pair, found in sorted(ranks.items())}


def _figures(ranks: list[int]) -> Figures:
    of = len(ranks)
    return Figures(of, ranks.count(1) / of, sum(one <= FIVE for one in ranks) / of, sum(ranks) / of)


def read(part: str) -> list[Case]:
    """Return the cases of a part of the corpus."""
    return msgspec.json.decode((NAMES / f"{part}.json").read_bytes(), type=list[Case])


def main(part: str) -> None:
    """Print the figures."""
    cases = read(part)
    begun = time.perf_counter()
    found = measured(cases, ours)
    took = time.perf_counter() - begun
    base = measured(cases, plain)
    print(f"{'pair':15} {'cases':>5}   {'top 1':>6} {'top 5':>6} {'rank':>5}   anyascii and difflib")
    for pair, one in found.items():
        other = base[pair]
        print(
            f"{pair:15} {one.cases:5}   {one.first:6.2f} {one.five:6.2f} {one.rank:5.2f}   "
            f"{other.first:6.2f} {other.five:6.2f} {other.rank:5.2f}"
        )
    print(f"{1000 * took / len(cases):.1f} ms a case of 12 names, made ready each time")


if __name__ == "__main__":
    main(sys.argv[1])
