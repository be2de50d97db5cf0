"""What a watch is shown of what it has before it; its JSON is held to as that of `views`."""

from quartet.core.encoding import Value
from quartet.core.ids import ItemId, MemberId
from quartet.node.views import Moment


class WatchMatter(Value, frozen=True):
    """One thing that a watch has before it: what sort, which item, and by when, if there is a time."""

    sort: str
    ref: str
    member: MemberId
    title: str
    tlp: str
    why: str
    due: Moment | None = None
    exercise: bool = False


class ThreatView(Value, frozen=True):
    """A threat as it stands: likelihood in bands of ICD 203, and confidence beside it."""

    id: ItemId
    ref: str
    member: MemberId
    officer: str
    tlp: str
    at: Moment
    threatened: str
    danger: str
    since: Moment
    until: Moment
    likelihood: int
    confidence: str
    review_at: Moment
    measures: str
    text: str
    standing: str
    exercise: bool = False


class WatchList(Value, frozen=True):
    """All that a watch has before it, the most urgent first; `more` is that a sort has more than is shown."""

    matters: tuple[WatchMatter, ...]
    threats: tuple[ThreatView, ...]
    more: bool = False


class WatchNote(Value, frozen=True):
    """Words that an officer may send, or change first: so many `lines` of what is open, `left_out` are not in them.

    A note is for every officer of the member: a line about what not each of them may see is told to nobody by it.
    """

    text: str
    left_out: int = 0
    lines: int = 0
