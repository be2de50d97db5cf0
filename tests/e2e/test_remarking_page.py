"""At the consoles: what went is narrowed, opened to more members, and corrected; what that does is said before."""

from pathlib import Path

import pytest
from consoles import Console, Exchange
from playwright.sync_api import Locator, expect
from test_consent_pages import enrolled

pytestmark = pytest.mark.slow


def open_item(console: Console, ref: str) -> None:
    console.page.goto(f"{console.origin}/items/{ref}")
    expect(console.page.get_by_role("button", name="Narrow it…")).to_be_visible()


def dialog(console: Console) -> Locator:
    return console.page.get_by_role("dialog")


def pictured(console: Console, name: str, pictures: Path) -> None:
    assert console.faults() == []
    console.page.screenshot(path=pictures / f"{name}.png")


def test_what_was_sent_too_widely_is_narrowed_and_what_was_sent_too_narrowly_is_opened(
    exchange: Exchange, north: Console, east: Console, pictures: Path
) -> None:
    with exchange.console("west") as west:
        enrolled(north, "duty")
        ref = north.send("The ferry timetable of tomorrow", "x", tlp="GREEN", to=["east", "west"])
        for console in (east, west):
            expect(console.rows.filter(has_text=ref)).to_be_visible()
        open_item(north, ref)
        expect(north.page.get_by_text("has it since").nth(1)).to_be_visible()

        north.page.get_by_role("button", name="Narrow it…").click()
        expect(dialog(north)).to_contain_text("Nobody loses it.")
        expect(dialog(north).get_by_role("button", name="Assert, and narrow it")).to_be_disabled()
        dialog(north).get_by_label("west", exact=True).uncheck()
        expect(dialog(north)).to_contain_text("west loses it at once, and must destroy it.")
        dialog(north).get_by_label("Label").select_option("AMBER+STRICT")
        pictured(north, "narrow-en-dark", pictures)
        dialog(north).get_by_role("button", name="Assert, and narrow it").click()

        expect(dialog(north)).to_have_count(0)
        expect(west.rows.filter(has_text=ref)).to_have_count(0)
        row = east.rows.filter(has_text=ref)
        expect(row).to_contain_text("AMBER+STRICT")
        row.click()
        expect(east.page.get_by_text("north, who says it, and: east")).to_be_visible()

        only = north.send("Kept from west so far", "x", tlp="AMBER", to=["east"])
        open_item(north, only)
        north.page.get_by_role("button", name="Let more members have it…").click()
        expect(dialog(north)).to_contain_text("Choose who may have it too.")
        dialog(north).get_by_label("west", exact=True).check()
        expect(dialog(north)).to_contain_text("west may have it from now on.")
        pictured(north, "widen-en-dark", pictures)
        dialog(north).get_by_role("button", name="Assert, and let them have it").click()
        expect(west.rows.filter(has_text=only)).to_be_visible()


def test_what_was_wrong_is_put_right_and_whoever_has_it_is_led_to_the_new_one(
    north: Console, east: Console, pictures: Path
) -> None:
    ref = north.send("Eight lorries at Ford 2", "Eight, heading south.", tlp="AMBER", to=["east"])
    expect(east.rows.filter(has_text=ref)).to_be_visible()
    open_item(north, ref)

    north.page.get_by_role("button", name="Correct it…").click()
    expect(north.page.get_by_text(f"It takes the place of {ref}")).to_be_visible()
    expect(north.page.get_by_label("Title")).to_have_value("Eight lorries at Ford 2")
    expect(north.page.get_by_label("Text")).to_have_value("Eight, heading south.")
    expect(north.page.get_by_label("TLP:AMBER", exact=True)).to_be_checked()
    expect(north.page.get_by_label("east", exact=True)).to_be_checked()
    north.page.get_by_label("Title").fill("Six lorries at Ford 2")
    expect(north.page.get_by_text("kept at this browser as you type")).to_be_visible()
    north.page.reload()
    expect(north.page.get_by_label("Title")).to_have_value("Six lorries at Ford 2")
    expect(north.page.get_by_text(f"It takes the place of {ref}")).to_be_visible()
    expect(north.page.get_by_text("It goes to east, and to nobody else.")).to_be_visible()
    pictured(north, "correct-en-dark", pictures)
    north.page.get_by_role("button", name="Sign and send").click()

    new = east.rows.filter(has_text="Six lorries at Ford 2")
    expect(new).to_be_visible()
    old = east.rows.filter(has_text=ref)
    expect(old).to_contain_text("corrected since")
    old.click()
    told = east.page.get_by_text("Its author corrected it.")
    expect(told).to_be_visible()
    pictured(east, "corrected-en-dark", pictures)
    told.get_by_role("link").click()
    expect(east.page.get_by_role("heading", name="Six lorries at Ford 2")).to_be_visible()


def test_what_a_correction_would_lose_of_a_marking_is_said_and_nothing_is_begun(north: Console) -> None:
    ref = north.send("For no gateway", "x", tlp="AMBER", to=["east"], caveats=["NO_GATEWAY"])
    open_item(north, ref)

    north.page.get_by_role("button", name="Correct it…").click()

    expect(north.page.get_by_role("alert")).to_contain_text("correct it with quartet send --corrects")
    expect(north.page.get_by_label("Title")).to_have_value("")
