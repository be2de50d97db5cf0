"""Officers ask each other for information: the question, each member's part with its clock, the answers, the rating."""

import re
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
from by_keys import Hands
from consoles import Console, Exchange
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.slow

REQUESTS, REQUEST, COMPOSE, SHELL, WORDS = (
    "pages/requests",
    "pages/request",
    "pages/compose",
    "shell",
    "words/asking",
)
NUMBER: Final = count(1)
PAGE: Final = 50
"""How many requests are listed before she goes further."""


def named(title: str) -> str:
    """Return a title that no other question has: the tests of this folder share their exchange."""
    return f"{title} ({next(NUMBER)})"


def ask(console: Console, title: str, *of: str, precedence: str = "PRIORITY", **more: Any) -> str:
    """Ask by the API that the page uses, and return the question's reference."""
    form = {"asked": list(of), "precedence": precedence}
    return console.send(
        title,
        more.pop("text", "Two barges lie there since noon."),
        to=more.pop("to", list(of)),
        tlp=more.pop("tlp", "AMBER"),
        kind="request",
        precedence=precedence,
        form=form,
        **more,
    )


def tab(console: Console, name: str) -> None:
    """Turn to a tab of the list."""
    console.page.get_by_role("group", name="Which requests").get_by_role("button", name=name, exact=True).click()


def requests(console: Console, which: str = "mine") -> None:
    """Open the list."""
    console.page.goto(f"{console.origin}/requests?which={which}")


def look(console: Console, ref: str) -> None:
    """Open one request, once it is there."""
    requests(console, "all")
    console.rows.filter(has_text=ref).click()
    expect(console.page.get_by_role("heading", name="Who is asked")).to_be_visible()


def part(console: Console, member: str) -> Locator:
    """A member's part in the request on view."""
    return console.page.get_by_role("listitem").filter(has=console.page.locator(".head bdi", has_text=member))


def say(console: Console, word: str, text: str = "") -> None:
    """Say something to the request on view."""
    form = console.page.get_by_role("form", name=re.compile("Answer|Say more"))
    form.get_by_label(word, exact=True).check()
    form.get_by_label("What you say").fill(text)
    form.get_by_role("button", name="Sign and send").click()


def test_a_question_is_asked_by_the_page_acknowledged_answered_and_closed_with_a_rating(
    north: Console, east: Console, pictures: Path
) -> None:
    title = named("Who moors at Dam 3 tonight?")
    requests(north, "open")
    north.page.get_by_role("button", name="Ask").click()
    expect(north.page.get_by_role("radio", checked=True)).to_have_count(1)  # the urgency; no marking is chosen
    north.page.get_by_label("east", exact=True).check()
    north.page.get_by_label("The question in one line").fill(title)
    north.page.get_by_label("What you need to know").fill(
        "Two barges lie there since noon. Whose, and what do they carry?"
    )
    expect(north.page.get_by_role("button", name="Sign and ask")).to_be_disabled()
    north.page.get_by_label("TLP:AMBER", exact=True).check()
    north.page.get_by_label("Priority 8 hours").check()
    expect(north.page.get_by_text("It goes to east, and to nobody else.")).to_be_visible()
    assert north.faults() == []
    north.page.screenshot(path=pictures / "ask-en-dark.png")
    north.page.get_by_role("button", name="Sign and ask").click()
    expect(part(north, "east")).to_contain_text("received")
    expect(part(north, "east")).to_contain_text(re.compile(r"due in 7h 5\dm"))
    ref = north.page.url.rpartition("/")[2]

    link = east.page.get_by_role("link", name=re.compile(r"^Requests \d+ to answer here"))
    expect(link).to_be_visible()
    link.click()
    row = east.rows.filter(has_text=title)
    expect(row).to_contain_text("TLP:AMBER")
    expect(row).to_contain_text("north asks")
    expect(row).to_contain_text("east: received")
    expect(row).to_contain_text("due in")
    assert east.faults() == []
    east.page.screenshot(path=pictures / "requests-en-dark.png")
    row.click()
    expect(east.page).to_have_url(re.compile(f"/requests/{ref}$"))
    expect(east.page.get_by_text("Goes to north, TLP:AMBER; to nobody else.")).to_be_visible()
    expect(east.page.get_by_role("button", name="Sign and send")).to_be_disabled()
    say(east, "Acknowledge")
    expect(part(north, "east")).to_contain_text("acknowledged")
    expect(east.page.get_by_text("Sent to north: Acknowledge")).to_be_visible()
    say(east, "Answer", "Both are ours. They carry gravel for the lock.")

    expect(part(north, "east")).to_contain_text("answered")
    expect(part(north, "east")).to_contain_text("Both are ours.")
    expect(part(north, "east")).not_to_contain_text("due in")
    requests(east, "mine")
    expect(east.page.get_by_role("status").filter(has_text="shown")).to_be_visible()
    expect(east.rows.filter(has_text=title)).to_have_count(0)
    assert north.faults() == []
    north.page.screenshot(path=pictures / "request-en-dark.png")
    close = north.page.get_by_role("form", name="Close it")
    expect(close.get_by_role("button")).to_be_disabled()
    close.get_by_label("4").check()
    close.get_by_label("Why, in a few words").fill("Quick and whole")
    close.get_by_role("button", name="Sign and close").click()
    expect(north.page.get_by_text("The answers were worth 4 of 5.")).to_be_visible()
    expect(close).to_have_count(0)
    look(east, ref)
    expect(east.page.get_by_text("The answers were worth 4 of 5.")).to_be_visible()
    expect(east.page.get_by_text("Quick and whole")).to_be_visible()
    expect(east.page.get_by_role("form")).to_have_count(0)
    tab_of = ("done", "closed")
    requests(east, tab_of[0])
    expect(east.rows.filter(has_text=title)).to_contain_text(tab_of[1])


