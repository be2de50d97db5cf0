"""Officers talk beside an item: live, to whom the page says, and the inbox tells where something was said."""

import re
from pathlib import Path

import pytest
from consoles import Console, Exchange
from playwright.sync_api import Locator, expect
from test_drafts_page import RAW, kept, own_clock, stop_waiting

pytestmark = pytest.mark.slow

BUSY = """async () => {
  const asked = indexedDB.open('quartet.kept')
  const base = await new Promise((done) => { asked.onsuccess = () => done(asked.result) })
  const store = base.transaction('kept', 'readwrite').objectStore('kept')
  window.busy = true
  const again = () => { if (window.busy) store.count().onsuccess = again }
  again()
}"""
"""Have the browser write something long: what else is to be kept or forgotten waits until `busy` is false."""
PAINTED = """(box) => new Promise((done) => {
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(box.value))))
})"""
"""What a box holds once the page has shown all that it knows by now."""


def thread(console: Console) -> Locator:
    """The conversation on view."""
    return console.page.get_by_role("region", name="Conversation")


def look(console: Console, ref: str) -> None:
    """Open an item."""
    console.page.goto(f"{console.origin}/items/{ref}")
    expect(thread(console)).to_be_visible()


def test_a_conversation_is_live_and_goes_to_whom_the_page_says(
    exchange: Exchange, north: Console, east: Console, pictures: Path
) -> None:
    with exchange.console("west") as west:
        ref = north.send("Bridge at Kilometre 9", "One lane is open.", tlp="AMBER", to=["east", "west"])
        for console in (north, east, west):
            expect(console.rows.filter(has_text=ref)).to_be_visible()
            look(console, ref)
        expect(thread(east)).to_contain_text("Nobody has said anything yet.")
        expect(thread(east)).to_contain_text("Goes to north and west, TLP:AMBER as the item is; to nobody else.")

        east.page.keyboard.press("r")
        east.page.keyboard.type("For how long?")
        east.page.keyboard.press("Control+Enter")
        for console in (north, east, west):
            expect(thread(console).get_by_text("For how long?")).to_be_visible()

        thread(north).get_by_label("west").uncheck()
        expect(thread(north)).to_contain_text("Goes to east, TLP:AMBER as the item is; to nobody else.")
        thread(north).get_by_role("textbox").fill("Until noon; west need not know.")
        thread(north).get_by_role("button", name="Sign and send").click()
        expect(thread(east).get_by_text("west need not know")).to_be_visible()
        expect(thread(north)).to_contain_text("to east only")
        expect(thread(north).get_by_role("textbox")).to_have_value("")
        thread(east).get_by_role("textbox").fill("Understood.")
        east.page.keyboard.press("Control+Enter")
        expect(thread(west).get_by_text("Understood.")).to_be_visible()
        expect(thread(west).get_by_text("need not know")).to_have_count(0)

    assert north.faults() == east.faults() == []
    north.page.screenshot(path=pictures / "thread-en-dark.png")


def test_a_conversation_is_one_row_and_says_where_something_new_was_said(
    north: Console, east: Console, pictures: Path
) -> None:
    ref = north.send("Fuel for the pumps", "Two days left.", tlp="GREEN", to=["east"])
    later = north.send("Something later", "x", tlp="GREEN", to=["east"])
    row = north.rows.filter(has_text=ref)
    expect(row).to_be_visible()
    expect(east.rows.filter(has_text=later)).to_be_visible()
    look(east, ref)
    thread(east).get_by_role("textbox").fill("We send a lorry.")
    thread(east).get_by_role("button", name="Sign and send").click()

    expect(row).to_contain_text("1 in conversation, new")
    expect(north.rows.filter(has_text=re.compile(f"{ref}|{later}")).first).to_contain_text(ref)
    expect(north.rows.filter(has_text="We send a lorry.")).to_have_count(0)
    north.page.screenshot(path=pictures / "thread-inbox-en-dark.png")
    row.click()
    expect(thread(north).get_by_text("We send a lorry.")).to_be_visible()
    north.page.go_back()
    expect(row).to_contain_text("1 in conversation")
    expect(row).not_to_contain_text("new")
    north.page.reload()
    expect(row).to_contain_text("1 in conversation")
    expect(row).not_to_contain_text("new")


