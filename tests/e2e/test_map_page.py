"""The map: what one member's sensor sees moves on another's map, and on nobody's who may not have the feed."""

import re
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from consoles import Console, Exchange
from playwright.sync_api import Locator, WebSocketRoute, expect

from quartet.console.shapes import Taken
from quartet.node.views import FeedDraft, Published, Sighting

pytestmark = pytest.mark.slow

AIRCRAFT = ("4b1805", "3c6444", "4ca7b4", "406a2d", "3003ae", "342086")


REGIONS = sorted(
    ((lat, lon) for lat in (46, 20, -6, -32, -58) for lon in range(-130, 150, 20)), key=lambda at: abs(at[1] - 10)
)
"""More than the tests of one worker, run again where they failed, can take."""


class Feed:
    """A sensor of north's, whose sightings are made here: in a region of its own, for tracks outlast their test."""

    def __init__(self, console: Console, to: tuple[str, ...], beside: "Feed | None" = None, **more: Any) -> None:
        self._console = console
        lat, lon = REGIONS.pop(0) if beside is None else (beside.lat + 0.5, beside.lon)
        self.lat: float = lat
        self.lon: float = lon
        draft = FeedDraft(tlp="GREEN", title="A sensor", sensor="modes", to=to, **more)  # type: ignore[arg-type]
        self.ref = console.client.post("/feeds", draft, Published).ref

    @property
    def view(self) -> str:
        """The query of a map that looks at its region."""
        return f"?at={self.lat},{self.lon},7"

    def sees(self, *aircraft: str, ago_s: float = 0.0, north: float = 0.0) -> None:
        """See aircraft now, a tenth of a degree from each other, on their way to the north-east."""
        at = datetime.now(UTC) - timedelta(seconds=ago_s)
        seen = [
            Sighting(
                id=one,
                lat=self.lat + north + n / 10,
                lon=self.lon + n / 4,
                at=at,
                alt_m=10_000 + 300 * n,
                speed_mps=230,
                track_deg=45,
            )
            for n, one in enumerate(aircraft)
        ]
        self._console.client.post(f"/feeds/{self.ref}/sightings", seen, Taken)


@pytest.fixture
def feed(north: Console) -> Feed:
    """Give a sensor of north's that east may have and west may not."""
    return Feed(north, ("east",))


def rows(console: Console) -> Locator:
    """Return the rows of the map's list."""
    return console.page.get_by_role("listbox", name="Tracks").get_by_role("option")


def chosen(console: Console) -> Locator:
    """Return the row that is selected."""
    return console.page.locator("[role=listbox] [aria-selected=true]")


def open_map(console: Console, query: str) -> None:
    """Go to the map, as a link leads there."""
    console.page.goto(f"{console.origin}/map{query}")
    expect(console.page.get_by_role("heading", name="Map")).to_be_visible()


def test_the_first_view_goes_to_where_tracks_are_and_after_those_that_come_next(
    north: Console, east: Console, feed: Feed, pictures: Path
) -> None:
    """A map that looked at the first aircraft alone would never be told of the second."""
    feed.sees("4b1805")
    open_map(east, "")
    expect(rows(east).filter(has_text="4b1805")).to_have_count(1)
    east.page.wait_for_timeout(1_500)

    feed.sees("3c6444", north=12.0)

    expect(rows(east).filter(has_text="3c6444")).to_have_count(1)
    expect(rows(east).filter(has_text="4b1805")).to_have_count(1)
    east.page.wait_for_timeout(1_500)
    east.page.screenshot(path=pictures / "map-first-view-en-dark.png")


