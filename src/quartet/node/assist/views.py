"""What officers are shown of a model's help: a translation beside its original, and that a model made it."""

from quartet.core.encoding import Value
from quartet.core.ids import ItemId
from quartet.intake.ports import BY_A_MODEL, MadeBy
from quartet.node.views import Moment, moment


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


def made_view(made: MadeBy) -> Made:
    """Return who made a text as an officer is shown it."""
    return Made(port=made.port, model=made.model, at=moment(made.at), by=made.by)
