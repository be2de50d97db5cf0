"""How a verified statement is filed: in which lane it goes, whether this release reads it, its row in the store."""

from typing import Final

import msgspec

from quartet.core.encoding import encode
from quartet.core.facts import controls_named, fact_of
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.statement import FACT_KINDS, reference
from quartet.core.verify import Verified
from quartet.desk import FORMS
from quartet.store import NewItem

LANES: Final = {"FLASH": 1, "IMMEDIATE": 2, "PRIORITY": 3, "ROUTINE": 4}
LANE_ZERO: Final = frozenset({"recall", "cancel-recall", "narrow", "purged"})
READABLE: Final = {
    "report": 1,
    "feed": 1,
    **{kind: known.version for kind, known in FORMS.items()},
    **dict.fromkeys(FACT_KINDS, 1),
}
"""The kinds, and up to which version, that this release decodes; others are HELD."""


def is_readable(kind: str, version: int) -> bool:
    """Return whether this release decodes a kind in a version."""
    return READABLE.get(kind, 0) >= version


def lane_of(verified: Verified) -> int:
    """Return the lane of a statement: 0 for recalls and what goes with them, never for items."""
    if verified.statement.kind in LANE_ZERO:
        return 0
    return LANES[verified.statement.precedence]


def new_item(verified: Verified, received: Micros, me: MemberId) -> NewItem:
    """Return a verified statement as the store takes it."""
    statement = verified.statement
    fact = fact_of(verified) if statement.kind in FACT_KINDS else None
    return NewItem(
        id=verified.id,
        c=verified.c,
        ref=reference(statement.member, verified.id),
        author=statement.member,
        kind=statement.kind,
        kind_v=statement.kind_v,
        at=statement.at,
        precedence=statement.precedence,
        tlp=statement.marking.tlp,
        epoch=statement.epoch,
        controls=[c.id for c in verified.controls],
        own_control=None if verified.own is None else verified.own.id,
        facts_on=[] if fact is None else controls_named(fact.body),
        cites=[ItemId(c.item) for c in statement.cites if not isinstance(c.item, msgspec.UnsetType)],
        signed=verified.signed,
        control=None if verified.own is None else encode(verified.own.sealed),
        received=received,
        mine=statement.member == me,
        state="VERIFIED" if is_readable(statement.kind, statement.kind_v) else "HELD",
    )
