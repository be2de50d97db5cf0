"""Officers of two members at their consoles: what one sends the other sees arrive, reads, and loses when taken back."""

import re
from pathlib import Path

import pytest
from consoles import Console, Exchange
from playwright.sync_api import expect

pytestmark = pytest.mark.slow

ARABIC_TEXT = "شوهدت قطع طائرات مسيّرة قرب السد 3.\nقطعتان رماديتان."


def test_an_item_sent_by_another_member_arrives_by_itself_and_is_read_whole(
    north: Console, east: Console, pictures: Path
) -> None:
    east.page.get_by_role("heading", name="Inbox").wait_for()
    ref = north.send("Drone parts seen near Dam 3", "Two, grey, no markings.", tlp="AMBER", to=["east"])

    row = east.rows.filter(has_text=ref)
    expect(row).to_contain_text("TLP:AMBER")
    expect(row).to_contain_text("north")
    row.click()

    expect(east.page).to_have_url(re.compile(f"/items/{ref}$"))
    expect(east.page.get_by_role("heading", level=1)).to_have_text("Drone parts seen near Dam 3")
    expect(east.page.get_by_text("Two, grey, no markings.")).to_be_visible()
    expect(east.page.get_by_text("On record, 2 of 2 witnesses")).to_be_visible()
    expect(east.page.get_by_text("north, who says it, and: east")).to_be_visible()
    expect(east.page.locator(".banner")).to_contain_text("TLP:AMBER")
    assert "Drone" not in east.page.url
    east.page.screenshot(path=pictures / "reading-en-dark.png")


def test_who_is_not_named_sees_nothing_of_it(exchange: Exchange, north: Console) -> None:
    ref = north.send("For east alone", "canary-7fa1", tlp="GREEN", to=["east"])
    with exchange.console("west") as west:
        west.page.goto(f"{west.origin}/items/{ref}")

        expect(west.page.get_by_text("There is no such item that you may see.")).to_be_visible()
        west.page.goto(f"{west.origin}/inbox?text=canary-7fa1")
        expect(west.page.get_by_text("Nothing fits these filters.")).to_be_visible()


def test_flash_stands_first_whatever_came_after_it(north: Console, east: Console, pictures: Path) -> None:
    flash = north.send("Vessel adrift", "Tow wanted.", tlp="GREEN", to=["east"], precedence="FLASH")
    for n, tlp in enumerate(("CLEAR", "GREEN", "AMBER", "AMBER+STRICT")):
        north.send(f"Routine {n}", "Nothing new.", tlp=tlp, to=["east", "west"])
    expect(east.rows.filter(has_text="Routine 3")).to_be_visible()

    expect(east.rows.first).to_contain_text(flash)
    east.page.reload()
    expect(east.rows.first).to_contain_text(flash)
    expect(east.rows.filter(has_text="Routine 0")).to_be_visible()
    east.page.keyboard.press("j")
    expect(east.page.get_by_role("heading", name="Vessel adrift")).to_be_visible()
    east.page.screenshot(path=pictures / "inbox-en-dark.png")


def test_filters_are_in_the_address_and_come_back_with_it(north: Console, east: Console) -> None:
    north.send("A green one", "x", tlp="GREEN", to=["east"])
    ref = north.send("A clear one", "x", tlp="CLEAR", to=["east"])

    east.page.get_by_label("Any marking").select_option("CLEAR")
    expect(east.rows.filter(has_text=ref)).to_be_visible()
    expect(east.page).to_have_url(re.compile(r"\?tlp=CLEAR$"))
    east.page.reload()

    expect(east.rows.filter(has_text=ref)).to_be_visible()
    expect(east.rows.filter(has_text="A green one")).to_have_count(0)


def test_everything_is_done_by_keys(north: Console, east: Console) -> None:
    north.send("By keys", "x", tlp="GREEN", to=["east"])
    expect(east.rows.filter(has_text="By keys")).to_be_visible()
    keys = east.page.keyboard

    keys.press("/")
    keys.type("By keys")
    expect(east.page).to_have_url(re.compile(r"text=By\+keys"))
    keys.press("Escape")
    expect(east.rows).to_have_count(1)
    keys.press("j")
    keys.press("Enter")
    expect(east.page.get_by_role("heading", level=1)).to_have_text("By keys")
    keys.press("Escape")
    expect(east.page).to_have_url(re.compile("/inbox"))
    keys.press("?")
    expect(east.page.get_by_role("dialog")).to_contain_text("Next item")
    keys.press("Escape")
    expect(east.page.get_by_role("dialog")).to_have_count(0)
    keys.type("gy")
    expect(east.page.get_by_role("heading", name="Your keys")).to_be_visible()


