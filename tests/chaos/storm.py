"""Four members publish while their nodes and both hubs are killed, stopped and frozen; note what was acknowledged."""

import asyncio
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import time
from typing import Final, TypeVar

import httpx

from quartet.cli.client import open_client
from quartet.cli.identity import Identity, identify
from quartet.cli.outcome import Refusal
from quartet.core.faults import Fault
from quartet.core.ids import MemberId, OfficerName
from quartet.core.statement import Precedence
from quartet.exercise.plan import DUTY, Duty
from quartet.exercise.process import Part
from quartet.exercise.up import Processes
from quartet.node.folder import MemberFolder
from quartet.node.views import Draft, Page, Published, Row, Status, VerifyReport

MEMBERS: Final = ("north", "east", "south", "west")
PRECEDENCES: Final[tuple[Precedence, ...]] = ("ROUTINE", "PRIORITY", "IMMEDIATE", "FLASH")
PAUSE_S: Final = 0.05
BACKLOG: Final = 60
"""ROUTINE items before the FLASH of a calm episode."""
SMALL_BACKLOG: Final = 5
"""And of an episode in the storm: its member is away for a few seconds only."""
FLASH_AN_HOUR: Final = 6
"""What a node lets an officer send as FLASH; the seventh goes as IMMEDIATE."""
FLASH_EVERY_S: Final = 15.0
"""How often a member sends a FLASH to others that may well be there."""
QUIET: Final = 0.2
"""How many of the members that fall do so while nothing else is struck."""
AFTERWARDS_S: Final = 2.0
"""How long after a part serves again others may still find their connections to it broken."""
SETTLE_S: Final = 4.0
"""How long a member that fell alone is left alone."""
PAGE: Final = 100

T = TypeVar("T")


@dataclass(frozen=True)
class Sent:
    """A send that the node acknowledged: from then on it may not be lost."""

    id: str
    author: str
    to: frozenset[str]
    precedence: Precedence
    at: float


@dataclass(frozen=True)
class Blow:
    """What struck which part, and from when until when it did not serve."""

    part: str
    how: str
    since: float
    until: float


@dataclass(frozen=True)
class Episode:
    """A member was away from `since` on; what one author sent it meanwhile: ROUTINE, then a FLASH."""

    away: str
    author: str
    since: float
    routine: tuple[Sent, ...]
    flash: Sent | None


@dataclass
class Records:
    """What the driver knows: every title that it tried, and every send that was acknowledged."""

    tried: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)


