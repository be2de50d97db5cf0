"""Who an aircraft is, at a node: over the picture of whoever may see it, and for nobody else."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from identified import BORDER, Border, heard, know
from world import exchange

from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import SECOND, Micros
from quartet.node.identify.registered import Registered
from quartet.node.identify.views import Stating
from quartet.node.views import Draft
from quartet.picture.plane import Place, polar
from quartet.picture.plot import RadarPlot
from quartet.picture.radar import Radar
from sky import EAST, NORTH, sky

HILL = Radar(name="hill", lat=46.8, lon=7.4, height_m=500.0, period_s=2.0)

pytestmark = pytest.mark.anyio


@pytest.fixture
async def border(tmp_path: Path) -> AsyncIterator[Border]:
    async with exchange(tmp_path, "north", "east", "west", start=False) as world, sky(world) as made:
        await made.feed("mast", NORTH)
        await made.feed("coast", EAST)
        yield Border(made)


async def flies(border: Border, feed: str, seconds: int, begins: float, address: str = "4b1805", **more: str) -> None:
    """Let an aircraft fly east at 220 m/s along 47 degrees north, heard once a second."""
    for n in range(seconds):
        border.take(feed, heard(border.now, address, 47.0, begins + 0.0029 * n, **more))
        await border.passes()


async def test_an_aircraft_that_concerns_a_member_is_pending_within_ten_seconds(border: Border) -> None:
    await flies(border, "mast", 3, 7.5, callsign="SWR12A", squawk="2000")

    one = border.aircraft("north")["4b1805"]

    assert (one.category, one.kind, one.phase) == ("PENDING", "pending", "COMPARING")
    assert (one.flight_id, one.code, one.within) == ("SWR12A", "2000", ("NORTH",))
    assert border.aircraft("east") == {}


async def test_who_flies_over_the_boundary_is_logged_once_where_it_lies(border: Border) -> None:
    await flies(border, "mast", 60, 7.95)

    (exit_,) = await border.movements("north")

    assert (exit_.way, exit_.space, exit_.address, exit_.seen) == ("EXIT", "NORTH", "4b1805", True)
    assert exit_.lon == pytest.approx(BORDER, abs=1e-6)
    assert exit_.lat == pytest.approx(47.0, abs=1e-6)
    assert await border.movements("east") == ()
    assert border.aircraft("north") == {}


def measured(at: Micros, lat: float, lon: float, address: str | None = "4b1805", **more: str) -> RadarPlot:
    found = polar(Place(HILL.lat, HILL.lon, HILL.height_m), Place(lat, lon, 9_000.0))
    return RadarPlot(
        at=at,
        sensor="hill",
        range_m=found.range_m,
        azimuth_deg=found.azimuth_deg,
        seen="MODE_S",
        alt_m=9_000.0,
        icao24=address,
        **more,  # type: ignore[arg-type]
    )


async def test_who_says_to_be_elsewhere_than_a_radar_sees_it_conflicts_for_whom_may_see_both_alone(
    border: Border,
) -> None:
    await border.sky.feed("hill", NORTH, caveats=("HUMANITARIAN",))
    for n in range(40):
        lon = 7.0 + 0.0029 * n
        border.take("mast", heard(border.now, "4b1805", 47.0 + 0.002 * max(0, n - 19), lon))
        if n % 2 == 0:
            border.take("hill", measured(border.now, 47.0, lon), stands=(HILL,))
        await border.passes()
        if n == 19:
            agreed = border.aircraft("north", trained=("HUMANITARIAN",))["4b1805"]

    one = border.aircraft("north", trained=("HUMANITARIAN",))["4b1805"]
    other = border.aircraft("north")["4b1805"]

    assert (agreed.verified, agreed.flags) == ("hill", ())
    assert one.flags == ("IDENT_CONFLICT",)
    assert {found.sort for found in one.evidence} >= {"CONTRADICTED"}
    assert one.verified is None
    assert (other.flags, other.evidence, other.verified) == ((), (), None)


@pytest.mark.parametrize("name", ["modes", "modes:radar-1-0f3ca"])
async def test_a_sensor_that_has_no_name_but_its_format_is_told_by_its_feeds_title(border: Border, name: str) -> None:
    unnamed = msgspec.structs.replace(HILL, name=name)
    await border.sky.feed("Radar on the hill", NORTH)
    for n in range(40):
        lon = 7.0 + 0.0029 * n
        border.take("mast", heard(border.now, "4b1805", 47.0 + 0.002 * max(0, n - 19), lon))
        if n % 2 == 0:
            plot = msgspec.structs.replace(measured(border.now, 47.0, lon), sensor=name)
            border.take("Radar on the hill", plot, stands=(unnamed,))
        await border.passes()
        if n == 19:
            agreed = border.aircraft("north")["4b1805"]

    (found,) = [one for one in border.aircraft("north")["4b1805"].evidence if one.sort == "CONTRADICTED"]

    assert agreed.verified == "Radar on the hill"
    assert found.sensor == "Radar on the hill"


async def test_what_a_flight_says_of_unlawful_interference_is_for_duty_officers_alone(border: Border) -> None:
    await flies(border, "mast", 3, 7.5, squawk="7500")

    on_duty, another = border.aircraft("north")["4b1805"], border.aircraft("north", roles=())["4b1805"]

    assert on_duty.flags == ("UNLAWFUL",)
    assert (on_duty.code, another.flags, another.code) == ("7500", (), None)


async def _told(folder: Path, **later: str) -> tuple[list[str], list[object]]:
    """Return what a duty officer's list begins with, and all that another is told, of two aircraft; one comes later."""
    async with exchange(folder, "north", "east", "west", start=False) as world, sky(world) as made:
        await made.feed("mast", NORTH)
        border = Border(made)
        await flies(border, "mast", 3, 7.2, address="aaaaaa")
        await flies(border, "mast", 3, 7.5, **later)
        page = made.nodes[NORTH].identity.page(border.viewer("north", roles=()))
        shown = [msgspec.to_builtins(one) for one in page.aircraft]
        for one in shown:  # of both worlds' clocks no two ticks are alike
            for name in [name for name in one if name in ("at", "since", "seen", "due", "unidentified_at")]:
                del one[name]
        return list(border.aircraft("north")), shown


