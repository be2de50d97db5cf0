"""What goes in and out of a node when officers talk beside an item; its JSON is held to as that of `views`."""

from typing import Annotated

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.ids import ItemId, MemberField, MemberId
from quartet.core.statement import Precedence
from quartet.node.views import MAX_ATTACHMENTS, Attachment, Moment, OnceField


class Message(Value, frozen=True):
    """One message of a conversation, whole."""

    id: ItemId
    ref: str
    author: MemberId
    officer: str
    at: Moment
    text: str
    tlp: str
    to: tuple[MemberId, ...]
    recalled: bool = False
    attachments: tuple[Attachment, ...] = ()


class ReplyTo(Value, frozen=True):
    """How a reply would be marked, and which other members would get it; `granted` get it whomever it names."""

    tlp: str
    members: tuple[MemberId, ...]
    persons: tuple[str, ...] = ()
    granted: tuple[MemberId, ...] = ()


class Thread(Value, frozen=True):
    """The conversation beside an item, in the order of time; without its subject if the viewer may not see that.

    `older` is that there are more of them before; `reply` is None where she can say nothing.
    """

    subject: str | None
    messages: tuple[Message, ...]
    older: bool = False
    reply: ReplyTo | None = None


class Say(Value, frozen=True):
    """A message beside an item, as far as its audience or to some of it (`to`)."""

    text: str
    to: tuple[MemberField, ...] | None = None
    precedence: Precedence = "ROUTINE"
    attachments: Annotated[tuple[Attachment, ...], Meta(max_length=MAX_ATTACHMENTS)] = ()
    once: OnceField | None = None
