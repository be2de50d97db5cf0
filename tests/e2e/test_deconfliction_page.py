"""Two owners notify one desk at their consoles: it tells each a cell, a time, whom to call, and no more."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from consoles import Console, Exchange
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.slow


def form(console: Console) -> Locator:
    """The form by which an activity is notified."""
    return console.page.get_by_role("form", name="Notify an activity")


def notify(console: Console, title: str, heights: tuple[int, int]) -> None:
    """Notify an activity at west's desk; the form says what it lacks, and what is upside down."""
    now = datetime.now(UTC)
    fields = {"South (°)": "47.00", "West (°)": "8.00", "North (°)": "46.00", "East (°)": "8.10"}
    console.page.goto(f"{console.origin}/deconfliction")
    slip = form(console)
    expect(slip.get_by_text("No desk is chosen: nobody would check it.")).to_be_visible()
    slip.get_by_label("What the desk reads above it").fill(title)
    expect(slip.get_by_text("Still to say:")).to_contain_text("Desk that checks it")
    slip.get_by_label("Desk that checks it").select_option("west")
    for label, value in fields.items():
        slip.get_by_label(label).fill(value)
    expect(slip.get_by_text("The north lies south of the south.")).to_be_visible()
    slip.get_by_label("North (°)").fill("47.10")
    slip.get_by_label("From (m above the sea)").fill(str(heights[0]))
    slip.get_by_label("To (m above the sea)").fill(str(heights[1]))
    slip.get_by_label("Begins (UTC)").fill((now + timedelta(hours=2)).strftime("%Y-%m-%d %H:%M"))
    slip.get_by_label("Ends (UTC)").fill((now + timedelta(hours=5)).strftime("%Y-%m-%d %H:%M"))
    slip.get_by_label("How the desk reaches you").fill(f"watch of {console.member}")
    slip.get_by_label("TLP:AMBER", exact=True).check()
    expect(slip.get_by_text("It goes to west alone")).to_be_visible()
    slip.get_by_role("button", name="Sign and notify").click()
    expect(console.page.get_by_role("region", name="What your member notified")).to_contain_text(title)
    expect(slip.get_by_label("What the desk reads above it")).to_have_value("")


def test_the_desk_tells_two_owners_that_they_meet_and_neither_page_names_the_other(
    exchange: Exchange, north: Console, east: Console, pictures: Path
) -> None:
    notify(north, "Survey flight", (0, 300))
    notify(east, "Diving at the wreck", (250, 777))
    with exchange.console("west") as west:
        west.page.goto(f"{west.origin}/deconfliction")
        meets = west.page.get_by_role("region", name="What meets at your desk")
        expect(meets).to_contain_text("N4700E00800")
        expect(meets).to_contain_text("not told yet: ")
        expect(west.page.get_by_role("region", name="What was notified to your desk")).to_contain_text("watch of east")
        meets.get_by_role("button", name="Tell them…").click()
        dialog = west.page.get_by_role("dialog")
        expect(dialog.get_by_role("button", name="Sign and tell")).to_be_disabled()
        dialog.get_by_label("Whom they call at this desk").fill("air desk, 04 56")
        assert west.faults() == []
        dialog.get_by_role("button", name="Sign and tell").click()
        expect(meets).to_contain_text("Both owners were told.")
        for language, theme in (("en", "dark"), ("ar", "dark"), ("en", "light")):
            west.speak(language)
            west.look(theme)
            assert west.faults() == []
            west.page.screenshot(path=pictures / f"deconfliction-{language}-{theme}.png", full_page=True)
    for console, other in ((north, ("Diving", "777")), (east, ("Survey", "watch of north"))):
        told = console.page.get_by_role("alert").filter(has_text="Conflict in N4700E00800")
        expect(told).to_contain_text("west says: call air desk, 04 56")
        expect(console.page.get_by_role("region", name="What meets at your desk")).to_have_count(0)
        page = console.page.locator("main").inner_text()
        assert all(word not in page for word in other)
        assert console.faults() == []
    north.page.screenshot(path=pictures / "deconfliction-told-en-dark.png")
