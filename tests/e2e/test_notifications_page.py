"""A field hospital is notified at one console and known of at the other; no page has a word to permit or forbid."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from consoles import Console
from playwright.sync_api import expect

pytestmark = pytest.mark.slow


def test_a_party_says_that_it_knows_and_has_no_button_to_permit(north: Console, east: Console, pictures: Path) -> None:
    begins = datetime.now(UTC) + timedelta(hours=3)
    north.page.goto(f"{north.origin}/notifications")
    slip = north.page.get_by_role("form", name="Notify")
    fields = {
        "What it is": "Field hospital",
        "Where, in words": "Old school",
        "Latitude (°)": "47.0",
        "Longitude (°)": "8.5",
        "Radius (m)": "200",
        "Begins (UTC)": begins.strftime("%Y-%m-%d %H:%M"),
        "Ends (UTC)": (begins + timedelta(days=20)).strftime("%Y-%m-%d %H:%M"),
        "Whom to call, at any hour": "04 56",
    }
    for label, value in fields.items():
        slip.get_by_label(label).fill(value)
    expect(slip.get_by_text("48 hours ahead is best.")).to_be_visible()
    slip.get_by_label("east", exact=True).check()
    slip.get_by_label("TLP:AMBER", exact=True).check()
    expect(slip.get_by_text("It goes to east alone")).to_be_visible()
    assert north.faults() == []
    north.page.screenshot(path=pictures / "notifications-write-en-dark.png", full_page=True)
    slip.get_by_role("button", name="Sign and notify").click()
    expect(north.page.get_by_role("article")).to_contain_text("not said so yet: east")

    east.page.goto(f"{east.origin}/notifications")
    one = east.page.get_by_role("article").filter(has_text="Field hospital")
    expect(one).to_contain_text("less than 48 hours ahead")
    assert [b.inner_text() for b in one.get_by_role("button").all()] == ["We know of it"]
    for language in ("en", "ar"):
        east.speak(language)
        assert east.faults() == []
        east.page.screenshot(path=pictures / f"notifications-{language}-dark.png", full_page=True)
    east.speak("en")
    one.get_by_role("button", name="We know of it").click()
    expect(one.get_by_role("button")).to_have_count(0)
    expect(north.page.get_by_role("article")).to_contain_text("east knows (duty,")
