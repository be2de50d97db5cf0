"""Which warning of a site is the most urgent, and where its mover is: by its own site, in one order for everybody."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from test_sites import NEARS, at_north, flies, geojson, later, left, register, viewer

from episodes import shown_near
from quartet.desk.site import LevelWord
from quartet.node.desk.siteorder import known_now, urgent_first
from quartet.node.desk.siteviews import EpisodeView, NearView, SiteWarningView
from sky import NORTH

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def warning(mover: str, level: LevelWord, within: int | None = None, ago: int = 0, **more: Any) -> EpisodeView:
    """Return a warning that was first said so many seconds ago, when its mover was `within` so many of too near."""
    at = NOW - timedelta(seconds=ago)
    step = SiteWarningView(f"N-{mover}", at, level, at, within, 3_000, 180, None, None)
    stands = {"level": level, "highest": level, "over": level == "OVER", "warnings": (step,)}
    return shown_near(ref=mover, mover=mover, **(stands | more))


def near(one: EpisodeView, seconds: int | None) -> NearView:
    return NearView(
        one.site, one.name, one.volume, one.mover, "PREDICTED", seconds, 3_000, 180, None, NOW, exempt=False
    )


def test_the_most_urgent_warning_stands_first_and_a_drills_last() -> None:
    done: dict[str, Any] = {"waits": False, "call_due": None}
    live = warning("live", "PREDICTED", within=900, ago=5)
    told = [
        warning("over", "OVER", **done),
        warning("drill", "INSIDE", exercise=True),
        warning("done", "INSIDE", ago=1, **done),
        warning("soon", "ADVISORY", within=20),
        warning("never", "PREDICTED", ago=9),
        warning("newest", "PREDICTED", within=400, ago=5),
        live,
        warning("older", "INSIDE", ago=90),
        warning("to be called", "INSIDE", ago=20, waits=False, call_due=NOW),
        warning("newer", "INSIDE", ago=10),
    ]
    known = [known_now(one, near(one, 30) if one is live else None, NOW) for one in told]

    first = [one.ref for one in urgent_first(known)]

    assert first == ["older", "to be called", "newer", "live", "newest", "never", "soon", "done", "over", "drill"]
    assert first == [one.ref for one in urgent_first(known[::-1])]


def test_in_how_long_a_mover_is_too_near_is_said_by_the_newest_that_is_known() -> None:
    one = warning("a", "PREDICTED", within=40, ago=15)

    assert known_now(one, near(one, 90), NOW).too_near_s == 90
    assert known_now(one, near(one, None), NOW).too_near_s == 25
    assert known_now(one, None, NOW).too_near_s == 25
    assert known_now(one, None, NOW + timedelta(minutes=1)).too_near_s == 0
    assert known_now(warning("a", "ADVISORY"), None, NOW).too_near_s is None
    assert known_now(warning("a", "INSIDE", within=9), near(one, 90), NOW).too_near_s == 0
    assert known_now(warning("a", "OVER", within=9), None, NOW).too_near_s is None


async def test_a_mover_near_two_sites_whose_volumes_have_one_name_is_where_it_is_for_each(tmp_path: Path) -> None:
    async with at_north(tmp_path) as made:
        small = await register(made, name="Heron sanctuary")
        wide = await register(made, name="The reed beds", geojson=geojson(radius_m=4_000))
        await flies(made, NEARS)

        seen = await made.nodes[NORTH].desk.sites.view(viewer(made))

        assert {one.volume for one in seen.near} == {"dam"}
        known = {one.site: one for one in seen.near}
        assert known[small.ref].too_near_s != known[wide.ref].too_near_s
        assert {one.site: one.near for one in seen.warnings} == known
        assert [one.site for one in seen.warnings] == [wide.ref, small.ref]


async def test_a_warning_of_a_site_that_was_corrected_since_knows_where_its_mover_is(tmp_path: Path) -> None:
    async with at_north(tmp_path) as made:
        site = await register(made)
        await flies(made, NEARS)
        newer = await register(made, name="Heron wood", corrects=site.ref)
        await later(made, 1)

        seen = await made.nodes[NORTH].desk.sites.view(viewer(made))

        ((now,), (one,)) = seen.near, seen.warnings
        assert now.site == newer.ref
        assert one.near == now
        assert [told.ref for told in left(made)] == [one.ref]