def test_each_member_answers_for_itself_and_a_refusal_shows_its_reason(
    exchange: Exchange, north: Console, east: Console, pictures: Path
) -> None:
    title = named("Whose drone crossed Kilometre 9?")
    with exchange.console("west") as west:
        ref = ask(north, title, "east", "west", precedence="IMMEDIATE")
        for console in (north, east, west):
            look(console, ref)
        east.page.get_by_label("Refuse", exact=True).check()
        expect(east.page.get_by_role("button", name="Sign and send")).to_be_disabled()
        east.page.get_by_label("Why").select_option(label="our law forbids it")
        east.page.get_by_role("button", name="Sign and send").click()
        expect(part(north, "east")).to_contain_text("refused")
        expect(part(north, "east")).to_contain_text("our law forbids it")

        west.page.get_by_text("More: items").click()
        west.page.get_by_label("east", exact=True).check()
        west.page.get_by_label("Label").select_option("AMBER+STRICT")
        expect(west.page.get_by_text("Goes to north and east, TLP:AMBER+STRICT; to nobody else.")).to_be_visible()
        say(west, "Answer in part", "It came from the east bank; no more is known.")
        for console in (north, east):
            expect(part(console, "west")).to_contain_text("answered in part")
            expect(part(console, "west")).to_contain_text("TLP:AMBER+STRICT")
            expect(part(console, "west")).to_contain_text("the east bank")
        expect(part(west, "east")).to_contain_text("received")  # the refusal went to the asker alone
        expect(west.page.get_by_text("Sent to north and east: Answer in part")).to_be_visible()
        say(west, "No holdings")
        expect(part(north, "west")).to_contain_text("no holdings")

    assert north.faults() == []
    north.page.screenshot(path=pictures / "request-refused-en-dark.png")
    requests(north, "done")
    row = north.rows.filter(has_text=title)
    expect(row).to_contain_text("east: refused")
    expect(row).to_contain_text("west: no holdings")


def test_who_a_question_is_transferred_to_is_asked_in_its_turn(
    exchange: Exchange, north: Console, east: Console
) -> None:
    title = named("Who repairs the pumps?")
    with exchange.console("west") as west:
        ref = ask(north, title, "east", to=["east", "west"])
        look(east, ref)
        look(west, ref)
        expect(west.page.get_by_text("There is nothing to do here")).to_be_visible()
        east.page.get_by_label("Transfer", exact=True).check()
        east.page.get_by_label("Who has it").select_option("west")
        expect(east.page.get_by_text("Goes to north and west, TLP:AMBER; to nobody else.")).to_be_visible()
        east.page.get_by_role("button", name="Sign and send").click()

        expect(part(east, "east")).to_contain_text("transferred")
        expect(part(east, "east")).to_contain_text("to west")
        expect(west.page.get_by_role("button", name="Sign and send")).to_be_visible()
        requests(west, "mine")
        expect(west.rows.filter(has_text=title)).to_be_visible()


