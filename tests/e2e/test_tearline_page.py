"""An officer tears a line off her own text: both side by side, each piece that gives the source away answered."""

import re
from itertools import count
from pathlib import Path
from typing import Final

import pytest
from by_keys import Hands
from consoles import Console, Exchange
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.slow

TEARLINE, COMPOSE = "pages/tearline", "pages/compose"
SOURCE: Final = "Haddad saw two barges near Qalat at 14:05, he told our clerk at the ferry gate."
NUMBER: Final = count(1)


def named(title: str) -> str:
    """Return a title that no other item has: the tests of this folder share their exchange."""
    return f"{title} {next(NUMBER)}"


def source(north: Console, text: str = SOURCE, *, to: tuple[str, ...] = ()) -> str:
    """Say a text of north's own, and return its reference."""
    return north.send(named("Barges at Qalat"), text, to=list(to), tlp="AMBER+STRICT")


def tear(console: Console, ref: str) -> None:
    """Open the page on which a line is torn off an item."""
    console.page.goto(f"{console.origin}/items/{ref}/tear-line")
    expect(console.page.get_by_text("The source", exact=True)).to_be_visible()


def field(console: Console, label: str) -> Locator:
    return console.page.locator("form").get_by_label(label, exact=True)


def checks(console: Console) -> Locator:
    """What is pointed at, a line each."""
    return console.page.get_by_role("region", name="What it still gives away").get_by_role("listitem")


def check(console: Console, words: str) -> Locator:
    """The line about some words."""
    return checks(console).filter(has=console.page.locator("q").get_by_text(words, exact=True))


def marked(console: Console, side: str) -> str:
    """What is marked in the source or in the draft, piece after piece."""
    return "".join(console.page.locator(f".{side} mark").all_inner_texts())


def answer(line: Locator, why: str) -> None:
    line.get_by_role("combobox").select_option(label=why)


def send(console: Console) -> Locator:
    return console.page.get_by_role("button", name="Sign and send the tear-line")


def test_nothing_goes_before_each_mark_is_changed_or_answered_and_what_goes_has_no_other_word_of_them(
    exchange: Exchange, north: Console, pictures: Path
) -> None:
    ref, title = source(north), named("Traffic on the river")
    north.page.goto(f"{north.origin}/items/{ref}")
    north.page.get_by_role("link", name="Make a tear-line").click()
    expect(north.page.locator(".source .text")).to_have_text(SOURCE)
    expect(north.page.get_by_role("radio", checked=True)).to_have_count(0)
    expect(north.page.get_by_role("checkbox", checked=True)).to_have_count(0)
    field(north, "Title").fill(title)
    field(north, "Text").fill("Haddad saw barges at 14:05; two barges near Qalat at 14:05.")
    for words, gives in (("Haddad", "a name"), ("saw", "how it is known"), ("Qalat", "a name"), ("14:05", "a time")):
        expect(check(north, words)).to_contain_text(gives)
    expect(check(north, "14:05")).to_contain_text("more than once")
    expect(check(north, "Haddad")).to_contain_text("In the source: Haddad saw two barges near Qalat …")
    expect(checks(north).filter(has_text="the source’s own words")).to_have_count(1)
    for words in ("Haddad", "Qalat", "14:05"):
        assert words in marked(north, "source")
        assert words in marked(north, "yours")
    check(north, "Haddad").hover()
    expect(north.page.locator(".source .text mark.lit")).to_have_text("Haddad")
    expect(north.page.locator(".yours mark.lit")).to_have_text("Haddad")
    assert north.faults() == []
    north.page.screenshot(path=pictures / "tear-line-en-dark.png")

    field(north, "TLP:GREEN").check()
    field(north, "west").check()
    expect(north.page.get_by_text("It goes to west, and to nobody else.")).to_be_visible()
    expect(send(north)).to_be_disabled()
    answer(check(north, "14:05"), "They need it, and the marking covers it")
    expect(send(north)).to_be_disabled()
    asked = [one for one in checks(north).locator("q").all_inner_texts() if one != "14:05"]
    field(north, "Text").fill("Vessels moved on the river at 14:05.")
    expect(checks(north)).to_have_count(1)
    expect(north.page.get_by_text("All 1 are answered. Read it once more.")).to_be_visible()
    expect(check(north, "14:05").get_by_role("combobox")).to_have_value("NEEDED")
    send(north).click()
    expect(north.page.get_by_role("heading", name=title, level=1)).to_be_visible()
    made = north.page.url.rpartition("/")[2]

    with exchange.console("west") as west:
        row = west.rows.filter(has_text=made)
        expect(row).to_contain_text("TLP:GREEN")
        row.click()
        shown = west.page.locator("article .text").first
        expect(shown).to_have_text("Vessels moved on the river at 14:05.")
        whole = west.page.locator("article").inner_text()
        assert asked
        assert [one for one in asked if one in whole] == []
        assert ref not in whole
        west.page.goto(f"{west.origin}/items/{ref}")
        expect(west.page.get_by_text("There is no such item that you may see.")).to_be_visible()
    tear(north, ref)
    before = north.page.get_by_role("region", name="Made of it before")
    expect(before).to_contain_text(title)
    expect(before).to_contain_text("They need it, and the marking covers it (1)")
    assert north.faults() == []


