"""What an officer is shown of events that may be the same; its JSON is held to as that of `views`."""

from quartet.core.encoding import Value
from quartet.core.ids import MemberId


class Offered(Value, frozen=True):
    """An event of another report that may be the same: which, what speaks for it, and what to beware of in `why`."""

    ref: str
    member: MemberId
    title: str
    number: int
    what: str
    where: str
    polarity: str
    why: tuple[str, ...]
    firm: bool
    """Of one type, within the same few days, at places that are called alike."""


class AlikeEvent(Value, frozen=True):
    """One event of the report, and what may be the same; `type` is how it is read, None where nothing says it.

    `at_most` counts the roots of those that assert it, if all of them were one: that these are independent is not
    established. `unknown` are those without a root, `denied` those that deny it.
    """

    number: int
    what: str
    type: str | None
    offered: tuple[Offered, ...]
    at_most: int
    unknown: int
    denied: int


class AlikePage(Value, frozen=True):
    """What may be the same as each event of a report; `more` is that not all that she sees was looked at or shown."""

    events: tuple[AlikeEvent, ...]
    more: bool = False
