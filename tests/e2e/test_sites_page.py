"""A stranger nears a sanctuary: its desk is alarmed, answers by keyboard and calls; the next watch reads of it."""

import json
import re
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from consoles import PATIENCE_MS, Console
from playwright.sync_api import Error, Locator, ViewportSize, expect
from test_drafts_page import kept
from troubles import Troubled

from quartet.console.shapes import Taken
from quartet.core.ids import MemberId
from quartet.node.desk.siteviews import SiteDraft, SitesView
from quartet.node.views import FeedDraft, Published, Receipts, Sighting

pytestmark = pytest.mark.slow

LAT: Final = 47.52
LON: Final = 8.10
STRANGER: Final = "4b1a2c"
METRES: Final = 111_320.0
SPEED: Final = 200.0
"""Straight to the north, m/s."""


class Sky:
    """North's sensor, which east may have; it sees one stranger."""

    def __init__(self, console: Console, mover: str = STRANGER, caveats: tuple[str, ...] = ()) -> None:
        self._console = console
        self._mover = mover
        draft = FeedDraft(tlp="AMBER", title="A mast", sensor="modes", to=(MemberId("east"),), caveats=caveats)
        self._ref = console.client.post("/feeds", draft, Published).ref

    def sees(self, metres_off: float) -> None:
        """See the stranger so far south of the site's edge as it is kept, on its way there."""
        lat = LAT - (2_000 + 1_852 + 600 + metres_off) / METRES
        seen = [
            Sighting(
                id=self._mover,
                lat=lat,
                lon=LON,
                at=datetime.now(UTC),
                alt_m=900,
                speed_mps=SPEED,
                track_deg=0,
                accuracy_m=100,
            )
        ]
        self._console.client.post(f"/feeds/{self._ref}/sightings", seen, Taken)


def nears(sky: Sky, metres_off: float, plots: int = 3) -> None:
    for n in range(plots):
        sky.sees(metres_off - SPEED * 1.2 * n)
        time.sleep(1.2)


def alarm(console: Console) -> Locator:
    return console.page.locator("section.alarms")


def register(north: Console) -> None:
    page, keys = north.page, north.page.keyboard
    keys.type("gp")
    expect(page.get_by_role("heading", name="Sites", exact=True)).to_be_visible()
    expect(page.get_by_text("No site is registered that you may see.")).to_be_visible()
    keys.press("n")
    keys.type("Heron sanctuary")
    form = page.locator("form").filter(has=page.get_by_role("heading", name="Register a site"))
    form.get_by_label("Sort").select_option("SANCTUARY")
    form.get_by_label("Custodian").fill("the warden")
    form.get_by_label("Phones").fill("+41 58 000 00 21")
    form.get_by_label("Latitude").fill(str(LAT))
    form.get_by_label("Longitude").fill(str(LON))
    form.get_by_label("Radius").fill("2000")
    expect(form).to_contain_text("TLP:AMBER+STRICT - the officers of north")
    form.get_by_role("button", name="Sign and protect").click()
    expect(page.locator("li.site")).to_contain_text("Heron sanctuary")
    expect(page.locator("li.site")).to_contain_text("active")