def duties(kills: int) -> tuple[Duty, ...]:
    """Return a member's officers: one on duty, and enough others for a FLASH to each member that falls, and more."""
    return (DUTY, *(Duty(OfficerName(f"flash-{n}")) for n in range(2 + kills // 50)))


class Officer:
    """An officer of one member, at the member's local socket."""

    def __init__(self, root: Path, duties: Sequence[Duty]) -> None:
        self.member = root.name
        self._duties = duties[1:]
        self._folder = MemberFolder(root)
        self._identity: Identity = identify(self._folder, DUTY.name, None)
        self._flashing: list[Identity] = []
        self._flashes = 0
        self._next_flash = 0.0
        self._choosing = threading.Lock()

    def get(self, path: str, kind: type[T], within: float = 30) -> T:
        with open_client(self._folder, self._identity) as client:
            return client.get(path, kind, within=within)

    def status(self) -> Status:
        return self.get("/status", Status)

    def verify(self) -> VerifyReport:
        return self.get("/verify", VerifyReport, 600)

    def rows(self) -> list[Row]:
        """Return all that she may see, oldest admission first."""
        found: list[Row] = []
        after: str | None = ""
        with open_client(self._folder, self._identity) as client:
            while after is not None:
                page = client.get("/items", Page, {"after": after, "limit": PAGE})
                found += page.items
                after = page.next
        return found

    def ready_to_flash(self) -> bool:
        """Return whether it is time for a FLASH to members that may well be there."""
        return time() >= self._next_flash and self._flashes < self._allowed // 2

    @property
    def _allowed(self) -> int:
        return len(self._duties) * FLASH_AN_HOUR

    def _speaker(self, precedence: Precedence) -> Identity:
        """Return who sends: for a FLASH an officer who has not yet sent what the hour allows."""
        with self._choosing:
            if precedence != "FLASH" or self._flashes >= self._allowed:
                return self._identity
            number, left = divmod(self._flashes, FLASH_AN_HOUR)
            if left == 0:
                self._flashing.append(identify(self._folder, self._duties[number].name, None))
            self._flashes += 1
            self._next_flash = time() + FLASH_EVERY_S
            return self._flashing[number]

    def send(self, records: Records, to: frozenset[str], precedence: Precedence) -> Sent | None:
        """Publish once, never again; record it if it was acknowledged."""
        speaker = self._speaker(precedence)
        title = f"{self.member} {len(records.tried)}"
        records.tried[title] = (self.member, to)
        draft = Draft(
            tlp="AMBER", title=title, text="x" * 200, to=tuple(MemberId(m) for m in sorted(to)), precedence=precedence
        )
        try:
            with open_client(self._folder, speaker) as client:
                published = client.post("/items", draft, Published)
        except (Fault, Refusal, httpx.HTTPError) as fault:
            records.refused[getattr(fault, "reason", type(fault).__name__)] += 1
            return None
        sent = Sent(published.id, self.member, to, precedence, time())
        records.sent.append(sent)
        return sent


class Storm:
    """The blows, and the sends meanwhile."""

    def __init__(self, processes: Processes, officers: dict[str, Officer], dice: random.Random) -> None:
        self._processes = processes
        self._officers = officers
        self._dice = dice
        self.records = Records()
        self.blows: Counter[str] = Counter()
        self.struck: list[Blow] = []
        self._turn = asyncio.Lock()
        self._under_way = 0
        self.episodes: list[Episode] = []
        self.unstarted: list[str] = []

    async def rage(self, kills: int, say: Callable[[str], None]) -> None:
        """Strike `kills` times, two parts at once, while all publish; at the end every part serves."""
        over = asyncio.Event()
        free = asyncio.Queue[Part]()
        parts = list(self._processes.parts.values())
        self._dice.shuffle(parts)
        for part in parts:
            free.put_nowait(part)
        async with asyncio.TaskGroup() as group:
            for officer in self._officers.values():
                group.create_task(self._publish(officer, over))
            async with asyncio.TaskGroup() as strikers:
                left = iter(range(kills))
                for _ in range(2):
                    strikers.create_task(self._strike(free, left, say))
            over.set()

    async def _publish(self, officer: Officer, over: asyncio.Event) -> None:
        others = [member for member in MEMBERS if member != officer.member]
        while not over.is_set():
            to = frozenset(self._dice.sample(others, self._dice.randint(1, len(others))))
            precedence = self._dice.choice(PRECEDENCES)
            if precedence == "FLASH" and not officer.ready_to_flash():
                precedence = "IMMEDIATE"
            await asyncio.to_thread(officer.send, self.records, to, precedence)
            await asyncio.sleep(self._dice.random() * 2 * PAUSE_S)

    async def _strike(self, free: asyncio.Queue[Part], left: Iterator[int], say: Callable[[str], None]) -> None:
        for number in left:
            part = await free.get()
            how = self._dice.choice(("KILL", "KILL", "TERM", "STOP"))
            self.blows[how] += 1
            say(f"{number + 1}: {how} {part.name}")
            if part.name in self._officers and how != "STOP" and self._dice.random() < QUIET:
                await self._strike_alone(part, how)
            else:
                await self._strike_among_others(part, how)
            await asyncio.sleep(self._dice.random())
            free.put_nowait(part)

    async def _strike_among_others(self, part: Part, how: str) -> None:
        async with self._turn:
            self._under_way += 1
        try:
            await self._blow(part, how)
        finally:
            self._under_way -= 1

    async def _strike_alone(self, part: Part, how: str) -> None:
        """Strike while nothing else is struck, and let the member come to itself: so a FLASH's place can be judged."""
        async with self._turn:
            while self._under_way:  # noqa: ASYNC110 - the other striker has no event
                await asyncio.sleep(PAUSE_S)
            await asyncio.sleep(AFTERWARDS_S)
            await self._blow(part, how)
            await asyncio.sleep(SETTLE_S)

    async def _blow(self, part: Part, how: str) -> None:
        since = time()
        await self._struck(part, how)
        self.struck.append(Blow(part.name, how, since, time()))

    async def _struck(self, part: Part, how: str) -> None:
        if how == "STOP":
            part.signal(signal.SIGSTOP)
            await asyncio.sleep(self._dice.uniform(0.5, 4))
            part.signal(signal.SIGCONT)
            return
        await (part.kill() if how == "KILL" else part.stop())
        if part.name in self._officers:
            author = self._dice.choice([member for member in MEMBERS if member != part.name])
            self.episodes.append(await self._send_away(part.name, author, SMALL_BACKLOG))
        else:
            await asyncio.sleep(self._dice.random())
        await part.start()
        try:
            await part.serving()
        except Fault as fault:
            self.unstarted.append(f"{part.name}: {fault}")
            await part.kill()
            await part.start()
            await part.serving()

    async def overtake(self) -> list[Episode]:
        """Leave each of two members away, give it a backlog of ROUTINE and then a FLASH, and bring it back."""
        found = []
        for away, author in (("west", "north"), ("south", "east")):
            part = self._processes.members[away]
            await part.kill()
            found.append(await self._send_away(away, author, BACKLOG))
            await part.start()
            await part.serving()
        return found

    async def _send_away(self, away: str, author: str, backlog: int) -> Episode:
        """Have one author send ROUTINE, and then a FLASH, to a member that is down."""
        officer, to, since = self._officers[author], frozenset({away}), time()
        routine = [await asyncio.to_thread(officer.send, self.records, to, "ROUTINE") for _ in range(backlog)]
        flash = await asyncio.to_thread(officer.send, self.records, to, "FLASH")
        return Episode(away, author, since, tuple(sent for sent in routine if sent is not None), flash)