async def test_the_order_of_a_list_tells_nobody_else_of_unlawful_interference(tmp_path: Path) -> None:
    for name in ("with", "without"):
        (tmp_path / name).mkdir()

    on_duty, told = await _told(tmp_path / "with", squawk="7500")
    usual, without = await _told(tmp_path / "without")

    assert (on_duty, usual) == (["4b1805", "aaaaaa"], ["aaaaaa", "4b1805"])
    assert told == without


async def test_no_place_in_the_list_tells_another_officer_of_it(border: Border) -> None:
    for n in range(3):
        for address, squawk in (("4b1805", "2000"), ("4b1806", "7500")):
            border.take("mast", heard(border.now, address, 47.0, 7.5 + 0.0029 * n, squawk=squawk))
        await border.passes()

    assert list(border.aircraft("north")) == ["4b1806", "4b1805"]
    assert list(border.aircraft("north", roles=())) == ["4b1805", "4b1806"]


async def test_a_duty_officer_informs_the_authority_and_nobody_else_says_that_it_was(border: Border) -> None:
    await flies(border, "mast", 3, 7.5)
    node, said = border.sky.nodes[NORTH], Stating(aircraft="4b1805", tlp="AMBER", informed="The authority, by phone")
    other, on_duty = border.viewer("north", roles=()), border.viewer("north")

    with pytest.raises(Untrusted, match="not-on-duty"):
        await node.publish(node.identity.saying.state(other, said), other)
    await node.publish(node.identity.saying.state(on_duty, said), on_duty)
    await border.passes(2)

    assert [one.informed for one in border.aircraft("north")["4b1805"].statements] == ["The authority, by phone"]


async def test_nobody_states_what_is_for_duty_officers_alone(border: Border) -> None:
    await flies(border, "mast", 3, 7.5, squawk="7500")
    node, viewer = border.sky.nodes[NORTH], border.viewer("north")
    draft = node.identity.saying.state(viewer, Stating(aircraft="4b1805", tlp="AMBER"))
    assert draft.form is not None

    with pytest.raises(Malformed, match="bad-form"):
        await node.publish(msgspec.structs.replace(draft, form={**draft.form, "flags": ["UNLAWFUL"]}), viewer)
    assert "UNLAWFUL" not in repr(draft)


