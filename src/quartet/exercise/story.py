"""The demo's story, step by step: real processes, real NATS, a real recording; each step says what it found.

Every step does what an officer would: it runs the `quartet` command, and believes only what that answers.
"""

import asyncio
import json
import shutil
import sqlite3
import sys
import textwrap
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from quartet.core.encoding import Value
from quartet.core.faults import Unavailable
from quartet.exercise.cut import CutProxy
from quartet.exercise.progress import Progress
from quartet.exercise.skies import begin_skies

CANARY: Final = "Drone parts seen near Dam 3"
FOUND: Final = f"{CANARY}: two rotors, a battery, no markings. Found by a road gang; the place is taped off."
ROUTINE: Final = (
    ("Fuel at the northern depot", "Eleven days at the present rate; the next tanker is due on Thursday."),
    ("Ferry timetable for tonight", "Last boat at 22:30 from both sides. No service for lorries."),
    ("Road gangs tomorrow", "Two gangs on the valley road, one lane open. Please tell your drivers."),
    ("Weather for the night", "Rain until midnight, wind force 6 on the coast, fog in the valleys after that."),
    ("Radio net 7 is back", "The repeater on the ridge works again; the test at noon was heard everywhere."),
)
FLASH: Final = (
    "Flash flood below Dam 3",
    "Leave the river road now: gate 2 gave way. Water at Lower Mill within 20 minutes.",
)
REFERENCE: Final = "49.01,2.55"
SPEED: Final = "60"
TRY_S: Final = 0.3
WIDTH: Final = 90
"""How wide what a step found is written, so that no word is broken on a small screen."""


class Answer(Value, frozen=True):
    """What a command answered: its exit code, its output and its error line."""

    code: int
    out: str
    error: str

    @property
    def value(self) -> Any:
        """The JSON document that it wrote."""
        return json.loads(self.out)


class Step(Value, frozen=True):
    """One step of the story: what was asked, what was found, whether it holds, and how long it took."""

    what: str
    found: str
    ok: bool
    seconds: float


