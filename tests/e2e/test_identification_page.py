"""Who is who in the browser: an aircraft is stated with a reason, handed over, accepted, and logged as it leaves."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bordered import bordered
from consoles import Console, Exchange
from playwright.sync_api import Locator, Route, ViewportSize, expect

from quartet.core.ids import MemberId
from quartet.node.identify.views import Handed, IdentityPage, Offering

pytestmark = pytest.mark.slow
SLOW_MS = 60_000


@pytest.fixture
def border(exchange: Exchange, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exchange]:
    with bordered(tmp_path_factory.mktemp("bordered") / "x", exchange) as made:
        yield made


@pytest.fixture
def north(border: Exchange) -> Iterator[Console]:
    with border.console("north") as console:
        yield console


@pytest.fixture
def east(border: Exchange) -> Iterator[Console]:
    with border.console("east") as console:
        yield console


def row(console: Console, name: str) -> Locator:
    return console.page.get_by_role("row").filter(has=console.page.get_by_role("button", name=name))


def test_an_aircraft_is_stated_handed_over_accepted_and_logged(north: Console, east: Console, pictures: Path) -> None:
    page, keys = north.page, north.page.keyboard
    keys.type("gf")
    expect(page.get_by_role("heading", name="Identification")).to_be_visible()
    expect(row(north, "SWR12A")).to_contain_text("Pending", timeout=SLOW_MS)
    expect(row(north, "DLH4TX")).to_contain_text("emergency (7700)")
    expect(row(north, "DLH4TX")).to_contain_text("EXERCISE")
    expect(row(north, "DLH4TX")).not_to_contain_text(
        "address as planned or registered"
    )  # the registry is of what is so

    row(north, "SWR12A").get_by_role("button").click()
    expect(page.get_by_text("Its place is its own word")).to_be_visible()
    page.get_by_role("button", name="State…").click()
    page.get_by_role("combobox", name="Category").select_option("IDENTIFIED_CIVIL")
    page.get_by_label("Reason").fill("Seen from the tower")
    page.get_by_role("checkbox", name="east").check()
    expect(page.get_by_text("east will read it.")).to_be_visible()
    page.get_by_role("radio", name="TLP:AMBER", exact=True).check()
    page.screenshot(path=pictures / "identification-state-en-dark.png")
    page.get_by_role("button", name="Sign and send").click()
    expect(row(north, "SWR12A")).to_contain_text("Identified, civil", timeout=SLOW_MS)
    expect(page.get_by_text("Seen from the tower")).to_be_visible()

    page.get_by_role("button", name="Hand over…").click()
    page.get_by_role("combobox", name="Member").select_option("east")
    page.get_by_role("radio", name="TLP:AMBER", exact=True).check()
    crosses = page.get_by_role("dialog").get_by_role("status")
    expect(crosses).to_have_text(re.compile(r"It enters EAST at .*\dZ\."), timeout=SLOW_MS)
    time = re.search(r"\d\d:\d\d:\d\dZ", crosses.inner_text())
    assert time is not None
    page.get_by_role("button", name="Sign and send").click()
    expect(page.get_by_text(f"north hands SWR12A to east at EAST, {time[0]}")).to_be_visible(timeout=SLOW_MS)

    east.page.goto(f"{east.origin}/identification")
    expect(east.page.get_by_text("north hands SWR12A to east at EAST")).to_be_visible(timeout=SLOW_MS)
    expect(row(east, "SWR12A")).to_contain_text("north Identified, civil", timeout=SLOW_MS)
    east.page.screenshot(path=pictures / "identification-offer-en-dark.png")
    east.page.get_by_role("button", name="Accept").click()
    expect(east.page.get_by_text("accepted", exact=True)).to_be_visible(timeout=SLOW_MS)
    expect(row(east, "SWR12A")).to_contain_text("handed over by the neighbour", timeout=SLOW_MS)
    expect(page.get_by_text("accepted", exact=True)).to_be_visible(timeout=SLOW_MS)

    page.goto(f"{north.origin}/movements")
    expect(page.get_by_role("row").filter(has_text="RYR8KU")).to_contain_text("left", timeout=SLOW_MS)
    told = [one for one in north.quartet("movements")["items"] if one["address"] == "4ca7b1"]
    assert [(one["way"], one["space"], round(one["lon"], 4)) for one in told] == [("EXIT", "NORTH", 8.0)]
    assert north.faults() == []
    assert east.faults() == []
    look_around(north, pictures)


def test_what_two_sensors_contradict_is_told_of_both(north: Console) -> None:
    doubts = [
        {"sort": "CONTRADICTED", "sensor": name, "off_m": 55_560.0, "since": "2026-03-01T12:00:00Z"}
        for name in ("RA", "RB")
    ]

    def doubted(route: Route) -> None:
        page = route.fetch().json()
        page["aircraft"] = [one | {"evidence": doubts} for one in page["aircraft"]]
        route.fulfill(json=page)

    north.page.route(re.compile(r"/api/identities(\?|$)"), doubted)
    north.page.goto(f"{north.origin}/identification")
    row(north, "SWR12A").get_by_role("button").click(timeout=SLOW_MS)

    for name in ("RA", "RB"):
        expect(north.page.get_by_role("listitem").filter(has_text=name).first).to_be_visible()
    expect(north.page.get_by_role("button", name="Hand over…")).to_be_visible()
    assert north.faults() == []
    north.page.unroute_all(behavior="wait")


def test_a_handover_that_nobody_answers_rings_at_both_desks_until_it_is_accepted(north: Console, east: Console) -> None:
    expect(north.page.get_by_role("heading", name="Inbox")).to_be_visible()
    north.page.goto(f"{north.origin}/identification")
    expect(row(north, "SWR12A")).to_be_visible(timeout=SLOW_MS)
    north.page.goto(f"{north.origin}/inbox")
    crosses = datetime.now(UTC) + timedelta(seconds=128)
    seen = north.client.get("/identities", IdentityPage).aircraft
    key = next(one.key for one in seen if one.flight_id == "SWR12A")
    draft = Offering(aircraft=key, to=MemberId("east"), tlp="AMBER", boundary="EAST", crosses_at=crosses)
    offer = north.client.post("/identities/offers", draft, Handed)

    for console, other in ((north, "east"), (east, "north")):
        bar = console.page.get_by_role("alert", name="Handovers that nobody answered")
        expect(bar).to_contain_text("north hands SWR12A to east at EAST", timeout=SLOW_MS)
        expect(bar).to_contain_text(f"nobody answered: call {other} now")
        assert console.faults() == []
    east.page.get_by_role("link", name="Open the handover").click()
    chosen = east.page.locator("main [aria-current=true]")
    expect(chosen).to_contain_text(offer.ref)
    chosen.get_by_role("button", name="Accept").click()

    for console in (north, east):
        bar = console.page.get_by_role("alert", name="Handovers that nobody answered")
        expect(bar).to_have_count(0, timeout=SLOW_MS)


def look_around(console: Console, pictures: Path) -> None:
    """See both pages in each language and appearance, and on a phone."""
    for language, theme in [("en", "dark"), ("fr", "light"), ("ar", "light"), ("fa", "contrast"), ("ru", "dark")]:
        for name, path in [("identification", "/identification?aircraft=3c6444"), ("movements", "/movements")]:
            console.page.goto(f"{console.origin}{path}")
            console.look(theme)
            console.speak(language)
            expect(console.page.locator("tbody tr").first).to_be_visible()
            if name == "movements":  # an arrow into the box is one out of it where the page runs from the right
                expect(console.page.locator("tbody [aria-hidden=true]").first).to_have_css("direction", "ltr")

            assert console.faults() == []
            console.page.screenshot(path=pictures / f"{name}-{language}-{theme}.png", full_page=True)
            console.page.set_viewport_size(ViewportSize(width=390, height=844))
            wider = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert console.page.evaluate(wider) <= 0
            console.page.screenshot(path=pictures / f"{name}-{language}-{theme}-phone.png")
            console.page.set_viewport_size(ViewportSize(width=1440, height=900))
