"""Members agree on a joint action at their consoles: the proposal, where each stands, and what follows."""

import re
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
from by_keys import Hands
from consoles import Console, Exchange
from playwright.sync_api import Locator, expect
from troubles import Troubled

from quartet.console.shapes import Asserted
from quartet.core.statement import assert_item
from quartet.node.factviews import Prepared
from quartet.node.views import Published

pytestmark = pytest.mark.slow

ACTIONS, ACTION, WORDS = "pages/actions", "pages/action", "words/acting"
NUMBER: Final = count(1)
DAY: Final = timedelta(days=1)


def named(title: str) -> str:
    """Return an aim that no other proposal has: the tests of this folder share their exchange."""
    return f"{title} ({next(NUMBER)})"


def micros(at: datetime) -> int:
    """Return a time as forms have it."""
    return int(at.timestamp()) * 1_000_000


def spelt(at: datetime) -> str:
    """Return a time as a field of the page takes it."""
    return at.strftime("%Y-%m-%d %H:%M")


def enrolled(console: Console) -> None:
    """Give the officer a passkey that asserts, if she has none that root enrolled at this browser."""
    console.make_passkey()
    console.quartet("officer", "enrol", "duty")
    expect(console.page.get_by_text("waits for root")).to_have_count(0)
    expect(console.page.get_by_text("enrolled: asserts").first).to_be_visible()


def propose(console: Console, aim: str, **change: Any) -> str:
    """Propose by the API that the page uses, and return the proposal's reference."""
    now = datetime.now(UTC)
    form = {
        "aim": aim,
        "legal_basis": "Memorandum 4, article 2",
        "area": "The strait, north of the light",
        "begins": micros(now + 2 * DAY),
        "ends": micros(now + 3 * DAY),
        "participants": ["east", "north"],
        "hosts": ["east"],
        "rule": "CONSENSUS",
        "decide_by": micros(now + DAY + timedelta(minutes=2)),
        "risks": "Fishing boats cross there at dusk.",
        "stop_conditions": "Wind over 30 kt.",
        **change,
    }
    return console.send(aim, "Two boats each.", to=["east"], tlp="AMBER", kind="proposal", form=form)


def actions(console: Console, which: str = "all") -> None:
    """Open the list."""
    console.page.goto(f"{console.origin}/actions?which={which}")


def look(console: Console, ref: str) -> None:
    """Open one action, once it is there."""
    actions(console)
    console.rows.filter(has_text=ref).click()
    expect(console.page.get_by_role("heading", name="Where members stand")).to_be_visible()


def stand(console: Console, member: str) -> Locator:
    """A member's row in the action on view."""
    return console.page.get_by_role("row").filter(has=console.page.get_by_role("rowheader", name=member))


def state(console: Console, stance: str, text: str = "") -> None:
    """Assert where the member stands on the action on view."""
    form = console.page.get_by_role("form", name=re.compile("where we stand", re.IGNORECASE))
    form.get_by_label(stance, exact=True).check()
    if text:
        form.get_by_role("textbox").fill(text)
    form.get_by_role("button", name="Assert our position").click()


