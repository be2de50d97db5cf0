"""One situation report, written once: what each audience would read is seen side by side, and is what it reads."""

import re
from itertools import count
from pathlib import Path
from typing import Final

import pytest
from by_keys import Hands
from consoles import Console, Exchange
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.slow

PAGE, COMPOSE = "pages/situations", "pages/compose"
NUMBER: Final = count(1)


def named(title: str) -> str:
    """Return a title that no other item has: the tests of this folder share their exchange."""
    return f"{title} {next(NUMBER)}"


def begin(console: Console, title: str, *refs: str) -> None:
    """Open the form, name the report, and choose the items that it rests on."""
    console.page.goto(f"{console.origin}/situations?write=1")
    field(console, "Title").fill(title)
    for ref in refs:
        console.page.get_by_role("searchbox", name="Find among what you hold").fill(ref)
        console.page.get_by_role("list", name="Find among what you hold").get_by_role("button").filter(
            has_text=ref
        ).click()
        expect(console.page.get_by_role("button", name=f"Leave {ref} out of the report")).to_be_visible()


def field(console: Console, label: str) -> Locator:
    return console.page.get_by_role("form").get_by_label(label, exact=True)


def part(console: Console, name: str) -> Locator:
    return console.page.get_by_role("group", name=name, exact=True)


def say(
    console: Console,
    name: str,
    heading: str,
    text: str,
    *,
    tlp: str = "AMBER",
    rests_on: tuple[str, ...] = (),
    carries: tuple[str, ...] = (),
) -> None:
    """Fill in a part, or one of its wordings."""
    at = part(console, name)
    at.get_by_label("Heading").fill(heading)
    at.get_by_label("What it says", exact=True).fill(text)
    at.get_by_label(f"TLP:{tlp}", exact=True).check()
    for ref in (*rests_on, *carries):
        at.get_by_role("combobox", name="Rests on").select_option(ref)
        if ref in carries:
            at.get_by_role("listitem").filter(has_text=ref).get_by_label("carries what it says").check()


def audience(console: Console, number: int, *members: str) -> None:
    """Choose an audience."""
    at = console.page.get_by_role("group", name=f"Audience {number}", exact=True)
    if not at.count():
        console.page.get_by_role("button", name="Add an audience").click()
    for member in members:
        at.get_by_label(member, exact=True).check()


def rendering(console: Console, name: str) -> Locator:
    """What an audience would read."""
    return console.page.get_by_role("region", name=name, exact=True)


def sign(console: Console) -> Locator:
    return console.page.get_by_role("button", name="Sign and send exactly this")


def open_report(console: Console, title: str) -> None:
    """Open a report from the list, once it is there."""
    console.page.goto(f"{console.origin}/situations")
    console.rows.filter(has_text=title).click()
    expect(console.page.get_by_role("heading", name=title, level=1)).to_be_visible()


def two_sources(north: Console) -> tuple[str, str]:
    """Return an item for east and west, and one for east alone."""
    both = north.send(named("River gauge"), "4.2 m at noon.", to=["east", "west"], tlp="GREEN")
    weir = north.send(named("The weir leaks"), "On the left bank.", to=["east"], tlp="AMBER")
    return both, weir


def written(north: Console, title: str, both: str, weir: str) -> None:
    """Write a report of two parts for east and for west."""
    begin(north, title, both, weir)
    say(north, "Part 1", "The weir", "It leaks on the left bank; 40 cm at noon.", carries=(weir,))
    north.page.get_by_role("button", name="Add a part").click()
    say(north, "Part 2", "Water", "High since noon.", tlp="GREEN", rests_on=(both,))
    audience(north, 1, "east")
    audience(north, 2, "west")