def test_a_stranger_nears_a_sanctuary_and_the_next_watch_reads_what_was_done(world: Troubled, pictures: Path) -> None:
    with world.console("north") as north, world.console("east") as east:
        page, keys = north.page, north.page.keyboard
        expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
        register(north)
        sky = Sky(north)
        keys.type("gi")
        expect(page.get_by_role("heading", name="Inbox")).to_be_visible()

        nears(sky, 90 * SPEED)
        expect(alarm(north)).to_contain_text(f"{STRANGER} is too near Heron sanctuary in")
        expect(alarm(north)).to_have_attribute("data-sounding", "yes")
        expect(alarm(north)).to_have_attribute("role", "alert")
        assert "site-warning" in [one["reason"] for one in north.quartet("status", "--as", "duty")["alarms"]]
        assert north.faults() == []
        page.screenshot(path=pictures / "site-alarm-en-dark.png")
        keys.press("S")
        expect(alarm(north)).to_have_attribute("data-sounding", "no")
        keys.press("A")
        expect(alarm(north)).to_have_count(0)

        nears(sky, -2_500, plots=1)
        expect(alarm(north)).to_contain_text(f"{STRANGER} is too near Heron sanctuary")
        expect(alarm(north)).to_have_attribute("data-sounding", "yes")
        keys.type("gp")
        episode = page.locator("article").filter(has_text=STRANGER)
        expect(episode).to_contain_text("Too near")
        expect(episode).to_contain_text(re.compile("Call within|Call now"))
        keys.press("A")
        expect(episode).to_contain_text("Acknowledged by duty")
        keys.press("c")
        keys.type("the warden at the hide")
        page.screenshot(path=pictures / "sites-call-en-dark.png", full_page=True)
        episode.get_by_label("What was said").fill("Visitors are led to the hide.")
        episode.get_by_label("Who was called").press("Enter")
        expect(episode).to_contain_text("duty called the warden at the hide: reached")
        expect(episode).to_contain_text("Visitors are led to the hide.")
        ref = episode.get_by_role("link").first.inner_text()
        look_around(north, pictures)

        page.goto(f"{north.origin}/duty")
        page.get_by_role("button", name="Begin with what is open").click()
        expect(page.get_by_label("What the next watch must know")).to_have_value(
            re.compile(rf"site-warning {ref}: acknowledged by duty .*called .* by duty\)")
        )
        begins_once(north)
        page.get_by_role("button", name="Sign, and leave it").click()
        expect(page.locator("article").filter(has_text=ref)).to_be_visible()
        with world.console("north", officer="deputy") as deputy:
            deputy.page.goto(f"{deputy.origin}/duty")
            expect(deputy.page.locator("article").filter(has_text=ref)).to_contain_text("acknowledged by duty")
            deputy.page.goto(f"{deputy.origin}/sites?warning={ref}")
            told = deputy.page.locator("article").filter(has_text=STRANGER)
            expect(told).to_contain_text("Visitors are led to the hide.")
            expect(alarm(deputy)).to_have_count(0)

        expect(alarm(east)).to_have_count(0)
        east.page.goto(f"{east.origin}/sites")
        expect(east.page.get_by_text("No site is registered that you may see.")).to_be_visible()
        assert "site" not in str(east.quartet("inbox", "--as", "duty"))
        assert [
            one["reason"] for one in east.quartet("status", "--as", "duty")["alarms"] if "site" in one["reason"]
        ] == []


def begins_once(north: Console) -> None:
    """See that what is open is put to a kept note once, however often it is asked for, and that her own words stay."""
    page = north.page
    note, begin = (
        page.get_by_label("What the next watch must know"),
        page.get_by_role("button", name="Begin with what is open"),
    )
    lines = note.input_value().splitlines()
    expect(page.get_by_text(f"Added what is open and was not in the note; lines: {len(lines)}.")).to_be_visible()
    begin.click()
    expect(page.get_by_text("Nothing is open that every officer here may see and")).to_be_visible()
    expect(note).to_have_value("\n".join(lines))
    note.fill("\n".join(["Pump 4 is out.", *lines[1:]]))
    kept(north, 1)
    page.reload()
    expect(note).to_have_value("\n".join(["Pump 4 is out.", *lines[1:]]))
    begin.click()
    expect(note).to_have_value("\n".join(["Pump 4 is out.", *lines[1:], lines[0]]))
    expect(page.get_by_text("lines: 1.")).to_be_visible()


def test_what_is_near_in_an_exercise_is_called_so_on_the_page_and_what_is_near_in_truth_is_not(
    world: Troubled, pictures: Path
) -> None:
    with world.console("north") as north:
        page = north.page
        north.client.post("/sites", sanctuary(), Published)
        skies = Sky(north, "aaaaaa", ("EXERCISE",)), Sky(north, "bbbbbb")
        page.goto(f"{north.origin}/sites")

        def near(mover: str) -> Locator:
            return page.locator("tbody tr").filter(has_text=mover).first

        for _ in range(60):
            for sky in skies:
                sky.sees(-2_500)
            if near("aaaaaa").count() and near("bbbbbb").count():
                break
            time.sleep(1)

        expect(near("aaaaaa").get_by_role("rowheader")).to_have_text("EXERCISE aaaaaa")
        expect(near("bbbbbb").get_by_role("rowheader")).to_have_text("bbbbbb")
        page.screenshot(path=pictures / "sites-near-exercise-en-dark.png", full_page=True)


