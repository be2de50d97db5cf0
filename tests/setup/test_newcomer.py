"""Members come and go while the others run: real processes, real hubs, every act by the command line."""

import asyncio
import io
import json
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from quartet.cli.main import run
from quartet.exercise.process import Part
from quartet.exercise.setup import new_exchange
from quartet.exercise.up import Processes

pytestmark = pytest.mark.slow
WITHIN = 120.0


class Exchange:
    """A running exchange, spoken to by the command line alone."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.parts: dict[str, Part] = {}

    async def run(self, *words: str | Path, codes: tuple[int, ...] = (0,)) -> Any:
        """Run `quartet` with these words; return what it says as JSON."""
        said = io.StringIO()
        with redirect_stdout(said):
            code = await asyncio.to_thread(run, [*(str(word) for word in words), "--json"])
        assert code in codes, words
        return json.loads(said.getvalue() or "null")

    async def start(self, name: str) -> None:
        part = self.parts.setdefault(name, Part(self.root / name))
        await part.start()
        await part.serving()

    async def act(self, name: str, *words: str | Path, signers: tuple[str, ...]) -> Path:
        """Propose an act, have it signed, and hand it to the first signer's node."""
        act = self.root / f"{name}.json"
        first, *others = signers
        await self.run("charter", "propose", *words, "--output", act, "--dir", self.root / first)
        for other in others:
            await self.run("charter", "sign", act, "--dir", self.root / other)
        await self.run("charter", "apply", act, "--dir", self.root / first)
        return act

    async def send(self, name: str, text: str, *, tlp: str = "AMBER", to: str | None = None) -> str:
        path = self.root / "text.txt"
        path.write_text(text)
        named = () if to is None else ("--to", to)
        sent = await self.run("send", "--tlp", tlp, *named, "--title", text, path, "--dir", self.root / name)
        return str(sent["ref"])

    async def titles(self, name: str) -> set[str]:
        return {row["title"] for row in await self.run("inbox", "--dir", self.root / name)}

    async def until(self, true: Callable[[], Awaitable[bool]]) -> None:
        async with asyncio.timeout(WITHIN):
            while not await true():  # noqa: ASYNC110 - other processes
                await asyncio.sleep(0.2)

    async def grown(self, name: str, ticks: int = 5) -> None:
        """Wait until a member has closed so many more ticks: what goes with each of them has gone."""
        size = (await self.status(name))["logs"][name]["size"]

        async def longer() -> bool:
            found: bool = (await self.status(name))["logs"][name]["size"] >= size + ticks
            return found

        await self.until(longer)

    async def has(self, name: str, *titles: str) -> None:
        """Wait until a member's officer sees these items."""

        async def seen() -> bool:
            return set(titles) <= await self.titles(name)

        await self.until(seen)

    async def epoch(self, count: int, *names: str) -> None:
        """Wait until these members' nodes know so many acts."""

        async def known() -> bool:
            return all([(await self.status(name))["epoch"] >= count for name in names])

        await self.until(known)

    async def said(self, name: str, words: str) -> None:
        """Wait until a process says these words."""

        async def there() -> bool:
            return words in self.parts[name].log.read_text()

        await self.until(there)

    async def status(self, name: str) -> Any:
        return await self.run("status", "--dir", self.root / name)

    async def items(self, name: str) -> int:
        """Return how many statements a member's node keeps."""
        return int((await self.status(name))["items"])

    def raw(self, name: str) -> bytes:
        """Return every byte of the files that a member keeps."""
        return b"".join(p.read_bytes() for p in (self.root / name / "store").rglob("*") if p.is_file())

    async def stop(self) -> None:
        await asyncio.gather(*(part.stop() for part in self.parts.values()))


@contextmanager
def exchange(root: Path, *members: str, hubs: int = 1, direct: Iterable[tuple[str, str]] = ()) -> Iterator[Exchange]:
    new_exchange(root, members, hubs=hubs, tick_s=0.5, direct=direct)
    made = Exchange(root)
    processes = Processes(root)
    made.parts = processes.parts
    yield made


def test_a_newcomer_is_met_while_all_run_then_suspended_and_reinstated(tmp_path: Path) -> None:
    async def whole(x: Exchange) -> None:
        north = x.root / "north"
        for name in list(x.parts):
            await x.start(name)
        await x.send("north", "old to all", to="east,south")
        await x.send("north", "old to the world", tlp="CLEAR")
        await x.has("south", "old to all", "old to the world")
        pids = {name: part.pid for name, part in x.parts.items()}

        made = await x.run("charter", "newcomer", "west", x.root, "--dir", north)
        everybody = ("north", "east", "south")
        admit = await x.act("admit", "admit", "west", "--newcomer", made["newcomer"], signers=everybody)
        await x.run("charter", "apply", admit, "--offline", "--dir", x.root / "west")
        await x.said("hub-1", "members are now east, north, south, west")
        await x.epoch(1, *everybody)
        await x.start("west")

        first = await x.send("north", "welcome", to="west,east")
        await x.send("west", "thanks", to="north,east,south")
        await x.has("west", "welcome", "old to the world")
        for name in everybody:
            await x.has(name, "thanks")
        assert await x.titles("west") == {"welcome", "thanks", "old to the world"}
        assert b"old to all" not in x.raw("west")

        held = await x.items("west")
        await x.act("suspend", "suspend", "west", "--reason", "drill", signers=everybody)
        await x.said("hub-1", "members are now east, north, south\n")
        await x.epoch(2, *everybody)
        await x.grown("north", 2)  # a control is dated by the tick that it is issued in, which the act may be in too
        missed = await x.send("north", "while west was away", to="west,east")
        await x.has("east", "while west was away")
        await x.grown("north")
        assert b"while west was away" not in x.raw("west")
        assert await x.items("west") == held

        await x.act("reinstate", "reinstate", "west", "--reason", "drill", signers=everybody)
        await x.epoch(3, *everybody, "west")
        await x.send("north", "welcome back", to="west,east")
        await x.has("west", "welcome back")
        told = await x.run("why", missed, "west", "--dir", north, codes=(0, 1))
        assert not told["has"], (
            told,
            await x.run("show", missed, "--dir", north),
            await x.run("charter", "show", "--dir", north),
        )
        assert await x.titles("west") == {"welcome", "thanks", "old to the world", "welcome back"}
        assert (await x.run("why", first, "west", "--dir", north))["has"]

        await x.act("withdraw", "withdraw", "west", "--reason", "it is over", signers=("west",))
        await x.epoch(4, *everybody)
        links = (await x.status("north"))["links"]
        assert [link["member"] for link in links] == ["east", "south"]
        assert {name: part.pid for name, part in x.parts.items() if name in pids} == pids

    with exchange(tmp_path / "x", "north", "east", "south") as made:
        asyncio.run(ended(made, whole))


async def ended(made: Exchange, whole: Any) -> None:
    try:
        await whole(made)
    finally:
        await made.stop()
