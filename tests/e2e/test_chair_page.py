"""She who presides does at her console what she may, under the chair's hat; members draft a text side by side."""

import re
import time
from pathlib import Path

import pytest
from ahead import HOUR, Ahead, ahead
from consoles import Console, Exchange
from playwright.sync_api import Locator, expect
from test_actions_page import enrolled, named

from quartet.core.ids import SECOND
from quartet.node.views import Published

pytestmark = pytest.mark.slow

DECIDED, OPEN = "Search the strait together", "Sweep the channel"


def acts(console: Console) -> Locator:
    """The form of what she may do."""
    return console.page.get_by_role("form", name="What you may do in the chair")


def log(console: Console, text: str) -> Locator:
    """An entry of the procedural log."""
    return console.page.locator(".entry").filter(has_text=text)


def do(console: Console, act: str, words: str = "") -> None:
    """Fill in what an act needs, and assert it by the chair's own key."""
    form = acts(console)
    if words:
        form.get_by_label("In words").fill(words)
    expect(form.get_by_role("button", name="Assert it for the chair")).to_be_enabled()
    form.get_by_role("button", name="Assert it for the chair").click()
    expect(form.get_by_label(act, exact=True)).not_to_be_checked()


def spelt(micros: int) -> str:
    """Return a time as a field takes it."""
    return time.strftime("%Y-%m-%d %H:%M", time.gmtime(micros // SECOND))


def pictured(console: Console, pictures: Path, name: str) -> None:
    """Look at the page in its appearances: nothing is to be held against it in any."""
    for language, theme in (("en", "dark"), ("ar", "dark"), ("en", "light")):
        console.speak(language)
        console.look(theme)
        assert console.faults() == []
        console.page.screenshot(path=pictures / f"{name}-{language}-{theme}.png", full_page=True)
    console.look("dark")


def seated(console: Console) -> None:
    """Give her who presides a passkey that asserts, and open the page of the chair."""
    console.make_passkey()
    console.quartet("officer", "enrol", "chair")
    expect(console.page.get_by_text("enrolled: asserts").first).to_be_visible()
    console.page.goto(f"{console.origin}/chair")
    expect(acts(console)).to_be_visible()


def test_she_who_presides_rules_extends_nominates_announces_and_publishes_and_nobody_else_can(
    exchange: Exchange, tmp_path: Path, pictures: Path
) -> None:
    with ahead(tmp_path / "x", exchange) as world:
        decided = world.propose(DECIDED)
        world.on_record(decided, *(world.concur(member, decided) for member in ("north", "east")))
        world.put_forward(3 * HOUR)
        opened = world.propose(OPEN)
        with world.console("north", officer="chair") as chair, world.console("east") as east:
            seated(chair)
            east.page.goto(f"{east.origin}/chair")
            expect(east.page.get_by_text("Presides now")).to_be_visible()
            expect(acts(east)).to_have_count(0)
            _she_rules(chair, east, pictures)
            _she_gives_more_time(world, chair, east, opened)
            _she_nominates_who_is_willing(chair, east, decided)
            _she_announces_what_is_computed(chair, east, decided)
            _she_publishes_what_is_agreed(world, chair)
        with world.console("east", officer="chair") as other:
            other.page.goto(f"{other.origin}/chair")
            expect(acts(other).get_by_role("radio")).to_have_count(1)  # to take the chair, in its turn
            expect(acts(other).get_by_label("Take the chair")).to_be_visible()
            other.page.goto(f"{other.origin}/actions/{opened}")
            expect(other.page.get_by_role("heading", name=OPEN)).to_be_visible()
            expect(other.page.get_by_role("button", name="Assert our position")).to_have_count(0)


def _she_rules(chair: Console, east: Console, pictures: Path) -> None:
    form = acts(chair)
    form.get_by_label("Rule on procedure").check()
    expect(form.get_by_text("Still to say:")).to_contain_text("In words")
    expect(form.get_by_role("button", name="Assert it for the chair")).to_be_disabled()
    form.get_by_label("In words").fill("Speakers have two minutes.")
    expect(form.get_by_text("Choose a marking.")).to_be_visible()
    form.get_by_label("TLP:AMBER", exact=True).check()
    expect(form.get_by_text("It goes to east.")).to_be_visible()
    pictured(chair, pictures, "chair-acts")
    chair.speak("en")
    chair.page.reload()  # what she typed is there again; the marking is hers to choose anew
    expect(form.get_by_label("In words")).to_have_value("Speakers have two minutes.")
    form.get_by_label("TLP:AMBER", exact=True).check()
    do(chair, "Rule on procedure")
    for console in (chair, east):
        entry = log(console, "Speakers have two minutes.")
        expect(entry.locator(".holds")).to_have_text("holds")
    contest = log(east, "Speakers have two minutes.").get_by_role("button", name="Contest it")
    contest.click()
    east.page.get_by_role("dialog").get_by_label("Why").fill("The statute says five.")
    east.page.get_by_role("button", name="Sign and contest").click()
    expect(log(chair, "east contests it: The statute says five.")).to_be_visible()


def _she_gives_more_time(world: Ahead, chair: Console, east: Console, opened: str) -> None:
    form = acts(chair)
    form.get_by_label("Give more time to decide").check()
    proposals = form.get_by_label("Which proposal")
    expect(proposals.locator("option")).to_have_count(2)  # none, and the one that is not decided
    proposals.select_option(opened)
    ends = form.get_by_label("Time to decide runs until (UTC)")
    now = time.time_ns() // 1000 + world.offset * SECOND
    ends.fill(spelt(now + HOUR * SECOND))
    expect(form.get_by_text("A period is never made shorter, and never runs into the action.")).to_be_visible()
    expect(form.get_by_role("button", name="Assert it for the chair")).to_be_disabled()
    later = spelt(now + 9 * HOUR * SECOND // 4 + HOUR * SECOND // 2)
    ends.fill(later)
    expect(form.get_by_text("A period is never made shorter")).to_have_count(0)
    do(chair, "Give more time to decide")
    east.page.goto(f"{east.origin}/actions/{opened}")
    expect(east.page.get_by_role("region", name="How it stands")).to_contain_text(later)


def _she_nominates_who_is_willing(chair: Console, east: Console, decided: str) -> None:
    form = acts(chair)
    form.get_by_label("Nominate a coordinator").check()
    form.get_by_label("Which proposal").select_option(decided)
    expect(form.get_by_text("Still to say:")).to_contain_text("Which member")
    form.get_by_label("Which member").select_option("east")
    do(chair, "Nominate a coordinator")
    east.page.goto(f"{east.origin}/chair")
    east.page.get_by_role("button", name="Accept: we coordinate").click()
    expect(log(chair, "nominates a coordinator")).to_contain_text("accepted")


def _she_announces_what_is_computed(chair: Console, east: Console, decided: str) -> None:
    form = acts(chair)
    form.get_by_label("Announce an outcome").check()
    form.get_by_label("Which proposal").select_option(decided)
    expect(form.get_by_text("This node computes: adopted")).to_be_visible()
    do(chair, "Announce an outcome")
    east.page.goto(f"{east.origin}/actions/{decided}")
    stands = east.page.get_by_role("region", name="How it stands")
    expect(stands).to_contain_text("as this node computes it")
    expect(stands).to_contain_text("east")
    assert east.faults() == []


def _she_publishes_what_is_agreed(world: Ahead, chair: Console) -> None:
    versions = [{"language": "en", "title": "Fishing resumes", "text": "From Monday on."}]
    form = {"versions": versions, "members": ["east", "north"]}
    draft = {"kind": "communique-draft", "tlp": "AMBER", "title": "Fishing resumes", "to": ["east"], "form": form}
    ref = world._client("north", "duty").post("/items", {**draft, "text": ""}, Published).ref
    chair.page.goto(f"{chair.origin}/communiques/{ref}")
    expect(chair.page.get_by_role("heading", level=1)).to_contain_text("Fishing resumes")
    expect(chair.page.get_by_role("form")).to_have_count(0)  # she stands behind nothing
    expect(chair.page.get_by_role("button", name="Publish it for everybody…")).to_have_count(0)
    for member in ("north", "east"):
        world.concur(member, ref)
    chair.page.get_by_role("button", name="Publish it for everybody…").click()
    chair.page.get_by_role("dialog").get_by_role("button", name="Sign and publish").click()
    expect(chair.page.get_by_text("It says letter by letter what was agreed.")).to_be_visible()


def test_a_text_is_drafted_in_two_directions_kept_sent_and_written_anew(
    north: Console, east: Console, pictures: Path
) -> None:
    enrolled(east)
    title, page = named("Boats may fish again"), north.page
    page.keyboard.type("gu")
    expect(page.get_by_role("button", name="Draft a text")).to_be_visible()
    page.keyboard.press("w")
    form = page.get_by_role("form", name="Draft a text together")
    form.get_by_label("Title, English").fill(title)
    form.get_by_label("Text, English").fill("From Monday on, boats may fish north of the light.")
    form.get_by_label("Another language").select_option("ar")
    form.get_by_role("button", name="Add a language").click()
    arabic = form.get_by_label("Text, Arabic")
    expect(arabic).to_have_attribute("dir", "rtl")
    form.get_by_label("Title, Arabic").fill("عودة الصيد")
    form.get_by_label("TLP:AMBER", exact=True).check()
    expect(page.get_by_text("Still missing:")).to_contain_text("Text, Arabic")
    expect(form.get_by_role("button", name="Sign and send the draft")).to_be_disabled()
    arabic.fill("ابتداءً من الاثنين يُسمح بالصيد شمال المنارة.")
    form.get_by_label("east", exact=True).check()
    expect(page.get_by_text("It goes to east, and to nobody else.")).to_be_visible()
    pictured(north, pictures, "communique-draft")
    north.speak("en")
    page.reload()
    expect(form.get_by_label("Title, Arabic")).to_have_value("عودة الصيد")
    expect(form.get_by_label("east", exact=True)).to_be_checked()
    expect(page.get_by_text("It goes to east, and to nobody else.")).to_be_visible()
    form.get_by_role("button", name="Sign and send the draft").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    ref = page.url.rpartition("/")[2]

    page.get_by_role("link", name="Write a new version of it").click()
    expect(page.get_by_text(f"It takes the place of {ref}")).to_be_visible()
    form.get_by_label("Text, English").fill("From Tuesday on, boats may fish north of the light.")
    form.get_by_role("button", name="Leave Arabic out").click()
    expect(page.get_by_text("It goes to east, and to nobody else.")).to_be_visible()
    form.get_by_role("button", name="Sign and send the draft").click()
    expect(page).not_to_have_url(re.compile("draft="))
    newer = page.url.rpartition("/")[2]
    assert newer != ref

    east.page.goto(f"{east.origin}/communiques/{ref}")
    east.page.get_by_role("link", name=newer, exact=True).click()
    expect(east.page.get_by_text("From Tuesday on")).to_be_visible()
    expect(east.page.get_by_role("link", name=ref, exact=True)).to_be_visible()
    east.page.get_by_label("Stand behind it").check()
    east.page.get_by_role("button", name="Assert our position").click()
    expect(north.page.locator(".do li").filter(has_text="east")).to_contain_text("concurs")
    page.goto(f"{north.origin}/communiques?draft=new")  # what went is kept no more
    expect(form.get_by_label("Title, English")).to_have_value("")
