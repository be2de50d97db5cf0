"""What an officer is shown of texts that members stand behind; its JSON is held to as that of `views`."""

from quartet.core.encoding import Value
from quartet.core.ids import MemberId
from quartet.desk.communique import Version
from quartet.node.views import Moment


class SignatureView(Value, frozen=True):
    """A member's signature under what was published: the item that says so, whose proof an outsider checks."""

    ref: str
    member: MemberId
    officer: str
    at: Moment


class PublishedView(Value, frozen=True):
    """What was published of a text: whether it is what was agreed, and who signed it; `missing` have not."""

    ref: str
    member: MemberId
    hat: str
    at: Moment
    agreed: bool
    signed: tuple[SignatureView, ...]
    missing: tuple[MemberId, ...]


class CommuniqueRow(Value, frozen=True):
    """One drafted text in a list; `waits` is that our member has said nothing on it."""

    ref: str
    member: MemberId
    title: str
    tlp: str
    at: Moment
    state: str
    members: tuple[MemberId, ...]
    languages: tuple[str, ...]
    waits: bool


class CommuniqueView(Value, frozen=True):
    """A drafted text whole: every language beside the others, where each member stands, and what was published."""

    row: CommuniqueRow
    versions: tuple[Version, ...]
    hash: str
    concurring: tuple[MemberId, ...]
    objecting: tuple[MemberId, ...]
    void: tuple[MemberId, ...]
    words: dict[MemberId, str]
    published: tuple[PublishedView, ...]
    may: tuple[str, ...]
    own: str | None = None
    """Our member's position that stands: another one names it, or both are void."""
    previous: str | None = None
    replaced_by: tuple[str, ...] = ()
