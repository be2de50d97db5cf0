"""What an audit finds: each problem with its reason word and place. Damage of any kind is a problem, not a crash.

Each place says of what it tells, so that nobody is told by it of what she may not see: no place is without its kind.
"""

from collections.abc import Callable, Mapping
from typing import Literal, TypeVar

import msgspec

from quartet.core.faults import Fault
from quartet.core.ids import MemberId
from quartet.node.views import LogState, Problem, VerifyReport

T = TypeVar("T")


class Place(msgspec.Struct, frozen=True):
    """Where something is wrong, and of what that tells: what every officer knows, an item, or how much is kept here.

    `name` is the id or the commitment of the item.
    """

    text: str
    tells: Literal["common", "item", "kept"]
    name: str = ""


def common(text: str) -> Place:
    """Return a place in what every officer of the member knows: charter, manifests, ticks, logs."""
    return Place(text, "common")


def of_item(text: str, name: str) -> Place:
    """Return a place in an item, or in what belongs to one; `name` is its id or its commitment."""
    return Place(text, "item", name)


def kept(text: str) -> Place:
    """Return a place whose number or name tells how much is kept here, or by whom: receipts, drafts, evidence."""
    return Place(text, "kept")


class Finding(msgspec.Struct, frozen=True):
    """One problem; `detail` is part of the place, and tells of the same."""

    reason: str
    place: Place
    detail: str = ""

    @property
    def where(self) -> str:
        """The whole place, for who may know all."""
        return self.place.text + (f" ({self.detail})" if self.detail else "")


class Audited(msgspec.Struct, frozen=True):
    """What an audit found."""

    me: MemberId
    logs: Mapping[MemberId, LogState]
    findings: tuple[Finding, ...]

    def report(self, told: Callable[[Finding], str] = lambda finding: finding.where) -> VerifyReport:
        """Return the report, each place as `told` has it: whole, unless something else is said."""
        problems = tuple(Problem(f.reason, f"{self.me}: {told(f)}") for f in self.findings)
        return VerifyReport(ok=not problems, logs=dict(self.logs), problems=problems)


class Findings:
    """Collects problems."""

    def __init__(self, me: MemberId) -> None:
        self.me = me
        self.found: list[Finding] = []

    def note(self, reason: str, place: Place) -> None:
        """Note a problem and its place."""
        self.found.append(Finding(reason, place))

    def check(self, place: Place, check: Callable[[], T]) -> T | None:
        """Return what a check gives, or None after noting what is wrong, and where."""
        try:
            return check()
        except Fault as fault:
            self.found.append(Finding(fault.reason, place, fault.detail))
        except (ValueError, TypeError, KeyError, msgspec.DecodeError) as error:
            self.found.append(Finding("damaged", place, str(error)))
        return None

    def agree(self, place: Place, found: object, kept: object) -> bool:
        """Return whether a row says what its bytes say; note it where it does not."""
        if found != kept:
            self.note("row-changed", place)
        return found == kept
