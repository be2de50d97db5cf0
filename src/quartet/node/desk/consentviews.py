"""What goes in and out of a node about asking for consent; its JSON is held to as that of `views`."""

from typing import Annotated, Literal

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.ids import ItemId, MemberField, MemberId
from quartet.desk.consent import Condition, Denial, Word
from quartet.node.views import Moment, OnceField

WhichConsents = Literal["mine", "open", "all"]
"""Which requests for consent: those that wait for a word of ours; those that are not granted by all; every one."""
ConsentText = Annotated[str, Meta(max_length=4096)]


class ShareView(Value, frozen=True):
    """One controller's part: its stage, by when its word is due, whether that time passed without one, and its word.

    `waited_s` is how long after it had the request its first word was said, in seconds.
    """

    member: MemberId
    stage: str
    due: Moment | None
    lapsed: bool
    condition: Condition | None = None
    reason: Denial | None = None
    ref: str | None = None
    officer: str | None = None
    text: str = ""
    waited_s: float | None = None


class ConsentView(Value, frozen=True):
    """A request for consent: who wants which member to have which item and why, and where each controller has got to.

    `title` is that of the item, None where the reader may not see it now. `mine` is that it waits for a word of the
    reader's member, `granted` that all whom it asks have granted it.
    """

    id: ItemId
    ref: str
    author: MemberId
    officer: str
    tlp: str
    at: Moment
    item: str
    title: str | None
    member: MemberId
    text: str
    shares: tuple[ShareView, ...]
    mine: bool
    granted: bool


class ConsentPage(Value, frozen=True):
    """Some requests for consent, the newest first, and the `after` of the next page (None at the end)."""

    items: tuple[ConsentView, ...]
    next: str | None = None


class Seek(Value, frozen=True):
    """What an officer asks: that a member may have an item, and why."""

    member: MemberField
    text: ConsentText
    once: OnceField | None = None


class ConsentAnswer(Value, frozen=True):
    """What a controller says: that it granted it, on which condition it would, or why it does not."""

    word: Word
    condition: Condition | None = None
    reason: Denial | None = None
    text: ConsentText = ""
    once: OnceField | None = None