def test_north_proposes_by_the_page_east_acknowledges_and_concurs_and_north_sees_it(
    north: Console, east: Console, pictures: Path
) -> None:
    enrolled(east)
    aim, now = named("Search the strait together"), datetime.now(UTC)
    actions(north)
    north.page.get_by_role("button", name="Propose").click()
    page = north.page
    page.get_by_label("Aim, in one line").fill(aim)
    page.get_by_label("How, and whatever else").fill("Two boats each, in daylight, under one radio plan.")
    page.get_by_label("Legal basis").fill("Memorandum 4, article 2")
    page.get_by_label("Area", exact=True).fill("The strait, north of the light")
    page.get_by_label("Begins (UTC)").fill("tomorrow")
    expect(page.get_by_text("Write the times as")).to_be_visible()
    page.get_by_label("Begins (UTC)").fill(spelt(now + timedelta(hours=20)))
    page.get_by_label("Ends (UTC)").fill(spelt(now + 3 * DAY))
    expect(page.get_by_text("It begins after the time to decide")).to_be_visible()
    page.get_by_label("Begins (UTC)").fill(spelt(now + 2 * DAY))
    expect(page.get_by_text("It begins after the time to decide")).to_have_count(0)
    page.get_by_label("By consensus").check()
    page.get_by_label("Risks to civilians").fill("Fishing boats cross there at dusk.")
    page.get_by_label("When to stop").fill("Wind over 30 kt.")
    for member, parts in {"north": ("takes part",), "east": ("takes part", "host")}.items():
        for part in parts:
            page.get_by_role("group", name=member, exact=True).get_by_label(part, exact=True).check()
    expect(page.get_by_role("button", name="Sign and propose")).to_be_disabled()
    page.get_by_label("TLP:AMBER", exact=True).check()
    expect(page.get_by_text("It goes to east, and to nobody else.")).to_be_visible()
    assert north.faults() == []
    page.screenshot(path=pictures / "propose-en-dark.png", full_page=True)
    page.get_by_role("button", name="Sign and propose").click()
    expect(page.get_by_role("heading", name=aim)).to_be_visible()
    expect(page.get_by_text("Nothing is decided before then")).to_be_visible()
    ref = page.url.rpartition("/")[2]

    actions(east, "waiting")
    row = east.rows.filter(has_text=ref)
    expect(row).to_contain_text(aim)
    expect(row).to_contain_text("you have not said where you stand")
    expect(row).to_contain_text("left to decide")
    assert east.faults() == []
    east.page.screenshot(path=pictures / "actions-en-dark.png")
    row.click()
    expect(stand(east, "east")).to_contain_text("not acknowledged")
    east.page.get_by_role("button", name="Acknowledge").click()
    expect(stand(east, "east")).not_to_contain_text("not acknowledged")
    expect(east.page.get_by_role("button", name="Acknowledge")).to_have_count(0)
    expect(stand(north, "east")).not_to_contain_text("not acknowledged")
    expect(stand(north, "north")).to_contain_text("not acknowledged")
    state(east, "Concur")

    for console in (east, north):
        expect(stand(console, "east")).to_contain_text("concurs")
        expect(stand(console, "east")).to_contain_text("host")
    assert north.faults() == []
    north.page.screenshot(path=pictures / "action-en-dark.png", full_page=True)
    actions(east, "waiting")
    expect(east.page.get_by_role("status").filter(has_text="shown")).to_be_visible()
    expect(east.rows.filter(has_text=ref)).to_have_count(0)


def test_an_objection_says_why_and_the_members_next_word_takes_its_place(
    north: Console, east: Console, pictures: Path
) -> None:
    enrolled(east)
    ref = propose(north, named("Clear the channel"))
    look(east, ref)
    east.page.get_by_label("Object", exact=True).check()
    expect(east.page.get_by_role("button", name="Assert our position")).to_be_disabled()
    state(east, "Object", "Not while the fleet is out.")
    look(north, ref)
    expect(stand(north, "east")).to_contain_text("objects")
    expect(stand(north, "east")).to_contain_text("Not while the fleet is out.")

    expect(east.page.get_by_text(re.compile(r"It takes the place of E-"))).to_be_visible()
    expect(east.page.get_by_role("button", name="Acknowledge")).to_have_count(0)
    state(east, "Concur, with a statement", "From Tuesday on.")
    for console in (east, north):
        expect(stand(console, "east")).to_contain_text("concurs, with a statement")
        expect(stand(console, "east")).to_contain_text("From Tuesday on.")
        expect(stand(console, "east")).not_to_contain_text("two things")

    stand(north, "east").get_by_role("link").click()
    said = north.page.locator("dl").first
    expect(said).to_contain_text("concurs, with a statement")
    expect(said).not_to_contain_text("CONCUR")
    said.get_by_role("link").first.click()
    north.page.get_by_role("link", name="The joint action, and where each member stands").click()
    expect(north.page.get_by_role("heading", name="Where members stand")).to_be_visible()


def test_a_new_version_takes_the_place_of_the_old_one_with_its_terms(north: Console, east: Console) -> None:
    aim = named("Patrol the ford")
    ref = propose(north, aim)
    look(north, ref)
    north.page.get_by_role("link", name="Write a new version").click()
    expect(north.page.get_by_label("Aim, in one line")).to_have_value(aim)
    expect(north.page.get_by_text("voids every word that members said on it")).to_be_visible()
    north.page.get_by_label("Area", exact=True).fill("The ford and both banks")
    north.page.get_by_label("Time to decide").select_option("24 hours")
    expect(north.page.get_by_text("It goes to east, and to nobody else.")).to_be_visible()
    north.page.get_by_role("button", name="Sign and propose").click()
    expect(north.page).to_have_url(re.compile(r"/actions/N-[A-Z0-9-]+$"))
    expect(north.page.get_by_role("link", name=ref, exact=True)).to_be_visible()
    newer = north.page.url.rpartition("/")[2]
    assert newer != ref

    actions(east, "done")
    row = east.rows.filter(has_text=ref)
    expect(row).to_contain_text("replaced by a newer version")
    row.click()
    expect(east.page.get_by_role("form")).to_have_count(0)
    east.page.get_by_role("link", name=newer).click()
    expect(east.page.get_by_text("The ford and both banks")).to_be_visible()