def test_a_report_is_written_once_seen_side_by_side_and_read_so_by_each_audience(
    exchange: Exchange, north: Console, east: Console, pictures: Path
) -> None:
    both, weir = two_sources(north)
    title = named("The river, morning")
    north.page.goto(f"{north.origin}/situations")
    expect(north.page.get_by_role("heading", name="Situation reports")).to_be_visible()
    north.page.keyboard.press("w")
    expect(north.page.get_by_role("heading", name="Write a situation report", level=1)).to_be_visible()
    expect(north.page.get_by_role("radio", checked=True)).to_have_count(0)
    expect(north.page.get_by_role("checkbox", checked=True)).to_have_count(0)
    written(north, title, both, weir)

    to_east, to_west = rendering(north, "For east"), rendering(north, "For west")
    expect(to_east.locator(".text")).to_contain_text("2. Water\nHigh since noon.", use_inner_text=True)
    expect(to_east).to_contain_text("Nothing is left out")
    expect(to_east).to_contain_text("TLP:AMBER")
    expect(to_west.locator(".text")).to_contain_text("1. Water\nHigh since noon.", use_inner_text=True)
    expect(to_west).to_contain_text("TLP:GREEN")
    expect(to_west).to_contain_text(f"Part 1: The weir west: the marking does not name it ({weir})")
    expect(north.page.get_by_text("What you sign is what you see here (2).")).to_be_visible()
    assert north.faults() == []
    north.page.screenshot(path=pictures / "situation-write-en-dark.png", full_page=True)
    told = {name: rendering(north, f"For {name}").locator(".text").inner_text() for name in ("east", "west")}
    sign(north).click()
    expect(north.page.get_by_role("heading", name=title, level=1)).to_be_visible()

    assert north.page.locator("article .text").inner_text() == told["east"]
    beside = north.page.get_by_role("region", name="The same report for others")
    expect(beside).to_contain_text("For west")
    assert north.faults() == []
    north.page.screenshot(path=pictures / "situation-en-dark.png")
    beside.get_by_role("link", name="For west").click()
    expect(beside.get_by_role("link", name="For east")).to_be_visible()
    assert north.page.locator("article .text").inner_text() == told["west"]
    north.page.go_back()
    expect(beside.get_by_role("link", name="For west")).to_be_visible()

    open_report(east, title)
    assert east.page.locator("article .text").inner_text() == told["east"]
    expect(beside_of(east)).to_have_count(0)
    with exchange.console("west") as west:
        open_report(west, title)
        assert west.page.locator("article .text").inner_text() == told["west"]
        whole = west.page.locator("body").inner_text()
        assert "weir" not in whole.lower()
        assert weir not in whole
        expect(west.page.get_by_role("region", name="What each part rests on")).to_contain_text(both)
        expect(beside_of(west)).to_have_count(0)


def beside_of(console: Console) -> Locator:
    return console.page.get_by_role("region", name="The same report for others")


def test_a_basis_that_is_withdrawn_is_shown_on_the_readers_page_and_in_her_list(
    north: Console, east: Console, pictures: Path
) -> None:
    both, weir = two_sources(north)
    title = named("The river, noon")
    begin(north, title, both, weir)
    say(north, "Part 1", "The weir", "It leaks.", rests_on=(weir,))
    north.page.get_by_role("button", name="Add a part").click()
    say(north, "Part 2", "Water", "High.", rests_on=(both,))
    audience(north, 1, "east")
    expect(rendering(north, "For east")).to_contain_text("2. Water")
    sign(north).click()
    expect(north.page.get_by_role("heading", name=title, level=1)).to_be_visible()
    open_report(east, title)
    expect(east.page.get_by_text("BASIS WITHDRAWN")).to_have_count(0)

    north.quartet("recall", weir)

    for console in (east, north):
        expect(console.page.get_by_role("alert")).to_contain_text("BASIS WITHDRAWN")
        expect(console.page.get_by_role("alert")).to_contain_text("do not build on part 1 before you have asked")
        parts = console.page.get_by_role("region", name="What each part rests on").locator("ol > li")
        expect(parts.nth(0)).to_contain_text("BASIS WITHDRAWN")
        expect(parts.nth(1)).not_to_contain_text("BASIS WITHDRAWN")
    assert east.faults() == []
    east.page.screenshot(path=pictures / "situation-withdrawn-en-dark.png")
    east.page.goto(f"{east.origin}/situations")
    expect(east.rows.filter(has_text=title)).to_contain_text("BASIS WITHDRAWN")
    east.page.get_by_role("button", name="Basis withdrawn", exact=True).click()
    expect(east.page).to_have_url(re.compile("which=withdrawn"))
    expect(east.rows.filter(has_text=title)).to_contain_text("BASIS WITHDRAWN")
    assert east.faults() == []
    east.page.screenshot(path=pictures / "situations-en-dark.png")


def test_a_shorter_wording_goes_to_who_may_not_have_the_fuller_one(north: Console, east: Console) -> None:
    both, weir = two_sources(north)
    title = named("The river, evening")
    begin(north, title, both, weir)
    say(north, "Part 1", "The weir", "It leaks; 40 cm.", carries=(weir,))
    north.page.get_by_role("button", name="Add a shorter wording").click()
    say(north, "Part 1, wording 2", "Water", "Rising.", tlp="GREEN", rests_on=(both,))
    north.page.get_by_role("button", name="One for each member left").click()

    expect(rendering(north, "For east").locator(".text")).to_contain_text("It leaks; 40 cm.")
    expect(rendering(north, "For west").locator(".text")).to_contain_text("Rising.")
    expect(rendering(north, "For west").locator(".text")).not_to_contain_text("leaks")
    part(north, "Part 1").get_by_label("for some members at most").check()
    expect(rendering(north, "For east").locator(".text")).to_contain_text("Rising.")
    why = "Part 1: The weir east: the marking does not name it (by this wording’s own label or limit)"
    expect(rendering(north, "For east")).to_contain_text(why)
    north.page.get_by_role("button", name="Take the last one out").click()
    expect(rendering(north, "For west")).to_contain_text("Nothing may go to all of them.")
    expect(sign(north)).to_be_disabled()
    north.page.get_by_role("button", name="Discard").click()
    expect(north.page.get_by_role("heading", name="Situation reports")).to_be_visible()


