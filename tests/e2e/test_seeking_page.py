"""Officers ask for consent at their consoles: the asker, the controller, and what each sees of the other's word."""

from pathlib import Path

import pytest
from consoles import Console
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.slow


def consents(console: Console) -> Locator:
    """Open the list of requests for consent."""
    console.page.goto(f"{console.origin}/grants")
    return console.page.get_by_role("region", name="Consent", exact=True)


def test_a_holder_asks_the_controller_who_sets_a_condition_and_one_who_only_says_so_has_granted_nothing(
    north: Console, east: Console, pictures: Path
) -> None:
    ref = north.send("The dam leaks", "Two litres a second, at the foot.", to=["east"], tlp="AMBER")
    expect(east.rows.filter(has_text=ref)).to_be_visible()
    page = east.page
    page.goto(f"{east.origin}/items/{ref}")
    page.locator("summary").filter(has_text="Ask for consent").click()
    asked = page.get_by_role("form", name="Ask for consent")
    expect(asked.get_by_label("Which member should have it").locator("option")).to_have_text(["Choose", "west"])
    asked.get_by_label("Which member should have it").select_option("west")
    expect(asked.get_by_role("button", name="Sign and ask")).to_be_disabled()
    asked.get_by_label("Why it should").fill("Their hospital lies below the dam.")
    assert east.faults() == []
    page.screenshot(path=pictures / "seek-en-dark.png")
    asked.get_by_role("button", name="Sign and ask").click()
    expect(asked.get_by_role("status")).to_contain_text("Asked: E-")

    one = consents(north).get_by_role("article").filter(has_text=ref)
    expect(one).to_contain_text("east asks whether west may have it")
    expect(one).to_contain_text("Their hospital lies below the dam.")
    expect(one).to_contain_text("no word yet")
    told = one.get_by_role("form", name="Your member’s word")
    told.get_by_label("We granted it").check()
    told.get_by_role("button", name="Sign and say").click()
    expect(told.get_by_role("alert")).to_contain_text("You have not granted it")
    told.get_by_label("We would, on a condition").check()
    expect(told.get_by_role("alert")).to_have_count(0)
    expect(north.page.locator(".banner")).to_contain_text("TLP:AMBER")
    expect(told.get_by_role("button", name="Sign and say")).to_be_disabled()
    told.get_by_label("Which").select_option(label="first take out names, places and sources")
    told.get_by_label("In a few words").fill("Leave out where it leaks.")
    assert north.faults() == []
    for language in ("en", "ar"):
        north.speak(language)
        north.page.screenshot(path=pictures / f"consents-{language}-dark.png", full_page=True)
    north.speak("en")
    told.get_by_role("button", name="Sign and say").click()
    expect(told).to_have_count(0)

    one = consents(east).get_by_role("article").filter(has_text=ref)
    expect(one).to_contain_text("would, on a condition: first take out names, places and sources")
    expect(one).to_contain_text("Leave out where it leaks.")
    expect(one.get_by_role("form")).to_have_count(0)
    assert east.faults() == []
    east.look("light")
    east.page.screenshot(path=pictures / "consents-asker-en-light.png", full_page=True)


def test_what_nothing_helps_is_told_in_words(north: Console, east: Console) -> None:
    ref = north.send("For you alone", "Tell nobody.", to=["east"], tlp="AMBER", onward="NEVER")
    expect(east.rows.filter(has_text=ref)).to_be_visible()
    east.page.goto(f"{east.origin}/items/{ref}")
    east.page.locator("summary").filter(has_text="Ask for consent").click()
    asked = east.page.get_by_role("form", name="Ask for consent")
    asked.get_by_label("Which member should have it").select_option("west")
    asked.get_by_label("Why it should").fill("They need it.")
    asked.get_by_role("button", name="Sign and ask").click()
    expect(asked.get_by_role("alert")).to_contain_text("It never goes further: no consent helps.")
    expect(asked.get_by_label("Why it should")).to_have_value("They need it.")
