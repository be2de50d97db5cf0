"""Who wants to see what a node holds: a person at it, or a door to another system. Values only; `release` decides."""

from quartet.core.encoding import Value
from quartet.core.ids import MemberId, OfficerName
from quartet.core.marking import TlpWord


class Viewer(Value, frozen=True):
    """Somebody at a node who wants to see: an officer, or (with `body`) one of a body registered under the member."""

    member: MemberId
    name: OfficerName
    roles: tuple[str, ...] = ()
    purpose: str | None = None
    trained: frozenset[str] = frozenset()
    body: str | None = None


class Door(Value, frozen=True):
    """A gateway: whose it is, who answers for what reads there, for what purpose, and whether it carries markings.

    `most` is the narrowest label that may pass it, whoever answers for it.
    """

    member: MemberId
    principals: tuple[Viewer, ...]
    purpose: str | None
    carries_markings: bool
    most: TlpWord = "RED"
