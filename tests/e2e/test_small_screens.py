"""A console on a low screen and on a phone: everything that a page offers is in reach, and nothing lies beside it."""

from pathlib import Path
from typing import Final

import pytest
from consoles import Console
from playwright.sync_api import FilePayload, ViewportSize, expect
from test_compose_page import write
from test_files_page import attach

pytestmark = pytest.mark.slow

LOW: Final = ViewportSize(width=1280, height=720)
PHONE: Final = ViewportSize(width=390, height=844)
PAGES: Final = (
    "inbox",
    "compose",
    "map",
    "grants",
    "duty",
    "duty?plan=1",
    "audit",
    "keys",
    "chair",
    "communiques",
    "requests",
    "requests?ask=1",
    "actions",
    "actions?propose=new",
    "incidents",
    "incidents?begin=1",
    "situations",
    "situations?write=1",
    "search?text=dam",
    "intake",
)
WIDER: Final = """() => Math.max(...[document.documentElement, document.querySelector('main')].map(
  (one) => one.scrollWidth - one.clientWidth))"""

BEGINS: Final = """(one) => {
  const letter = document.createRange()
  letter.setStart(one.firstChild, 0)
  letter.setEnd(one.firstChild, 1)
  const [seen, box] = [letter.getBoundingClientRect(), one.getBoundingClientRect()]
  return seen.left >= box.left - 1 && seen.right <= box.right + 1
}"""
"""Whether the first letter is within its line."""
STARTS: Final = """(one) => {
  const words = document.createRange()
  words.selectNodeContents(one)
  const [seen, box] = [words.getBoundingClientRect(), one.getBoundingClientRect()]
  const rtl = document.documentElement.dir === 'rtl'
  return Math.abs(rtl ? box.right - seen.right : seen.left - box.left) < 2
}"""
"""Whether what fits stands at the start of its line, as the page runs."""


def test_what_is_written_can_be_sent_without_looking_for_the_button(north: Console, pictures: Path) -> None:
    north.page.set_viewport_size(LOW)
    write(north, "Many files", "See each.", tlp="AMBER", to=["east"])
    attach(north, *(FilePayload(name=f"{n}.txt", mimeType="text/plain", buffer=b"x%d" % n) for n in range(6)))
    expect(north.page.get_by_text("At your node, ready to go")).to_have_count(6)

    expect(north.page.get_by_role("button", name="Sign and send")).to_be_in_viewport(ratio=1)
    assert north.faults() == []
    north.page.screenshot(path=pictures / "compose-low-en-dark.png")
    north.page.get_by_role("button", name="Discard").click()


def test_what_to_try_can_be_put_away_on_a_low_screen(north: Console) -> None:
    north.page.set_viewport_size(LOW)

    expect(north.page.get_by_role("button", name="Put away")).to_be_in_viewport(ratio=1)
    assert north.faults() == []


@pytest.mark.parametrize("language", ["en", "fr", "ar", "fa", "ru"])
def test_no_page_is_wider_than_a_phone_and_she_can_sign_out_there(
    north: Console, language: str, pictures: Path
) -> None:
    north.speak(language)
    north.page.set_viewport_size(PHONE)
    out = north.page.locator("header button")
    for page in PAGES:
        north.page.goto(f"{north.origin}/{page}")
        expect(north.page.locator("main h1")).to_be_visible()
        expect(out).to_be_in_viewport(ratio=1)
        expect(north.page.locator("nav [aria-current]")).to_be_in_viewport(ratio=0.9)
        assert north.page.evaluate(WIDER) <= 0, page
        if language in ("en", "ar"):
            north.page.screenshot(path=pictures / f"phone-{page.replace('?', '-')}-{language}.png")


@pytest.mark.parametrize(
    ("language", "title"), [("ar", "A" + "ground off the north mole" * 9), ("en", "ق" + "ارب صيد " * 30)]
)
def test_a_title_that_is_too_long_is_cut_at_its_own_end(north: Console, language: str, title: str) -> None:
    ref = north.send(title, "x", tlp="GREEN", to=["east"])
    north.speak(language)
    north.page.set_viewport_size(PHONE)
    short = north.send("Aground", "x", tlp="GREEN", to=["east"])

    shown = north.rows.filter(has_text=ref).locator(".title")
    expect(shown).to_be_visible()
    assert shown.evaluate("one => one.scrollWidth > one.clientWidth")
    assert shown.evaluate(BEGINS)
    beside = north.rows.filter(has_text=short).locator(".title")
    expect(beside).to_be_visible()
    assert beside.evaluate(STARTS)


def test_what_waits_for_her_makes_no_page_wider_than_a_phone(north: Console, east: Console, tmp_path: Path) -> None:
    """The menu is one line there that scrolls; what it says out of sight scrolls with it."""
    question = tmp_path / "question.txt"
    question.write_text("Who moors at Dam 3 tonight?")
    north.quartet("ask", "--of", "east", "--tlp", "AMBER", str(question))
    waits = east.page.locator("nav .waits")
    expect(waits.first).to_be_visible()

    east.page.set_viewport_size(PHONE)

    for place in ("inbox", "map"):
        east.page.goto(f"{east.origin}/{place}")
        expect(waits.first).to_be_attached()
        assert east.page.evaluate(WIDER) <= 0
