"""The replay bar: what was, on the same map, never to be taken for what is; and the way that a track came."""

import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from consoles import Console
from playwright.sync_api import Locator, Route, ViewportSize, expect
from test_map_page import AIRCRAFT, Feed, feed, open_map, rows

pytestmark = pytest.mark.slow

__all__ = ["feed"]
"""The fixture of the map's own tests."""

TOLD_S = 3.0
"""How long until what was sighted is in a frame that was kept."""


def spelt(at: datetime) -> str:
    """Return a time as the address has it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moved(feed: Feed) -> datetime:
    """See aircraft, and six seconds later a degree further north; return when they were further south."""
    feed.sees(*AIRCRAFT)
    time.sleep(TOLD_S)
    at = datetime.now(UTC)
    feed.sees(*AIRCRAFT, north=1.0)
    time.sleep(TOLD_S)
    return at


def bar(console: Console) -> Locator:
    """Return the bar of the replay."""
    return console.page.get_by_role("region", name="Replay", exact=True)


def place(console: Console) -> str:
    """Return where the chosen track is."""
    return console.page.get_by_role("button", name=re.compile("copy$")).inner_text()


def test_a_moment_that_is_past_is_shown_and_marked_and_back_to_now_is_one_key(east: Console, feed: Feed) -> None:
    at = moved(feed)
    open_map(east, feed.view)
    expect(rows(east)).to_have_count(len(AIRCRAFT))
    east.page.keyboard.press("j")
    east.page.get_by_label("How places are written").select_option("decimal")
    east.page.keyboard.press("Escape")
    east.page.keyboard.press("j")
    expect(east.page.get_by_role("button", name=re.compile("copy$"))).to_contain_text(f"{feed.lat + 1}.40000")

    track = re.search(r"track=(\d+)", east.page.url)
    assert track is not None
    open_map(east, f"{feed.view}&then={spelt(at)}&pace=0&track={track[1]}")

    expect(bar(east)).to_contain_text("NOT LIVE")
    expect(east.page.get_by_text("Not live: the map shows what was.")).to_be_visible()
    expect(rows(east)).to_have_count(len(AIRCRAFT))
    assert place(east).startswith(f"{feed.lat}.40000")  # the same number, hence the same track
    expect(east.page.locator(".bar [data-way]")).to_have_count(0)
    east.page.keyboard.press("r")
    expect(bar(east)).to_have_count(0)
    expect(east.page.get_by_role("button", name=re.compile("copy$"))).to_contain_text(f"{feed.lat + 1}.40000")
    assert "then" not in east.page.url


def test_the_tape_is_played_stopped_and_moved_by_keys_alone(east: Console, feed: Feed) -> None:
    at = moved(feed)
    keys, page = east.page.keyboard, east.page
    open_map(east, f"{feed.view}&then={spelt(at - timedelta(seconds=100))}&pace=0")
    expect(page.get_by_text("No track that you may see")).to_be_visible()
    moment = page.get_by_role("slider", name="Moment on the map, UTC")
    expect(moment).to_have_attribute("aria-valuetext", (at - timedelta(seconds=100)).strftime("%Y-%m-%d %H:%M:%SZ"))

    keys.press(".")
    expect(moment).to_have_attribute("aria-valuetext", (at - timedelta(seconds=90)).strftime("%Y-%m-%d %H:%M:%SZ"))
    keys.press(",")
    expect(moment).to_have_attribute("aria-valuetext", (at - timedelta(seconds=100)).strftime("%Y-%m-%d %H:%M:%SZ"))
    for _ in range(4):
        keys.press(">")
    expect(page).to_have_url(re.compile("pace=30"))
    expect(rows(east)).to_have_count(len(AIRCRAFT))  # a hundred seconds pass in three and a half
    expect(bar(east)).to_have_count(0)  # and then it is now
    expect(page.get_by_text("Live", exact=False).first).to_be_visible()
    keys.press("r")
    expect(bar(east)).to_be_visible()
    keys.press("p")
    expect(page).to_have_url(re.compile("pace=0"))
    stands = moment.get_attribute("aria-valuetext")
    time.sleep(2)
    assert moment.get_attribute("aria-valuetext") == stands


def test_the_line_and_the_field_jump_to_a_moment(east: Console, feed: Feed) -> None:
    at = moved(feed)
    open_map(east, f"{feed.view}&then={spelt(at)}&pace=0")
    expect(rows(east)).to_have_count(len(AIRCRAFT))
    moment = east.page.get_by_role("slider", name="Moment on the map, UTC")
    moment.focus()
    east.page.keyboard.press("Home")
    expect(east.page.get_by_text("No track that you may see")).to_be_visible()

    written = at - timedelta(minutes=7)
    east.page.get_by_label("Go to, UTC").fill(written.strftime("%Y-%m-%d %H:%M"))
    east.page.keyboard.press("Enter")

    expect(bar(east)).to_contain_text(written.strftime("%Y-%m-%d %H:%M:00Z"))
    expect(east.page).to_have_url(re.compile("then=" + written.strftime("%Y-%m-%dT%H%%3A%M")))


def test_a_third_replay_of_one_officer_is_back_to_now_and_says_why(east: Console, feed: Feed) -> None:
    feed.sees(*AIRCRAFT)
    time.sleep(TOLD_S)
    others = [east.page.context.new_page() for _ in range(2)]
    for page in others:
        page.goto(f"{east.origin}/map?then={spelt(datetime.now(UTC) - timedelta(minutes=2))}&pace=0")
        expect(page.get_by_text("Not live: the map shows what was.")).to_be_visible()
    open_map(east, feed.view)
    expect(rows(east)).to_have_count(len(AIRCRAFT))

    east.page.keyboard.press("r")

    expect(east.page.get_by_text("Two maps of yours")).to_be_visible()
    expect(rows(east)).to_have_count(len(AIRCRAFT))
    for page in others:
        page.close()


def test_the_way_of_a_track_is_told_point_by_point(east: Console, feed: Feed, pictures: Path) -> None:
    for n in range(4):
        feed.sees(*AIRCRAFT, north=n / 10)
        time.sleep(2)
    open_map(east, feed.view)
    expect(rows(east)).to_have_count(len(AIRCRAFT))
    east.page.keyboard.press("j")
    east.page.keyboard.press("t")
    table = east.page.get_by_role("region", name="Its way in the last 10 min")

    expect(table.get_by_role("row").nth(2)).to_be_visible()
    expect(table).to_contain_text("447 kt")
    assert east.faults() == []
    east.page.screenshot(path=pictures / "map-way-en-dark.png")
    east.page.keyboard.press("t")
    expect(table).to_have_count(0)


def test_in_a_replay_the_way_of_a_track_goes_no_later_than_the_moment_and_follows_each_step(
    east: Console, feed: Feed, pictures: Path
) -> None:
    began = datetime.now(UTC)
    for n in range(12):
        feed.sees(*AIRCRAFT, north=n / 10)
        time.sleep(2)
    east.page.set_viewport_size(ViewportSize(width=1280, height=713))
    open_map(east, f"{feed.view}&then={spelt(began + timedelta(seconds=22))}&pace=0&way=10")
    expect(rows(east).first).to_be_visible()
    east.page.keyboard.press("j")
    seen = east.page.get_by_role("region", name="Its way in the last 10 min").locator("td:first-child")
    expect(seen.nth(2)).to_be_visible()

    def times() -> list[str]:
        return [one.removesuffix("Z") for one in seen.all_inner_texts()]

    assert max(times()) > (began + timedelta(seconds=12)).strftime("%H:%M:%S")
    east.page.keyboard.press(",")
    expect(bar(east)).to_contain_text((began + timedelta(seconds=12)).strftime("%H:%M:%SZ"))
    assert all(one <= (began + timedelta(seconds=12)).strftime("%H:%M:%S") for one in times())
    expect(seen.nth(1)).to_be_visible()
    east.page.keyboard.press(".")
    later = re.compile("|".join((began + timedelta(seconds=n)).strftime("%H:%M:%S") for n in range(14, 22)))
    expect(seen.filter(has_text=later).first).to_be_visible()

    found = east.page.get_by_role("searchbox", name="Find a track")
    assert found.evaluate(HIT), "the way lies over what finds a track"
    assert rows(east).first.evaluate(HIT), "no track of the list is seen"
    east.page.screenshot(path=pictures / "replay-way-low-en-dark.png")


def test_the_longest_way_is_whole_though_more_than_it_is_asked_for_ahead(east: Console, feed: Feed) -> None:
    at, asked = moved(feed), list[tuple[datetime, timedelta]]()

    def told(route: Route) -> None:
        """Note up to when, and how far back from then, a way is asked for; and tell a point a minute of it."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(route.request.url).query).items()}
        until, minutes = datetime.fromisoformat(query["at"]), int(query["minutes"])
        asked.append((until, timedelta(minutes=minutes)))
        times = [spelt(until - timedelta(minutes=n)) for n in range(minutes)][::-1]
        point = {"lat": 47.5, "lon": 8.0, "alt_m": None, "speed_mps": 100, "track_deg": 0, "from": "north"}
        way = {"id": query["track"], "since": times[0], "until": times[-1], "step_s": 60}
        route.fulfill(json=way | {"points": [point | {"at": one} for one in times]})

    east.page.route("**/api/picture/history*", told)
    open_map(east, f"{feed.view}&then={spelt(at)}&pace=0&way=60")
    expect(rows(east)).to_have_count(len(AIRCRAFT))
    east.page.keyboard.press("j")
    seen = east.page.get_by_role("region", name="Its way in the last 60 min").locator("td:first-child")

    first = datetime.fromtimestamp(-(-at.timestamp() // 5) * 5, UTC) - timedelta(minutes=60)
    expect(seen.last).to_have_text(first.strftime("%H:%M:%SZ"))
    expect(seen).to_have_count(60)
    (until, whole), (later, ahead) = sorted(asked)[:2]
    assert (whole, later - ahead) == (timedelta(minutes=60), until)
    assert until <= at <= later
    east.page.unroute_all(behavior="wait")


HIT = """(one) => {
  one.scrollIntoView({ block: 'nearest' })
  const { left, top, width, height } = one.getBoundingClientRect()
  const there = document.elementFromPoint(left + width / 2, top + height / 2)
  return there !== null && (one.contains(there) || there.contains(one) && there !== document.documentElement)
}"""
"""Whether a pointer in the middle of something is on it."""


@pytest.mark.parametrize("language", ["en", "ar"])
def test_on_a_phone_nothing_lies_over_what_says_that_it_is_not_live_and_when(
    east: Console, feed: Feed, language: str, pictures: Path
) -> None:
    at = moved(feed)
    east.speak(language)
    east.page.set_viewport_size(ViewportSize(width=390, height=800))
    wider = feed.view.removesuffix("7") + "6"  # a phone's map at 7 ends before the last aircraft
    east.page.goto(f"{east.origin}/map{wider}&then={spelt(at)}&pace=0")
    mark = east.page.locator(".replay .mark")
    expect(mark).to_be_visible()
    expect(east.page.locator("[role=listbox] [role=option]")).to_have_count(len(AIRCRAFT))
    east.page.keyboard.press("j")
    expect(east.page.locator(".details .mono").first).to_have_text("3003ae")

    for part in (mark.locator("strong"), mark.locator(".mono")):
        expect(part).to_be_in_viewport(ratio=1)
        assert part.evaluate(HIT)
    east.page.screenshot(path=pictures / f"replay-narrow-{language}.png")
    east.page.locator("[role=listbox]").scroll_into_view_if_needed()
    east.page.locator(".map").evaluate("(one) => one.scrollTo(0, one.scrollHeight)")
    assert mark.locator(".mono").evaluate(HIT)
    assert east.page.locator("[role=listbox] [role=option]").first.evaluate(HIT)
    east.page.screenshot(path=pictures / f"replay-narrow-end-{language}.png")


def test_a_kind_that_is_not_wanted_goes_from_the_map_and_its_list(east: Console, feed: Feed) -> None:
    feed.sees(*AIRCRAFT)
    open_map(east, feed.view)
    expect(rows(east)).to_have_count(len(AIRCRAFT))
    kinds = east.page.get_by_role("group", name="What tracks are said to be")
    expect(kinds.get_by_role("button", name="Unknown")).to_contain_text(str(len(AIRCRAFT)))
    expect(kinds.get_by_role("button", name="Neutral")).to_contain_text("0")

    kinds.get_by_role("button", name="Unknown").click()

    expect(east.page.get_by_text("No track that you may see")).to_be_visible()
    expect(east.page).to_have_url(re.compile("kinds=pending%2Cneutral%2Cown"))
    kinds.get_by_role("button", name="Unknown").click()
    expect(rows(east)).to_have_count(len(AIRCRAFT))


@pytest.mark.parametrize("theme", ["dark", "light", "contrast"])
@pytest.mark.parametrize("language", ["en", "fr", "ar", "fa", "ru"])
def test_axe_finds_nothing_on_a_map_of_what_was(
    east: Console, feed: Feed, theme: str, language: str, pictures: Path
) -> None:
    at = moved(feed)
    east.look(theme)
    east.speak(language)
    east.page.goto(f"{east.origin}/map{feed.view}&then={spelt(at)}&pace=0&way=5")
    expect(east.page.locator("[role=listbox] [role=option]")).to_have_count(len(AIRCRAFT))
    east.page.keyboard.press("j")
    expect(east.page.locator(".details .mono").first).to_have_text("3003ae")

    assert east.faults() == []
    east.page.screenshot(path=pictures / f"replay-{language}-{theme}.png")
    east.page.set_viewport_size(ViewportSize(width=390, height=844))
    wider = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert east.page.evaluate(wider) <= 0
    east.page.screenshot(path=pictures / f"replay-{language}-{theme}-phone.png")