def test_a_member_that_may_not_have_the_question_is_told_nothing_by_a_transfer(
    exchange: Exchange, north: Console, east: Console
) -> None:
    title = named("Who holds the ford?")
    with exchange.console("west") as west:
        ref = ask(north, title, "east")
        look(east, ref)
        east.page.get_by_label("Transfer", exact=True).check()
        east.page.get_by_label("Who has it").select_option("west")
        expect(east.page.get_by_text("west may not have the question: it is told nothing")).to_be_visible()
        expect(east.page.get_by_text("Goes to north, TLP:AMBER; to nobody else.")).to_be_visible()
        say(east, "Transfer", "Ask them.")
        look(north, ref)
        expect(part(north, "west")).to_contain_text("not received yet")
        expect(part(north, "west")).to_contain_text("no time counts until it has the question")

        requests(west, "all")
        expect(west.page.get_by_role("status").filter(has_text="shown")).to_be_visible()
        expect(west.rows.filter(has_text=title)).to_have_count(0)


def test_what_an_item_says_to_a_request_leads_to_the_request(north: Console, east: Console, pictures: Path) -> None:
    title = named("Is the northern road open?")
    ref = ask(north, title, "east", precedence="FLASH")
    look(east, ref)
    east.page.get_by_label("Refuse", exact=True).check()
    east.page.get_by_label("Why").select_option(label="the question is too broad")
    east.page.get_by_role("button", name="Sign and send").click()
    reply = part(east, "east").locator("a.mono")
    reply.click()
    expect(east.page.get_by_role("heading", name="answer to a request")).to_be_visible()
    said = east.page.locator("dl").first
    expect(said).to_contain_text("refused")
    expect(said).not_to_contain_text("null")
    expect(said).to_contain_text("the question is too broad")
    assert east.faults() == []
    east.page.screenshot(path=pictures / "reply-item-en-dark.png")
    leads = east.page.get_by_role("link", name="The request, and where each member has got to")
    leads.click()
    expect(east.page.get_by_role("heading", name=title)).to_be_visible()

    east.page.get_by_role("link", name="proof and conversation").click()
    expect(east.page.get_by_text("request for information").first).to_be_visible()
    expect(east.page.locator("dl").first).to_contain_text("FLASH")
    leads.click()
    expect(east.page).to_have_url(re.compile(f"/requests/{ref}$"))


def test_what_cannot_be_said_is_told_in_words_and_what_she_wrote_stays(north: Console, east: Console) -> None:
    ref = ask(north, named("How high is the water?"), "east")
    look(east, ref)
    east.page.route("**/replies", lambda route: route.abort())
    say(east, "Answer", "Two metres.")
    expect(east.page.get_by_role("alert")).to_contain_text("sending it again is safe: it goes once only")
    expect(east.page.get_by_label("What you say")).to_have_value("Two metres.")
    east.page.unroute("**/replies")
    east.page.get_by_role("button", name="Sign and send").click()
    expect(part(east, "east")).to_contain_text("Two metres.")
    expect(east.page.get_by_role("alert")).to_have_count(0)
    expect(part(east, "east").get_by_role("listitem")).to_have_count(1)

    east.page.goto(f"{east.origin}/requests/N-AAA-AAA")
    expect(east.page.get_by_role("alert")).to_contain_text("This request is not here any more")


def test_keys_move_along_the_list_and_open_a_request(north: Console, east: Console) -> None:
    older, newer = named("An older question"), named("A newer question")
    refs = [ask(north, title, "east") for title in (older, newer)]
    east.page.keyboard.type("gq")
    expect(east.rows.filter(has_text=refs[0])).to_be_visible()
    expect(east.rows.filter(has_text=refs[1])).to_be_visible()
    expect(east.rows.first).to_contain_text(newer)

    east.page.keyboard.press("j")
    expect(east.page.locator("[aria-selected=true]")).to_contain_text(newer)
    east.page.keyboard.press("j")
    expect(east.page.locator("[aria-selected=true]")).to_contain_text(older)
    assert f"item={refs[0]}" in east.page.url
    east.page.keyboard.press("k")
    east.page.keyboard.press("Enter")
    expect(east.page.get_by_role("heading", name=newer)).to_be_visible()
    east.page.keyboard.press("Escape")
    expect(east.page.get_by_role("heading", name="Requests")).to_be_visible()
    hands = Hands(east, "en")
    hands.push(east.page.get_by_role("button", name="Done", exact=True))
    expect(east.page).to_have_url(re.compile("which=done"))
    hands.press("a")
    expect(east.page.get_by_role("heading", name="Ask members for information")).to_be_visible()


def test_a_list_of_requests_goes_on_below_and_misses_none(north: Console, east: Console) -> None:
    mark = named("One of many")
    refs = {ask(north, f"{mark} {n}", "east", precedence="ROUTINE") for n in range(60)}
    requests(north, "open")
    expect(north.rows.first).to_contain_text(f"{mark} 59")
    found: set[str] = set()
    box = north.page.get_by_role("listbox")
    box.focus()
    shown = north.page.get_by_role("status").filter(has_text="shown")
    for turn in range(12):
        if turn == PAGE // 10:
            expect(shown).not_to_contain_text(f"{PAGE} shown, more")  # she is at their end: the next are on their way
        found |= set(north.page.locator("[role=option] .ref").all_inner_texts())
        north.page.keyboard.press("PageDown")
        expect(north.page.locator("[aria-selected=true]")).to_be_visible()
        if refs <= found:
            break

    assert refs <= found
    expect(shown).not_to_contain_text(f"{PAGE} shown, more")


