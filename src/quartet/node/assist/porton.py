"""What every officer is told of a port that is on: a text of hers may go there."""

from quartet.core.encoding import Value


class PortOn(Value, frozen=True):
    """A port that is on: where it asks, which model, and how a text may be marked at most that goes there."""

    port: str
    host: str
    model: str
    tlp: str
