"""What officers are shown of a model's help: a translation beside its original, and that a model made it."""

from typing import Literal

from quartet.core.encoding import Value
from quartet.core.ids import ItemId, OfficerName
from quartet.intake.maker import BY_A_MODEL, MadeBy
from quartet.node.views import Moment, Row, moment


class Made(Value, frozen=True):
    """Who made a text: which port, which model, and when; `by` says that it was no person."""

    port: str
    model: str
    at: Moment
    by: str = BY_A_MODEL


class Translation(Value, frozen=True):
    """What a model says that an item says, in a language: beside the original, and marked as that is now."""

    id: ItemId
    ref: str
    tlp: str
    language: str
    original: str
    text: str
    made: Made


class NearItem(Value, frozen=True):
    """An item, and how near its text is in meaning: the cosine of the two, 1 for what means the same to the model."""

    item: Row
    nearness: float


class NearPage(Value, frozen=True):
    """Items that a model places near one, the nearest first: a suggestion of the model at `host`, and of nobody else.

    `compared` is with how many it was compared; `more`: not all that she sees and that may go there was.
    """

    items: tuple[NearItem, ...]
    host: str
    made: Made
    compared: int
    more: bool = False


def made_view(made: MadeBy) -> Made:
    """Return who made a text as an officer is shown it."""
    return Made(port=made.port, model=made.model, at=moment(made.at), by=made.by)


Outcome = Literal["asked", "answered", "withheld", "not-reached", "no-answer", "odd"]
"""`asked` stays where the node ended before the answer came: it may have gone. `withheld` and `not-reached` did not."""


class SentText(Value, frozen=True):
    """One text that went to a model: by whom, when, where to, what of, how marked, how many bytes, and what came."""

    at: Moment
    officer: OfficerName
    port: str
    host: str
    tlp: str
    size: int
    ref: str | None
    attachment: str | None
    outcome: Outcome


class SentPage(Value, frozen=True):
    """What went to models, of what the reader may know of, the newest first; `more` is that there were others."""

    items: tuple[SentText, ...]
    more: bool = False
