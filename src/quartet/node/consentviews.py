"""What a node tells of consent: who has an item, who has not and why, by which grants, and what a grant would do."""

from typing import Literal

from quartet.core.encoding import Value
from quartet.core.grounds import EndWord
from quartet.core.ids import MemberId, OfficerName
from quartet.node.views import Cursor, Moment

ByWord = Literal["controller", "world", "named", "grant", "widened"]


class GrantView(Value, frozen=True):
    """A grant that a viewer may know of: of which item, by whom, to whom, from when to when, and whether it stands.

    `title` is left out of what she may not see now. `ended` says why it admits nobody any more.
    """

    ref: str
    item: str
    title: str | None
    tlp: str | None
    author: MemberId
    grantor: MemberId
    officer: OfficerName
    member: MemberId
    scope: Literal["ITEM", "FOLLOWING"]
    begins: Moment
    until: Moment | None
    ended: EndWord | Literal["recalled"] | None = None


class GrantPage(Value, frozen=True):
    """Some grants, the newest first, and the `after` of the next page (None at the end)."""

    grants: tuple[GrantView, ...]
    next: str | None = None


class Holder(Value, frozen=True):
    """How one member stands with an item: whether it has it, since when, or why not.

    `needed` names who must each sign a grant before it may have it; empty where it may have it, or where none can:
    `barred` then says why.
    """

    member: MemberId
    has: bool
    reason: str
    at: Moment | None = None
    needed: tuple[MemberId, ...] = ()
    barred: str | None = None
    grants: tuple[GrantView, ...] = ()


class GroundView(Value, frozen=True):
    """Why one control lets this member have an item; `own` is the item's own marking, else that of what it contains."""

    controller: MemberId
    own: bool
    tlp: str
    by: ByWord
    grants: tuple[GrantView, ...] = ()


class Taking(Value, frozen=True):
    """A recall of this member's that stands or stood: who stated it, when, and until when it can be cancelled.

    `yours` is that the viewer herself stated the last one: then another officer must cancel it.
    """

    officer: OfficerName
    at: Moment
    reason: Literal["NORMAL", "LIFE"]
    until: Moment
    yours: bool


class Foreseen(Value, frozen=True):
    """What a prepared grant would do: the member gets the item at once, or `needed` must sign too.

    `already` is that it may have the item without this grant; `withheld` is why no grant would help. Of a FOLLOWING
    grant the item itself is no part: it opens what its author says later that cites the item.
    """

    member: MemberId
    ref: str
    title: str
    tlp: str
    author: MemberId
    scope: Literal["ITEM", "FOLLOWING"]
    until: Moment | None
    already: bool = False
    needed: tuple[MemberId, ...] = ()
    withheld: str | None = None


MAX_GRANTS = 200
"""Grants in one page."""

__all__ = ["MAX_GRANTS", "Cursor", "Foreseen", "GrantPage", "GrantView", "GroundView", "Holder", "Taking"]
