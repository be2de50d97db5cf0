"""Two officers warn at their consoles; a desk is alarmed by sight and sound, and acknowledges by one key."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from consoles import Console
from playwright.sync_api import Locator, expect
from troubles import Troubled

pytestmark = pytest.mark.slow

SOUNDS = """() => {
  window.tones = 0
  const start = OscillatorNode.prototype.start
  OscillatorNode.prototype.start = function (at) { window.tones += 1; return start.call(this, at) }
}"""


def enrolled(console: Console, officer: str) -> None:
    """Give an officer a passkey that asserts."""
    console.make_passkey()
    console.quartet("officer", "enrol", officer)
    expect(console.page.get_by_text("waits for root")).to_have_count(0)
    expect(console.page.get_by_text("enrolled: asserts").first).to_be_visible()


def form(console: Console) -> Locator:
    return console.page.get_by_role("form", name="Write a warning")


def write(console: Console, hazard: str) -> None:
    """Fill in a warning in two languages; the form says what it lacks, and what is no area."""
    console.page.goto(f"{console.origin}/warnings")
    expect(console.page.get_by_role("heading", name="Warnings", level=1)).to_be_visible()
    console.page.keyboard.press("n")
    slip = form(console)
    expect(slip.get_by_text("Still to say:")).to_contain_text("What the danger is")
    slip.get_by_label("What the danger is").fill(hazard)
    slip.get_by_label("What to do to be safe").fill("Leave the river bank. Go up to the church.")
    slip.get_by_role("button", name="العربية").click()
    arabic = slip.get_by_role("group", name="العربية")
    arabic.get_by_label("What the danger is").fill("موجة فيضان")
    arabic.get_by_label("What to do to be safe").fill("ابتعدوا عن ضفة النهر.")
    slip.get_by_label("Area, as people there call it").fill("Lower valley")
    slip.get_by_label("Centre: latitude (°)").fill("47.0")
    expect(slip.get_by_text("Give a centre with a radius")).to_be_visible()
    slip.get_by_label("Centre: longitude (°)").fill("8.5")
    slip.get_by_label("Radius (m)").fill("2000")
    until = datetime.now(UTC) + timedelta(hours=2)
    slip.get_by_label("Holds until (UTC)").fill(until.strftime("%Y-%m-%d %H:%M"))
    slip.get_by_label("Who must acknowledge").fill("east, east/dam-3")
    slip.get_by_label("TLP:AMBER", exact=True).check()
    expect(slip.get_by_text("It goes to east, once a second officer has confirmed it.")).to_be_visible()


def test_two_officers_warn_and_a_desk_is_alarmed_and_acknowledges_by_a_key(world: Troubled, pictures: Path) -> None:
    with (
        world.console("north") as author,
        world.console("north", officer="deputy") as second,
        world.console("east") as desk,
    ):
        for console, officer in ((author, "duty"), (second, "deputy"), (desk, "duty")):
            enrolled(console, officer)
        desk.page.evaluate(SOUNDS)
        write(author, "Flood wave")
        assert author.faults() == []
        author.page.screenshot(path=pictures / "warning-write-en-dark.png", full_page=True)
        form(author).get_by_role("button", name="Sign, and give it to a second officer").click()
        expect(author.page.get_by_text("You wrote it: another officer")).to_be_visible()

        second.page.goto(f"{second.origin}/warnings")
        waiting = second.page.get_by_role("region", name="Waits for a second officer")
        expect(waiting).to_contain_text("It goes to east.")
        asked = waiting.get_by_role("list", name="Desks").get_by_role("listitem")
        expect(asked).to_have_text([re.compile("will be asked$")] * 2)
        expect(waiting).to_contain_text("Go up to the church.")
        expect(waiting).to_contain_text("ابتعدوا عن ضفة النهر.")
        assert second.faults() == []
        second.page.screenshot(path=pictures / "warning-second-en-dark.png", full_page=True)
        assert desk.page.get_by_role("alert", name="Warnings at your desk").count() == 0
        waiting.get_by_role("button", name="I have read it: let it go").click()
        expect(waiting).to_have_count(0)

        alarm = desk.page.get_by_role("alert", name="Warnings at your desk")
        expect(alarm).to_contain_text("Flood wave")
        expect(alarm).to_contain_text("Lower valley")
        expect(desk.page.locator(".banner")).to_contain_text("TLP:AMBER")
        desk.page.wait_for_function("() => window.tones >= 4")  # it goes on until somebody acknowledges
        for language, theme in (("en", "dark"), ("ar", "dark"), ("en", "light"), ("ru", "dark")):
            desk.speak(language)
            desk.look(theme)
            assert desk.faults() == []
            desk.page.screenshot(path=pictures / f"warning-alarm-{language}-{theme}.png")
        desk.speak("en")
        desk.page.locator("main").focus()
        desk.page.keyboard.press("!")
        expect(alarm.get_by_role("button")).to_have_count(1)
        desk.page.keyboard.press("!")
        expect(alarm).to_have_count(0)

        row = author.page.get_by_role("article").filter(has_text="Flood wave")
        expect(row).to_contain_text("2 of 2 acknowledged")
        row.get_by_role("button", name="Open").click()
        expect(row.get_by_role("list", name="Desks")).to_contain_text("duty,")
        for language in ("en", "fa"):
            author.speak(language)
            assert author.faults() == []
            author.page.screenshot(path=pictures / f"warning-list-{language}-dark.png", full_page=True)


def test_a_desk_that_is_cut_off_is_listed_and_a_minimum_goes_at_once_and_is_reviewed(
    world: Troubled, pictures: Path
) -> None:
    with world.console("north") as author, world.console("north", officer="deputy") as second:
        enrolled(author, "duty")
        enrolled(second, "deputy")
        world.cut()
        try:
            write(author, "Gas cloud")
            slip = form(author)
            slip.get_by_label("A life depends on it: release at once").check()
            expect(slip.get_by_text("read by nobody but you")).to_be_visible()
            slip.get_by_label("Why it cannot wait").fill("It spreads now")
            slip.get_by_role("button", name="Sign and release at once").click()
            row = author.page.get_by_role("article").filter(has_text="Gas cloud")
            expect(row).to_contain_text("Released without a second officer (It spreads now).")
            expect(row).to_contain_text("desks not reached")
            row.get_by_role("button", name="Open").click()
            expect(row.get_by_role("list", name="Desks")).to_contain_text("NOT REACHED: call")
            assert author.faults() == []
            author.page.screenshot(path=pictures / "warning-unreached-en-dark.png", full_page=True)
        finally:
            world.mend()
        second.page.goto(f"{second.origin}/warnings")
        row = second.page.get_by_role("article").filter(has_text="Gas cloud")
        row.get_by_role("button", name="Open").click()
        row.get_by_role("button", name="Reviewed: it is right").click()
        expect(row).to_contain_text("Released without a second officer: It spreads now")  # it is the record
        expect(row).not_to_contain_text("reviews it by")
        expect(row).to_contain_text("confirmed by deputy")
