"""What an officer asks to state about an item - a fact - and what she is given to assert."""

from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta

from quartet.core.encoding import Value
from quartet.core.ids import ItemId, MemberField, MemberId
from quartet.core.marking import TLP_ORDER, Marking, TlpWord
from quartet.node.views import Moment, Reference, micros


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


AS_IT_IS: Final = TLP_ORDER[0]
"""The widest label: a narrowing to it leaves the label as it is, with the steps by which that comes down later."""


def narrowing(draft: FactDraft, me: MemberId) -> Marking:
    """Return the marking by which an officer of `me` narrows: what she leaves out stays as it is."""
    return Marking(
        tlp=draft.tlp or AS_IT_IS,
        rel=UNSET if draft.members is None else tuple(sorted({MemberId(m) for m in draft.members} - {me})),
        onward=draft.onward or UNSET,
        mode=draft.mode or UNSET,
        expires=UNSET if draft.expires is None else micros(draft.expires),
    )