@dataclass
class Stage:
    """Where the story plays: the exchange's folder, and each member's way to the hub, tapped and ready to be cut."""

    root: Path
    ways: dict[str, CutProxy]
    say: Callable[[str], None]
    progress: Progress
    recording: Path | None
    began: float = field(default_factory=time.monotonic)
    refs: dict[str, str] = field(default_factory=dict)
    feed: asyncio.subprocess.Process | None = None
    skies: asyncio.subprocess.Process | None = None

    async def quartet(self, *words: str, text: str | None = None) -> Answer:
        """Run one `quartet` command as its user would."""
        child = await asyncio.create_subprocess_exec(
            *command(),
            *words,
            stdin=asyncio.subprocess.PIPE if text is not None else asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, error = await child.communicate(None if text is None else text.encode())
        return Answer(child.returncode or 0, out.decode(), error.decode().strip())

    async def asked(self, member: str, *words: str) -> Any:
        """Return the JSON answer of a command of one member's officer; raise where it had none."""
        answer = await self.quartet(*words, "--dir", str(self.root / member), "--json")
        if not answer.out:
            raise Unavailable("no-answer", f"quartet {' '.join(words)}: {answer.error}")
        return answer.value

    async def until(self, what: str, true: Callable[[], Awaitable[bool]], seconds: float) -> bool:
        """Ask again until it is true, or the time is over; `what` is waited for meanwhile."""
        self.progress.doing = f"waiting until {what}"
        ends = time.monotonic() + seconds
        while not await true():
            if time.monotonic() > ends:
                return False
            await asyncio.sleep(TRY_S)
        return True

    async def send(self, text: str, to: str, title: str, precedence: str = "ROUTINE") -> str:
        """Send as north's officer; return the reference."""
        words = ["send", "--dir", str(self.root / "north"), "--tlp", "AMBER", "--to", to, "--title", title]
        words += ["--precedence", precedence, "--caveat", "EXERCISE", "--json", "-"]
        answer = await self.quartet(*words, text=text)
        if answer.code:
            raise Unavailable("not-sent", answer.error)
        ref: str = answer.value["ref"]
        return ref

    async def titles(self, member: str) -> list[str]:
        """Return what a member's officer finds in the inbox, in the order of arrival."""
        rows = await self.asked(member, "inbox")
        return [row["title"] for row in rows]


def command() -> tuple[str, ...]:
    """Return how to run `quartet` with the Python that runs us."""
    return sys.executable, "-m", "quartet.cli"


Tell = Callable[[Stage], Awaitable[tuple[str, bool]]]


async def tracks(stage: Stage) -> tuple[str, bool]:
    """The recorded Mode S flows: east sees tracks, west none."""
    if stage.recording is None:
        return "no recording is installed (pip install --no-deps traffic): this step was left out", True
    words = ["feed", "--format", "modes", str(stage.recording), "--tlp", "GREEN", "--to", "east", "--speed", SPEED]
    words += ["--reference", REFERENCE, "--caveat", "EXERCISE", "--dir", str(stage.root / "north"), "--json"]
    stage.feed = await asyncio.create_subprocess_exec(
        *command(), *words, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL
    )

    async def seen() -> bool:
        return bool(await stage.asked("east", "picture"))

    ok = await stage.until("east sees a track", seen, 30)
    east, west = await stage.asked("east", "picture"), await stage.asked("west", "picture")
    stage.skies = await begin_skies(stage.root)
    first = east[0] if east else None
    where = f"{first['id']} at {first['lat']:.4f}, {first['lon']:.4f}" if first else "nothing"
    return f"east sees {where} (recorded, {SPEED}x); west sees {len(west)} tracks", ok and not west


async def marked(stage: Stage) -> tuple[str, bool]:
    """A marked item reaches the named members; nobody else holds a byte of its text, nor did the hub."""
    stage.refs["drone"] = await stage.send(FOUND, "east,south", CANARY)

    async def both() -> bool:
        return CANARY in await stage.titles("east") and CANARY in await stage.titles("south")

    ok = await stage.until("east and south have it", both, 15)
    west = await stage.titles("west")
    hits = grep(stage.root / "west", CANARY) + grep(stage.root / "taps", CANARY)
    found = f"{stage.refs['drone']} is with east and south, and not among west's {len(west)} items; the text is found"
    return f"{found} {hits} times in west's files and in the hub's traffic", ok and not hits and CANARY not in west


async def cut(stage: Stage) -> tuple[str, bool]:
    """South is cut off; north sends routine items, then a FLASH; back again, south gets the FLASH first."""
    stage.ways["south"].cut()
    known = len(await stage.titles("south"))
    for n, (title, text) in enumerate(ROUTINE, 1):
        stage.progress.doing = f"south is cut off; north sends routine item {n} of {len(ROUTINE)}"
        await stage.send(text, "south", title)
    stage.progress.doing = "south is cut off; north sends a FLASH"
    await stage.send(FLASH[1], "south", FLASH[0], "FLASH")
    away = (await stage.titles("south"))[known:]
    began = time.monotonic()
    stage.ways["south"].mend()

    async def all_came() -> bool:
        return len(await stage.titles("south")) >= known + len(ROUTINE) + 1

    ok = await stage.until("south has caught up", all_came, 40)
    first = await flash_came_first(stage)
    order = "FLASH first" if first else "the FLASH not first"
    found = f"cut off it had {len(away)} of them; caught up in {time.monotonic() - began:.1f} s, {order}"
    return found, ok and first and not away


async def flash_came_first(stage: Stage) -> bool:
    """Return whether south received the FLASH no later than any routine item that was sent before it."""
    received: dict[str, str] = {}
    stage.progress.doing = "asking south what came first"
    told = {title for title, _ in (*ROUTINE, FLASH)}
    for row in await stage.asked("south", "inbox"):
        if row["title"] not in told:
            continue
        shown = await stage.asked("south", "show", row["ref"])
        received[row["title"]] = shown["provenance"]["received"]
    routine = [received[title] for title, _ in ROUTINE]
    return received[FLASH[0]] <= min(routine)


async def altered(stage: Stage) -> tuple[str, bool]:
    """One byte is altered in a copy of east's folder: `verify` names the place; the original verifies."""
    copy = stage.root / "copy-of-east"
    stage.progress.doing = "verifying a copy of east's folder and the original"
    shutil.copytree(stage.root / "east", copy, ignore=shutil.ignore_patterns("*.sock", "run", "node.pid"))
    place = flip_leaf(next(copy.glob("store/*.db")))
    good = await stage.quartet("verify", "--offline", "--dir", str(stage.root / "east"), "--json")
    bad = await stage.quartet("verify", "--offline", "--dir", str(copy), "--json")
    shutil.rmtree(copy)
    problems = bad.value["problems"] if bad.out else []
    named = problems[0]["where"] if problems else bad.error
    found = f"altered leaf {place}: exit {bad.code}, {named}; the original: exit {good.code}"
    return found, bad.code == 4 and good.code == 0


async def recalled(stage: Stage) -> tuple[str, bool]:
    """North takes the item back while south is away: east purges, south owes, then pays."""
    stage.ways["south"].cut()
    stage.progress.doing = "south is cut off; north takes the item back"
    await asyncio.sleep(1)
    answer = await stage.quartet("recall", stage.refs["drone"], "--dir", str(stage.root / "north"), "--json")
    if answer.code not in (0, 1):
        return answer.error, False

    async def east_paid() -> bool:
        return "east" in (await receipts(stage))["purged"]

    ok = await stage.until("east has destroyed it", east_paid, 60)
    owed = (await receipts(stage))["owed"]
    stage.ways["south"].mend()

    async def all_paid() -> bool:
        return not (await receipts(stage))["owed"]

    ok &= await stage.until("south is back and has destroyed it", all_paid, 60)
    return f"east purged; {', '.join(owed) or 'nobody'} owed while away; then paid, nobody owes", ok and owed == [
        "south"
    ]


async def verified(stage: Stage) -> tuple[str, bool]:
    """Every member checks every log."""
    reports = {}
    for member in ("north", "east", "south", "west"):
        stage.progress.doing = f"{member} verifies every log"
        reports[member] = await stage.asked(member, "verify")
    sizes = {m: log["size"] for m, log in reports["north"]["logs"].items()}
    problems = sum(len(r["problems"]) for r in reports.values())
    found = (
        f"{len(reports)} members checked {len(sizes)} logs of {min(sizes.values())} ticks and more: {problems} problems"
    )
    return found, all(r["ok"] for r in reports.values())


STORY: Final[tuple[tuple[str, Tell], ...]] = (
    ("north replays a recorded flight to east alone", tracks),
    (f'north sends "{CANARY}", AMBER, to east and south', marked),
    ("south's link is cut, and comes back", cut),
    ("one byte is altered in a copy of east's folder", altered),
    ("north takes the item back while south is away", recalled),
    ("everybody verifies everything", verified),
)
PROMISES: Final = (
    ("nothing leaves but to whom its marking admits", "quartet why {ref} west --dir {root}/north"),
    ("what was shared can be proven, not altered", "quartet verify --dir {root}/west"),
    ("every statement keeps its author and its source", "quartet show {south} --dir {root}/south"),
    ("a member works alone and catches up", "quartet status --dir {root}/south"),
    ("what was shared can be taken back", "quartet receipts {ref} --dir {root}/north"),
)


async def receipts(stage: Stage) -> Any:
    """Return who has the item, who purged it and who owes."""
    return await stage.asked("north", "receipts", stage.refs["drone"])


def grep(folder: Path, text: str) -> int:
    """Return how many files below a folder hold a text, as bytes."""
    found = 0
    for path in folder.rglob("*"):
        with suppress(OSError):
            found += path.is_file() and text.encode() in path.read_bytes()
    return found


def flip_leaf(database: Path) -> str:
    """Alter one byte of a leaf of north's log in a database file; return which."""
    connection = sqlite3.connect(database)
    name, log, index, root = connection.execute(
        "SELECT log.name, leaf.log, leaf.idx, leaf.root FROM leaf JOIN log ON log.n = leaf.log"
        " WHERE log.name LIKE '%/north/%' ORDER BY leaf.idx LIMIT 1 OFFSET 2"
    ).fetchone()
    changed = bytes([root[0] ^ 1]) + root[1:]
    connection.execute("UPDATE leaf SET root = ? WHERE log = ? AND idx = ?", (changed, log, index))
    connection.commit()
    connection.close()
    return f"{index} of {name.split('/')[2]}"


async def tell_story(stage: Stage) -> list[Step]:
    """Play every step, saying what is tried, then what was found; one that fails is told, and the story goes on."""
    steps = []
    for what, play in STORY:
        began = time.monotonic()
        at = int(began - stage.began)
        stage.say(f"{at // 60}:{at % 60:02d}  {what}")
        try:
            async with stage.progress.step():
                found, ok = await play(stage)
        except (Unavailable, KeyError, ValueError, StopIteration) as error:
            found, ok = f"{type(error).__name__}: {error}", False
        seconds = round(time.monotonic() - began, 1)
        steps.append(Step(what, found, ok, seconds))
        for line in textwrap.wrap(found if ok else f"FAILED: {found}", WIDTH, break_long_words=False):
            stage.say(f"      {line}")
    return steps
