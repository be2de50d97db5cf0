"""Words that are spelt another way in the text than in the question: our fold beside plain FTS5, case by case.

A case is found if its text has all the words of the question, and none of the texts that may not be found has.
"""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from benches.table import Table
from quartet.core.fold import fold, has, term

CASES: Final = Path("tests/intake/corpus/search")
PARTS: Final = {"tuned": "the cases that the fold was tuned on", "held": "the cases that were held back"}
Finds = Callable[[str, str], bool]


def measure(part: str) -> Table:
    """Return how many of the cases of a part, `tuned` or `held`, are found by each."""
    cases = json.loads((CASES / f"{part}.json").read_text(encoding="utf-8"))
    ways: dict[str, Finds] = {
        "ours": folded,
        "FTS5, unicode61": fts5("unicode61 remove_diacritics 2"),
        "FTS5, trigram": fts5("trigram"),
    }
    rows = [(name, *_counted(cases, finds)) for name, finds in ways.items()]
    missed = "" if part == "held" else ", ".join(case["id"] for case in cases if not _right(case, folded))
    return Table(
        title=f"Search across spellings: {PARTS[part]}",
        head=("by", "right", "not found", "found what it may not"),
        rows=rows,
        said=f"{len(cases)} questions in five languages; the goal is 19 of 20."
        + (f" Not right by ours: {missed}." if missed else ""),
    )


def folded(question: str, text: str) -> bool:
    """Return whether our own search finds a text."""
    plain = fold(text)
    return all(has(plain, term(word)) for word in question.split())


def fts5(tokens: str) -> Finds:
    """Return whether SQLite's search by some tokens finds a text, asked as its manual says."""

    def finds(question: str, text: str) -> bool:
        with sqlite3.connect(":memory:") as base:
            base.execute(f"CREATE VIRTUAL TABLE texts USING fts5(text, tokenize='{tokens}')")
            base.execute("INSERT INTO texts VALUES (?)", (text,))
            asked = " AND ".join('"' + word.replace('"', '""') + '"' for word in question.split())
            return base.execute("SELECT 1 FROM texts WHERE texts MATCH ?", (asked,)).fetchone() is not None

    return finds


def _right(case: dict[str, Any], finds: Finds) -> bool:
    return finds(case["query"], case["must"]) and not any(finds(case["query"], text) for text in case["must_not"])


def _counted(cases: list[dict[str, Any]], finds: Finds) -> tuple[str, str, str]:
    right = sum(_right(case, finds) for case in cases)
    lost = sum(not finds(case["query"], case["must"]) for case in cases)
    much = sum(any(finds(case["query"], text) for text in case["must_not"]) for case in cases)
    return f"{right} of {len(cases)}", str(lost), str(much)
