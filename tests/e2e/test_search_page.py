"""One line finds what she may see: at the page, in its address, and at the command line; what expires is gone."""

import re
import time
from pathlib import Path

import pytest
from consoles import PATIENCE_MS, Console
from playwright.sync_api import expect

pytestmark = pytest.mark.slow

LIVES_S = 40
"""Long enough to come and be seen on a busy machine."""
LINE = 'from:north flash "left bank"'


def test_a_line_finds_the_same_at_the_page_in_its_address_and_at_the_command_line(
    north: Console, east: Console, pictures: Path
) -> None:
    ref = north.send("Levee", "Seepage on the left bank.", tlp="GREEN", to=["east"], precedence="FLASH")
    for text in ("The left bank holds.", "Nothing on the right bank."):
        north.send("Other", text, tlp="GREEN", to=["east"])
    expect(east.rows.filter(has_text=ref)).to_be_visible()

    east.page.keyboard.press("/")
    east.page.keyboard.type(LINE)

    expect(east.rows).to_have_count(1)
    expect(east.rows).to_contain_text(ref)
    expect(east.page.get_by_role("button", name="Flash", exact=True)).to_have_attribute("aria-pressed", "true")
    assert [row["ref"] for row in east.quartet("inbox", "--query", LINE)] == [ref]
    assert east.faults() == []
    east.page.screenshot(path=pictures / "search-en-dark.png")
    east.page.reload()
    expect(east.page.get_by_label("Search what you may see")).to_have_value(LINE)
    expect(east.rows).to_have_count(1)
    east.page.get_by_role("button", name="Flash", exact=True).click()
    expect(east.rows).to_have_count(2)
    again = north.send("Levee again", "The left bank is dry.", tlp="GREEN", to=["east"])
    expect(east.rows.filter(has_text=again)).to_be_visible()
    north.send("Unasked", "Nothing new.", tlp="GREEN", to=["east"])
    expect(east.rows).to_have_count(3)


def test_a_slip_is_told_with_what_to_write(east: Console) -> None:
    east.page.goto(f"{east.origin}/inbox?text=tlp%3Apink")

    expect(east.page.get_by_role("alert")).to_contain_text("tlp:pink: write one of clear, green, amber")
    east.page.get_by_label("Search what you may see").fill("tlp:amber")
    expect(east.page.get_by_role("alert")).to_have_count(0)


def test_a_search_is_saved_under_a_name_and_is_one_click_away(east: Console) -> None:
    east.page.goto(f"{east.origin}/inbox?text=from%3Anorth+dam")
    east.page.get_by_role("button", name="Save this search").click()
    east.page.get_by_label("Name").fill("Dams")
    east.page.get_by_role("button", name="Save", exact=True).click()
    saved = east.page.get_by_role("button", name="Dams", exact=True)
    expect(saved).to_have_attribute("aria-pressed", "true")
    saved.click()
    expect(east.page).to_have_url(re.compile(r"/inbox$"))
    east.page.reload()

    saved.click()

    expect(east.page).to_have_url(re.compile(r"text=from%3Anorth\+dam"))
    east.page.get_by_role("button", name="Forget Dams").click()
    expect(saved).to_have_count(0)


def test_what_expires_while_she_looks_is_gone_without_a_word_of_hers(north: Console, east: Console) -> None:
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + LIVES_S))
    ref = north.send("Short-lived", "x", tlp="GREEN", to=["east"], expires=until)
    row = east.rows.filter(has_text=ref)
    expect(row).to_be_visible()

    expect(row).to_have_count(0, timeout=LIVES_S * 1000 + PATIENCE_MS)
    expect(north.rows.filter(has_text=ref)).to_be_visible()


def test_axe_finds_nothing_where_she_searches(east: Console, pictures: Path) -> None:
    east.page.goto(f"{east.origin}/inbox?text=has%3Afile")
    east.speak("ar")
    expect(east.page.get_by_role("group", name="عمليات البحث المحفوظة")).to_be_visible()

    assert east.faults() == []
    east.page.screenshot(path=pictures / "search-ar-dark.png")


