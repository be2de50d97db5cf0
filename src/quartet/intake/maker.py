"""Who made a text or a suggestion, where a model did and no person."""

from typing import Final

from quartet.core.encoding import Value
from quartet.core.ids import Micros

BY_A_MODEL: Final = "by a model, not by a person"


class MadeBy(Value, frozen=True):
    """Who made a text or a suggestion: a port, the model behind it, and when; `by` says that it was no person."""

    port: str
    model: str
    at: Micros
    by: str = BY_A_MODEL
