"""The page of sensors: which is heard, which is not and what to do, and where one sees; over real sockets."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from consoles import Console, Exchange
from playwright.sync_api import Locator, ViewportSize, expect
from sensed import Sensed, sensed

from quartet.node.views import FeedDraft, Published

pytestmark = pytest.mark.slow
TURNS_S = 12.0
"""How long until the radar has seen enough for a picture."""


@pytest.fixture
def radars(exchange: Exchange, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sensed]:
    """Give an exchange whose north hears three radars."""
    with sensed(tmp_path_factory.mktemp("sensed") / "x", exchange) as made:
        time.sleep(TURNS_S)
        yield made


@pytest.fixture
def hearing(radars: Sensed) -> Iterator[Console]:
    with radars.console("north") as console:
        yield console


def row(console: Console, name: str) -> Locator:
    return console.page.get_by_role("row").filter(has=console.page.get_by_role("button", name=name, exact=True))


def test_each_sensor_says_how_it_is_where_it_sees_and_what_to_do(
    radars: Sensed, hearing: Console, pictures: Path
) -> None:
    north = hearing
    page, keys = north.page, north.page.keyboard
    keys.type("ge")
    expect(page.get_by_role("heading", name="Sensors")).to_be_visible()

    expect(row(north, "radar-1")).to_contain_text("OK")
    expect(row(north, "radar-1")).to_contain_text("2.0")
    expect(row(north, "radar-2")).to_contain_text(re.compile("Nothing came yet"))
    expect(row(north, "radar-3")).to_contain_text("Quarantined")
    expect(row(north, "radar-3")).to_contain_text("check format and edition")
    keys.press("j")
    expect(page.get_by_role("heading", name="Where radar-1 saw movers in the last hour")).to_be_visible()
    expect(page.locator("path.gap").first).to_be_attached()
    east = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="E", exact=True))
    expect(east).to_contain_text(re.compile(r"\d+ NM"))
    assert page.url.endswith("sensor=radar-1")
    assert "sensor-quarantined" in [alarm["reason"] for alarm in north.quartet("status")["alarms"]]

    page.get_by_role("link", name="Show on the map").click()
    expect(page.get_by_text("Where radar-1 saw movers in the last hour; hatched: gaps")).to_be_visible()
    assert north.faults() == []
    time.sleep(2)
    page.screenshot(path=pictures / "map-coverage-en-dark.png")
    page.get_by_role("button", name="Hide").click()
    expect(page.get_by_text("hatched: gaps")).to_have_count(0)
    told = north.quartet("sensors")
    page.goto(f"{north.origin}/sensors")
    off_says_how_much_it_is_off(north)
    assert {one["name"]: one["health"] for one in told}["radar-1"] == "OK"
    with radars.console("east") as east_console:
        east_console.page.goto(f"{east_console.origin}/sensors")
        expect(east_console.page.get_by_text("There is no live sensor here")).to_be_visible()
    look_around(north, pictures)


def off_says_how_much_it_is_off(console: Console) -> None:
    """See a radar's offset with its unit and what it is within; where too little was seen, that it is not known."""
    off = row(console, "radar-4")

    expect(off).to_contain_text(re.compile(r"Azimuth\s*\+0\.(2[5-9]|3[0-5])° ± 0\.\d\d"), timeout=90_000)

    expect(off).to_contain_text(re.compile(r"Range\s*\+1[2-7]\d m ± \d+"))
    expect(row(console, "radar-1")).to_contain_text("not yet known")
    expect(row(console, "radar-2").get_by_role("cell").last).to_have_text("–")
    (told,) = [one for one in console.quartet("sensors") if one["name"] == "radar-4"]
    assert 120 < told["offsets"]["range_m"] < 180
    assert told["offsets"]["range_within_m"] > 0


def look_around(console: Console, pictures: Path) -> None:
    """See the page in each language and appearance, and on a phone."""
    for language, theme in [("en", "dark"), ("fr", "light"), ("ar", "light"), ("fa", "contrast"), ("ru", "dark")]:
        console.page.goto(f"{console.origin}/sensors?sensor=radar-1")
        console.look(theme)
        console.speak(language)
        expect(console.page.locator("path.seen").first).to_be_attached()

        assert console.faults() == []
        console.page.screenshot(path=pictures / f"sensors-{language}-{theme}.png", full_page=True)
        console.page.set_viewport_size(ViewportSize(width=390, height=844))
        wider = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert console.page.evaluate(wider) <= 0
        console.page.screenshot(path=pictures / f"sensors-{language}-{theme}-phone.png")
        console.page.set_viewport_size(ViewportSize(width=1440, height=900))


def test_a_feed_that_was_opened_by_hand_is_named_with_why_it_has_no_health(
    exchange: Exchange, north: Console, east: Console, pictures: Path
) -> None:
    draft = FeedDraft(tlp="GREEN", title="Flight replayed", sensor="modes", to=("east",))  # type: ignore[arg-type]
    ref = north.client.post("/feeds", draft, Published).ref

    for console in (north, east):
        console.page.goto(f"{console.origin}/sensors")
        expect(console.page.get_by_text("There is no live sensor here")).to_be_visible()

    by_hand = north.page.get_by_role("region", name="Feeds that were opened by hand")
    expect(by_hand.get_by_role("listitem").filter(has_text=ref)).to_contain_text("Flight replayed")
    expect(by_hand).to_contain_text("cannot say how one is")
    expect(east.page.get_by_text(ref)).to_have_count(0)  # it is none of its own
    for language, theme in [("en", "dark"), ("ar", "light")]:
        north.speak(language)
        north.look(theme)
        expect(north.page.get_by_text(ref)).to_be_visible()
        assert north.faults() == []
        north.page.screenshot(path=pictures / f"sensors-by-hand-{language}.png")