def test_what_north_sees_moves_on_easts_map_and_west_sees_none(
    exchange: Exchange, north: Console, east: Console, feed: Feed
) -> None:
    for console in (north, east):
        console.page.keyboard.type("gm")
        expect(console.page.get_by_role("heading", name="Map")).to_be_visible()
        open_map(console, feed.view)
    feed.sees(*AIRCRAFT)
    for console in (north, east):
        expect(rows(console)).to_have_count(len(AIRCRAFT))
        expect(rows(console).filter(has_text="4b1805")).to_contain_text("north")
    expect(east.page.locator(".banner")).to_contain_text("TLP:GREEN")
    east.page.keyboard.press("j")
    heading = east.page.get_by_role("heading", name="3003ae")
    expect(heading).to_be_visible()
    place = east.page.get_by_role("button", name=re.compile("copy$"))
    before = place.inner_text()

    feed.sees(*AIRCRAFT, north=0.1)

    expect(place).not_to_have_text(before)
    expect(heading).to_be_visible()
    with exchange.console("west") as west:
        open_map(west, feed.view)
        expect(west.page.get_by_text("No track that you may see")).to_be_visible()
        expect(west.page.get_by_text("Live")).to_be_visible()


def test_what_is_of_an_exercise_says_so_in_the_list_beside_it_and_in_the_legend(
    north: Console, feed: Feed, pictures: Path
) -> None:
    drill = Feed(north, (), beside=feed, caveats=("EXERCISE",))
    feed.sees("4b1805", "3c6444")
    open_map(north, feed.view)
    expect(rows(north)).to_have_count(2)
    legend = north.page.get_by_role("group", name="What tracks are said to be")
    expect(legend).not_to_contain_text("EXERCISE")

    drill.sees("4b1805", "aaaaaa")

    expect(rows(north)).to_have_count(4)
    told = [one.inner_text().split("\n")[0] for one in rows(north).all()]
    assert told == ["3c6444", "4b1805", "EXERCISE 4b1805", "EXERCISE aaaaaa"]
    expect(legend).to_contain_text(re.compile(r"EXERCISE\s*2"))
    rows(north).filter(has_text="EXERCISE aaaaaa").click()
    expect(north.page.get_by_role("heading", name="EXERCISE aaaaaa")).to_be_visible()
    for language, theme in (("en", "dark"), ("ar", "light"), ("ru", "contrast")):
        north.look(theme)
        north.speak(language)
        north.page.wait_for_timeout(1_000)
        assert north.faults() == []
        north.page.screenshot(path=pictures / f"map-exercise-{language}-{theme}.png")


def test_the_list_does_by_keys_what_the_map_does_by_pointer(east: Console, feed: Feed) -> None:
    feed.sees(*AIRCRAFT)
    open_map(east, feed.view)
    expect(rows(east)).to_have_count(len(AIRCRAFT))
    keys, page = east.page.keyboard, east.page

    keys.press("j")
    keys.press("j")
    expect(chosen(east)).to_contain_text("342086")
    expect(page).to_have_url(re.compile(r"track=\d+"))
    keys.press("k")
    expect(chosen(east)).to_contain_text("3003ae")
    page.get_by_role("listbox", name="Tracks").focus()
    keys.press("End")
    expect(page.get_by_role("heading", name="4ca7b4")).to_be_visible()
    keys.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(f"at={feed.lat + 0.2:.1f}")))
    keys.press("Escape")
    expect(page.get_by_text("Choose a track on the map")).to_be_visible()
    keys.press("/")
    keys.type("406A")
    expect(rows(east)).to_have_count(1)


def test_one_key_takes_her_from_the_list_to_the_map_and_the_help_names_those_that_move_it(
    east: Console, feed: Feed, pictures: Path
) -> None:
    feed.sees(*AIRCRAFT)
    open_map(east, feed.view)
    expect(rows(east)).to_have_count(len(AIRCRAFT))
    keys, page = east.page.keyboard, east.page
    page.get_by_role("listbox", name="Tracks").focus()

    keys.press("m")
    expect(page.locator(".maplibregl-canvas")).to_be_focused()
    keys.press("ArrowUp")

    expect(page).not_to_have_url(re.compile(re.escape(f"at={feed.lat:g},")))
    for language in ("en", "fr", "ar"):
        east.speak(language)
        expect(page.locator("h1")).to_be_visible()
        keys.press("?")
        expect(page.get_by_role("dialog")).to_contain_text(re.compile(r"m\s*.*\+"))
        expect(page.get_by_role("dialog")).to_contain_text("Shift+A")
        page.screenshot(path=pictures / f"map-keys-{language}.png")
        keys.press("Escape")