def test_a_site_is_closed_and_stays_and_who_would_recall_it_reads_what_goes_with_it(
    world: Troubled, pictures: Path
) -> None:
    with world.console("north") as north:
        page = north.page
        ref = north.client.post("/sites", sanctuary(), Published).ref
        page.goto(f"{north.origin}/sites")
        site, asked = page.locator("li.site").filter(has_text=ref), page.get_by_role("dialog")

        site.get_by_role("button", name="Close it…").click()
        expect(asked).to_contain_text("What was warned of, acknowledged and called about stays")
        page.screenshot(path=pictures / "site-close-en-dark.png")
        asked.get_by_role("button", name="Sign").click()
        expect(site).to_contain_text("closed")
        expect(site.get_by_role("button")).to_have_text(["Say it anew…"])
        assert north.faults() == []

        page.goto(f"{north.origin}/items/{ref}")
        page.get_by_role("button", name="Take it back…").click()
        expect(asked).to_contain_text("Of a site its warnings, acknowledgements and calls go with it")
        assert north.faults() == []


def sanctuary() -> SiteDraft:
    """Return a place that is looked after."""
    point = {"type": "Point", "coordinates": [LON, LAT]}
    site = {"type": "Feature", "geometry": point, "properties": {"name": "hide", "radius_m": 2000}}
    return SiteDraft(
        tlp="AMBER+STRICT",
        name="Heron sanctuary",
        sort="SANCTUARY",
        custodian="the warden",
        phones=("04 56",),
        geojson=json.dumps(site),
    )


def look_around(console: Console, pictures: Path) -> None:
    """See the page in each language and appearance, on a phone, and the site on the map."""
    page = console.page
    for language, theme in [("en", "dark"), ("fr", "light"), ("ar", "light"), ("fa", "contrast"), ("ru", "dark")]:
        page.goto(f"{console.origin}/sites")
        console.look(theme)
        console.speak(language)
        expect(page.locator("li.site")).to_contain_text("Heron sanctuary")

        assert console.faults() == []
        page.screenshot(path=pictures / f"sites-{language}-{theme}.png", full_page=True)
        page.set_viewport_size(ViewportSize(width=390, height=844))
        wider = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wider) <= 0
        page.screenshot(path=pictures / f"sites-{language}-{theme}-phone.png")
        page.set_viewport_size(ViewportSize(width=1440, height=900))
    console.look("dark")
    console.speak("en")
    page.get_by_role("link", name="On the map").click()
    expect(page.get_by_role("heading", name="Map")).to_be_visible()
    time.sleep(3)
    page.screenshot(path=pictures / "map-site-en-dark.png")


def test_of_another_members_red_site_she_signs_for_the_page_that_shows_it_and_for_no_other(
    north: Console, east: Console
) -> None:
    volume = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [-31.0, 62.0]}}
    draft = SiteDraft(
        tlp="RED",
        name="The far hide",
        sort="SANCTUARY",
        custodian="the warden",
        phones=("04 56",),
        geojson=json.dumps(volume | {"properties": {"name": "hide", "radius_m": 500}}),
        to=(MemberId("east"),),
        persons=("north/duty", "east/duty"),
    )
    ref = north.client.post("/sites", draft, Published).ref
    expect(east.rows.filter(has_text="The far hide")).to_be_visible()

    def told(address: str = "") -> list[str]:
        """Return the sites that the page is told of next, once it is at an address; a RED one once it was viewed."""
        with east.page.expect_response(re.compile(r"/api/sites(\?|$)")) as answer:
            if address:
                east.page.goto(f"{east.origin}{address}")
        try:
            return [one["ref"] for one in answer.value.json()["sites"]]
        except Error:
            return told()  # it was told to the page that was left, and its body went with that

    def viewed() -> Iterable[str]:
        return north.client.get(f"/items/{ref}/receipts", Receipts).viewed

    assert [told("/inbox"), told(), told()] == [[], [], []]
    then = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert [told(f"/map?then={then}&pace=0"), told(), told()] == [[], [], []]
    expect(east.page.get_by_text("Not live: the map shows what was.")).to_be_visible()
    assert ref not in [one.ref for one in east.client.get("/sites", SitesView, {"alarms": "true"}).sites]
    assert list(viewed()) == []

    told("/sites")
    expect(east.page.locator("li.site")).to_contain_text("The far hide")
    for _ in range(PATIENCE_MS // 50):
        if viewed():
            break
        east.page.wait_for_timeout(50)
    assert list(viewed()) == ["east/duty"]
    assert told("/inbox") == [ref]
