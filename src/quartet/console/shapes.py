"""What both sides of the API say that is not the node's own word; light, so that a client need not load a server."""

from typing import Final

from quartet.core.encoding import Value
from quartet.core.statement import Assertion
from quartet.node.factviews import Prepared
from quartet.node.views import Moment

MAX_PART: Final = 256 * 1024
"""A part of a file; the last one of a file is less."""
UNKNOWN_ITEM: Final = "unknown-item"
"""The one reason for what a viewer may not have and for what does not exist."""
UNKNOWN_DETAIL: Final = "there is no such item that you may see"


class Asserted(Value, frozen=True):
    """A prepared fact, and the officer's own signature over its id."""

    prepared: Prepared
    assertion: Assertion


class Taken(Value, frozen=True):
    """How many were taken."""

    taken: int


class Link(Value, frozen=True):
    """A one-time link, and until when it is good."""

    url: str
    until: Moment


class OfficerKey(Value, frozen=True):
    """A key of an officer; `enrolled` is that root's manifest names it, so that it asserts what she states.

    `credential` is a passkey's, `key` the public half.
    """

    id: str
    kind: str
    key: str
    label: str
    enrolled: bool
    credential: str | None = None
    origin: str | None = None


class ProblemReply(Value, frozen=True):
    """RFC 9457: what went wrong; `reason` is stable, `detail` says what to do."""

    title: str
    status: int
    detail: str
    reason: str
    type: str = "about:blank"
