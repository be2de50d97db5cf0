"""The duty board and the settings at the consoles."""

from pathlib import Path

import pytest
from consoles import Console
from playwright.sync_api import Locator, Page, expect
from test_drafts_page import kept
from troubles import Troubled

from quartet.node.folder import MemberFolder

pytestmark = pytest.mark.slow


def test_who_takes_the_watch_is_on_the_other_members_board_with_phones_and_leaves_a_note(
    world: Troubled, pictures: Path
) -> None:
    with world.console("north") as north, world.console("east") as east:
        keys = north.page.keyboard
        expect(north.page.get_by_role("heading", name="Inbox")).to_be_visible()
        keys.type("gd")
        expect(north.page.get_by_text("Nobody has taken the watch here.")).to_be_visible()
        form = north.page.locator("form").filter(has=north.page.get_by_role("heading", name="Take the watch"))
        form.get_by_label("Name").fill("Watch officer N1")
        form.get_by_label("Role").fill("Duty officer, maritime desk")
        form.get_by_label("Phones").fill("+41 58 000 00 17\nnet 7, “Harbour”")
        expect(form).to_contain_text("It goes to east, and to nobody else.")
        form.get_by_role("button", name="Sign, and take the watch").click()
        expect(north.page.get_by_text("You are on watch.")).to_be_visible()
        expect(north.page.get_by_role("link", name="On watch: Watch officer N1")).to_be_visible()
        north.page.get_by_label("What the next watch must know").fill("Pump 4 is out until Monday.")
        kept(north, 1)
        north.page.reload()
        expect(north.page.get_by_label("What the next watch must know")).to_have_value("Pump 4 is out until Monday.")
        north.page.get_by_role("button", name="Sign, and leave it").click()
        expect(north.page.locator("article").filter(has_text="Pump 4 is out until Monday.")).to_be_visible()
        kept(north, 0)
        expect(north.page.get_by_label("What the next watch must know")).to_have_value("")

        east.page.goto(f"{east.origin}/duty")
        card = east.page.get_by_role("listitem").filter(has_text="Watch officer N1")
        expect(card).to_contain_text("+41 58 000 00 17")
        expect(card).to_contain_text("linked")
        expect(east.page.get_by_text("Pump 4 is out")).to_have_count(0)
        _pictures(north, "duty", pictures)


def test_an_administrator_changes_a_setting_and_the_second_of_two_is_told(world: Troubled, pictures: Path) -> None:
    with world.console("east", officer="deputy") as deputy:
        page, other = deputy.page, deputy.page.context.new_page()
        page.keyboard.type("gs")
        other.goto(f"{deputy.origin}/settings")
        for one in (page, other):
            expect(one.get_by_label("Notice in the first line of every page")).to_be_visible()
        page.get_by_label("Notice in the first line of every page").fill("Drill in hall 2 until 18:00Z")
        _change(page, "console.banner").click()
        expect(page.locator(".banner")).to_contain_text("Drill in hall 2")
        expect(page.get_by_text("Changed; it is in effect.")).to_be_visible()

        other.get_by_label("Free disk below which nothing is taken in").fill("128")
        _change(other, "disk_floor_mb").click()
        expect(other.get_by_role("alert")).to_contain_text("Somebody else changed the settings meanwhile.")
        expect(other.get_by_label("Notice in the first line")).to_have_value("Drill in hall 2 until 18:00Z")
        text = MemberFolder(world.root / "east").settings.read_text()
        assert text.startswith("# every key:")
        assert "disk_floor_mb" not in text
        assert 'banner = "Drill in hall 2 until 18:00Z"' in text
        _pictures(deputy, "settings", pictures)


def test_who_is_no_administrator_has_no_settings_page(world: Troubled) -> None:
    with world.console("north") as north:
        expect(north.page.get_by_role("navigation")).not_to_contain_text("Settings")
        north.page.goto(f"{north.origin}/settings")

        expect(north.page.get_by_role("alert")).to_contain_text("for officers to whom root gave the role administrator")


def _change(page: Page, key: str) -> Locator:
    form = page.locator("form").filter(has=page.get_by_text(key, exact=True))
    return form.get_by_role("button", name="Change")


def _pictures(console: Console, name: str, pictures: Path) -> None:
    for language, theme in (("en", "dark"), ("en", "light"), ("ar", "dark")):
        console.speak(language)
        console.look(theme)
        expect(console.page.locator("h1")).to_be_visible()
        assert console.faults() == []
        console.page.screenshot(path=pictures / f"{name}-{language}-{theme}.png")