def test_who_has_no_key_of_her_own_is_told_where_to_make_one_and_nothing_goes(world: Troubled) -> None:
    with world.console("north") as north:
        ref = propose(north, named("Watch the dam"))
        north.quartet("officer", "add", "keyless", "--roles", "watch", "--as", "deputy")
    with world.console("north", officer="keyless") as other:
        look(other, ref)
        state(other, "Abstain", "We have no boats.")
        expect(other.page.get_by_role("alert")).to_contain_text("See Your keys.")
        expect(other.page.get_by_role("form").get_by_role("textbox")).to_have_value("We have no boats.")
        expect(stand(other, "north")).to_contain_text("has said nothing")

        other.page.goto(f"{other.origin}/actions/N-AAA-AAA")
        expect(other.page.get_by_role("alert")).to_contain_text("This is not here any more")


def test_an_officer_finds_an_action_and_concurs_by_keys_alone_in_arabic(
    north: Console, east: Console, pictures: Path
) -> None:
    enrolled(east)
    older, newer = (propose(north, named(title)) for title in ("دورية قديمة", "دورية عند السد 3"))
    east.page.goto(f"{east.origin}/inbox")
    hands = Hands(east, "ar")
    hands.speak()
    hands.press("g", "j")
    expect(east.rows.filter(has_text=newer)).to_be_visible()
    hands.press("j")
    expect(east.page.locator("[aria-selected=true]")).to_contain_text(newer)
    hands.press("j")
    expect(east.page.locator("[aria-selected=true]")).to_contain_text(older)
    hands.press("k", "Enter")
    expect(east.page).to_have_url(re.compile(f"/actions/{newer}$"))
    hands.push(hands.button(ACTION, "do_acknowledge"))
    expect(hands.button(ACTION, "do_acknowledge")).to_have_count(0)
    hands.choose(
        east.page.get_by_role("radio", name=hands.said(ACTION, "do_CONCUR"), exact=True),
        east.page.get_by_role("radio", name=hands.said(ACTION, "do_CONCUR"), exact=True),
    )
    assert east.faults() == []
    east.page.screenshot(path=pictures / "action-ar-dark.png")
    hands.push(hands.button(ACTION, "assert_position"))
    expect(stand(east, "east")).to_contain_text(hands.said(WORDS, "CONCUR"))

    hands.press("Escape")
    if not east.page.url.endswith("/actions"):
        hands.press("Escape")
    expect(east.rows.filter(has_text=newer)).to_be_visible()
    for language, theme in (("ar", "dark"), ("en", "light")):
        east.speak(language)
        east.look(theme)
        assert east.faults() == []
        east.page.screenshot(path=pictures / f"actions-{language}-{theme}.png")
    look(east, newer)
    assert east.faults() == []
    east.page.screenshot(path=pictures / "action-en-light.png")
    east.page.goto(f"{east.origin}/actions?propose=new")
    expect(east.page.get_by_role("button", name="Sign and propose")).to_be_disabled()
    assert east.faults() == []


def preside(world: Exchange, **form: Any) -> str:
    """Have north's presiding officer say something to east under the chair's hat, by her own key."""
    client = world._client("north", "chair")
    draft = {"kind": "procedure", "tlp": "AMBER", "title": form["act"], "text": "", "to": ["east"], "form": form}
    prepared = client.post("/items/prepared", draft, Prepared)
    assertion = assert_item(prepared.id, client.identity.key)
    return client.post("/facts", Asserted(prepared, assertion), Published).ref


