"""What a newcomer sees first: a drill's items, who is on watch, what to try; and the pictures that a release shows."""

from pathlib import Path

import pytest
from consoles import SIZE, Console, Exchange
from pictures import take
from playwright.sync_api import expect
from troubles import Troubled

pytestmark = pytest.mark.slow

FORMS = ("/requests?ask=1", "/actions?propose=new", "/incidents?begin=1")
PNG = b"\x89PNG\r\n\x1a\n"


def test_the_pictures_of_the_console_can_be_taken_and_are_of_one_size(exchange: Exchange, pictures: Path) -> None:
    taken = take(exchange, pictures / "release")

    for path in taken:
        head = path.read_bytes()[:24]
        assert head.startswith(PNG), path
        assert (int.from_bytes(head[16:20]), int.from_bytes(head[20:24])) == (SIZE["width"], SIZE["height"]), path


def test_what_to_try_is_ticked_as_it_is_done_and_can_be_put_away(north: Console) -> None:
    north.page.set_viewport_size({"width": 1440, "height": 1000})  # on a lower screen what was done makes room
    tries = north.page.get_by_role("region", name="What to try")
    expect(tries.get_by_role("listitem")).to_have_count(8)
    north.page.goto(f"{north.origin}/audit")
    north.page.get_by_role("button", name="Check").first.click()

    check = tries.get_by_role("listitem").filter(has_text="Have every record of every member checked")
    expect(check).to_contain_text("(done)")
    expect(tries.get_by_text("(done)")).to_have_count(1)
    north.page.reload()
    expect(check).to_contain_text("(done)")
    tries.get_by_role("button", name="Put away").click()
    expect(tries).to_have_count(0)
    north.page.reload()
    expect(north.page.get_by_role("navigation")).to_be_visible()
    expect(tries).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "fr", "ar", "fa", "ru"])
def test_what_puts_the_list_away_lies_within_the_menu_in_every_language(north: Console, language: str) -> None:
    north.speak(language)
    menu = north.page.get_by_role("navigation")
    away = menu.locator("section .head > button")
    expect(away).to_be_visible()

    outer, inner = menu.bounding_box(), away.bounding_box()

    assert outer is not None
    assert inner is not None
    assert outer["x"] <= inner["x"]
    assert inner["x"] + inner["width"] <= outer["x"] + outer["width"]


def test_where_no_trial_is_nothing_is_suggested(world: Troubled) -> None:
    with world.console("east") as east:
        expect(east.page.get_by_role("navigation")).to_be_visible()
        expect(east.page.get_by_role("region", name="What to try")).to_have_count(0)
        expect(east.page.locator(".banner")).not_to_contain_text("TRIAL")


@pytest.mark.parametrize(("language", "theme"), [("ar", "light"), ("ru", "dark")])
def test_axe_finds_nothing_on_any_page_of_the_menu_nor_where_a_matter_is_opened(
    north: Console, language: str, theme: str, pictures: Path
) -> None:
    north.speak(language)
    north.look(theme)
    menu = north.page.get_by_role("navigation").locator("a[href^='/']:not(section a)")
    places = [place for place in menu.evaluate_all("links => links.map((one) => one.getAttribute('href'))") if place]
    assert len(places) > len(FORMS)

    for place in [*places, *FORMS]:
        north.page.goto(f"{north.origin}{place}")
        expect(north.page.locator("main h1")).to_be_visible()
        assert north.faults() == [], place
        north.page.screenshot(path=pictures / f"page{place.replace('/', '-').replace('?', '-')}-{language}-{theme}.png")
