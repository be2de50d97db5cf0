"""The duty roster at the consoles: planned by a rule or turn by turn, read in one line, told to whom it says."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from consoles import SIZE, Console
from playwright.sync_api import Locator, ViewportSize, expect
from test_small_screens import PHONE, WIDER
from troubles import Troubled

pytestmark = pytest.mark.slow

TALL: Final = ViewportSize(width=1440, height=1500)
BEGAN: Final = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
PEOPLE: Final = (
    "Officer E1; duty officer; +41 58 000 00 17\nضابط المناوبة; ; net 7, “Quay”; +41 58 000 00 27\nOfficer E3"
)


def at(hours: int) -> str:
    return (BEGAN + timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M")


def hour(hours: int) -> re.Pattern[str]:
    """That time as the page says it today, or with its day tomorrow."""
    return re.compile(rf"until (\S+ \S+ )?{at(hours)[11:]}Z")


def plan(console: Console) -> Locator:
    """Open the form with which watches are planned, by its key."""
    console.page.goto(f"{console.origin}/duty")
    expect(console.page.get_by_role("button", name="Plan the watches")).to_be_visible()
    console.page.keyboard.press("n")
    form = console.page.get_by_role("form", name="Plan the watches")
    expect(form.get_by_label("It counts from (UTC)")).to_be_focused()
    return form


def names(form: Locator) -> Locator:
    """The fields that say whose turn each is."""
    return form.get_by_label(re.compile(r"^Turn \d+: name$"))


def test_a_roster_is_planned_told_and_replaced_and_says_where_nobody_is(world: Troubled, pictures: Path) -> None:
    with world.console("east") as east, world.console("north") as north:
        form = plan(east)
        _fill_in(east, form)
        _mend(form)
        form.get_by_label("north").check()
        expect(form).to_contain_text("It goes to north, and to nobody else.")
        assert east.faults() == []
        east.page.set_viewport_size(TALL)
        east.page.screenshot(path=pictures / "roster-plan-en-dark.png", full_page=True)
        form.get_by_role("button", name="Sign, and plan it so").click()
        expect(east.page.get_by_text("It is planned so.")).to_be_visible()
        expect(east.page.get_by_role("button", name="Plan the watches")).to_be_focused()

        relief = east.page.locator(".now")
        expect(relief).to_contain_text("Officer E1 is planned until")
        expect(relief).to_contain_text("the watch was not taken.")
        expect(relief).to_contain_text("+41 58 000 00 17")
        expect(relief).to_contain_text("Next: ضابط المناوبة, from")
        expect(relief.get_by_text("Nobody is planned from")).to_contain_text("(8h 0m)")
        expect(relief).to_contain_text("Nothing is planned from")
        rows = east.page.get_by_role("region", name="Duty roster").get_by_role("row")
        expect(rows.filter(has_text="Nobody")).to_have_count(2)
        expect(rows.filter(has_text="Officer E3").first).to_contain_text("TLP:AMBER+STRICT")
        _pictures(east, pictures)
        _read_at_north(north)
        _take(east)
        _swap(east, north)


def test_a_plan_that_was_begun_outlives_a_reload_and_can_begin_anew(world: Troubled) -> None:
    with world.console("east", officer="deputy") as deputy:
        form = plan(deputy)
        form.get_by_label("It counts until (UTC)").fill(at(60))
        form.get_by_role("button", name="Add a turn").click()
        name = names(form).last
        expect(name).to_be_focused()
        name.fill("Officer kept")
        expect(form.get_by_text("kept at this browser")).to_be_visible()
        deputy.page.reload()

        expect(names(form).last).to_have_value("Officer kept")
        expect(form.get_by_label("It counts until (UTC)")).to_have_value(at(60))
        form.get_by_role("button", name="Begin again from what is planned").click()
        expect(form.get_by_label("It counts until (UTC)")).not_to_have_value(at(60))


def _fill_in(east: Console, form: Locator) -> None:
    """Fill the time from two hours ago in by a rule, with the keyboard alone."""
    form.get_by_label("It counts from (UTC)").fill(at(-2))
    form.get_by_label("It counts until (UTC)").fill(at(-3))
    expect(form.get_by_text("The plan ends before it begins.")).to_be_visible()
    form.get_by_label("It counts until (UTC)").fill(at(46))
    form.get_by_label("Officers in their order").fill(PEOPLE)
    form.get_by_label("Each for").select_option("8")
    fill = form.get_by_role("button", name="Fill in these turns")
    fill.focus()
    east.page.keyboard.press("Enter")
    expect(names(form)).to_have_count(6)


def _mend(form: Locator) -> None:
    """Make a mistake, read what it is, mend it; then leave a hole and be told."""
    form.get_by_label("Turn 3: from (UTC)").fill(at(13))
    expect(form.get_by_text("Turn 3 begins while ضابط المناوبة is on watch until")).to_be_visible()
    expect(form.get_by_role("button", name="Sign, and plan it so")).to_be_disabled()
    form.get_by_label("Turn 3: from (UTC)").fill(at(14))
    end = form.get_by_label("Turn 3: until (UTC)")
    end.fill(at(22)[11:])  # an hour alone: the first one after it began
    end.blur()
    expect(end).to_have_value(at(22))
    form.get_by_role("button", name="Remove turn 4").click()
    expect(form.get_by_text("Nobody is planned from")).to_contain_text("(8h 0m)")


def _read_at_north(north: Console) -> None:
    north.page.goto(f"{north.origin}/duty")
    card = north.page.locator(".board > li").filter(has=north.page.get_by_role("heading", name="east"))
    expect(card).to_contain_text("Next: ضابط المناوبة, from")
    expect(card).to_contain_text("Nobody is planned from")
    north.page.get_by_text("Roster of east").click()
    rows = north.page.locator("details").get_by_role("row")
    expect(rows.filter(has_text="Officer E1").first).to_contain_text("+41 58 000 00 17")
    assert north.faults() == []
    rows.get_by_role("link").first.click()
    expect(north.page.get_by_text("duty roster")).to_be_visible()
    expect(north.page.locator("dl").filter(has_text="Watches")).to_contain_text("Officer E1")


def _take(east: Console) -> None:
    """Whom the roster names has nothing to type; then the form waits for who relieves her."""
    east.page.get_by_role("link", name="Take the watch").click()
    form = east.page.locator("form").filter(has=east.page.get_by_role("heading", name="Take the watch"))
    expect(form.get_by_label("Name, as said on the phone")).to_have_value("Officer E1")
    expect(form.get_by_label("For how long").locator("option:checked")).to_contain_text(hour(6))
    form.get_by_role("button", name="Sign, and take the watch").click()
    expect(east.page.locator(".now")).to_contain_text("Officer E1 is on watch until")
    expect(form.get_by_label("Name, as said on the phone")).to_have_value("ضابط المناوبة")


def _swap(east: Console, north: Console) -> None:
    """East's plan for the next turn is another; who was told before is ticked, and told again."""
    form = plan(east)
    expect(names(form)).to_have_count(5)
    form.get_by_label("north").uncheck()
    expect(form.get_by_text("Not told of this plan: north.")).to_be_visible()
    form.get_by_label("north").check()
    expect(form.get_by_text("Not told of this plan")).to_have_count(0)
    form.get_by_label("Turn 2: name").fill("Officer E9")
    form.get_by_role("button", name="Sign, and plan it so").click()
    expect(east.page.locator(".now")).to_contain_text("Next: Officer E9, from")
    north.page.goto(f"{north.origin}/duty")
    expect(north.page.locator(".board")).to_contain_text("Next: Officer E9, from")


def _pictures(console: Console, pictures: Path) -> None:
    console.page.set_viewport_size(TALL)
    for language, theme in (("en", "dark"), ("en", "light"), ("ar", "dark"), ("fa", "light"), ("ru", "contrast")):
        console.speak(language)
        console.look(theme)
        expect(console.page.locator("h1")).to_be_visible()
        assert console.faults() == []
        console.page.screenshot(path=pictures / f"roster-{language}-{theme}.png", full_page=True)
    console.speak("en")
    console.look("dark")
    console.page.set_viewport_size(PHONE)
    assert console.page.evaluate(WIDER) <= 0
    assert console.faults() == []
    console.page.screenshot(path=pictures / "roster-phone.png")
    console.page.set_viewport_size(SIZE)
