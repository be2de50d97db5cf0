"""Members agree on a joint action at their consoles: the proposal, where each stands, what follows and what keeps it."""

import re
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
from by_keys import Hands
from consoles import Console, Exchange
from playwright.sync_api import Locator, expect

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
    return at.strftime("%Y-%m-%dT%H:%M")


def enrolled(console: Console) -> None:
    """Give the officer a passkey that asserts, if she has none that root enrolled at this browser."""
    console.authenticator()
    console.page.goto(f"{console.origin}/keys")
    console.page.get_by_role("button", name="Make a passkey").click()
    expect(console.page.get_by_text("waits for root").first).to_be_visible()
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
