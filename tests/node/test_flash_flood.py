"""A member whose node was changed says FLASH by the hundred: what its receivers make of it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from world import World, exchange

from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.release import Viewer
from quartet.node.flashes import HOUR, MAX_FLASH_AN_HOUR, Flashes
from quartet.node.heardflashes import fullest_hour, heard_at
from quartet.node.views import Draft

EAST = MemberId("east")
NOW = Micros(1_900_000_000 * SECOND)
MINUTE = 60 * SECOND
MANY = 80
"""So that one page shows all."""


class Uncounted(Flashes):
    """What a member that cares for no rule puts in the place of its own counting."""

    def _left(self, officer: object, now: Micros) -> bool:
        self._of.setdefault(officer, [])  # type: ignore[arg-type]
        return True


async def flood(world: World, count: int, officer: str, word: str) -> None:
    """Have north, which counts nothing, say FLASH to east so many times."""
    world.nodes["north"].publisher._flashes = Uncounted()
    viewer = Viewer(member=MemberId("north"), name=officer, roles=("watch",))  # type: ignore[arg-type]
    for n in range(count):
        draft = Draft(tlp="AMBER", title=f"{word} {n}", text="now", to=(EAST,), precedence="FLASH")
        await world.nodes["north"].publish(draft, viewer)


def stand(world: World, word: str) -> list[str]:
    """Return as what east's list shows the items of a flood, in the order in which they were said."""
    rows = {row.title: row.precedence for row in world.rows("east")}
    claimed = {title.removeprefix("(claimed FLASH) "): shown for title, shown in rows.items() if word in title}
    assert all((shown == "IMMEDIATE") == (f"(claimed FLASH) {title}" in rows) for title, shown in claimed.items())
    return [claimed[f"{word} {n}"] for n in range(len(claimed))]


@pytest.mark.anyio
async def test_flash_by_the_hundred_is_six_an_officer_and_hour_and_the_rest_immediate_and_none_is_lost(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        await flood(world, MANY, "duty", "all")
        await flood(world, 2, "second", "hers")
        for n in range(8):
            await flood(world, 1, f"nobody-{n}", f"invented{n}")
        await world.until(lambda: len(world.rows("east")) == MANY + 10)

        assert sorted(stand(world, "all")) == ["FLASH"] * MAX_FLASH_AN_HOUR + ["IMMEDIATE"] * (MANY - MAX_FLASH_AN_HOUR)
        assert stand(world, "hers") == ["FLASH"] * 2
        assert sum(stand(world, f"invented{n}") == ["FLASH"] for n in range(8)) == MAX_FLASH_AN_HOUR
        assert "flash-claimed" in world.alarms("east")
        refs = [row.ref for row in world.rows("north")]
        await world.until(lambda: all(EAST in world.receipts("north", ref).delivered for ref in refs))
        assert await world.problems("east") == []

        await world.stop("east")
        world.start("east")
        await world.linked()
        await flood(world, 3, "duty", "again")
        await world.until(lambda: len(world.rows("east")) == MANY + 13)
        assert stand(world, "again") == ["IMMEDIATE"] * 3


moments = st.lists(st.integers(0, 300), max_size=40)


@given(moments, st.integers(0, 300))
def test_no_hour_has_more_than_six_whatever_they_are_dated_and_however_long_the_silence(
    dated: list[int], silent: int
) -> None:
    since, taken = Micros(NOW - silent * MINUTE), list[Micros]()
    for back in dated:
        at = heard_at(Micros(NOW - back * MINUTE), NOW, [since])
        if fullest_hour([*taken, at], at) <= MAX_FLASH_AN_HOUR:
            taken.append(at)

    for begin in taken:
        assert sum(begin <= one < begin + HOUR for one in taken) <= MAX_FLASH_AN_HOUR
    assert all(since <= one <= NOW for one in taken)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=40), st.randoms())
def test_who_keeps_to_six_an_hour_is_taken_at_its_word_after_a_silence_in_whatever_order_it_comes(
    steps: list[int], order: object
) -> None:
    said: list[Micros] = []
    for step in steps:
        at = Micros((said[-1] if said else NOW) + step * MINUTE)
        if fullest_hour([*said, at], at) <= MAX_FLASH_AN_HOUR:
            said.append(at)
    order.shuffle(said)  # type: ignore[attr-defined]
    now, taken = Micros(max(said) + MINUTE), list[Micros]()

    for one in said:
        at = heard_at(one, now, [NOW])
        assert fullest_hour([*taken, at], at) <= MAX_FLASH_AN_HOUR
        taken.append(at)