def test_a_mark_lies_on_the_very_letters_whatever_stands_before_them(north: Console) -> None:
    ref = source(north, "😀😀 Haddad came by the ford.")
    tear(north, ref)
    field(north, "Text").fill("🚢🚢🚢 ok, Haddad went.")

    expect(check(north, "Haddad")).to_be_visible()
    expect(north.page.locator(".source .text mark")).to_have_text("Haddad")
    expect(north.page.locator(".yours mark")).to_have_text("Haddad")
    field(north, "Text").press("Home")
    north.page.keyboard.insert_text("So: ")
    expect(north.page.locator(".yours mark")).to_have_text("Haddad")


def test_a_reload_loses_no_word_and_no_answer_and_the_marking_stays_hers(north: Console) -> None:
    ref = source(north)
    tear(north, ref)
    field(north, "Title").fill("River")
    field(north, "Text").fill("Haddad came at 14:05.")
    answer(check(north, "Haddad"), "Everybody knows it")
    field(north, "TLP:GREEN").check()
    field(north, "west").check()
    expect(north.page.get_by_text("kept at this browser, sealed")).to_be_visible()

    north.page.reload()

    expect(field(north, "Text")).to_have_value("Haddad came at 14:05.")
    expect(field(north, "TLP:GREEN")).to_be_checked()
    expect(field(north, "west")).to_be_checked()
    expect(check(north, "Haddad").get_by_role("combobox")).to_have_value("PUBLIC")
    expect(check(north, "14:05").get_by_role("combobox")).to_have_value("")
    expect(north.page.get_by_text("1 of 2 still to answer")).to_be_visible()
    other = source(north)
    tear(north, other)
    expect(field(north, "Text")).to_have_value("")


def test_what_was_not_answered_by_the_node_stays_and_is_sent_again_once(
    exchange: Exchange, north: Console, pictures: Path
) -> None:
    ref, title = source(north), named("Water is high")
    tear(north, ref)
    field(north, "Title").fill(title)
    field(north, "Text").fill("Vessels moved.")
    expect(north.page.get_by_text("Nothing is pointed at.")).to_be_visible()
    field(north, "TLP:CLEAR").check()
    field(north, "east").check()
    expect(north.page.get_by_text("It goes to east, and to nobody else.")).to_be_visible()
    north.page.route("**/tear-line", lambda route: (route.fetch(), route.abort())[1])
    send(north).click()
    expect(north.page.get_by_role("alert")).to_contain_text("sending it again is safe")
    north.page.unroute("**/tear-line")
    north.look("light")
    assert north.faults() == []
    north.page.screenshot(path=pictures / "tear-line-en-light.png")
    send(north).click()

    expect(north.page.get_by_role("heading", name=title, level=1)).to_be_visible()
    assert sum(row["title"] == title for row in north.quartet("inbox", "--query", f'"{title}"')) == 1


def test_who_does_not_control_a_text_alone_is_told_who_must_grant_it(north: Console, east: Console) -> None:
    ref = source(north, to=("east",))
    expect(east.rows.filter(has_text=ref)).to_be_visible()
    tear(east, ref)

    expect(east.page.get_by_role("heading", name="This text is not yours alone: it is north’s, too.")).to_be_visible()
    east.page.get_by_label("west", exact=True).check()
    expect(east.page.get_by_text("For west, each of these must grant it: north.")).to_be_visible()
    expect(send(east)).to_have_count(0)
    assert east.faults() == []
    east.page.goto(f"{east.origin}/items/{ref}")
    expect(east.page.get_by_role("heading", name=re.compile("Barges at Qalat"))).to_be_visible()
    expect(east.page.get_by_role("link", name="Make a tear-line")).to_have_count(0)


def test_a_line_is_torn_by_keys_alone_in_arabic(north: Console, east: Console, pictures: Path) -> None:
    ref = north.send(named("قوارب عند القلعة"), "رأى حداد قاربين قرب القلعة الساعة 14:05.", to=[], tlp="AMBER")
    title, hands = named("حركة في النهر"), Hands(north, "ar")
    hands.speak()
    north.page.goto(f"{north.origin}/items/{ref}")
    hands.reach(north.page.get_by_role("link", name=re.compile("^استخراج نص")))
    hands.press("Enter")
    hands.type(field(north, hands.said(COMPOSE, "heading")), title)
    hands.type(field(north, hands.said(COMPOSE, "text")), "مرّ حداد في النهر الساعة 14:05.")
    lines = north.page.get_by_role("region", name=hands.said(TEARLINE, "checks")).get_by_role("listitem")
    expect(lines.locator("q").get_by_text("14:05", exact=True)).to_have_count(1)
    expect(north.page.locator(".source .text mark").filter(has_text="حداد")).to_have_count(1)
    assert north.faults() == []
    north.page.screenshot(path=pictures / "tear-line-ar-dark.png")
    for n in range(lines.count()):
        hands.reach(lines.nth(n).get_by_role("combobox"))
        hands.press("ArrowDown")
        expect(lines.nth(n).get_by_role("combobox")).to_have_value("NEEDED")
    hands.choose(
        north.page.get_by_role("radio", name="TLP:CLEAR", exact=True),
        north.page.get_by_role("radio", name="TLP:GREEN", exact=True),
    )
    hands.tick(north.page.get_by_role("checkbox", name="east", exact=True))
    expect(north.page.get_by_text(hands.said(COMPOSE, "gets", members="east").split("⁨")[0]).first).to_be_visible()
    hands.push(hands.button(TEARLINE, "sign"))

    expect(north.page.get_by_role("heading", name=title, level=1)).to_be_visible()
    expect(east.rows.filter(has_text=title)).to_be_visible()
