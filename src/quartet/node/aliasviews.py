"""What goes in and out of a node about what names mean; its JSON is held to as that of `views`."""

from typing import Annotated, Final

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.ids import OfficerName
from quartet.node.views import Moment

MAX_NAME: Final = 192
Name = Annotated[str, Meta(max_length=MAX_NAME)]


class Meant(Value, frozen=True):
    """What an officer says of a name: which it means; None takes back what was said of it."""

    name: Name
    means: Name | None


class AliasView(Value, frozen=True):
    """A name as it was said, the member's own name for it, and which officer said so and when."""

    name: str
    means: str
    officer: OfficerName
    at: Moment


class Likely(Value, frozen=True):
    """A name of the member's that a name may be: how alike, from 0 to 1, and why; for an officer to judge."""

    name: str
    score: float
    why: tuple[str, ...]


class AliasPage(Value, frozen=True):
    """What names mean, in order of the names; and, of a name that was asked about, which it may be."""

    aliases: tuple[AliasView, ...]
    likely: tuple[Likely, ...] = ()
