"""What an audit finds: each problem with its reason word and place. Damage of any kind is a problem, not a crash."""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from quartet.core.faults import Fault
from quartet.core.ids import MemberId
from quartet.node.views import Problem

T = TypeVar("T")


class Findings:
    """Collects problems."""

    def __init__(self, me: MemberId) -> None:
        self.me = me
        self.problems: list[Problem] = []

    def note(self, reason: str, where: str) -> None:
        """Note a problem and its place."""
        self.problems.append(Problem(reason, f"{self.me}: {where}"))

    def check(self, where: str, check: Callable[[], T]) -> T | None:
        """Return what a check gives, or None after noting what is wrong, and where."""
        try:
            return check()
        except Fault as fault:
            self.note(fault.reason, where + (f" ({fault.detail})" if fault.detail else ""))
        except (ValueError, TypeError, KeyError, msgspec.DecodeError) as error:
            self.note("damaged", f"{where} ({error})")
        return None

    def agree(self, where: str, found: object, kept: object) -> bool:
        """Return whether a row says what its bytes say; note it where it does not."""
        if found != kept:
            self.note("row-changed", where)
        return found == kept
