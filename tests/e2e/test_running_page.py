"""An adopted action as two members run it at their consoles: tasks, a host's STOP, and each one's own account."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from ahead import HOUR, Ahead, ahead
from consoles import Console, Exchange
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.slow

AIM = "Search the strait together"


def look(console: Console, ref: str) -> None:
    """Open the action."""
    console.page.goto(f"{console.origin}/actions/{ref}")
    expect(console.page.get_by_role("heading", name=AIM)).to_be_visible()


def how_it_stands(console: Console) -> Locator:
    """The part that says how the action stands."""
    return console.page.get_by_role("region", name="How it stands")


def tasks(console: Console) -> Locator:
    """The tasks of the action on view."""
    return console.page.get_by_role("region", name="Tasks")


def spelt(at: datetime) -> str:
    """Return a time as a field of the page takes it."""
    return at.strftime("%Y-%m-%d %H:%M")


def offer(console: Console, to: str, what: str) -> None:
    """Offer a member a task; the form says what it lacks until it is whole."""
    form = console.page.get_by_role("form", name="Offer a task")
    now = datetime.now(UTC)
    form.get_by_label("What").fill(what)
    expect(form.get_by_text("Still to say:")).to_contain_text("Begins (UTC)")
    expect(form.get_by_role("button", name="Sign and offer")).to_be_disabled()
    form.get_by_role("combobox", name="To", exact=True).select_option(to)
    form.get_by_label("Begins (UTC)").fill(spelt(now + timedelta(hours=9)))
    form.get_by_label("Ends (UTC)").fill(spelt(now + timedelta(hours=5)))
    expect(form.get_by_text("It ends before it begins.")).to_be_visible()
    form.get_by_label("Ends (UTC)").fill(spelt(now + timedelta(hours=12)))
    form.get_by_role("button", name="Sign and offer").click()
    expect(tasks(console)).to_contain_text(what)


def pictured(console: Console, pictures: Path, name: str) -> None:
    """Look at the page in its appearances: nothing is to be held against it in any."""
    for language, theme in (("en", "dark"), ("ar", "dark"), ("en", "light")):
        console.speak(language)
        console.look(theme)
        assert console.faults() == []
        console.page.screenshot(path=pictures / f"{name}-{language}-{theme}.png", full_page=True)
    console.look("dark")


def adopted(world: Ahead) -> str:
    """Have both members concur with what north proposes, and the time to decide pass."""
    ref = world.propose(AIM)
    world.on_record(ref, *(world.concur(member, ref) for member in ("north", "east")))
    world.put_forward(3 * HOUR)
    return ref


def test_members_run_what_they_adopted_a_host_stops_it_by_keys_and_each_gives_its_own_account(
    exchange: Exchange, tmp_path: Path, pictures: Path
) -> None:
    with ahead(tmp_path / "x", exchange) as world:
        ref = adopted(world)
        with world.console("north") as north, world.console("east") as east:
            for console in (north, east):
                look(console, ref)
                expect(how_it_stands(console)).to_contain_text("adopted")
            _they_share_the_work(north, east, pictures)
            _the_host_stops_it(north, east, pictures)
            _each_tells_how_it_was(north, east, pictures)


def _they_share_the_work(north: Console, east: Console, pictures: Path) -> None:
    offer(north, "east", "Cover the bay")
    expect(tasks(north).get_by_role("button", name="Accept")).to_have_count(0)  # only its owner moves it
    offer(east, "north", "Bring the divers")
    north_page, east_page = tasks(north), tasks(east)
    east_page.get_by_role("group", name="Cover the bay").get_by_role("button", name="Accept").click()
    expect(north_page).to_contain_text("accepted")
    expect(east_page).to_contain_text("It can begin once the action runs.")
    expect(east_page.get_by_role("button", name="Start", exact=True)).to_have_count(0)
    north_page.get_by_label("In a few words").fill("Our divers are at sea until Friday.")
    north_page.get_by_role("button", name="Decline").click()
    expect(east_page).to_contain_text("Our divers are at sea until Friday.")
    expect(east_page).to_contain_text("declined")

    expect(east.page.get_by_role("button", name="Start", exact=True)).to_have_count(0)  # the proposer starts it
    north.page.get_by_role("button", name="Start", exact=True).click()
    for console in (north, east):
        expect(how_it_stands(console)).to_contain_text("running")
    east_page.get_by_role("button", name="Start", exact=True).click()
    expect(north_page).to_contain_text("started")
    expect(north.page.get_by_role("button", name="STOP the action")).to_have_count(0)  # north is no host
    pictured(east, pictures, "running")
    east.speak("en")


def _the_host_stops_it(north: Console, east: Console, pictures: Path) -> None:
    east.page.locator("#main").focus()
    east.page.keyboard.press("!")
    dialog = east.page.get_by_role("dialog", name="Stop this action?")
    expect(dialog.get_by_role("button", name="STOP now")).to_be_focused()
    assert east.faults() == []
    east.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(how_it_stands(east)).to_contain_text("running")
    east.page.keyboard.press("!")
    expect(dialog).to_be_visible()
    east.page.keyboard.press("Enter")

    for console in (north, east):
        expect(how_it_stands(console)).to_contain_text("stopped by a host")
        expect(console.page.get_by_role("button", name="Withdraw our part…")).to_have_count(0)
        expect(console.page.get_by_role("form", name="Offer a task")).to_have_count(0)
    owned = tasks(east)
    expect(owned.get_by_role("alert")).to_contain_text("runs on until you break it off")
    expect(owned.get_by_role("button", name="Start", exact=True)).to_have_count(0)
    east.page.screenshot(path=pictures / "stopped-en-dark.png", full_page=True)
    owned.get_by_role("button", name="Abort").click()
    expect(tasks(north)).to_contain_text("aborted")
    expect(owned.get_by_role("alert")).to_have_count(0)


def _each_tells_how_it_was(north: Console, east: Console, pictures: Path) -> None:
    form = east.page.get_by_role("form", name="Our own account")
    form.get_by_label("What happened").fill("A squall came up within the hour.")
    form.get_by_role("button", name="Add a lesson").click()
    expect(form.get_by_role("button", name="Sign and add it")).to_be_disabled()
    expect(form.get_by_text("Still to say:")).to_contain_text("What is to be done better")
    form.get_by_label("What is to be done better").fill("Share the wind of the mast.")
    form.get_by_label("Who sees to it").select_option("north")
    expect(form.get_by_text("Still to say:")).to_contain_text("By (UTC)")
    form.get_by_label("By (UTC)").fill("2030-04-01 12:00")
    expect(form.get_by_role("button", name="Sign and add it")).to_be_enabled()
    pictured(east, pictures, "account")
    east.speak("en")
    east.page.reload()  # what she typed is there again
    expect(form.get_by_label("What happened")).to_have_value("A squall came up within the hour.")
    expect(form.get_by_label("Who sees to it")).to_have_value("north")
    form.get_by_role("button", name="Sign and add it").click()
    accounts = north.page.get_by_role("region", name=re.compile("^Afterwards"))
    expect(accounts).to_contain_text("Share the wind of the mast.")
    expect(accounts).to_contain_text("north, by 2030-04-01 12:00")
    expect(form.get_by_label("What happened")).to_have_value("")
    north.page.get_by_label("What happened").fill("We heard STOP and turned back.")
    north.page.get_by_role("button", name="Sign and add it").click()
    for console in (north, east):
        both = console.page.get_by_role("region", name=re.compile("^Afterwards")).locator(".account")
        expect(both).to_have_count(2)
    assert north.faults() == []
    north.page.screenshot(path=pictures / "afterwards-en-dark.png", full_page=True)
    north.page.get_by_role("button", name="Close", exact=True).click()
    expect(how_it_stands(east)).to_contain_text("closed")


def test_a_member_takes_its_own_part_back_and_the_other_goes_on_without_it(exchange: Exchange, tmp_path: Path) -> None:
    with ahead(tmp_path / "x", exchange) as world:
        ref = adopted(world)
        with world.console("north") as north, world.console("east") as east:
            for console in (north, east):
                look(console, ref)
            east.page.get_by_role("button", name="Withdraw our part…").click()
            dialog = east.page.get_by_role("dialog", name="Withdraw our part?")
            dialog.get_by_role("button", name="Withdraw our part").click()

            for console in (north, east):
                expect(how_it_stands(console).locator("dl")).to_contain_text("east")
            expect(east.page.get_by_role("button", name="Withdraw our part…")).to_have_count(0)
            expect(east.page.get_by_role("button", name="STOP the action")).to_be_visible()  # it is host still
            north.page.get_by_role("button", name="Start", exact=True).click()
            expect(how_it_stands(north)).to_contain_text("running")
            offered = north.page.get_by_role("form", name="Offer a task").get_by_role("combobox", name="To", exact=True)
            expect(offered.locator("option[value=east]")).to_have_count(0)