def test_what_is_taken_back_takes_its_conversation_along(north: Console, east: Console) -> None:
    north.page.goto(f"{north.origin}/keys")
    north.make_key()
    expect(north.page.get_by_text("waits for root").first).to_be_visible()
    north.quartet("officer", "enrol", "duty")
    ref = north.send("Wrong quarry", "x", tlp="GREEN", to=["east"])
    expect(east.rows.filter(has_text=ref)).to_be_visible()
    look(east, ref)
    thread(east).get_by_role("textbox").fill("Which quarry?")
    thread(east).get_by_role("button", name="Sign and send").click()
    expect(thread(east).get_by_text("Which quarry?")).to_be_visible()
    look(north, ref)
    expect(thread(north).get_by_text("Which quarry?")).to_be_visible()

    north.page.get_by_role("button", name="Take it back").click()
    north.page.get_by_role("button", name="Assert, and take it back").click()

    expect(east.page.get_by_text("Which quarry?")).to_have_count(0)
    expect(thread(east)).to_have_count(0)


@pytest.mark.parametrize(("language", "theme"), [("ar", "dark"), ("en", "light")])
def test_axe_finds_nothing_in_a_conversation(
    north: Console, east: Console, language: str, theme: str, pictures: Path
) -> None:
    ref = north.send("الجسر مغلق", "حتى الظهر.", tlp="AMBER", to=["east", "west"])
    expect(east.rows.filter(has_text=ref)).to_be_visible()
    look(east, ref)
    east.page.keyboard.press("r")
    east.page.keyboard.type("هل الطريق الشمالي مفتوح؟")
    east.page.keyboard.press("Control+Enter")
    expect(thread(east).get_by_role("listitem").filter(has_text="الطريق")).to_be_visible()
    east.speak(language)
    east.look(theme)

    assert east.faults() == []
    east.page.screenshot(path=pictures / f"thread-{language}-{theme}.png")


def test_a_reply_outlives_a_reload_until_it_was_sent(north: Console) -> None:
    ref = north.send("Answered in two goes", "x", tlp="GREEN", to=["east"])
    other = north.send("Of something else", "x", tlp="GREEN", to=["east"])
    look(north, ref)
    box = thread(north).get_by_role("textbox")
    box.fill("Half a sentence")
    expect(thread(north)).to_contain_text("kept at this browser")
    look(north, other)
    expect(box).to_have_value("")
    look(north, ref)
    expect(box).to_have_value("Half a sentence")

    box.press("Control+Enter")
    expect(thread(north).get_by_role("listitem").filter(has_text="Half a sentence")).to_have_count(1)
    expect(box).to_have_value("")
    look(north, other)
    look(north, ref)
    expect(thread(north).get_by_role("listitem").filter(has_text="Half a sentence")).to_have_count(1)
    expect(box).to_have_value("")


def test_the_box_is_empty_only_once_the_browser_keeps_nothing_of_what_went(north: Console) -> None:
    ref = north.send("Answered, and left at once", "x", tlp="GREEN", to=["east"])
    look(north, ref)
    box = thread(north).get_by_role("textbox")
    box.fill("All of it")
    kept(north, 1)
    north.page.evaluate(BUSY)

    with north.page.expect_response(lambda one: one.request.method == "POST" and one.url.endswith("/thread")) as went:
        box.press("Control+Enter")
    assert went.value.ok
    expect(thread(north).get_by_role("listitem").filter(has_text="All of it")).to_have_count(1)
    assert box.evaluate(PAINTED) == "All of it"
    north.page.evaluate("window.busy = false")

    expect(box).to_have_value("")
    assert north.page.evaluate(RAW) == []
    north.page.reload()
    expect(thread(north).get_by_role("listitem").filter(has_text="All of it")).to_have_count(1)
    expect(box).to_have_value("")


def test_what_was_typed_last_of_a_reply_is_kept_before_the_page_can_go(north: Console) -> None:
    ref = north.send("Answered in a hurry", "x", tlp="GREEN", to=["east"])
    own_clock(north)
    look(north, ref)
    stop_waiting(north)

    thread(north).get_by_role("textbox").fill("Half a wo")
    kept(north)
    north.page.clock.resume()
    north.page.reload()

    expect(thread(north).get_by_role("textbox")).to_have_value("Half a wo")


def test_a_reply_that_could_not_be_opened_at_once_comes_when_the_node_answers_again(north: Console) -> None:
    ref = north.send("Answered on a bad day", "x", tlp="GREEN", to=["east"])
    look(north, ref)
    thread(north).get_by_role("textbox").fill("Half a reply")
    expect(thread(north)).to_contain_text("kept at this browser")
    north.page.route("**/api/session/keeping", lambda route: route.abort())
    with north.page.expect_event("requestfailed", lambda one: one.url.endswith("/keeping")):
        north.page.reload()
    expect(thread(north).get_by_role("textbox")).to_have_value("")

    north.page.unroute("**/api/session/keeping")

    expect(thread(north).get_by_role("textbox")).to_have_value("Half a reply")
