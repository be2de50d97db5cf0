"""Put the desk together: every fold over what a viewer may see, and what officers say in forms."""

from quartet.node.cursor import Cursors
from quartet.node.desk.requests import Requests
from quartet.node.desk.sayings import Sayings
from quartet.node.parts import Parts
from quartet.node.records import Records
from quartet.node.seeing import Seeing
from quartet.node.threads import Threads


class Desk:
    """What officers work with, each part under its name."""

    def __init__(self, parts: Parts, seeing: Seeing, threads: Threads, records: Records) -> None:
        cursors = Cursors(parts.store.box.derived("cursor"))
        self.sayings = Sayings(parts, seeing, records)
        self.requests = Requests(parts, self.sayings, threads, cursors)
