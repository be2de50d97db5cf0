"""Four members publish while their nodes and both hubs are killed, stopped and frozen; note what was acknowledged."""

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import time
from typing import Final, TypeVar

import httpx

from quartet.cli.client import open_client
from quartet.cli.identity import Identity, identify
from quartet.cli.outcome import Refusal
from quartet.core.faults import Fault
from quartet.core.ids import MemberId
from quartet.core.statement import Precedence
from quartet.exercise.process import Part
from quartet.exercise.up import Processes
from quartet.node.folder import MemberFolder
from quartet.node.views import Draft, Page, Published, Row, Status, VerifyReport

MEMBERS: Final = ("north", "east", "south", "west")
PRECEDENCES: Final[tuple[Precedence, ...]] = ("ROUTINE", "PRIORITY", "IMMEDIATE", "FLASH")
PAUSE_S: Final = 0.05
BACKLOG: Final = 60
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


@dataclass
class Records:
    """What the driver knows: every title that it tried, and every send that was acknowledged."""

    tried: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)


class Officer:
    """An officer of one member, at the member's local socket."""

    def __init__(self, root: Path) -> None:
        self.member = root.name
        self._folder = MemberFolder(root)
        self._identity: Identity = identify(self._folder, None, None)

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

    def send(self, records: Records, to: frozenset[str], precedence: Precedence) -> Sent | None:
        """Publish once, never again; record it if it was acknowledged."""
        title = f"{self.member} {len(records.tried)}"
        records.tried[title] = (self.member, to)
        draft = Draft(
            tlp="AMBER", title=title, text="x" * 200, to=tuple(MemberId(m) for m in sorted(to)), precedence=precedence
        )
        try:
            with open_client(self._folder, self._identity) as client:
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
            await asyncio.to_thread(officer.send, self.records, to, self._dice.choice(PRECEDENCES))
            await asyncio.sleep(self._dice.random() * 2 * PAUSE_S)

    async def _strike(self, free: asyncio.Queue[Part], left: Iterator[int], say: Callable[[str], None]) -> None:
        for number in left:
            part = await free.get()
            how = self._dice.choice(("KILL", "KILL", "TERM", "STOP"))
            self.blows[how] += 1
            say(f"{number + 1}: {how} {part.name}")
            await self._blow(part, how)
            await asyncio.sleep(self._dice.random())
            free.put_nowait(part)

    async def _blow(self, part: Part, how: str) -> None:
        if how == "STOP":
            part.signal(signal.SIGSTOP)
            await asyncio.sleep(self._dice.uniform(0.5, 4))
            part.signal(signal.SIGCONT)
            return
        await (part.kill() if how == "KILL" else part.stop())
        await asyncio.sleep(self._dice.random())
        await part.start()
        try:
            await part.serving()
        except Fault as fault:
            self.unstarted.append(f"{part.name}: {fault}")
            await part.kill()
            await part.start()
            await part.serving()

    async def overtake(self) -> list[tuple[str, list[Sent], Sent | None]]:
        """Leave each of two members away, give it a backlog of ROUTINE and then a FLASH, and bring it back."""
        found = []
        for away, author in (("west", "north"), ("south", "east")):
            part = self._processes.members[away]
            await part.kill()
            officer, to = self._officers[author], frozenset({away})
            routine = [
                sent
                for _ in range(BACKLOG)
                if (sent := await asyncio.to_thread(officer.send, self.records, to, "ROUTINE")) is not None
            ]
            flash = await asyncio.to_thread(officer.send, self.records, to, "FLASH")
            await part.start()
            await part.serving()
            found.append((away, routine, flash))
        return found
