"""The judge finds what it is there to find, and a line does what its weather says."""

import asyncio
import random
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from .blows import OF_MESSAGES, Blow
from .book import Book, Sent
from .catchup import caught_up
from .judge import astray, lost, twice
from .line import CALM, Line, Weather

pytestmark = pytest.mark.anyio
TO = frozenset({"east", "south"})


def book_of(folder: Path, kept: dict[str, list[str]], shown: dict[str, list[str]]) -> Book:
    """North sent one item to east and south, and tried another; say who keeps and shows what."""
    book = Book(folder / "book.db")
    first, second = book.begin("north", TO, "ROUTINE"), book.begin("north", frozenset({"east"}), "ROUTINE")
    book.acknowledge(first, Sent("one", "north", TO, "ROUTINE", 100.0))
    titles = {"one": first, "tried": second}
    for member, items in kept.items():
        with closing(sqlite3.connect(folder / f"{member}.db")) as store, store:
            store.execute("CREATE TABLE item (id, author, kind, admission, received)")
            rows = [(item, "north", n, 103_000_000 + n) for n, item in enumerate(items)]
            store.executemany("INSERT INTO item VALUES (?, ?, 'report', ?, ?)", rows)
        book.keep(member, folder / f"{member}.db")
    for member, items in shown.items():
        book.show(member, [(item, f"(FLASH claimed) {titles[item]}") for item in items])
    book.close_accounts()
    return book


RIGHT = {"north": ["one"], "east": ["one", "tried"], "south": ["one"]}


def test_nothing_is_found_where_nothing_is_wrong_and_how_late_it_came_is_told(tmp_path: Path) -> None:
    book = book_of(tmp_path, RIGHT, RIGHT)

    assert (lost(book), twice(book), astray(book)) == ([], [], [])
    east, hub = (
        Blow(name, "KILL", frozenset({name}), 99.0, until) for name, until in (("east", 101.0), ("hub-1", 102.0))
    )
    west = Blow("west", "KILL", frozenset({"west"}), 99.0, 104.0)
    told = [
        (found.copies, round(found.seconds), round(found.free))
        for found in (caught_up(b, [east, hub, west], book) for b in (east, hub, west))
    ]
    assert told == [(1, 2, 1), (2, 1, 1), (0, 0, 0)]


def test_what_was_acknowledged_and_is_not_kept_is_lost(tmp_path: Path) -> None:
    book = book_of(tmp_path, {**RIGHT, "north": [], "south": []}, RIGHT)

    assert sorted(lost(book)) == ["one of north not at north", "one of north not at south"]


def test_an_id_that_is_kept_or_a_title_that_is_shown_twice_is_found(tmp_path: Path) -> None:
    book = book_of(tmp_path, {**RIGHT, "south": ["one", "one"]}, {**RIGHT, "east": ["tried", "tried"]})

    assert sorted(twice(book)) == ["north 2 2 times at east", "one 2 times at south"]


def test_what_is_kept_where_it_was_not_sent_is_astray_acknowledged_or_not(tmp_path: Path) -> None:
    kept = {**RIGHT, "south": ["one", "tried"], "west": ["one", "nobody's"]}

    book = book_of(tmp_path, kept, RIGHT)

    found = ["nobody's of north at west", "one of north at west", "tried of north at south"]
    assert sorted(astray(book)) == found


async def crossing(weather: Weather, told: bytes, do: Callable[[Line], Awaitable[None]] | None = None) -> bytes:
    """Return what comes through a line of what one server says to another in one go."""
    came: list[bytes] = []

    async def heard(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(await reader.read())
        writer.close()

    async with await asyncio.start_server(heard, "127.0.0.1", 0) as far:
        line = Line("north~hub-1", frozenset(), 0, far.sockets[0].getsockname()[1], random.Random(1), messages=True)
        async with line:
            line.weather = weather
            if do is not None:
                await do(line)
            reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
            writer.write(told)
            writer.write_eof()
            await reader.read()
            writer.close()
            await writer.wait_closed()
    return b"".join(came)


def said(*numbers: int) -> bytes:
    return b"".join(b"LMSG f.north.east.parcel 4\r\n%04d\r\n" % n for n in numbers)


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_line_carries_as_its_weather_is(anyio_backend: str) -> None:
    told = b"LS+ f.*.north.>\r\n" + said(1, 2, 3) + b"PING\r\n"
    never = Weather()

    assert await crossing(CALM, told) == told
    assert await crossing(replace(never, lost=1.0), told) == b"LS+ f.*.north.>\r\nPING\r\n"
    doubled = await crossing(replace(never, doubled=1.0), told)
    assert [doubled.count(said(n)) >= 2 for n in (1, 2, 3)] == [True, True, True]
    assert sorted(OF_MESSAGES) == ["DISORDERED", "DOUBLED", "LOST"]
    disordered = await crossing(replace(never, disordered=0.5), said(*range(40)))
    assert disordered != said(*range(40))
    assert len(disordered) >= len(said(*range(39)))


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_line_that_breaks_carries_half_of_a_message_and_a_parted_one_nothing(anyio_backend: str) -> None:
    async def break_off(line: Line) -> None:
        line.break_off()

    whole = said(1)

    assert await crossing(CALM, whole + said(2), break_off) == whole[: len(whole) // 2]