def test_a_question_is_asked_and_answered_by_keys_alone_in_arabic(
    north: Console, east: Console, pictures: Path
) -> None:
    title = named("من يرسو عند السد 3؟")
    asker, asked = Hands(north, "ar"), Hands(east, "ar")
    for hands in (asker, asked):
        hands.speak()
        hands.press("g", "q")
    asker.press("a")
    asker.tick(asker.page.get_by_role("checkbox", name="east", exact=True))
    asker.type(asker.page.get_by_label(asker.said(REQUESTS, "question")), title)
    asker.type(asker.page.get_by_label(asker.said(REQUESTS, "details")), "مركبان منذ الظهر.")
    asker.choose(
        asker.page.get_by_role("radio", name="TLP:CLEAR", exact=True),
        asker.page.get_by_role("radio", name="TLP:AMBER", exact=True),
    )
    expect(asker.page.get_by_text(asker.said(COMPOSE, "gets", members="east").split("⁨")[0]).first).to_be_visible()
    assert north.faults() == []
    north.page.screenshot(path=pictures / "ask-ar-dark.png")
    asker.push(asker.button(REQUESTS, "sign_ask"))
    expect(north.page.get_by_role("heading", name=title, level=1)).to_be_visible()

    row = east.rows.filter(has_text=title)
    expect(row).to_be_visible()
    assert east.faults() == []
    east.page.screenshot(path=pictures / "requests-ar-dark.png")
    for _ in range(60):
        asked.press("j")
        if row.get_attribute("aria-selected") == "true":
            break
    asked.press("Enter")
    expect(east.page.get_by_role("heading", name=title)).to_be_visible()
    asked.press("r")
    east.page.keyboard.insert_text("مركبا حصى من عندنا.")
    asked.press("Control+Enter")
    expect(part(north, "east")).to_contain_text("مركبا حصى من عندنا.")
    expect(part(north, "east")).to_contain_text(asker.said(WORDS, "ANSWERED"))
    assert east.faults() == north.faults() == []
    north.page.screenshot(path=pictures / "request-ar-dark.png")
    asker.choose(
        north.page.get_by_role("radio", name=re.compile("^1")), north.page.get_by_role("radio", name="3", exact=True)
    )
    asker.push(asker.button(REQUEST, "sign_close"))
    expect(north.page.get_by_text(asker.said(REQUEST, "rated", n="3"))).to_be_visible()


def test_axe_finds_nothing_in_light_on_the_list_the_form_and_a_request(
    exchange: Exchange, north: Console, east: Console, pictures: Path
) -> None:
    ref = ask(north, named("Where are the spare pumps?"), "east", "west", precedence="IMMEDIATE")
    east.look("light")
    look(east, ref)
    say(east, "Answer in part", "Two at the lock, one at the quay.")
    expect(part(east, "east")).to_contain_text("answered in part")
    east.page.get_by_text("More: items").click()
    assert east.faults() == []
    east.page.screenshot(path=pictures / "request-en-light.png")
    requests(east, "all")
    expect(east.rows.filter(has_text=ref)).to_be_visible()
    assert east.faults() == []
    east.page.screenshot(path=pictures / "requests-en-light.png")
    east.page.keyboard.press("a")
    expect(east.page.get_by_role("heading", name="Ask members for information")).to_be_visible()
    assert east.faults() == []
    east.page.screenshot(path=pictures / "ask-en-light.png")


def test_what_is_late_says_so_in_words_though_the_node_does_not_answer(
    north: Console, east: Console, pictures: Path
) -> None:
    ref = ask(north, named("Who is on the bridge?"), "east", precedence="FLASH")
    east.page.clock.install()
    look(east, ref)
    expect(part(east, "east")).to_contain_text(re.compile(r"due in [5-9]m"))

    east.page.route("**/api/**", lambda route: route.abort())
    east.page.clock.fast_forward("11:00")

    expect(part(east, "east")).to_contain_text(re.compile(r"OVERDUE by (\d+m )?\d+s"))
    expect(part(east, "east")).not_to_contain_text("due in")
    assert east.faults() == []
    east.page.screenshot(path=pictures / "request-overdue-en-dark.png")
