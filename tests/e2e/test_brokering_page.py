"""A member asks through the chair at its console; her officer puts it to another, and passes on what is answered."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from consoles import Console, Exchange
from playwright.sync_api import expect

from quartet.core.ids import OfficerName
from quartet.node.folder import MemberFolder

pytestmark = pytest.mark.slow

REF = "async (id) => (await (await fetch(`/api/items/${id}`)).json()).ref"


@pytest.fixture
def chair(exchange: Exchange) -> Iterator[Console]:
    """Give north's presiding officer at a browser that has a key of hers."""
    with exchange.console("north") as north:
        if not MemberFolder(exchange.root / "north").officer_key(OfficerName("chair")).exists():
            north.quartet("officer", "add", "chair", "--roles", "chair", "--as", "duty")
    with exchange.console("north", officer="chair") as console:
        console.page.goto(f"{console.origin}/keys")
        console.make_key()
        expect(console.page.get_by_text("waits for root").first).to_be_visible()
        console.quartet("officer", "enrol", "chair")
        expect(console.page.get_by_text("waits for root")).to_have_count(0)
        yield console


@pytest.fixture
def west(exchange: Exchange) -> Iterator[Console]:
    with exchange.console("west") as console:
        yield console


def seen(console: Console, name: str, pictures: Path) -> None:
    """Show a page in three ways: none has a fault, and each is kept as a picture."""
    for language, theme in (("en", "dark"), ("en", "light"), ("ar", "dark")):
        console.speak(language)
        console.look(theme)
        assert console.faults() == []
        console.page.screenshot(path=pictures / f"{name}-{language}-{theme}.png")
    console.speak("en")


def test_who_asked_through_the_chair_is_answered_and_who_answers_never_reads_its_name(
    east: Console, chair: Console, west: Console, pictures: Path
) -> None:
    east.page.goto(f"{east.origin}/requests?ask=1")
    east.page.get_by_label("Ask through the chair, unnamed").check()
    expect(east.page.get_by_text("It goes to north alone.")).to_be_visible()
    east.page.get_by_label("west", exact=True).check()
    east.page.get_by_label("The question in one line").fill("Whose barges are at Dam 3?")
    east.page.get_by_label("What you need to know").fill("Two lie there since noon.")
    east.page.get_by_label("TLP:AMBER", exact=True).check()
    expect(east.page.get_by_text("It goes to north, and to nobody else.")).to_be_visible()
    seen(east, "ask-through-chair", pictures)
    east.page.get_by_role("button", name="Sign and ask").click()
    east.page.wait_for_url(re.compile(r"/requests/E-"))
    ref = east.page.url.rpartition("/")[2]
    expect(east.page.get_by_text("who says to nobody that east asks")).to_be_visible()

    chair.page.goto(f"{chair.origin}/requests/{ref}")
    form = chair.page.get_by_role("form", name="Put it to others")
    expect(form.get_by_label("east", exact=True)).to_have_count(0)
    form.get_by_label("west", exact=True).check()
    form.get_by_label("The question in one line").fill("Who moors at Dam 3?")
    form.get_by_label("In your own words").fill("Two barges are reported there. Whose are they?")
    seen(chair, "put-to-others", pictures)
    form.get_by_role("button", name="Sign and put it to them").click()
    expect(chair.page.get_by_text("Put to others as")).to_be_visible()
    expect(east.page.locator(".stage")).to_have_text("put to others, unnamed")
    question = chair.page.locator(".note a").inner_text()

    west.page.goto(f"{west.origin}/requests/{question}")
    expect(west.page.get_by_role("heading", name="Who moors at Dam 3?")).to_be_visible()
    expect(west.page.locator("article")).to_contain_text("chair of north asks west (as chair)")
    expect(west.page.locator("article")).not_to_contain_text("east")
    answer = west.page.get_by_role("form", name="Answer")
    answer.get_by_label("What you say").fill("Both are ours. They carry gravel.")
    answer.get_by_role("button", name="Sign and send").click()

    chair.page.goto(f"{chair.origin}/requests/{question}")
    expect(chair.page.get_by_text("Asked in place of east")).to_be_visible()
    chair.page.get_by_role("button", name="Pass on to all").click()
    expect(chair.page.get_by_role("dialog")).to_contain_text("to ask that for one alone would say who asked")
    seen(chair, "pass-on", pictures)
    chair.page.get_by_role("button", name="Sign and pass on").click()
    link = chair.page.get_by_role("status").filter(has_text="Passed on:").get_by_role("link")
    passed = (link.get_attribute("href") or "").rpartition("/")[2]
    west.page.goto(f"{west.origin}/items/{passed}")
    expect(west.page.get_by_text("Both are ours. They carry gravel.").first).to_be_visible()
    west.quartet("grant", west.page.evaluate(REF, passed), "east")  # an id may begin as an option does

    east.page.goto(f"{east.origin}/items/{passed}")
    chair.page.goto(f"{chair.origin}/requests/{ref}")
    form = chair.page.get_by_role("form", name=re.compile("Answer|Say more"))
    expect(form.get_by_label("Transfer", exact=True)).to_have_count(0)
    form.get_by_label("What you say").fill("See what was passed on to all.")
    form.get_by_role("button", name="Sign and send").click()
    east.page.goto(f"{east.origin}/requests/{ref}")
    expect(east.page.locator(".stage")).to_have_text("answered")
    close = east.page.get_by_role("form", name="Close it")
    close.get_by_label("4", exact=True).check()
    close.get_by_role("button", name="Sign and close").click()
    expect(east.page.get_by_text("The answers were worth 4 of 5.")).to_be_visible()

    chair.page.goto(f"{chair.origin}/requests/{question}")
    expect(chair.page.get_by_text("It is closed there; the answers were worth 4 of 5.")).to_be_visible()
    close = chair.page.get_by_role("form", name="Close it")
    expect(close.get_by_label("4", exact=True)).to_be_checked()
    seen(chair, "close-as-asked", pictures)
    close.get_by_role("button", name="Sign and close").click()
    west.page.goto(f"{west.origin}/requests/{question}")
    expect(west.page.get_by_text("The answers were worth 4 of 5.")).to_be_visible()