def test_a_click_on_the_map_chooses_the_track_that_is_there(east: Console, feed: Feed) -> None:
    feed.sees("4b1805")
    open_map(east, feed.view)
    expect(rows(east)).to_have_count(1)
    box = east.page.get_by_role("region", name="Map of tracks").bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    east.page.mouse.click(*middle)
    expect(east.page.get_by_role("heading", name="4b1805")).to_be_visible()
    east.page.mouse.click(middle[0] + 200, middle[1] + 150)
    expect(east.page.get_by_text("Choose a track on the map")).to_be_visible()


def test_the_address_holds_what_is_on_view_and_comes_back_with_it(east: Console, feed: Feed) -> None:
    feed.sees(*AIRCRAFT)
    open_map(east, feed.view)
    expect(rows(east)).to_have_count(len(AIRCRAFT))
    east.page.keyboard.press("j")
    expect(east.page.get_by_role("heading", name="3003ae")).to_be_visible()
    east.page.get_by_label("From any member").select_option("north")
    east.page.get_by_label("Above, FL").fill("340")
    east.page.get_by_label("Above, FL").press("Enter")
    expect(rows(east)).to_have_count(4)
    assert "3003ae" not in east.page.url

    east.page.reload()

    expect(rows(east)).to_have_count(4)
    expect(east.page.get_by_role("heading", name="3003ae")).to_be_visible()
    expect(east.page.get_by_label("Above, FL")).to_have_value("340")
    east.page.get_by_label("From any member").select_option("west")
    expect(east.page.get_by_text("No track that you may see")).to_be_visible()


def test_heights_speeds_and_places_are_written_as_she_likes(east: Console, feed: Feed) -> None:
    feed.sees("4b1805")
    open_map(east, feed.view)
    expect(rows(east)).to_contain_text("FL328")
    expect(rows(east)).to_contain_text("447 kt 045°")

    east.page.get_by_label("Unit of heights").select_option("m")
    east.page.get_by_label("Unit of speeds").select_option("km/h")
    east.page.get_by_label("How places are written").select_option("decimal")
    east.page.keyboard.press("Escape")
    rows(east).click()

    expect(rows(east)).to_contain_text("10000 m")
    expect(rows(east)).to_contain_text("828 km/h")
    expect(east.page.get_by_role("button", name=f"{feed.lat}.00000, {feed.lon}.00000")).to_be_visible()
    east.page.get_by_label("How places are written").select_option("MGRS")
    expect(east.page.get_by_role("button", name=re.compile(r"^\d\d[C-X] [A-Z]{2} \d{5} \d{5} "))).to_be_visible()
    east.page.reload()
    expect(rows(east)).to_contain_text("10000 m")


def test_a_track_that_is_seen_no_more_is_shown_as_old(east: Console, feed: Feed) -> None:
    feed.sees("4b1805", ago_s=50)
    open_map(east, feed.view)
    rows(east).click()
    expect(east.page.get_by_text("old: not moved on")).to_be_visible()

    for _ in range(10):  # it is so for some seconds only: it is seen again until she has looked
        feed.sees("4b1805")
        with suppress(AssertionError):
            expect(east.page.get_by_text("measured")).to_be_visible(timeout=8_000)
            return
    raise AssertionError("what was just seen is never shown as measured")


def test_a_lost_graphics_context_comes_back_with_its_tracks(east: Console, feed: Feed) -> None:
    feed.sees(*AIRCRAFT)
    open_map(east, feed.view)
    expect(rows(east)).to_have_count(len(AIRCRAFT))
    east.page.evaluate(
        """async () => {
          const canvas = document.querySelector('.ground canvas')
          const lost = canvas.getContext('webgl2').getExtension('WEBGL_lose_context')
          const told = (name) => new Promise((done, fail) => {
            canvas.addEventListener(name, () => setTimeout(done), { once: true })  // once all have heard of it
            setTimeout(() => fail(new Error(name)), 120000)
          })
          const gone = told('webglcontextlost')
          lost.loseContext()
          await gone
          const back = told('webglcontextrestored')
          lost.restoreContext()
          await back
        }"""
    )

    feed.sees(*AIRCRAFT)
    assert yellow(east)


