"""Officers write at their consoles: who gets it is said before it is sent, and is what then happens."""

import re
from pathlib import Path

import pytest
from consoles import Console, Exchange
from playwright.sync_api import expect

pytestmark = pytest.mark.slow

TEXT = "Two pumps stand still.\nA third runs hot."


def write(console: Console, title: str, text: str, *, tlp: str, to: list[str]) -> None:
    """Fill in the page where one writes."""
    console.page.goto(f"{console.origin}/compose")
    console.page.get_by_label("Title").fill(title)
    console.page.get_by_label("Text").fill(text)
    console.page.get_by_label(f"TLP:{tlp}", exact=True).check()
    for member in to:
        console.page.get_by_label(member, exact=True).check()


def test_what_is_previewed_for_a_member_is_what_she_then_reads(
    exchange: Exchange, north: Console, east: Console, pictures: Path
) -> None:
    write(north, "Pumping station 4", TEXT, tlp="AMBER", to=["east"])
    expect(north.page.get_by_text("It goes to east, and to nobody else.")).to_be_visible()
    expect(north.page.get_by_text("west does not: the marking does not name it")).to_be_visible()
    seen = north.page.get_by_role("article", name="As east will see it")
    expect(seen).to_contain_text("TLP:AMBER")
    title, text = seen.get_by_role("heading").inner_text(), seen.locator(".text").inner_text()
    assert north.faults() == []
    north.page.screenshot(path=pictures / "compose-en-dark.png")

    north.page.get_by_role("button", name="Sign and send").click()

    expect(north.page).to_have_url(re.compile(r"/items/N-"))
    ref = north.page.url.rpartition("/")[2]
    row = east.rows.filter(has_text=ref)
    expect(row).to_contain_text("Pumping station 4")
    row.click()
    expect(east.page.get_by_role("heading", level=1)).to_have_text(title)
    assert east.page.locator(".said .text").inner_text() == text == TEXT
    expect(north.page.get_by_text("does not have it: the marking does not name it")).to_be_visible()
    with exchange.console("west") as west:
        west.page.goto(f"{west.origin}/items/{ref}")
        expect(west.page.get_by_text("There is no such item that you may see.")).to_be_visible()


def test_no_marking_is_chosen_for_her_and_without_one_nothing_is_sent(north: Console) -> None:
    write(north, "Unmarked", "x", tlp="GREEN", to=[])
    expect(north.page.get_by_text("Nobody but north gets it.")).to_be_visible()
    north.page.get_by_role("button", name="Discard").click()
    north.page.get_by_label("Title").fill("Unmarked")
    north.page.get_by_label("Text").fill("x")

    expect(north.page.get_by_text("Choose a marking.")).to_be_visible()
    expect(north.page.get_by_role("button", name="Sign and send")).to_be_disabled()


def test_red_without_a_person_is_refused_before_it_is_sent_and_with_her_it_goes(north: Console, east: Console) -> None:
    write(north, "For one person", "Alone.", tlp="RED", to=["east"])
    expect(north.page.get_by_role("alert")).to_contain_text("red-names-nobody")
    expect(north.page.get_by_role("button", name="Sign and send")).to_be_disabled()

    north.page.get_by_label("Persons who may view it").fill("east/duty")
    north.page.get_by_role("button", name="Sign and send").click()

    expect(east.rows.filter(has_text="For one person")).to_contain_text("TLP:RED")


def test_a_draft_outlives_a_visit_to_the_inbox_and_is_written_and_sent_by_keys(north: Console, east: Console) -> None:
    keys = north.page.keyboard
    keys.press("n")
    expect(north.page.get_by_label("Title")).to_be_focused()
    keys.type("Typed and sent")
    keys.press("Tab")
    keys.type("Written without a mouse.")
    keys.press("Escape")
    keys.type("gi")
    expect(north.page.get_by_role("heading", name="Inbox")).to_be_visible()
    keys.press("n")
    expect(north.page.get_by_label("Title")).to_have_value("Typed and sent")
    expect(north.page.get_by_label("Title")).to_be_focused()
    for key in ("Tab", "Tab", "Space", "ArrowRight", "Tab", "Space"):
        keys.press(key)
    expect(north.page.get_by_text("It goes to east, and to nobody else.")).to_be_visible()
    north.page.get_by_label("Text").focus()
    keys.press("Control+Enter")

    expect(east.rows.filter(has_text="Typed and sent")).to_contain_text("TLP:GREEN")


@pytest.mark.parametrize("last", ["a recipient", "a marking", "a list", "no field"])
def test_it_is_sent_by_keys_wherever_she_was_last(north: Console, east: Console, last: str) -> None:
    write(north, f"Sent from {last}", "x", tlp="GREEN", to=["east"])
    expect(north.page.get_by_text("It goes to east, and to nobody else.")).to_be_visible()
    {
        "a recipient": north.page.get_by_label("east", exact=True),
        "a marking": north.page.get_by_label("TLP:GREEN", exact=True),
        "a list": north.page.locator("main select").first,
        "no field": north.page.locator("main"),
    }[last].focus()

    north.page.keyboard.press("Control+Enter")

    expect(east.rows.filter(has_text=f"Sent from {last}")).to_be_visible()


@pytest.mark.parametrize(("language", "theme"), [("ar", "dark"), ("ar", "light"), ("en", "light")])
def test_axe_finds_nothing_where_one_writes(north: Console, language: str, theme: str, pictures: Path) -> None:
    write(north, "السد 3", "قطعتان رماديتان.", tlp="GREEN", to=["east", "west"])
    north.speak(language)
    north.look(theme)
    expect(north.page.locator("article")).to_be_visible()

    assert north.faults() == []
    north.page.screenshot(path=pictures / f"compose-{language}-{theme}.png")