def test_circles_and_agreements_stand_beside_the_register_with_the_days_that_are_left(
    exchange: Exchange, east: Console, west: Console, tmp_path: Path, pictures: Path
) -> None:
    text = tmp_path / "fish.txt"
    text.write_text("What we say of boats.")
    act = str(tmp_path / "act.json")
    fish, old = f"fish=strait=0d=30d={text}", f"old=strait=2020-01-01T00:00Z=2021-01-01T00:00Z={text}"
    with exchange.console("north") as north:
        terms = ("--circle", "strait=north,east", "--agreement", fish, "--agreement", old)
        north.quartet("charter", "propose", "set", *terms, "--output", act)
        east.quartet("charter", "sign", act)
        west.quartet("charter", "sign", act)
        north.quartet("charter", "apply", act, "--as", "duty")
        north.page.goto(f"{north.origin}/register")

        terms_of = north.page.get_by_role("region", name="Circles of the charter")
        expect(terms_of.get_by_role("listitem").filter(has_text="fish")).to_contain_text("days left: 30")
        expect(terms_of.get_by_role("listitem").filter(has_text="old")).to_contain_text("ended")
        expect(terms_of).to_contain_text("An agreement lets nobody have anything")
        seen(north, "terms", pictures)


def test_who_presides_asks_as_the_chair_by_her_own_key(chair: Console, west: Console) -> None:
    chair.page.goto(f"{chair.origin}/requests?ask=1")
    chair.page.get_by_label("west", exact=True).check()
    chair.page.get_by_label("The question in one line").fill("Who chairs at noon?")
    chair.page.get_by_label("What you need to know").fill("The rota names two.")
    chair.page.get_by_label("TLP:AMBER", exact=True).check()
    expect(chair.page.get_by_text("It goes to west, and to nobody else.")).to_be_visible()

    chair.page.get_by_role("button", name="Sign and ask").click()

    expect(chair.page.get_by_role("heading", name="Who chairs at noon?")).to_be_visible()
    west.page.goto(f"{west.origin}/requests")
    expect(west.page.get_by_text("Who chairs at noon?")).to_be_visible()
