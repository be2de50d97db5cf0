"""One officer who asks much holds up nobody else: what she asks is looked at a little at a time."""

import asyncio
import threading
from collections import Counter
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any

import pytest
from inside import CLERK, NORTH, inside

from quartet.core.frame import verify_frame
from quartet.core.ids import SECOND
from quartet.core.release import Viewer
from quartet.exercise.plan import DUTY
from quartet.node import past
from quartet.node.asking import Query

HER = Viewer(member=NORTH, name=DUTY.name, roles=DUTY.roles)


def test_a_list_looks_a_conversation_up_once_and_not_for_each_of_its_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    async def act() -> int:
        async with inside() as world:
            await world.report(False)
            item, ref = world.known[False].items[0]
            for n in range(30):
                await world.duty("POST", f"/items/{ref}/thread", {"text": f"word {n}"})
            looked: Counter[str] = Counter()
            citing = world.node.threads._reader.citing

            def counted(of: Any) -> Any:
                looked[of] += 1
                return citing(of)

            monkeypatch.setattr(world.node.threads._reader, "citing", counted)
            page = await world.node.read(HER, Query(threads=True))
            assert [(row.ref, row.messages) for row in page.items] == [(ref, 30)]
            return looked[item]

    assert asyncio.run(act()) == 1


@pytest.mark.parametrize("what", ["list", "grants", "duty"])
def test_of_all_that_one_officer_asks_at_once_a_slice_is_looked_at_in_each_turn(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def act() -> int:
        async with inside() as world:
            for _ in range(3):
                await world.report(False)
                await world.grant(False)
                await world.watch(False)
            turn, slices = 0, Counter[int]()
            items = world.store.reader.items

            def counted(*asked: Any, **how: Any) -> Any:
                slices[turn] += 1
                return items(*asked, **how)

            def ask() -> Coroutine[Any, Any, object]:
                if what == "list":
                    return world.node.read(HER, Query(text="nowhere"))
                return world.node.duties.board(HER) if what == "duty" else world.node.consents.given(HER, "", 100)

            monkeypatch.setattr(world.store.reader, "items", counted)
            answers = asyncio.gather(*(ask() for _ in range(20)))
            while not answers.done():
                await asyncio.sleep(0)
                turn += 1
            assert slices.total() >= 20
            return max(slices.values())

    assert asyncio.run(act()) <= 2


def test_who_is_told_nothing_of_many_watches_holds_up_nobody_by_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    async def act() -> tuple[int, int]:
        async with inside() as world:
            monkeypatch.setattr("quartet.node.duties.SLICE", 2)
            for _ in range(9):
                await world.watch(True)
            turns = 0
            clerk = Viewer(member=NORTH, name=CLERK.name)
            answer = asyncio.ensure_future(world.node.duties.board(clerk))
            while not answer.done():
                await asyncio.sleep(0)
                turns += 1
            return len(answer.result().watches), turns

    watches, turns = asyncio.run(act())

    assert (watches, turns >= 5) == (0, True)


def test_the_signatures_of_a_past_picture_are_checked_where_they_hold_up_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def act() -> tuple[set[int], list[str]]:
        async with inside() as world:
            await world.play([("feed", False), *[("sighting", False), ("tick", False)] * 3], secrets=False)
            threads: set[int] = set()

            def noted(*asked: Any) -> Any:
                threads.add(threading.get_ident())
                return verify_frame(*asked)

            monkeypatch.setattr(past, "verify_frame", noted)
            at = datetime.fromtimestamp(world.clock.now() / SECOND, UTC)
            told = await world.node.past_picture(HER, at)
            return threads, [track.id for track in told]

    threads, told = asyncio.run(act())

    assert told == ["3c6444"]
    assert threads
    assert threading.get_ident() not in threads
