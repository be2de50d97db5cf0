"""Put the desk together: every fold over what a viewer may see, and what officers say in forms."""

from quartet.core.ids import Micros
from quartet.node.cursor import Cursors
from quartet.node.desk.accounts import Accounts
from quartet.node.desk.actions import Actions
from quartet.node.desk.chairs import Chairs
from quartet.node.desk.communiques import Communiques
from quartet.node.desk.incidents import Incidents
from quartet.node.desk.matters import Matters
from quartet.node.desk.ratings import RatingRoom
from quartet.node.desk.requests import Requests
from quartet.node.desk.sayings import Sayings
from quartet.node.desk.speaking import Speaking
from quartet.node.holdings import Holdings
from quartet.node.parts import Parts
from quartet.node.publishing import Publisher
from quartet.node.records import Records
from quartet.node.registry import Registry
from quartet.node.seeing import Seeing
from quartet.node.threads import Threads


class Desk:
    """What officers work with, each part under its name."""

    def __init__(
        self,
        parts: Parts,
        registry: Registry,
        holdings: Holdings,
        seeing: Seeing,
        threads: Threads,
        records: Records,
        publisher: Publisher,
    ) -> None:
        cursors = Cursors(parts.store.box.derived("cursor"))
        self.sayings = Sayings(parts, holdings, seeing, records)
        self.speaking = Speaking(parts, seeing, threads)
        self.requests = Requests(parts, self.sayings, threads, cursors, publisher)
        self.chairs = Chairs(parts, registry, self.sayings)
        self.actions = Actions(parts, registry, self.sayings, self.chairs, cursors)
        self.incidents = Incidents(holdings, seeing, self.sayings, cursors)
        self.ratings = RatingRoom(parts, seeing, self.sayings, threads)
        self.matters = Matters(parts, registry, self.sayings)
        self.communiques = Communiques(parts, self.sayings)
        self.accounts = Accounts(holdings, self.sayings, self.chairs, threads, publisher)

    async def look(self, now: Micros) -> None:
        """Do what the member owes by its clock; once a tick."""
        await self.accounts.look(now)