def test_a_search_shows_the_best_first_and_narrows_by_what_it_counted(
    north: Console, east: Console, pictures: Path
) -> None:
    best = north.send("Weir at Talmine", "The weir is dry.", tlp="GREEN", to=["east"])
    for n in range(2):
        north.send(f"Round {n}", "Nothing at the weir of Talmine.", tlp="GREEN", to=["east"])
    own = east.send("From here", "We see the Talmine weir too.", tlp="AMBER", to=["north"])

    east.page.keyboard.press("g")
    east.page.keyboard.press("k")
    east.page.keyboard.type("WEIR talmine")
    hits = east.page.get_by_role("list", name="What was found").get_by_role("listitem")
    expect(hits).to_have_count(4)
    expect(hits.first).to_contain_text(best)
    expect(east.page.get_by_text("4 found")).to_be_visible()
    assert east.faults() == []
    east.page.screenshot(path=pictures / "search-best-en-dark.png")

    east.page.get_by_role("button", name="east 1", exact=True).click()
    expect(hits).to_have_count(1)
    expect(hits).to_contain_text(own)
    east.page.get_by_role("heading", name="Search").click()
    east.page.keyboard.press("j")
    east.page.keyboard.press("Enter")
    expect(east.page).to_have_url(re.compile(f"/items/{own}$"))


def test_what_is_taken_back_leaves_a_search_that_is_open(north: Console, east: Console, pictures: Path) -> None:
    ref = north.send("Sluice Ormonde", "The sluice is shut.", tlp="GREEN", to=["east"])
    east.page.goto(f"{east.origin}/search?text=ormonde")
    hits = east.page.get_by_role("listitem").filter(has_text=ref)
    expect(hits).to_be_visible()

    north.quartet("recall", ref)
    expect(hits).to_have_count(0)
    expect(east.page.get_by_text("Nothing that you may see fits.")).to_be_visible()
    east.speak("ar")
    east.page.screenshot(path=pictures / "search-none-ar-dark.png")


def test_what_else_is_reported_of_a_place_and_of_a_source_is_one_click_away_and_stays_saved(
    north: Console, east: Console, pictures: Path
) -> None:
    def told(what: str, where: str, names: list[str]) -> str:
        given = {"how": "TOLD", "polarity": "ASSERTS", "reliability": "B", "credibility": 3}
        roots = north.client.post("/sources", {"circle": "all", "names": names}, list[str]) if names else []
        form = {"events": [{"what": what, "where": where, "roots": roots, **given}]}
        return north.send(what, "As told.", tlp="GREEN", to=["east"], form=form)

    first = told("The mill burned down", "Port Mersol", ["Harbour Wire"])
    told("The quay is closed", "بور مرسول", [])
    last = told("The ferry stays", "Elm Ford", ["Harbour Wire"])
    expect(east.rows.filter(has_text=last)).to_be_visible()
    hits = east.page.get_by_role("list", name="What was found").get_by_role("listitem")

    east.page.goto(f"{east.origin}/items/{first}")
    east.page.get_by_role("link", name="Port Mersol").click()
    expect(hits).to_have_count(2)
    east.page.go_back()
    east.page.get_by_role("link", name="What else this source knew first").click()
    expect(hits).to_have_count(2)
    expect(hits.filter(has_text=last)).to_be_visible()

    east.page.get_by_role("searchbox").fill('root:"the harbour wire" place:"elm ford"')
    expect(hits).to_have_count(1)
    expect(hits).to_contain_text(last)
    assert east.faults() == []
    east.page.get_by_role("button", name="Save this search").click()
    east.page.get_by_label("Name").fill("The wire at the ford")
    east.page.get_by_role("button", name="Save", exact=True).click()
    east.page.screenshot(path=pictures / "search-events-en-dark.png")
    east.page.get_by_role("searchbox").fill("root:nobody")
    expect(east.page.get_by_text("Nothing that you may see fits.")).to_be_visible()
    east.page.get_by_role("button", name="The wire at the ford", exact=True).click()
    expect(hits).to_have_count(1)
