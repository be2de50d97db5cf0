"""The register at the console: what was given to whom, by what right, and what is owed; and how the member marked."""

from pathlib import Path

import pytest
from consoles import Console
from playwright.sync_api import expect

pytestmark = pytest.mark.slow


def test_what_was_given_to_whom_and_what_became_of_it_is_in_the_register(
    north: Console, east: Console, pictures: Path
) -> None:
    ref = north.send("The dam leaks", "At the foot.", to=["east"], tlp="AMBER")
    expect(east.rows.filter(has_text=ref)).to_be_visible()
    grant = north.quartet("grant", ref, "west")["ref"]
    north.page.keyboard.type("gr")
    row = north.page.locator("tbody").filter(has_text=ref)
    expect(row.get_by_role("row")).to_have_count(2)
    expect(row.get_by_role("row").filter(has_text="east")).to_contain_text("its marking")
    expect(row.get_by_role("row").filter(has_text="west")).to_contain_text(grant)
    expect(north.page.get_by_role("region", name="The last 30 days")).to_contain_text("TLP:AMBER")
    assert north.faults() == []
    north.page.screenshot(path=pictures / "register-en-dark.png")
    north.speak("ar")
    north.look("light")
    assert north.faults() == []
    north.page.screenshot(path=pictures / "register-ar-light.png")
    north.look("dark")
    north.speak("en")

    north.quartet("recall", ref)
    expect(row.get_by_role("row").filter(has_text="east").get_by_role("cell").last).not_to_be_empty()
    east.page.goto(f"{east.origin}/register")
    expect(east.page.get_by_role("heading", name="Register")).to_be_visible()
    expect(east.page.locator("tbody").filter(has_text=ref)).to_have_count(0)