def test_the_log_of_the_chair_shows_what_held_and_a_member_contests_a_ruling(world: Troubled, pictures: Path) -> None:
    with world.console("north") as north, world.console("east") as east:
        north.quartet("officer", "add", "chair", "--roles", "chair", "--as", "deputy")
        ruled = preside(world, act="RULE", text="Speakers have two minutes.")
        handed = preside(world, act="HAND_OVER", member="east")
        usurped = preside(world, act="CONVENE", text="Come at noon.")
        east.page.keyboard.type("gh")
        expect(east.page.get_by_text("Presides now")).to_be_visible()
        log = east.page.get_by_role("listitem")
        expect(log.filter(has_text=ruled)).to_contain_text("rules on procedure")
        expect(log.filter(has_text=ruled).locator(".holds")).to_have_text("holds")
        expect(log.filter(has_text=ruled)).to_contain_text("TLP:AMBER")
        expect(log.filter(has_text=handed)).to_contain_text("hands over the chair")
        expect(east.page.get_by_text("(that is your member)")).to_be_visible()
        expect(log.filter(has_text=usurped)).to_contain_text("no effect: it did not preside then")

        log.filter(has_text=ruled).get_by_role("button", name="Contest it").click()
        dialog = east.page.get_by_role("dialog")
        expect(dialog.get_by_role("button", name="Sign and contest")).to_be_disabled()
        dialog.get_by_label("Why").fill("The statute says five.")
        assert east.faults() == []
        dialog.get_by_role("button", name="Sign and contest").click()
        north.page.goto(f"{north.origin}/chair")
        for console in (east, north):
            entry = console.page.get_by_role("listitem").filter(has_text=ruled)
            expect(entry).to_contain_text("east contests it: The statute says five.")
        for language, theme in (("en", "dark"), ("ar", "dark"), ("en", "light")):
            east.speak(language)
            east.look(theme)
            assert east.faults() == []
            east.page.screenshot(path=pictures / f"chair-{language}-{theme}.png")


def behind(console: Console, stance: str, text: str = "") -> None:
    """Say whether the member stands behind the text on view."""
    form = console.page.get_by_role("form", name="Where we stand")
    form.get_by_label(stance, exact=True).check()
    if text:
        form.get_by_role("textbox").fill(text)
    form.get_by_role("button", name="Assert our position").click()


def test_a_text_is_agreed_published_and_signed_at_the_consoles_of_those_it_names(
    north: Console, east: Console, pictures: Path
) -> None:
    for console in (north, east):
        enrolled(console)
    title = named("Fishing resumes")
    versions = [
        {"language": "en", "title": title, "text": "From Monday on, boats may fish north of the light."},
        {"language": "fr", "title": "La pêche reprend", "text": "Dès lundi, la pêche est permise au nord du phare."},
        {"language": "ar", "title": "عودة الصيد", "text": "ابتداءً من الاثنين يُسمح بالصيد شمال المنارة."},
    ]
    form = {"versions": versions, "members": ["east", "north"]}
    ref = north.send(title, "x", to=["east"], tlp="AMBER", kind="communique-draft", form=form)
    for console in (north, east):
        console.page.keyboard.type("gu")
        row = console.page.get_by_role("row").filter(has_text=ref)
        expect(row).to_contain_text("you have not said where you stand")
        assert console.faults() == []
        console.page.screenshot(path=pictures / "communiques-en-dark.png")
        row.get_by_role("link").click()
    arabic = east.page.get_by_role("region", name="ar", exact=True)
    expect(arabic).to_have_attribute("dir", "rtl")
    expect(arabic).to_have_attribute("lang", "ar")

    behind(east, "Object", "Name the light.")
    expect(north.page.get_by_text("Name the light.")).to_be_visible()
    expect(north.page.get_by_role("button", name="Publish it")).to_have_count(0)
    expect(east.page.get_by_text(re.compile("It takes the place of E-"))).to_be_visible()
    behind(east, "Stand behind it")
    behind(north, "Stand behind it")
    for console in (north, east):
        expect(console.page.get_by_role("heading", level=1)).to_contain_text("agreed")
        expect(console.page.get_by_role("form")).to_have_count(0)
        expect(console.page.get_by_text("Name the light.")).to_have_count(0)  # what it replaced is said no more

    north.page.get_by_role("button", name="Publish it for everybody…").click()
    north.page.get_by_role("dialog").get_by_role("button", name="Sign and publish").click()
    for console in (north, east):
        expect(console.page.get_by_text("It says letter by letter what was agreed.")).to_be_visible()
        expect(console.page.get_by_role("button", name="Publish it for everybody…")).to_have_count(0)
        console.page.get_by_role("button", name="Sign it before everybody").click()
        expect(console.page.get_by_text(f"signed by duty of {console.member}")).to_be_visible()
    expect(east.page.get_by_text("not signed yet")).to_have_count(0)
    for language, theme in (("en", "dark"), ("ar", "dark"), ("en", "light")):
        east.speak(language)
        east.look(theme)
        assert east.faults() == []
        east.page.screenshot(path=pictures / f"communique-{language}-{theme}.png")