def test_the_first_tab_leads_past_what_every_page_has_and_an_opened_page_has_the_focus(north: Console) -> None:
    ref = north.send("Read by keys", "x", tlp="GREEN", to=["east"])
    north.page.goto(f"{north.origin}/inbox?text={ref}")
    expect(north.rows).to_have_count(1)
    main = north.page.locator("main")

    north.page.keyboard.press("Tab")
    expect(north.page.locator("a.skip")).to_be_focused()
    north.page.keyboard.press("Enter")
    expect(main).to_be_focused()
    north.page.keyboard.press("Tab")
    expect(north.page.get_by_role("searchbox")).to_be_focused()
    north.page.get_by_role("button", name="Clear filters").click()
    expect(north.page.get_by_role("searchbox")).to_be_focused()
    north.page.keyboard.press("Escape")
    north.rows.filter(has_text=ref).click()
    expect(north.page.locator("h1")).to_contain_text("Read by keys")
    expect(main).to_be_focused()
    grant = north.page.get_by_role("button", name="Grant it to west")
    grant.press("Enter")
    expect(north.page.get_by_role("dialog")).to_be_visible()
    north.page.keyboard.press("Escape")
    expect(grant).to_be_focused()


def test_in_arabic_the_page_runs_from_the_right_and_what_was_said_stays_as_it_was(
    north: Console, east: Console, pictures: Path
) -> None:
    ref = north.send("قطع طائرات مسيّرة", ARABIC_TEXT, tlp="AMBER", to=["east"])
    english = north.send("Bridge closed", "Until noon.", tlp="GREEN", to=["east"])
    east.speak("ar")
    expect(east.page.get_by_role("heading", name="الوارد")).to_be_visible()
    expect(east.rows.filter(has_text=english)).to_be_visible()

    expect(east.page.locator("html")).to_have_attribute("dir", "rtl")
    navigation = east.page.get_by_role("navigation").bounding_box()
    assert navigation is not None
    assert navigation["x"] > 1000
    row = east.rows.filter(has_text=ref)
    row.click()
    expect(east.page.get_by_role("heading", level=1)).to_have_text("قطع طائرات مسيّرة")
    expect(east.page.get_by_text("شوهدت قطع")).to_be_visible()
    expect(east.page.get_by_text(re.compile("مسجّل، .?2.? من .?2.? شهود"))).to_be_visible()
    east.page.screenshot(path=pictures / "reading-ar-dark.png")
    east.page.go_back()
    expect(row).to_be_visible()
    east.page.keyboard.press("j")
    expect(east.page.locator(".preview article")).to_be_visible()
    east.page.screenshot(path=pictures / "inbox-ar-dark.png")


def test_a_passkey_opens_the_console_and_once_enrolled_takes_an_item_back(
    north: Console, east: Console, pictures: Path
) -> None:
    ref = north.send("To be taken back", "Wrong place.", tlp="AMBER", to=["east"])
    expect(east.rows.filter(has_text=ref)).to_be_visible()
    north.make_passkey()
    expect(north.page.get_by_text("waits for root").first).to_be_visible()
    north.quartet("officer", "enrol", "duty")
    expect(north.page.get_by_text("waits for root")).to_have_count(0)
    expect(north.page.get_by_text("enrolled: asserts").first).to_be_visible()
    north.page.screenshot(path=pictures / "keys-en-dark.png")
    north.page.get_by_role("button", name="Sign out").click()
    north.use_passkey()
    expect(north.page.get_by_role("heading", name="Your keys")).to_be_visible()

    north.page.goto(f"{north.origin}/items/{ref}")
    expect(north.page.get_by_text(re.compile("has it since"))).to_be_visible()
    north.page.get_by_role("button", name="Take it back").click()
    north.page.get_by_role("button", name="Assert, and take it back").click()

    expect(east.rows.filter(has_text=ref)).to_have_count(0)
    expect(east.page.get_by_role("status").filter(has_text=f"Taken back: {ref}")).to_be_attached()
    expect(north.page.get_by_text("Everybody who had it destroyed it, and signed for it.")).to_be_visible()
    expect(north.page.get_by_text(re.compile("destroyed it at"))).to_be_visible()
    north.page.screenshot(path=pictures / "taken-back-en-dark.png")
    east.page.goto(f"{east.origin}/items/{ref}")
    expect(east.page.get_by_text("There is no such item that you may see.")).to_be_visible()
    verified = east.quartet("verify")
    assert verified["ok"], verified


