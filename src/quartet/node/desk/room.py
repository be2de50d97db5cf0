"""Put the desk together: every fold over what a viewer may see, and what officers say in forms."""

from quartet.core.ids import Micros
from quartet.node.consents import Consents
from quartet.node.desk.accounts import Accounts
from quartet.node.desk.actions import Actions
from quartet.node.desk.alike import Alikes
from quartet.node.desk.brokering import Brokering
from quartet.node.desk.chairs import Chairs
from quartet.node.desk.communiques import Communiques
from quartet.node.desk.consenting import ConsentRoom
from quartet.node.desk.deconflicting import DeconflictionRoom
from quartet.node.desk.incidents import Incidents
from quartet.node.desk.matters import Matters
from quartet.node.desk.notificationalarm import NotificationAlarm
from quartet.node.desk.notifications import Notifications
from quartet.node.desk.outgoing import WarningDoor
from quartet.node.desk.ratings import RatingRoom
from quartet.node.desk.related import Relations
from quartet.node.desk.relaying import Relaying
from quartet.node.desk.renderings import Ties
from quartet.node.desk.requests import Requests
from quartet.node.desk.rosters import RosterRoom
from quartet.node.desk.sayings import Sayings
from quartet.node.desk.sitebook import SiteBook
from quartet.node.desk.sitelog import SiteLog
from quartet.node.desk.sites import SiteRoom
from quartet.node.desk.sitewatch import SiteWatch
from quartet.node.desk.situationreading import SituationReading
from quartet.node.desk.situations import Situations
from quartet.node.desk.speaking import Speaking
from quartet.node.desk.tearlines import TearLines
from quartet.node.desk.warnalarms import WarningAlarms
from quartet.node.desk.warnings import Warnings
from quartet.node.desk.warningwatch import WarningWatch
from quartet.node.desk.watchlist import WatchRoom
from quartet.node.duties import Duties
from quartet.node.frames import Frames
from quartet.node.holdings import Holdings
from quartet.node.parts import Parts
from quartet.node.publishing import Publisher
from quartet.node.reading import Reading
from quartet.node.records import Records
from quartet.node.registry import Registry
from quartet.node.room import Room
from quartet.node.secondofficer import SecondOfficer
from quartet.node.seeing import Seeing
from quartet.node.steps import take_all
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
        reading: Reading,
        consents: Consents,
        duties: Duties,
        frames: Frames,
        second: SecondOfficer,
        room: Room,
    ) -> None:
        self.sayings = Sayings(parts, holdings, seeing, records, publisher, reading.cursors)
        self.speaking = Speaking(parts, seeing, threads)
        self.brokering = Brokering(parts, registry, holdings, self.sayings)
        self.requests = Requests(parts, self.sayings, threads, self.brokering)
        self.consents = ConsentRoom(parts, seeing, self.sayings, threads, consents, self.brokering)
        self.chairs = Chairs(parts, registry, holdings, self.sayings)
        self.actions = Actions(parts, registry, self.sayings, self.chairs)
        self.incidents = Incidents(holdings, seeing, self.sayings)
        self.ratings = RatingRoom(parts, seeing, self.sayings, threads)
        self.aliases = reading.aliases
        self.matters = Matters(parts, registry, self.sayings, self.aliases)
        self.alike = Alikes(holdings, self.sayings)
        self.related = Relations(holdings, seeing, reading, self.sayings, self.aliases)
        self.communiques = Communiques(parts, self.sayings)
        self.deconfliction = DeconflictionRoom(parts, self.sayings)
        ties = Ties(parts.store)
        self.situations = Situations(registry, holdings, seeing, publisher, parts, ties)
        self.reports = SituationReading(seeing, self.sayings, ties)
        self.tearlines = TearLines(parts, registry, holdings, seeing, consents)
        book, log = SiteBook(parts, holdings, self.sayings), SiteLog(parts, holdings, self.sayings)
        self.sitewatch = SiteWatch(parts, registry, holdings, seeing, frames, publisher, self.sayings, book, log)
        self.sites = SiteRoom(parts, self.sayings, book, self.sitewatch, log)
        matters = self.requests, self.actions, self.incidents, self.consents
        self.watch = WatchRoom(parts, self.sayings, reading, *matters, log)
        self.rosters = RosterRoom(parts, registry, duties, self.sayings)
        self.warnings = Warnings(parts, holdings, seeing, self.sayings, threads, second)
        self.notifications = Notifications(parts, self.sayings, threads)
        self.alarms = WarningWatch(holdings, self.warnings)
        self.doors = WarningDoor(parts, holdings, seeing, self.sayings)
        self.relaying = Relaying(parts, holdings, self.sayings, publisher, room, self.doors.alarms)
        self.warned = WarningAlarms(parts, holdings, seeing, self.sayings, second)
        self.unread = NotificationAlarm(parts, holdings, seeing)
        self.accounts = Accounts(holdings, self.sayings, self.chairs, threads, publisher)

    async def look(self, now: Micros) -> None:
        """Do what the member owes by its clock; once a tick. What one part cannot do keeps no other from its own."""
        parts = self.sitewatch, self.sites.log, self.warned, self.unread, self.accounts, self.relaying
        await take_all(part.look(now) for part in parts)
