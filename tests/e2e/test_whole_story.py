"""The whole story of an item, by keys alone and in Arabic, and the same in English by mouse and with a passkey.

What was measured is printed and never asserted: a busy machine is no fault.
"""

import re
import time
from pathlib import Path

import pytest
from by_keys import Hands
from consoles import Console
from playwright.sync_api import expect

pytestmark = pytest.mark.slow

COMPOSE, READING, INBOX, KEYS = "pages/compose", "pages/reading", "pages/inbox", "pages/keys"
THREAD = "pages/reading/thread"
TITLE = "مضخات متوقفة عند السد 3"
REPLY = "هل القطع في الطريق؟"
ROWS = 200
"""More than this exchange has."""
TEXT = "مضختان متوقفتان منذ الفجر.\nالثالثة ساخنة."


def test_the_whole_story_by_keys_alone_in_arabic(
    north: Console, east: Console, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sender, reader = Hands(north, "ar"), Hands(east, "ar")
    for hands in (sender, reader):
        hands.speak()
        expect(hands.page.locator("html")).to_have_attribute("dir", "rtl")
        expect(hands.page.get_by_role("heading", name=hands.said(INBOX, "title"))).to_be_visible()
    _browser_key(sender)

    # she writes, and sees who gets it and as what
    sender.press("n")
    expect(north.page.get_by_label(sender.said(COMPOSE, "heading"))).to_be_focused()
    north.page.keyboard.insert_text(TITLE)
    sender.type(north.page.get_by_label(sender.said(COMPOSE, "text")), TEXT)
    sender.choose(north.page.get_by_label("TLP:CLEAR", exact=True), north.page.get_by_label("TLP:AMBER", exact=True))
    sender.tick(north.page.get_by_label("east", exact=True))
    seen = north.page.get_by_role("article", name=sender.said(COMPOSE, "as_member", member="east"))
    expect(seen).to_contain_text(TITLE)
    title, text = seen.get_by_role("heading").inner_text(), seen.locator(".text").inner_text()
    assert north.faults() == []
    north.page.screenshot(path=pictures / "story-1-compose-ar.png")

    # it goes, and arrives by itself
    sender.reach(north.page.get_by_label(sender.said(COMPOSE, "text")))
    sent = time.monotonic()
    sender.press("Control+Enter")
    row = east.rows.filter(has_text=TITLE)
    expect(row).to_be_visible()
    took = time.monotonic() - sent
    with capsys.disabled():
        print(f"\nfrom the key to the other member's inbox: {took * 1000:.0f} ms")
    expect(north.page).to_have_url(re.compile(r"/items/N-"))
    ref = north.page.url.rpartition("/")[2]

    # it is read, and is what was shown before it went
    reader.press("j")
    for _ in range(ROWS):
        if row.get_attribute("aria-selected") != "true":
            reader.press("j")
    expect(row).to_have_attribute("aria-selected", "true")
    reader.press("Enter")
    expect(east.page.get_by_role("heading", level=1)).to_have_text(title)
    assert east.page.locator(".said .text").inner_text() == text == TEXT
    why = reader.said(READING, "because_named", controller="north", member="east")
    expect(east.page.get_by_text(why)).to_be_visible()
    east.page.screenshot(path=pictures / "story-2-reading-ar.png")

    # they speak about it, and what is said goes with it
    reader.type(east.page.get_by_label(reader.said(THREAD, "reply")), REPLY)
    reader.press("Control+Enter")
    expect(north.page.get_by_role("region", name=sender.said(THREAD, "title"))).to_contain_text(REPLY)
    reader.press("Escape")  # leaves the field, then the page
    expect(east.page.get_by_label(reader.said(THREAD, "reply"))).not_to_be_focused()
    reader.press("Escape")
    expect(east.page).to_have_url(re.compile("/inbox"))
    row = east.rows.filter(has_text=ref)
    expect(row).to_be_visible()

    # it is taken back, and nobody owes anything
    expect(north.page.get_by_text(re.compile(_start(sender.said(READING, "delivered"))))).to_be_visible()
    _prove_again(sender, ref)
    sender.push(sender.button(READING, "take_back"))
    sender.push(sender.button(READING, "confirm"))
    expect(row).to_have_count(0)
    expect(north.page.get_by_text(sender.said(READING, "all_paid"))).to_be_visible()
    expect(north.page.get_by_text(re.compile(_start(sender.said(READING, "purged"))))).to_be_visible()
    assert north.faults() == []
    north.page.screenshot(path=pictures / "story-3-taken-back-ar.png")
    east.page.goto(f"{east.origin}/items/{ref}")
    expect(east.page.get_by_text(reader.said(READING, "unknown"))).to_be_visible()
    receipts = north.quartet("receipts", ref)
    assert receipts["owed"] == []
    assert list(receipts["purged"]) == ["east"]


def test_the_whole_story_by_mouse_with_a_passkey_in_english(north: Console, east: Console) -> None:
    north.authenticator()
    north.page.get_by_role("link", name="Your keys").click()
    with north.page.expect_response("**/api/officer/passkeys"):  # an older one may wait for root already
        north.page.get_by_role("button", name="Make a passkey").click()
    expect(north.page.get_by_text("waits for root").first).to_be_visible()
    north.quartet("officer", "enrol", "duty")
    expect(north.page.get_by_text("waits for root")).to_have_count(0)
    north.page.get_by_role("link", name="Compose").click()
    north.page.get_by_label("Title").fill("Ferry aground")
    north.page.get_by_label("Text").fill("Off the north mole. Nobody hurt.")
    north.page.get_by_label("TLP:GREEN", exact=True).click()
    north.page.get_by_label("east", exact=True).click()
    seen = north.page.get_by_role("article", name="As east will see it")
    expect(seen).to_contain_text("Ferry aground")
    text = seen.locator(".text").inner_text()
    north.page.get_by_role("button", name="Sign and send").click()

    row = east.rows.filter(has_text="Ferry aground")
    row.click()
    expect(east.page.locator(".said .text")).to_have_text(text)
    expect(east.page.get_by_text("north named east in it.")).to_be_visible()
    east.page.get_by_role("link", name="Back to the inbox").click()
    expect(row).to_be_visible()
    north.page.get_by_role("button", name="Take it back").click()
    north.page.get_by_role("button", name="Assert, and take it back").click()

    expect(row).to_have_count(0)
    expect(north.page.get_by_text("Everybody who had it destroyed it, and signed for it.")).to_be_visible()


def _browser_key(hands: Hands) -> None:
    """Have the browser draw a key, and root enrol it."""
    hands.press("g", "y")
    with hands.page.expect_response("**/api/officer/keys"):  # an older one may wait for root already
        hands.push(hands.button(KEYS, "make_key"))
    expect(hands.page.get_by_text(hands.said(KEYS, "waits")).first).to_be_visible()
    hands.console.quartet("officer", "enrol", "duty")
    expect(hands.page.get_by_text(hands.said(KEYS, "waits"))).to_have_count(0)


def _prove_again(hands: Hands, ref: str) -> None:
    """Open a new link: however slow the machine was, the proof that it is she is fresh."""
    hands.console.sign_in()
    hands.page.goto(f"{hands.console.origin}/items/{ref}")


def _start(text: str) -> str:
    return re.escape(text.partition("{")[0].strip())
