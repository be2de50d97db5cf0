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
PAGES: Final = ("inbox", "compose", "map", "grants", "duty", "audit", "keys")
WIDER: Final = "() => document.documentElement.scrollWidth - window.innerWidth"


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
        assert north.page.evaluate(WIDER) <= 0, page
        if language in ("en", "ar"):
            north.page.screenshot(path=pictures / f"phone-{page}-{language}.png")
