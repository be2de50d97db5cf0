"""What an officer is shown of what this member gave to whom; its JSON is held to as that of `views`."""

from typing import Final

from quartet.core.encoding import Value
from quartet.core.ids import ItemId, MemberId
from quartet.node.views import Cursor, Moment

MAX_ENTRIES: Final = 100
MAX_DAYS: Final = 366


class Got(Value, frozen=True):
    """One member that was given an item: since when it has it, by which grants if by any, and when it destroyed it.

    `owes` is that it was taken back, or this member dropped, and is not known to be destroyed there.
    """

    member: MemberId
    at: Moment | None
    grants: tuple[str, ...] = ()
    destroyed: Moment | None = None
    owes: bool = False


class Entry(Value, frozen=True):
    """One item of this member's and who was given it; `title` is left out where the reader may not see it now."""

    id: ItemId
    ref: str
    kind: str
    tlp: str
    title: str | None
    at: Moment
    given: tuple[Got, ...]


class Register(Value, frozen=True):
    """Some entries, the newest first, and the `after` of the next page (None at the end)."""

    items: tuple[Entry, ...]
    next: Cursor | None = None


class Waits(Value, frozen=True):
    """How long whoever asked this member waited for its first word: the median in seconds, None where none came yet."""

    asked: int
    answered: int
    median_s: float | None


class Measures(Value, frozen=True):
    """Of some days up to now, as far as the reader may know: this member's items by label, and what it let others wait.

    `late` counts the requests for information whose time with this member passed without an end.
    """

    days: int
    labels: dict[str, int]
    requests: int
    late: int
    consents: Waits