def test_a_browsers_own_key_asserts_once_root_enrolled_it_and_not_before(exchange: Exchange, east: Console) -> None:
    with exchange.console("west") as west:
        ref = west.send("Back by the browser's key", "Wrong too.", tlp="AMBER", to=["east"])
        expect(east.rows.filter(has_text=ref)).to_be_visible()
        west.page.goto(f"{west.origin}/keys")
        west.make_key()
        expect(west.page.get_by_text("waits for root").first).to_be_visible()
        west.page.goto(f"{west.origin}/items/{ref}")
        west.page.get_by_role("button", name="Take it back").click()
        west.page.get_by_role("button", name="Assert, and take it back").click()
        expect(west.page.get_by_text("This browser has no key of yours")).to_be_visible()

        west.quartet("officer", "enrol", "duty")
        west.page.get_by_role("button", name="Take it back").click()
        west.page.get_by_role("button", name="Assert, and take it back").click()

        expect(west.page.get_by_text(re.compile("destroyed it at"))).to_be_visible()
        east.page.goto(f"{east.origin}/items/{ref}")
        expect(east.page.get_by_text("There is no such item that you may see.")).to_be_visible()


@pytest.mark.parametrize("theme", ["dark", "light", "contrast"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing(north: Console, east: Console, theme: str, language: str, pictures: Path) -> None:
    ref = north.send(f"For axe {theme} {language}", "x", tlp="GREEN", to=["east"], precedence="PRIORITY")
    expect(east.rows.filter(has_text=ref)).to_be_visible()
    east.look(theme)
    east.speak(language)
    east.page.keyboard.press("j")
    expect(east.page.locator(".preview article")).to_be_visible()

    assert east.faults() == []
    east.page.screenshot(path=pictures / f"inbox-{language}-{theme}.png")
    east.page.goto(f"{east.origin}/items/{ref}")
    expect(east.page.get_by_role("heading", level=1)).to_be_visible()
    assert east.faults() == []
    north.look(theme)
    north.speak(language)
    north.page.goto(f"{north.origin}/items/{ref}")
    expect(north.page.locator("article")).to_be_visible()
    assert north.faults() == []
    north.page.screenshot(path=pictures / f"own-{language}-{theme}.png")
    north.page.goto(f"{north.origin}/keys")
    expect(north.page.locator("h1")).to_be_visible()
    assert north.faults() == []
    north.page.screenshot(path=pictures / f"keys-{language}-{theme}.png")


@pytest.mark.parametrize(("language", "theme"), [("en", "dark"), ("en", "light"), ("ar", "dark"), ("ar", "light")])
def test_axe_finds_nothing_at_the_door(exchange: Exchange, language: str, theme: str, pictures: Path) -> None:
    with exchange.console("west", signed_in=False) as west:
        west.page.goto(west.origin)
        expect(west.page.get_by_role("heading", name="Console of west")).to_be_visible()
        west.look(theme)
        west.speak(language)

        assert west.faults() == []
        west.page.screenshot(path=pictures / f"door-{language}-{theme}.png")


def test_a_used_link_and_a_wrong_password_are_told_and_let_nobody_in(exchange: Exchange) -> None:
    with exchange.console("west", signed_in=False) as west:
        link = west.link()
        west.page.goto(link)
        west.page.wait_for_url("**/inbox")
        west.page.get_by_role("button", name="Sign out").click()
        west.page.get_by_role("button", name="Use a passkey").wait_for()
        west.page.goto(link)

        expect(west.page.get_by_text(re.compile("bad-link"))).to_be_visible()
        west.page.get_by_label("Officer").fill("duty")
        west.page.get_by_label("Password").fill("not the password")
        west.page.get_by_label("Code").fill("123456")
        west.page.get_by_role("button", name="Sign in").click()
        expect(west.page.get_by_text(re.compile("bad-password"))).to_be_visible()


def test_a_session_that_was_ended_elsewhere_shows_the_door(exchange: Exchange) -> None:
    with exchange.console("west") as west:
        other = west.page.context.new_page()
        other.goto(f"{west.origin}/inbox")
        other.get_by_role("button", name="Sign out").click()

        expect(west.page.get_by_role("button", name="Use a passkey")).to_be_visible()
