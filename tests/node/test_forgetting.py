"""What was taken back, narrowed or has expired leaves nothing behind in what is known of aircraft."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from identified import Border, heard
from test_identifying import HILL, measured
from test_telling import CRAFT, filed, says
from world import exchange

from quartet.core.verify import Verified
from quartet.node.identify.views import IdentityView
from quartet.picture.identify.watch import Identity
from sky import NORTH, sky, spelt

pytestmark = pytest.mark.anyio
TRAINED = ("HUMANITARIAN",)


@pytest.fixture
async def border(tmp_path: Path) -> AsyncIterator[Border]:
    async with exchange(tmp_path, "north", "east", "west", start=False) as world, sky(world) as made:
        await made.feed("mast", NORTH)
        await made.feed("other", NORTH)
        yield Border(made)


async def flies(border: Border, *feeds: str, first: int = 0, seconds: int = 4) -> None:
    """Let an aircraft fly east; the feed called `other` alone hears who it is and that it is in need."""
    for n in range(first, first + seconds):
        for feed in feeds:
            more = {"callsign": "MED12", "squawk": "7700"} if feed == "other" else {}
            border.take(feed, heard(border.now, CRAFT, 47.0, 7.4 + 0.0029 * n, **more))
        await border.passes()


def identity(border: Border, trained: tuple[str, ...] = ()) -> Identity:
    node = border.sky.nodes[NORTH]
    return next(one for one in node.identifying.identities(border.viewer("north", trained)) if one.mover.key == CRAFT)


def shown(border: Border, trained: tuple[str, ...] = ()) -> tuple[IdentityView, str]:
    node = border.sky.nodes[NORTH]
    one = border.aircraft("north", trained=trained)[CRAFT]
    return one, spelt((one, node.picture(border.viewer("north", trained))))


async def recalled(border: Border, item: Verified) -> None:
    await border.recalls("north", item)


async def narrowed(border: Border, item: Verified) -> None:
    await border.narrows("north", item, caveats=TRAINED)


@pytest.mark.parametrize("ends", [recalled, narrowed])
async def test_of_a_feed_that_was_taken_from_viewers_nothing_is_shown_at_the_next_look(
    border: Border, ends: Any
) -> None:
    await flies(border, "mast", "other")
    before, text = shown(border)
    assert (before.flight_id, before.code, before.flags) == ("MED12", "7700", ("EMERGENCY",))
    assert border.feed("other").id in identity(border).rests

    await ends(border, border.feed("other"))
    await flies(border, "mast", first=4, seconds=2)

    after, told = shown(border)
    assert (after.flight_id, after.code, after.flags, after.since > before.since) == (None, None, (), True)
    assert border.feed("other").id not in identity(border).rests
    assert all(word in text and word not in told for word in ("MED12", "7700", "EMERGENCY"))


async def test_who_parts_by_a_narrowing_keeps_nothing_of_it_and_who_may_have_it_keeps_all(border: Border) -> None:
    node = border.sky.nodes[NORTH]
    node.identity.page(border.viewer("north", TRAINED))
    await flies(border, "mast", "other")
    assert (
        node.identifying.kinds(border.viewer("north"))[0] == node.identifying.kinds(border.viewer("north", TRAINED))[0]
    )
    since = shown(border)[0].since

    await narrowed(border, border.feed("other"))
    await flies(border, "mast", first=4, seconds=3)

    (other, told), (one, text) = shown(border), shown(border, TRAINED)
    assert (other.flight_id, other.flags, "MED12" in told) == (None, (), False)
    assert (one.flight_id, one.flags, one.since, "MED12" in text) == ("MED12", ("EMERGENCY",), since, True)


async def seen_by_hill(border: Border, seconds: int) -> None:
    """Let a radar see an aircraft that says after twenty seconds that it is elsewhere."""
    await border.sky.feed("hill", NORTH)
    await border.warm("north")
    for n in range(seconds):
        lon = 7.0 + 0.0029 * n
        border.take("mast", heard(border.now, CRAFT, 47.0 + 0.002 * max(0, n - 19), lon))
        if n % 2 == 0:
            border.take("hill", measured(border.now, 47.0, lon), stands=(HILL,))
        await border.passes()


async def test_a_conflict_goes_with_the_sensor_that_made_it(border: Border) -> None:
    await seen_by_hill(border, 40)
    node, viewer = border.sky.nodes[NORTH], border.viewer("north")
    assert {found.sort for found in shown(border)[0].evidence} == {"CONTRADICTED"}
    assert node.identifying.doubted(viewer) == {CRAFT}

    await recalled(border, border.feed("hill"))
    border.take("mast", heard(border.now, CRAFT, 47.04, 7.116))
    await border.passes(2)

    one, told = shown(border)
    assert (one.flags, one.evidence, "hill" in told) == ((), (), False)
    assert node.identifying.doubted(viewer) == frozenset()


async def test_nothing_counts_as_verified_by_a_sensor_that_was_taken_back(border: Border) -> None:
    await seen_by_hill(border, 20)
    assert shown(border)[0].verified == "hill"

    await recalled(border, border.feed("hill"))
    for n in (20, 21):
        border.take("mast", heard(border.now, CRAFT, 47.0, 7.0 + 0.0029 * n))
        await border.passes()

    one, told = shown(border)
    assert (one.verified, "hill" in told) == (None, False)


async def test_a_plan_and_a_word_that_were_taken_back_say_nothing_more_and_the_clock_goes_on(border: Border) -> None:
    plan = await filed(border, NORTH)
    for n in range(4):
        border.take("mast", heard(border.now, CRAFT, 47.0, 7.4 + 0.0029 * n, callsign="SWR12A"))
        await border.passes()
    word = await says(border, category="UNIDENTIFIED", reason="Nobody knows it")
    await border.passes(2)
    before = shown(border)[0]
    assert (before.category, before.phase, before.plan is None) == ("UNIDENTIFIED", "INFORM", False)

    await recalled(border, word)
    await recalled(border, plan)
    await border.passes(2)
    assert CRAFT not in border.aircraft("north") or shown(border)[0].plan is None
    border.take("mast", heard(border.now, CRAFT, 47.0, 7.425, callsign="SWR12A"))
    await border.passes(3)

    after = shown(border)[0]
    assert (after.category, after.phase, after.bases, after.since) == ("PENDING", "COMPARING", (), before.since)
    assert identity(border).rests == {border.feed("mast").id}
