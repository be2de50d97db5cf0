"""What an officer is shown of items with names in common; its JSON is held to as that of `views`."""

from quartet.core.encoding import Value
from quartet.intake.kinds import Kind
from quartet.node.views import Row


class Common(Value, frozen=True):
    """What two items have in common: a person, a body or a place as each spells it, or days."""

    kind: Kind
    mine: str
    its: str


class RelatedItem(Value, frozen=True):
    """An item, and what it has in common with the one that was asked about."""

    item: Row
    why: tuple[Common, ...]


class RelatedPage(Value, frozen=True):
    """Items that have most in common first, then the newest; `more`: not all that she sees was looked at or shown.

    `read` is whether the item that was asked about is in a language that is read: of another, nothing is suggested.
    """

    items: tuple[RelatedItem, ...]
    read: bool
    more: bool = False
