"""What an officer asks to state about an item - a fact - and what she is given to assert."""

from typing import Annotated, Literal

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.ids import ItemId, MemberField
from quartet.core.marking import TlpWord
from quartet.node.views import Moment, Reference


class FactDraft(Value, frozen=True):
    """A grant, a recall or its cancellation, a narrowing or a widening of the item `ref`, before an officer asserts it.

    Of a narrowing `members` are those who stay, None for all, and each other field is as narrow from now on; of a
    widening they are who may have it too.
    """

    kind: Literal["grant", "recall", "cancel-recall", "narrow", "widen"]
    ref: Reference
    member: MemberField | None = None
    until: Moment | None = None
    scope: Literal["ITEM", "FOLLOWING"] = "ITEM"
    reason: Literal["NORMAL", "LIFE"] = "NORMAL"
    members: Annotated[tuple[MemberField, ...], Meta(max_length=256)] | None = None
    tlp: TlpWord | None = None
    onward: Literal["ASK", "NEVER"] | None = None
    mode: Literal["DISPLAY"] | None = None
    expires: Moment | None = None
    root: bool = False
    """Whether the member's root key asserts it instead of an officer: a recall or its cancellation only."""


class Marked(Value, frozen=True):
    """An item's own control (base64url), with what shows that it is that item's: the item's id and nonce."""

    item: ItemId
    nonce: str
    control: str


class Prepared(Value, frozen=True):
    """A statement's exact bytes (base64url) and its id, for the officer to assert.

    `marked` is what a narrowing or widening is about, which names a control alone.
    """

    statement: str
    id: ItemId
    marked: Marked | None = None
