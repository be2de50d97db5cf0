"""All members publish while servers are killed, stopped and frozen, and the ways between them turn bad."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from time import time
from typing import Final

from quartet.core.faults import Fault
from quartet.core.statement import Precedence
from quartet.exercise.process import Part
from quartet.exercise.up import Processes

from .blows import ON_PARTS, Blow, Cable, Episode, Target, Way, freeze_part, strike_way
from .book import Book
from .officer import Officer

PRECEDENCES: Final[tuple[Precedence, ...]] = ("ROUTINE", "PRIORITY", "IMMEDIATE", "FLASH")
PAUSE_S: Final = 0.05
AT_ONCE: Final = 2
"""How many blows may be under way."""
AHEAD: Final = 2
"""By the items of how many blows the sending may be ahead of them."""
SMALL_BACKLOG: Final = 5
"""ROUTINE items before the FLASH of an episode in the storm: its member is away for a few seconds only."""
QUIET: Final = 0.2
"""How many of the members that fall do so while nothing else is struck."""
AFTERWARDS_S: Final = 2.0
"""How long after a part serves again others may still find their connections to it broken."""
SETTLE_S: Final = 4.0
"""How long a member that fell alone is left alone."""
START_S: Final = 120.0
"""How long a start may take: what serves at once on a quiet machine takes long beside seven others."""


class Pace:
    """Spread so many blows over so many items; without a number of items, send while there are blows."""

    def __init__(self, faults: int, items: int | None, seconds: float, book: Book) -> None:
        self.struck = 0
        self._end = time() + seconds
        self._faults = faults
        self._items = items
        self._book = book

    @property
    def pause(self) -> float:
        return PAUSE_S if self._items is None else 0.0

    def over(self) -> bool:
        return self.late() or (self.struck >= self._faults and self._book.acknowledged >= (self._items or 0))

    def late(self) -> bool:
        """Return whether the time is up, whatever was reached."""
        return time() > self._end

    def may_strike(self, number: int) -> bool:
        return self.late() or self._book.acknowledged * self._faults >= (self._items or 0) * number

    def may_send(self) -> bool:
        if self._items is None:
            return True
        return self._book.acknowledged < min(self._items, self._items * (self.struck + AHEAD) / self._faults)


class Storm:
    """The blows, and the sends meanwhile."""

    def __init__(
        self,
        processes: Processes,
        ways: Sequence[Way | Cable],
        officers: dict[str, Officer],
        book: Book,
        dice: random.Random,
    ) -> None:
        self._processes = processes
        self._ways = ways
        self._officers = officers
        self._book = book
        self._dice = dice
        self.blows: Counter[str] = Counter()
        self.vain: Counter[str] = Counter()
        self.struck: list[Blow] = []
        self.calm: list[Blow] = []
        self._turn = asyncio.Lock()
        self._under_way = 0
        self.episodes: list[Episode] = []
        self.in_calm: list[Episode] = []
        self.unstarted: list[str] = []

    async def rage(self, faults: int, items: int | None, seconds: float, say: Callable[[str], None]) -> None:
        """Strike `faults` times while all publish `items`; at the end every part serves and every line is good.

        After so many `seconds` it ends all the same.
        """
        pace = Pace(faults, items, seconds, self._book)
        free = asyncio.Queue[Target]()
        targets: list[Target] = [*self._processes.parts.values(), *self._ways]
        self._dice.shuffle(targets)
        for target in targets:
            free.put_nowait(target)
        left = iter(range(faults))
        async with asyncio.TaskGroup() as group:
            for officer in self._officers.values():
                group.create_task(self._publish(officer, pace))
            for _ in range(AT_ONCE):
                group.create_task(self._strike(free, left, pace, say))

    async def _publish(self, officer: Officer, pace: Pace) -> None:
        others = [member for member in self._officers if member != officer.member]
        while not pace.over():
            if not pace.may_send():
                await asyncio.sleep(PAUSE_S)
                continue
            to = frozenset(self._dice.sample(others, self._dice.randint(1, len(others))))
            precedence = self._dice.choice(PRECEDENCES)
            if precedence == "FLASH" and not officer.ready_to_flash():
                precedence = "IMMEDIATE"
            if await asyncio.to_thread(officer.send, to, precedence) is None:
                await asyncio.sleep(PAUSE_S)
            await asyncio.sleep(self._dice.random() * 2 * pace.pause)

    async def _strike(
        self, free: asyncio.Queue[Target], left: Iterator[int], pace: Pace, say: Callable[[str], None]
    ) -> None:
        for number in left:
            while not pace.may_strike(number):  # noqa: ASYNC110 - what others send
                await asyncio.sleep(PAUSE_S)
            if pace.late():
                return
            target = await free.get()
            how = self._dice.choice(ON_PARTS if isinstance(target, Part) else target.hows)
            self.blows[how] += 1
            say(f"{number + 1}: {how} {target.name} ({self._book.acknowledged} sent)")
            if target.name in self._officers and how != "STOP" and self._dice.random() < QUIET:
                await self._strike_alone(target, how)
            else:
                await self._strike_among_others(target, how)
            pace.struck += 1
            await asyncio.sleep(self._dice.random())
            free.put_nowait(target)

    async def _strike_among_others(self, target: Target, how: str) -> None:
        async with self._turn:
            self._under_way += 1
        try:
            await self._blow(target, how)
        finally:
            self._under_way -= 1

    async def _strike_alone(self, target: Target, how: str) -> None:
        """Strike while nothing else is struck, and let the member come to itself: so a FLASH's place can be judged."""
        async with self._turn:
            while self._under_way:  # noqa: ASYNC110 - the other striker has no event
                await asyncio.sleep(PAUSE_S)
            await asyncio.sleep(AFTERWARDS_S)
            await self._blow(target, how)
            await asyncio.sleep(SETTLE_S)

    async def _blow(self, target: Target, how: str) -> None:
        since = time()
        if not isinstance(target, Part):
            striking = target.strike(self._dice) if isinstance(target, Cable) else strike_way(target, how, self._dice)
            if not await striking:
                self.vain[how] += 1
            self.struck.append(Blow(target.name, how, target.parts, since, time()))
        else:
            await self._struck(target, how)
            self.struck.append(Blow(target.name, how, frozenset({target.name}), since, time()))

    async def _struck(self, part: Part, how: str) -> None:
        if how == "STOP":
            await freeze_part(part, self._dice)
            return
        await (part.kill() if how == "KILL" else part.stop())
        if part.name in self._officers:
            author = self._dice.choice([member for member in self._officers if member != part.name])
            self.episodes.append(await self._send_away(part.name, author, SMALL_BACKLOG))
        else:
            await asyncio.sleep(self._dice.random())
        await part.start()
        try:
            await part.serving(START_S)
        except Fault as fault:
            self.unstarted.append(f"{part.name}: {fault}")
            await part.kill()
            await part.start()
            await part.serving(START_S)

    async def overtake(self, backlog: int) -> None:
        """Leave each of two members away, give it a backlog of ROUTINE and then a FLASH, and bring it back."""
        names = list(self._officers)
        for away, author in ((names[-1], names[0]), (names[-2], names[1])):
            part, since = self._processes.members[away], time()
            await part.kill()
            self.in_calm.append(await self._send_away(away, author, backlog))
            await part.start()
            await part.serving(START_S)
            self.calm.append(Blow(away, "away in calm", frozenset({away}), since, time()))

    async def _send_away(self, away: str, author: str, backlog: int) -> Episode:
        """Have one author send ROUTINE, and then a FLASH, to a member that is down."""
        officer, to, since = self._officers[author], frozenset({away}), time()
        routine = [await asyncio.to_thread(officer.send, to, "ROUTINE") for _ in range(backlog)]
        flash = await asyncio.to_thread(officer.send, to, "FLASH")
        return Episode(away, author, since, tuple(sent for sent in routine if sent is not None), flash)
