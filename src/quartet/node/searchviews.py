"""What an officer is shown of a search; its JSON is held to as that of `views`."""

from quartet.core.encoding import Value
from quartet.node.views import Row


class Search(Value, frozen=True):
    """What was found: hits, the best first and of equal ones the newest; all of them counted, by kind and by author.

    `more` is whether older ones were not counted. `suggestions` are words of the hits that begin with the last asked.
    """

    hits: tuple[Row, ...]
    count: int
    more: bool
    kinds: dict[str, int]
    authors: dict[str, int]
    suggestions: tuple[str, ...]
