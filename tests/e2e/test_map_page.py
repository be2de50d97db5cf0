"""The map: what one member's sensor sees moves on another's map, and on nobody's who may not have the feed."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from consoles import Console, Exchange
from playwright.sync_api import Locator, expect

from quartet.console.shapes import Taken
from quartet.node.views import FeedDraft, Published, Sighting

pytestmark = pytest.mark.slow

AIRCRAFT = ("4b1805", "3c6444", "4ca7b4", "406a2d", "3003ae", "342086")


class Feed:
    """A sensor of north's, whose sightings are made here."""

    def __init__(self, console: Console, to: tuple[str, ...]) -> None:
        self._console = console
        draft = FeedDraft(tlp="GREEN", title="A sensor", sensor="modes", to=to)  # type: ignore[arg-type]
        self.ref = console.client.post("/feeds", draft, Published).ref

    def sees(self, *aircraft: str, ago_s: float = 0.0, lat: float = 46.8) -> None:
        """See aircraft now, a tenth of a degree from each other, on their way to the north-east."""
        at = datetime.now(UTC) - timedelta(seconds=ago_s)
        seen = [
            Sighting(id=one, lat=lat + n / 10, lon=8.0 + n / 4, at=at, alt_m=10_000 + 300 * n, speed_mps=230, track_deg=45)
            for n, one in enumerate(aircraft)
        ]
        self._console.client.post(f"/feeds/{self.ref}/sightings", seen, Taken)


@pytest.fixture
def feed(north: Console) -> Iterator[Feed]:
    """Give a sensor of north's that east may have and west may not."""
    yield Feed(north, ("east",))


def rows(console: Console) -> Locator:
    """Return the rows of the map's list."""
    return console.page.get_by_role("listbox", name="Tracks").get_by_role("option")


def test_what_north_sees_moves_on_easts_map_and_west_sees_none(
    exchange: Exchange, north: Console, east: Console, feed: Feed, pictures: Path
) -> None:
    for console in (north, east):
        console.page.keyboard.press("g")
        console.page.keyboard.press("m")
        expect(console.page.get_by_role("heading", name="Map")).to_be_visible()
    feed.sees(*AIRCRAFT)

    for console in (north, east):
        expect(rows(console)).to_have_count(len(AIRCRAFT))
        expect(rows(console).filter(has_text="4b1805")).to_contain_text("north")
    east.page.keyboard.press("j")
    expect(east.page.get_by_role("heading", name="3003ae")).to_be_visible()
    expect(east.page.locator(".banner")).to_contain_text("TLP:GREEN")
    time.sleep(3)
    east.page.screenshot(path=pictures / "map-en-dark.png")
    with exchange.console("west") as west:
        west.page.goto(f"{west.origin}/map")
        expect(west.page.get_by_text("No track that you may see")).to_be_visible()
    expect(east.page).to_have_url(re.compile(r"track=\d+"))
