"""An officer of one member, at the member's local socket; she sends once, never again, and notes what was told her."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import time
from typing import Final, TypeVar

import httpx

from quartet.cli.client import Client, open_client
from quartet.cli.identity import Identity, identify
from quartet.cli.outcome import Refusal
from quartet.core.faults import Fault
from quartet.core.ids import MemberId, OfficerName
from quartet.core.statement import Precedence
from quartet.exercise.plan import DUTY, Duty
from quartet.node.folder import MemberFolder
from quartet.node.statusviews import Status
from quartet.node.views import Draft, Page, Published, Row, VerifyReport

from .book import Book, Sent

FLASH_AN_HOUR: Final = 6
"""What a node lets an officer send as FLASH; the seventh goes as IMMEDIATE."""
FLASH_EVERY_S: Final = 15.0
"""How often a member sends a FLASH to others that may well be there."""
VERIFY_S: Final = 6 * 3600
"""How long a node may check what it holds: 200,000 items at eight members on two cores take hours."""
PAGE: Final = 100
TROUBLE: Final = (Fault, Refusal, httpx.HTTPError)

T = TypeVar("T")


def duties(faults: int) -> tuple[Duty, ...]:
    """Return a member's officers: one on duty, and enough others for a FLASH to each member that falls, and more."""
    return (DUTY, *(Duty(OfficerName(f"flash-{n}")) for n in range(1 + faults // 50)))


class Officer:
    """Speaks for one member; a FLASH goes in the name of one who has not yet sent what the hour allows."""

    def __init__(self, root: Path, duties: Sequence[Duty], book: Book) -> None:
        self.member = root.name
        self._book = book
        self._duties = duties[1:]
        self._folder = MemberFolder(root)
        self._identity: Identity = identify(self._folder, DUTY.name, None)
        self._flashing: list[Identity] = []
        self._flashes = 0
        self._next_flash = 0.0
        self._choosing = threading.Lock()
        self._clients: dict[str, Client] = {}

    def get(self, path: str, kind: type[T], within: float = 30) -> T:
        with open_client(self._folder, self._identity) as client:
            return client.get(path, kind, within=within)

    def status(self) -> Status:
        return self.get("/status", Status)

    def verify(self) -> VerifyReport:
        return self.get("/verify", VerifyReport, VERIFY_S)

    def pages(self) -> Iterator[tuple[Row, ...]]:
        """Yield all that she may see, oldest admission first."""
        after: str | None = ""
        with open_client(self._folder, self._identity) as client:
            while after is not None:
                page = client.get("/items", Page, {"after": after, "limit": PAGE})
                yield page.items
                after = page.next

    def ready_to_flash(self) -> bool:
        """Return whether it is time for a FLASH to members that may well be there."""
        return time() >= self._next_flash and self._flashes < self._allowed // 2

    @property
    def _allowed(self) -> int:
        return len(self._duties) * FLASH_AN_HOUR

    def _speaker(self, precedence: Precedence) -> Identity:
        with self._choosing:
            if precedence != "FLASH" or self._flashes >= self._allowed:
                return self._identity
            number, left = divmod(self._flashes, FLASH_AN_HOUR)
            if left == 0:
                self._flashing.append(identify(self._folder, self._duties[number].name, None))
            self._flashes += 1
            self._next_flash = time() + FLASH_EVERY_S
            return self._flashing[number]

    def send(self, to: frozenset[str], precedence: Precedence) -> Sent | None:
        """Publish once, never again; note it if it was acknowledged."""
        speaker = self._speaker(precedence)
        title = self._book.begin(self.member, to, precedence)
        recipients = tuple(MemberId(member) for member in sorted(to))
        draft = Draft(tlp="AMBER", title=title, text="x" * 200, to=recipients, precedence=precedence)
        try:
            published = self._client(speaker).post("/items", draft, Published)
        except TROUBLE as fault:
            self._book.refuse(getattr(fault, "reason", type(fault).__name__))
            self._clients.pop(speaker.name, None)
            return None
        sent = Sent(published.id, self.member, to, precedence, time())
        self._book.acknowledge(title, sent)
        return sent

    def _client(self, speaker: Identity) -> Client:
        """Return an open connection of hers; what failed is not used again, and ends with what still waits on it."""
        return self._clients.get(speaker.name) or self._clients.setdefault(
            speaker.name, open_client(self._folder, speaker)
        )