def test_a_reload_loses_nothing_of_a_report_and_shows_its_items_as_they_stand_now(
    north: Console, pictures: Path
) -> None:
    both, weir = two_sources(north)
    title = named("The river, night")
    written(north, title, both, weir)
    expect(north.page.get_by_text("kept at this browser, sealed")).to_be_visible()
    told = rendering(north, "For east").locator(".text").inner_text()

    north.page.reload()

    expect(field(north, "Title")).to_have_value(title)
    expect(part(north, "Part 1").get_by_label("TLP:AMBER", exact=True)).to_be_checked()
    expect(part(north, "Part 2").get_by_label("What it says", exact=True)).to_have_value("High since noon.")
    expect(rendering(north, "For east").locator(".text")).to_have_text(told, use_inner_text=True)
    basis = north.page.get_by_role("region", name="Items that it rests on")
    expect(basis).to_contain_text("The weir leaks")
    north.look("light")
    assert north.faults() == []
    north.page.screenshot(path=pictures / "situation-write-en-light.png", full_page=True)
    north.quartet("recall", weir)
    expect(basis).to_contain_text(re.compile("BASIS WITHDRAWN|not here any more"))
    basis.get_by_role("button", name=f"Leave {weir} out of the report").click()
    expect(rendering(north, "For west").locator(".text")).to_contain_text("The weir")
    north.page.get_by_role("button", name="Discard").click()
    north.page.goto(f"{north.origin}/situations?write=1")
    expect(field(north, "Title")).to_have_value("")


def test_if_who_may_have_what_is_other_than_she_saw_nothing_goes_and_she_looks_again(
    exchange: Exchange, north: Console
) -> None:
    both, weir = two_sources(north)
    title = named("The river, changed")
    north.page.route("**/api/events**", lambda route: route.abort())  # she is told of nothing by herself
    begin(north, title, both, weir)
    say(north, "Part 1", "The weir", "It leaks.", rests_on=(weir,))
    north.page.get_by_role("button", name="Add a part").click()
    say(north, "Part 2", "Water", "High.", rests_on=(both,))
    audience(north, 1, "west")
    expect(rendering(north, "For west")).to_contain_text("Part 1: The weir")
    expect(sign(north)).to_be_enabled()

    north.quartet("grant", weir, "west")
    sign(north).click()

    said = north.page.get_by_role("form").get_by_role("alert")
    expect(said).to_contain_text("Nothing went: who may have what is not what you looked at any more.")
    expect(rendering(north, "For west").locator(".text")).to_contain_text("1. The weir")
    assert [row for row in north.quartet("sitrep", "list") if row["title"] == title] == []
    sign(north).click()
    expect(north.page.get_by_role("heading", name=title, level=1)).to_be_visible()
    with exchange.console("west") as west:
        open_report(west, title)
        expect(west.page.locator("article .text")).to_contain_text("It leaks.")


def test_a_report_is_written_by_keys_alone_in_arabic(north: Console, east: Console, pictures: Path) -> None:
    ref = north.send(named("مقياس النهر"), "4.2 م عند الظهر", to=["east"], tlp="GREEN")
    title, hands = named("النهر صباحاً"), Hands(north, "ar")
    hands.speak()
    hands.press("g", "o")
    expect(north.page.get_by_role("heading", name=hands.said(PAGE, "title"))).to_be_visible()
    hands.press("w")
    form = north.page.get_by_role("form")
    hands.type(form.get_by_label(hands.said(PAGE, "heading_of_all"), exact=True), title)
    hands.type(form.get_by_role("searchbox"), ref)
    expect(form.get_by_role("list", name=hands.said(PAGE, "find")).get_by_role("button")).to_have_count(1)
    hands.press("Enter")
    at = north.page.get_by_role("group", name=hands.said(PAGE, "part_n", n="1"), exact=True)
    hands.type(at.get_by_label(hands.said(PAGE, "heading")), "الماء")
    hands.type(at.get_by_label(hands.said(PAGE, "words")), "المنسوب مرتفع منذ الظهر.")
    hands.choose(at.get_by_label("TLP:CLEAR", exact=True), at.get_by_label("TLP:GREEN", exact=True))
    sources = at.get_by_role("combobox", name=hands.said(PAGE, "rests_on"))
    hands.reach(sources)
    hands.press("ArrowDown")
    expect(at.get_by_role("listitem")).to_contain_text(ref)
    hands.tick(form.get_by_role("checkbox", name="east", exact=True))
    shown = north.page.locator(".renderings .text")
    expect(shown).to_contain_text("1. الماء")
    assert north.faults() == []
    north.page.screenshot(path=pictures / "situation-write-ar-dark.png", full_page=True)
    hands.push(hands.button(PAGE, "sign"))

    expect(north.page.get_by_role("heading", name=title, level=1)).to_be_visible()
    assert north.faults() == []
    north.page.screenshot(path=pictures / "situation-ar-dark.png")
    open_report(east, title)
    expect(east.page.locator("article .text")).to_contain_text("المنسوب مرتفع منذ الظهر.")
