"""What an officer writes outlives the page, the node and a lost answer, and goes once."""

import re
import time

import pytest
from consoles import PATIENCE_MS, Console, Exchange
from playwright.sync_api import Route, expect
from test_compose_page import write

pytestmark = pytest.mark.slow

KEPT = "kept at this browser as you type"
RAW = """async () => {
  const asked = indexedDB.open('quartet.kept')
  const base = await new Promise((done) => { asked.onsuccess = () => done(asked.result) })
  const all = base.transaction('kept').objectStore('kept').getAll()
  const found = await new Promise((done) => { all.onsuccess = () => done(all.result) })
  base.close()
  return found.map((one) => new TextDecoder('latin1').decode(one.data))
}"""


def own_clock(console: Console) -> None:
    """Give the pages that are opened from now on a clock that can be stopped; of an older page some timers run on."""
    console.page.clock.install()


def stop_waiting(console: Console) -> None:
    """Stop the page's own clock: what it would do a moment later, it never does."""
    console.page.clock.pause_at(console.page.evaluate("Date.now()") + 60_000)  # of the past by then it is not


def kept(console: Console, pieces: int | None = None) -> None:
    """Wait until something lies sealed at her browser: that many pieces, or at least one."""
    until = time.monotonic() + PATIENCE_MS / 1000
    while True:
        found = len(console.page.evaluate(RAW))
        if found == pieces or (pieces is None and found):
            return
        assert time.monotonic() < until, found


def titled(console: Console, title: str) -> int:
    """How many items of this title there are at a member's node."""
    found = console.quartet("inbox", "--query", f'"{title}"')
    return sum(1 for row in found if row["title"] == title)


def send(console: Console) -> None:
    console.page.get_by_role("button", name="Sign and send").click()


def test_a_draft_outlives_the_page_and_lies_sealed_at_the_browser(north: Console) -> None:
    write(north, "Half a thought", "canary-81fd", tlp="GREEN", to=["east"])
    expect(north.page.get_by_text(KEPT)).to_be_visible()
    raw = north.page.evaluate(RAW)
    assert len(raw) == 1
    assert "canary" not in raw[0]
    assert "canary" not in north.page.evaluate("JSON.stringify({ ...localStorage, ...sessionStorage })")

    north.page.reload()

    expect(north.page.get_by_label("Title")).to_have_value("Half a thought")
    expect(north.page.get_by_label("Text")).to_have_value("canary-81fd")
    expect(north.page.get_by_label("TLP:GREEN", exact=True)).to_be_checked()
    expect(north.page.get_by_label("east", exact=True)).to_be_checked()
    north.page.get_by_role("button", name="Discard").click()
    kept(north, 0)
    expect(north.page.get_by_role("button", name="Drafts: 0")).to_be_visible()
    north.page.reload()
    expect(north.page.get_by_role("button", name="Drafts: 0")).to_be_visible()
    assert north.page.evaluate(RAW) == []


def test_what_was_typed_last_is_kept_before_the_page_can_go(north: Console) -> None:
    own_clock(north)
    north.page.goto(f"{north.origin}/compose")
    expect(north.page.get_by_role("button", name="Drafts: 0")).to_be_visible()
    stop_waiting(north)

    north.page.get_by_label("Title").fill("Struck down mid-wo")
    kept(north)
    north.page.clock.resume()
    north.page.reload()

    expect(north.page.get_by_label("Title")).to_have_value("Struck down mid-wo")
    north.page.get_by_role("button", name="Discard").click()
    expect(north.page.get_by_role("button", name="Drafts: 0")).to_be_visible()


def test_several_drafts_wait_one_key_away(north: Console) -> None:
    north.page.goto(f"{north.origin}/compose")
    for title in ("The first", "The second"):
        north.page.get_by_label("Title").fill(title)
        expect(north.page.get_by_text(KEPT)).to_be_visible()
        north.page.get_by_role("button", name="Drafts:").click()
        north.page.get_by_role("button", name="Begin another").click()
        expect(north.page.get_by_label("Title")).to_have_value("")
    north.page.locator("h1").click()

    north.page.keyboard.press("d")
    expect(north.page.get_by_role("button", name=re.compile("^The first"))).to_be_visible()
    expect(north.page.get_by_role("button", name=re.compile("^The second"))).to_be_focused()
    north.page.keyboard.press("Tab")
    north.page.keyboard.press("Tab")
    expect(north.page.get_by_role("button", name=re.compile("^The first"))).to_be_focused()
    north.page.keyboard.press("Enter")

    expect(north.page.get_by_label("Title")).to_have_value("The first")
    assert north.faults() == []