def yellow(console: Console) -> bool:
    """Return whether a track's colour is drawn on the map, waiting until it is."""
    console.page.wait_for_function(
        """() => {
          const canvas = document.querySelector('.ground canvas')
          const copy = document.createElement('canvas')
          Object.assign(copy, { width: canvas.width, height: canvas.height })
          const paper = copy.getContext('2d')
          return new Promise((done) => requestAnimationFrame(() => {
            paper.drawImage(canvas, 0, 0)
            const { data } = paper.getImageData(0, 0, copy.width, copy.height)
            let found = 0
            for (let n = 0; n < data.length; n += 4)
              if (data[n] > 225 && data[n + 1] > 200 && data[n + 2] < 120) found++
            done(found > 20)
          }))
        }"""
    )
    return True


def test_a_browser_that_draws_no_map_still_has_the_list(east: Console, feed: Feed) -> None:
    east.page.add_init_script(
        """const real = HTMLCanvasElement.prototype.getContext
        HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
          return kind.startsWith('webgl') ? null : real.call(this, kind, ...more)
        }"""
    )
    first = "000001"  # no map, no view: the list is of the whole picture, and its first rows alone are drawn
    feed.sees(first)
    open_map(east, feed.view)

    expect(east.page.get_by_text("This browser cannot draw the map")).to_be_visible()
    expect(rows(east).filter(has_text=first).first).to_be_visible()


def test_a_way_that_breaks_is_told_and_opens_again(east: Console, feed: Feed) -> None:
    ways: list[WebSocketRoute] = []
    cut = [False]

    def relay(way: WebSocketRoute) -> None:
        ways.append(way)
        if cut[0]:
            way.close(code=1011)
        else:
            way.connect_to_server()

    east.page.route_web_socket("**/api/tracks", relay)
    feed.sees("4b1805")
    open_map(east, feed.view)
    expect(rows(east)).to_have_count(1)
    cut[0] = True
    ways[-1].close(code=1011)
    expect(east.page.get_by_text("No connection to your node: this is the picture of")).to_be_visible()
    expect(rows(east)).to_have_count(1)

    cut[0] = False
    feed.sees("4b1805", "3c6444")

    expect(rows(east)).to_have_count(2)
    expect(east.page.get_by_text("No connection to your node: this is")).to_have_count(0)


@pytest.mark.parametrize("theme", ["dark", "light", "contrast"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_on_the_map(east: Console, feed: Feed, theme: str, language: str, pictures: Path) -> None:
    feed.sees(*AIRCRAFT)
    east.look(theme)
    east.speak(language)
    east.page.goto(f"{east.origin}/map{feed.view}")
    expect(east.page.locator("[role=listbox] [role=option]")).to_have_count(len(AIRCRAFT))
    east.page.keyboard.press("j")
    expect(east.page.locator(".details .mono").first).to_have_text("3003ae")

    assert east.faults() == []
    east.page.screenshot(path=pictures / f"map-{language}-{theme}.png")


def test_the_demos_sky_moves_on_both_maps(exchange: Exchange, north: Console, east: Console, pictures: Path) -> None:
    """Real aircraft, at the speed at which they flew."""
    words = ["-m", "quartet.exercise.skies", str(exchange.root)]
    sky = subprocess.Popen([sys.executable, *words])
    try:
        for console in (north, east):
            open_map(console, "?at=46.9,8.2,6.6")
            expect(rows(console).nth(14)).to_be_attached()
        east.page.keyboard.press("j")
        expect(chosen(east)).to_be_visible()
        assert yellow(east)
        east.page.screenshot(path=pictures / "map-sky-en-dark.png")
        shared = rows(east).filter(has_text=re.compile("(north|east|south|west) (north|east|south|west)"))
        expect(shared.first).to_be_attached()
        east.speak("fa")
        expect(east.page.locator("html")).to_have_attribute("lang", "fa")
        east.page.screenshot(path=pictures / "map-sky-fa-dark.png")
        assert sky.poll() is None
    finally:
        sky.terminate()
        sky.wait(30)