@pytest.mark.parametrize(("code", "flag"), [("7600", "COMLOSS"), ("7700", "EMERGENCY")])
async def test_what_is_wrong_is_flagged(border: Border, code: str, flag: str) -> None:
    await flies(border, "mast", 3, 7.5, squawk=code)

    assert border.aircraft("north")["4b1805"].flags == (flag,)


async def test_who_answers_nothing_to_a_radar_is_flagged_as_not_cooperating(border: Border) -> None:
    await border.sky.feed("hill", NORTH)
    await border.warm("north")
    for n in range(24):
        silent, coded = measured(border.now, 47.0, 7.0 + 0.0029 * n, None), measured(border.now, 47.5, 7.0, None)
        if n % 2 == 0:
            silent = msgspec.structs.replace(silent, seen="PSR")
            border.take("hill", silent, msgspec.structs.replace(coded, squawk="2000"), stands=(HILL,))
        await border.passes()

    found = {one.code: one.flags for one in border.aircraft("north").values()}

    assert found == {None: ("NON_COOPERATIVE",), "2000": ()}


async def test_a_plan_identifies_for_whom_may_see_the_plan_and_for_nobody_else(border: Border) -> None:
    node, now = border.sky.nodes[NORTH], border.now
    places = (("LSGG", 47.0, 7.0), ("LSZH", 47.0, 8.0))
    points = [{"name": name, "lat": round(lat * 1e7), "lon": round(lon * 1e7)} for name, lat, lon in places]
    form = {
        "flight_id": "SWR12A",
        "rules": "I",
        "flight": "M",
        "aircraft": "A320",
        "wake": "M",
        "origin": "LSGG",
        "off_block": now - 900 * SECOND,
        "taken_off": now - 170 * SECOND,
        "lasts_s": 345,
        "destination": "LSZH",
        "route": "DCT",
        "points": points,
        "address": "4b1805",
    }
    draft = Draft(kind="flight-plan", tlp="AMBER", title="SWR12A", text="", caveats=("HUMANITARIAN",), form=form)
    sent = await node.publish(draft, border.viewer("north", ("HUMANITARIAN",)))

    await flies(border, "mast", 4, 7.5, callsign="SWR12A")
    one = border.aircraft("north", trained=("HUMANITARIAN",))["4b1805"]
    other = border.aircraft("north")["4b1805"]
    plans = node.identity.plans(border.viewer("north", ("HUMANITARIAN",)))

    assert (one.category, one.phase, one.kind, one.plan) == ("IDENTIFIED_STATE", "DONE", "neutral", sent.ref)
    assert set(one.bases) == {"PLAN", "ADDRESS", "FLIGHT_ID"}
    assert (other.category, other.bases, other.plan) == ("PENDING", (), None)
    assert [(plan.flight_id, plan.sort, plan.unplaced) for plan in plans] == [("SWR12A", "STATE", ())]
    assert node.identity.plans(border.viewer("north")) == ()


async def test_our_own_aircraft_once_identified_have_a_symbol_of_their_own(border: Border) -> None:
    know(border.sky.nodes[NORTH], x4b1805=Registered("HBJDA", own=True))
    viewer, node = border.viewer("north"), border.sky.nodes[NORTH]
    await flies(border, "mast", 3, 7.5)
    said = Stating(aircraft="4b1805", tlp="AMBER", category="IDENTIFIED_STATE", control=True)
    await node.publish(node.identity.saying.state(viewer, said), viewer)
    await flies(border, "mast", 3, 7.51)

    one = border.aircraft("north")["4b1805"]

    assert (one.category, one.kind, set(one.bases)) == ("IDENTIFIED_STATE", "own", {"ADDRESS", "ATC"})
    assert [track.kind for track in node.picture(viewer)] == ["own"]


async def test_where_a_member_names_no_airspace_nothing_is_due_of_whoever_flies_by(border: Border) -> None:
    """Its officers were told of every aircraft, one by one, to inform the authority."""
    node = border.sky.nodes[NORTH]
    node.identifying.know((), (), {})

    await flies(border, "mast", 125, 7.3)

    one = border.aircraft("north")["4b1805"]
    assert (one.category, one.phase, one.within, one.entry) == ("UNIDENTIFIED", "NOT_DUE", (), None)
    assert node.identity.page(border.viewer("north")).spaces == ()
