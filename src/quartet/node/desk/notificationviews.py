"""What goes in and out of a node about humanitarian notifications; its JSON is held to as that of `views`."""

from typing import Annotated, Literal

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.ids import ItemId, MemberField, MemberId
from quartet.core.marking import TlpWord
from quartet.node.desk.warningviews import AreaView
from quartet.node.views import Moment, OnceField, Reference


class NotificationDraft(Value, frozen=True, kw_only=True):
    """A site or a movement as it is notified to `parties`, who alone have it; it passes on to nobody and by no door."""

    sort: Literal["SITE", "MOVEMENT"]
    what: Annotated[str, Meta(min_length=1, max_length=300)]
    areas: Annotated[tuple[AreaView, ...], Meta(min_length=1)]
    begins: Moment
    ends: Moment
    contact: Annotated[str, Meta(min_length=1, max_length=300)]
    parties: Annotated[tuple[MemberField, ...], Meta(min_length=1)]
    tlp: TlpWord
    text: str = ""
    previous: Reference | None = None
    once: OnceField | None = None


class KnownDraft(Value, frozen=True):
    """That a member knows of a notification, with a remark if any. It is no approval."""

    text: Annotated[str, Meta(max_length=4096)] = ""
    once: OnceField | None = None


class KnowsView(Value, frozen=True):
    """Which party knows, by whose word, when."""

    member: MemberId
    officer: str
    at: Moment
    ref: str
    text: str


class NotificationView(Value, frozen=True, kw_only=True):
    """A notification as it stands. `short_notice` is that it came later than advised: it protects all the same.

    `dropped` is that another took its place, of which the reader's member is no party, or that she may not see.
    """

    id: ItemId
    ref: str
    author: MemberId
    officer: str
    tlp: str
    at: Moment
    sort: str
    what: str
    areas: tuple[AreaView, ...]
    begins: Moment
    ends: Moment
    contact: str
    text: str
    knows: tuple[KnowsView, ...]
    missing: tuple[MemberId, ...]
    over: bool
    short_notice: bool
    followed_by: str | None = None
    dropped: bool = False
    asks_me: bool = False
