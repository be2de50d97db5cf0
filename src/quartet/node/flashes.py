"""How often an officer says FLASH: six an hour are hers alone, more have a second officer's word.

What counts is what she signed and sent, at that time: what she only prepared takes nothing from her hour, and nobody
saves up an hour's FLASHes to send them in the next. Drills have six of their own: none takes one of what is so.
"""

from collections.abc import Container, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

import msgspec

from quartet.core.faults import Untrusted
from quartet.core.ids import Micros, OfficerName
from quartet.core.statement import Statement
from quartet.desk import KIND_OF
from quartet.desk.warning import Alert
from quartet.node.inforce import DRILL
from quartet.node.views import Draft

MAX_FLASH_AN_HOUR: Final = 6
HOUR: Final = 3_600_000_000


class Whose(NamedTuple):
    """For whom a FLASH counts, and whether among the drills: by how it was signed."""

    officer: OfficerName
    drill: bool


class Flashes:
    """Counts what each officer said as FLASH in the last hour, in drills and in truth."""

    def __init__(self) -> None:
        self._of: dict[Whose, list[Micros]] = {}

    def urgent(self, draft: Draft, officer: OfficerName, now: Micros) -> Draft:
        """Return a draft as it goes: from the seventh of an officer's hour on as IMMEDIATE, and it says so.

        A warning that a second officer confirms before it leaves is not her word alone. Nothing is counted yet.
        """
        if draft.precedence != "FLASH" or _by_two(draft) or self._left(whose(officer, draft.caveats), now):
            return draft
        return msgspec.structs.replace(draft, precedence="IMMEDIATE", title=f"(claimed FLASH) {draft.title}"[:300])

    @contextmanager
    def said(self, statement: Statement, now: Micros) -> Iterator[None]:
        """Count what an officer says alone while it is stored; what was not stored was not said.

        Raise `Untrusted("flash-spent")` for one too many: it was prepared before the others went.
        """
        if statement.precedence != "FLASH":
            yield
            return
        one = whose(statement.officer, statement.marking.caveat_words)
        if not self._left(one, now):
            raise Untrusted(
                "flash-spent",
                f"{statement.officer} said FLASH {MAX_FLASH_AN_HOUR} times in this hour: prepare it anew, and it goes"
                " as IMMEDIATE; or have a second officer confirm it",
            )
        hers = self._of[one]
        hers.append(now)
        try:
            yield
        except BaseException:
            hers.remove(now)
            raise

    def _left(self, one: Whose, now: Micros) -> bool:
        """Return whether an officer may say one more; forget what is older than an hour."""
        hers = self._of.setdefault(one, [])
        hers[:] = [at for at in hers if at > now - HOUR]
        return len(hers) < MAX_FLASH_AN_HOUR


def whose(officer: OfficerName, caveats: Container[str]) -> Whose:
    """Return for whom what bears some caveats counts as FLASH."""
    return Whose(officer, DRILL in caveats)


def _by_two(draft: Draft) -> bool:
    return draft.kind == KIND_OF[Alert] and (draft.form or {}).get("release") == "CHECKED"
