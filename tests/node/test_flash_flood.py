"""A member whose node was changed says FLASH by the hundred: what its receivers make of it."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from world import World, exchange

from quartet.core.faults import Untrusted
from quartet.core.ids import SECOND, Epoch, ExchangeId, MemberId, Micros, OfficerName
from quartet.core.release import Viewer
from quartet.node import heardflashes
from quartet.node.drafting import Speaker, item_statement, marking_of
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


async def flood(world: World, count: int, officer: str, word: str, **more: Any) -> None:
    """Have north, which counts nothing, say FLASH to east so many times."""
    world.nodes["north"].publisher._flashes = Uncounted()
    viewer = Viewer(member=MemberId("north"), name=officer, roles=("watch",))  # type: ignore[arg-type]
    for n in range(count):
        draft = Draft(tlp="AMBER", title=f"{word} {n}", text="now", to=(EAST,), precedence="FLASH", **more)
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


@pytest.mark.anyio
async def test_a_flood_of_flash_in_drills_is_six_an_hour_and_lowers_nothing_that_is_so(tmp_path: Path) -> None:
    drill: dict[str, Any] = {"caveats": ("EXERCISE",)}
    async with exchange(tmp_path, "north", "east") as world:
        reader = world.stores["east"].reader
        await flood(world, MAX_FLASH_AN_HOUR + 2, "duty", "played", **drill)
        for n in range(MAX_FLASH_AN_HOUR + 2):
            await flood(world, 1, f"nobody-{n}", "invented", **drill)
        await world.until(lambda: len(reader.items(0, MANY)) == 2 * MAX_FLASH_AN_HOUR + 4)
        assert [row.precedence for row in reader.items(0, MANY)].count("FLASH") == 2 * MAX_FLASH_AN_HOUR

        await flood(world, MAX_FLASH_AN_HOUR + 1, "duty", "real")
        await world.until(lambda: len(world.rows("east")) == MAX_FLASH_AN_HOUR + 1)
        assert sorted(stand(world, "real")) == ["FLASH"] * MAX_FLASH_AN_HOUR + ["IMMEDIATE"]

        await world.stop("east")
        world.start("east")
        await world.linked()
        await flood(world, 1, "second", "hers")
        await flood(world, 1, "duty", "again")
        await world.until(lambda: len(world.rows("east")) == MAX_FLASH_AN_HOUR + 3)
        assert (stand(world, "hers"), stand(world, "again")) == (["FLASH"], ["IMMEDIATE"])


@pytest.mark.anyio
async def test_after_a_start_no_number_of_drills_has_the_flashes_of_what_is_so_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heardflashes, "MOST_KEPT", MAX_FLASH_AN_HOUR)
    async with exchange(tmp_path, "north", "east") as world:
        reader = world.stores["east"].reader
        await flood(world, MAX_FLASH_AN_HOUR, "duty", "real")
        await world.until(lambda: len(world.rows("east")) == MAX_FLASH_AN_HOUR)
        for officer in ("duty", "second"):
            await flood(world, MAX_FLASH_AN_HOUR, officer, "played", caveats=("EXERCISE",))
        await world.until(lambda: len(reader.items(0, MANY, precedence="FLASH")) == 3 * MAX_FLASH_AN_HOUR)

        await world.stop("east")
        world.start("east")
        await world.linked()
        await flood(world, 1, "duty", "again")
        await world.until(lambda: len(world.rows("east")) == MAX_FLASH_AN_HOUR + 1)
        assert stand(world, "again") == ["IMMEDIATE"]


said = st.tuples(st.sampled_from(["duty", "second", "node"]), st.booleans(), st.integers(0, 20))


@given(st.lists(said, max_size=60))
def test_no_drill_takes_a_flash_of_what_is_so_and_nobody_has_more_than_six_of_either_in_an_hour(
    some: list[tuple[str, bool, int]],
) -> None:
    now, dated = NOW, []
    for officer, drill, minutes in some:
        now = Micros(now + minutes * MINUTE)
        dated.append((officer, drill, now))

    taken = let_go(dated)

    for drill in (False, True):
        alone = [one for one in dated if one[1] is drill]
        assert [went for one, went in zip(dated, taken, strict=True) if one[1] is drill] == let_go(alone)
    flashes = [one for one, went in zip(dated, taken, strict=True) if went]
    for officer, drill, begin in flashes:
        assert sum(one[:2] == (officer, drill) and begin <= one[2] < begin + HOUR for one in flashes) <= 6


def let_go(dated: list[tuple[str, bool, Micros]]) -> list[bool]:
    """Return which of what officers say goes as FLASH; what is prepared so may be signed so, and nothing else."""
    flashes, found = Flashes(), []
    for officer, drill, now in dated:
        caveats = ("EXERCISE",) if drill else ()
        draft = Draft(tlp="AMBER", title="It rises", text="now", precedence="FLASH", caveats=caveats)
        speaker = Speaker(ExchangeId("A" * 43), Epoch(1), MemberId("north"), OfficerName(officer), now, True, b"0" * 32)
        statement = item_statement(draft, None, speaker, marking_of(draft, ()), (), ())
        went = flashes.urgent(draft, OfficerName(officer), now).precedence == "FLASH"
        try:
            with flashes.said(statement, now):
                pass
        except Untrusted:
            assert not went
        else:
            assert went
        found.append(went)
    return found


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
