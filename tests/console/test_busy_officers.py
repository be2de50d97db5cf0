"""One officer who asks much holds up nobody else: what she asks is looked at a little at a time."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from inside import NORTH, inside

from quartet.core.release import Viewer
from quartet.exercise.plan import DUTY
from quartet.node.asking import Query
from quartet.node.listing import SLICE

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


def test_of_all_that_one_officer_searches_at_once_a_slice_is_looked_at_in_each_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def act() -> int:
        async with inside() as world:
            for _ in range(3):
                await world.report(False)
            turn, slices = 0, Counter[int]()
            items = world.node.reading._reader.items

            def counted(*asked: Any, **how: Any) -> Any:
                slices[turn] += 1
                return items(*asked, **how)

            monkeypatch.setattr(world.node.reading._reader, "items", counted)
            searches = asyncio.gather(*(world.node.read(HER, Query(text="nowhere")) for _ in range(20)))
            while not searches.done():
                await asyncio.sleep(0)
                turn += 1
            assert slices.total() >= 20
            assert SLICE > 3
            return max(slices.values())

    assert asyncio.run(act()) <= 2
