"""A file of 40 MB whose author and recipient are killed in its middle arrives whole."""

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from test_newcomer import Exchange, ended, exchange

pytestmark = pytest.mark.slow
SIZE = 40_000_000
PARTS = 153


def parts_here(x: Exchange, member: str) -> int:
    path = x.root / member / "store" / "quartet.db"
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=20)) as database:
        return int(database.execute("SELECT count(*) FROM part WHERE n >= 0").fetchone()[0])


def test_a_file_of_40_mb_arrives_whole_though_both_sides_are_killed_in_its_middle(tmp_path: Path) -> None:
    async def past(x: Exchange, count: int) -> None:
        async def so() -> bool:
            return parts_here(x, "east") >= count

        await x.until(so)

    async def whole(x: Exchange) -> None:
        for name in list(x.parts):
            await x.start(name)
        film, text = x.root / "film.bin", x.root / "text.txt"
        film.write_bytes(os.urandom(SIZE))
        text.write_text("a film")
        await x.run("send", "--tlp", "AMBER", "--to", "east", "--attach", film, text, "--dir", x.root / "north")

        for name, count in (("north", 10), ("east", 40), ("north", 70)):
            await past(x, count)
            await x.parts[name].kill()
            assert parts_here(x, "east") < PARTS
            await x.start(name)
        await past(x, PARTS)
        ref = (await x.run("inbox", "--dir", x.root / "east"))[0]["ref"]
        await x.run("show", ref, "--save", x.root / "saved", "--dir", x.root / "east")

        assert (x.root / "saved" / "film.bin").read_bytes() == film.read_bytes()

    with exchange(tmp_path / "x", "north", "east") as made:
        asyncio.run(ended(made, whole))
