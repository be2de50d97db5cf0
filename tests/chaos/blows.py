"""What strikes: a server is killed, ended or frozen; the ways of a member or between the hubs turn bad for a while."""

import asyncio
import random
import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from quartet.exercise.process import Part

from .book import Sent
from .hosts import Hosts
from .line import Line, Weather

ON_PARTS: Final = ("KILL", "KILL", "TERM", "STOP")
ON_WAYS: Final = ("PARTED", "BROKEN", "SILENT", "SLOW")
ON_MESSAGES: Final = ("LOST", "DOUBLED", "DISORDERED")
"""What only a way can do that ends TLS."""
COUNTED: Final = ("BROKEN", "SLOW", *ON_MESSAGES)
"""What a line counts, each time that it happens."""
LONGEST_S: Final = 6.0
LONGEST_OUT_S: Final = 12.0
LOOK_S: Final = 0.1
SLOW: Final = Weather(delay=0.2, jitter=0.4)
OF_MESSAGES: Final = {
    "LOST": Weather(delay=0.02, jitter=0.05, lost=0.3),
    "DOUBLED": Weather(delay=0.02, jitter=0.05, doubled=0.4),
    "DISORDERED": Weather(delay=0.02, jitter=0.05, disordered=0.4),
}


@dataclass(frozen=True)
class Blow:
    """What struck what, and from when until when that did not serve; `parts` are those that it was to serve."""

    name: str
    how: str
    parts: frozenset[str]
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


@dataclass(frozen=True)
class Way:
    """The lines of one member to the hubs, or those between the hubs; one alone may be struck, or all at once."""

    name: str
    parts: frozenset[str]
    lines: tuple[Line, ...]

    @property
    def hows(self) -> tuple[str, ...]:
        return ON_WAYS + (ON_MESSAGES if all(line.knows_messages for line in self.lines) else ())


@dataclass(frozen=True)
class Cable:
    """The cable between a server's host and the switch, where servers have hosts of their own."""

    name: str
    parts: frozenset[str]
    lines: tuple[Line, ...]
    hosts: Hosts
    hows = ("UNPLUGGED",)

    async def strike(self, dice: random.Random) -> bool:
        """Take it out for a while: no end hears that the other is gone; return whether anybody was connected."""
        (server,) = self.parts
        used = any(line.used for line in self.lines)
        self.hosts.unplug(server)
        try:
            await asyncio.sleep(dice.uniform(0.5, LONGEST_OUT_S))
        finally:
            self.hosts.plug_in(server)
        return used


Target = Part | Way | Cable


def all_cables(lines: dict[str, Line], hosts: Hosts | None, names: Iterable[str]) -> list[Cable]:
    """Return the cables of these servers; none where all are on one host."""
    if hosts is None:
        return []
    return [Cable(f"cable of {name}", frozenset({name}), carrying(name, lines), hosts) for name in names]


def carrying(part: str, lines: dict[str, Line]) -> tuple[Line, ...]:
    """Return the lines that end at a part."""
    return tuple(line for line in lines.values() if part in line.parts)


def all_ways(lines: dict[str, Line], members: tuple[str, ...]) -> list[Way]:
    """Return the ways that these lines make."""
    found = [Way(f"ways of {member}", frozenset({member}), carrying(member, lines)) for member in members]
    between = tuple(line for line in lines.values() if not line.parts & set(members))
    hubs = frozenset(part for line in between for part in line.parts)
    return [*found, *([Way("ways between hubs", hubs, between)] if between else [])]


async def strike_way(way: Way, how: str, dice: random.Random) -> bool:
    """Have all lines of a way be bad for a while, or one that is used; return whether anything came to feel it."""
    used = [line for line in way.lines if line.used]
    struck = way.lines if dice.random() < 0.5 or not used else (dice.choice(used),)
    felt = sum(line.count[how] for line in struck)
    lasting = dice.uniform(0.5, LONGEST_S)
    try:
        for line in struck:
            _strike_line(line, how)
        if how != "BROKEN":
            await asyncio.sleep(lasting)
        if how not in COUNTED:
            return bool(used)
        await _until(lambda: sum(line.count[how] for line in struck) > felt, LONGEST_S)
        return sum(line.count[how] for line in struck) > felt
    finally:
        for line in struck:
            line.mend()


def _strike_line(line: Line, how: str) -> None:
    match how:
        case "PARTED":
            line.cut()
        case "BROKEN":
            line.break_off()
        case "SILENT":
            line.freeze()
        case "SLOW":
            line.weather = SLOW
        case _:
            line.weather = OF_MESSAGES[how]


async def _until(so: Callable[[], bool], within: float) -> None:
    """Wait until something is so, for a while."""
    for _ in range(round(within / LOOK_S)):
        if so():
            return
        await asyncio.sleep(LOOK_S)


async def freeze_part(part: Part, dice: random.Random) -> None:
    """Stop a process as a machine stops that is out of memory for a while."""
    part.signal(signal.SIGSTOP)
    await asyncio.sleep(dice.uniform(0.5, 4))
    part.signal(signal.SIGCONT)