def test_a_draft_outlives_a_node_that_is_killed_and_goes_once_when_it_is_back(
    exchange: Exchange, north: Console, east: Console
) -> None:
    write(north, "Killed while she wrote", "Before.", tlp="GREEN", to=["east"])
    expect(north.page.get_by_text(KEPT)).to_be_visible()

    exchange.kill("north")
    north.page.get_by_label("Text").fill("Before and after.")
    expect(north.page.get_by_text(KEPT)).to_be_visible()
    north.page.get_by_label("Text").press("Control+Enter")
    expect(north.page.get_by_text("Your node does not answer").first).to_be_visible()
    expect(north.page.get_by_label("Text")).to_have_value("Before and after.")
    exchange.start("north")
    expect(north.page.get_by_role("button", name="Use a passkey")).to_be_visible()
    north.sign_in()
    north.page.keyboard.press("n")

    expect(north.page.get_by_label("Text")).to_have_value("Before and after.")
    assert titled(north, "Killed while she wrote") == 0
    expect(north.page.get_by_text("It goes to east, and to nobody else.")).to_be_visible()
    send(north)
    expect(north.page).to_have_url(re.compile(r"/items/N-"))
    expect(east.rows.filter(has_text="Killed while she wrote")).to_have_count(1)
    assert titled(north, "Killed while she wrote") == 1
    north.page.goto(f"{north.origin}/compose")
    expect(north.page.get_by_role("button", name="Drafts: 0")).to_be_visible()


def test_whether_it_went_is_found_out_where_the_answer_was_lost(north: Console, east: Console) -> None:
    def way(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    write(north, "The answer was lost", "x", tlp="GREEN", to=["east"])
    expect(north.page.get_by_text("It goes to east, and to nobody else.")).to_be_visible()
    north.page.route("**/api/items", way)
    send(north)

    expect(north.page).to_have_url(re.compile(r"/items/N-"))
    expect(east.rows.filter(has_text="The answer was lost")).to_have_count(1)
    assert titled(north, "The answer was lost") == 1


def test_what_did_not_go_is_said_and_goes_once_when_she_sends_again(north: Console, east: Console) -> None:
    write(north, "It did not go", "x", tlp="GREEN", to=["east"])
    expect(north.page.get_by_text("It goes to east, and to nobody else.")).to_be_visible()
    north.page.route("**/api/items", lambda route: route.abort())
    send(north)
    expect(north.page.get_by_text("It was not sent. Send it now.")).to_be_visible()
    north.page.unroute("**/api/items")
    send(north)

    expect(north.page).to_have_url(re.compile(r"/items/N-"))
    expect(east.rows.filter(has_text="It did not go")).to_have_count(1)
    assert titled(north, "It did not go") == 1


def test_a_preset_is_one_key_away_and_chooses_nothing_by_itself(north: Console) -> None:
    write(north, "For the watch", "x", tlp="AMBER", to=["east", "west"])
    north.page.get_by_label("Precedence").select_option("IMMEDIATE")
    north.page.get_by_role("button", name="Save as a preset").click()
    north.page.get_by_label("Name").fill("Neighbours, at once")
    assert north.faults() == []
    north.page.get_by_role("button", name="Save", exact=True).click()
    kept(north, 2)
    north.page.get_by_role("button", name="Discard").click()
    kept(north, 1)
    north.page.reload()
    expect(north.page.get_by_role("button", name="Neighbours, at once", exact=False).first).to_be_visible()
    expect(north.page.get_by_label("TLP:AMBER", exact=True)).not_to_be_checked()
    north.page.get_by_label("Title").fill("A new one")

    north.page.keyboard.press("Escape")
    north.page.keyboard.press("1")

    expect(north.page.get_by_label("TLP:AMBER", exact=True)).to_be_checked()
    expect(north.page.get_by_label("east", exact=True)).to_be_checked()
    expect(north.page.get_by_label("west", exact=True)).to_be_checked()
    expect(north.page.get_by_label("Precedence")).to_have_value("IMMEDIATE")
    expect(north.page.get_by_label("Title")).to_have_value("A new one")
