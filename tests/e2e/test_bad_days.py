"""Bad days at the console: a cut link, a node that fell, a session that ended, two tabs, too many tries."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from consoles import PATIENCE_MS, Console
from playwright.sync_api import APIResponse, Page, Route, expect
from test_compose_page import write
from test_drafts_page import KEPT, RAW
from troubles import Troubled

from quartet.console.web.headers import HEADERS

pytestmark = pytest.mark.slow

BRIEF_S = 8
TOO_MANY = 429


@pytest.fixture
def north(world: Troubled) -> Iterator[Console]:
    with world.console("north") as console:
        yield console


def test_a_cut_link_is_told_with_its_time_and_what_was_sent_meanwhile_arrives_by_itself(
    world: Troubled, north: Console, pictures: Path
) -> None:
    with world.console("east") as east:
        expect(north.page.get_by_label("Links to members")).to_contain_text("linked")
        expect(north.page.get_by_label("Links to members")).not_to_contain_text("waiting")
        world.cut()

        expect(north.page.get_by_text(re.compile(r"east is cut off since \d\d:\d\d:\d\dZ"))).to_be_visible()
        expect(east.page.get_by_text(re.compile(r"north is cut off since \d\d:\d\d:\d\dZ"))).to_be_visible()
        ref = north.send("Sent into the dark", "x", tlp="AMBER", to=["east"])
        expect(north.page.get_by_label("Links to members")).to_contain_text("1 waiting")
        assert north.faults() == []
        north.page.screenshot(path=pictures / "cut-off-en-dark.png")
        world.mend()

        expect(east.rows.filter(has_text=ref)).to_be_visible()
        expect(north.page.get_by_text("is cut off since")).to_have_count(0)
        expect(east.page.get_by_text("is cut off since")).to_have_count(0)


def test_a_node_that_fell_while_she_wrote_is_told_and_she_signs_in_and_goes_on(
    world: Troubled, north: Console, pictures: Path
) -> None:
    north.make_passkey()
    north.page.keyboard.press("n")
    north.page.get_by_label("Title").fill("Half written")
    north.page.get_by_label("Text").fill("The first half.")
    world.kill("north")

    expect(north.page.get_by_text(re.compile(r"does not answer since \d\d:\d\d:\d\dZ"))).to_be_visible()
    north.page.get_by_label("Text").fill("The first half. The second.")
    world.start("north")

    expect(north.page.get_by_text("Your session ended.")).to_be_visible()
    assert north.faults() == []
    north.page.screenshot(path=pictures / "session-ended-en-dark.png")
    north.use_passkey()
    expect(north.page.get_by_label("Text")).to_have_value("The first half. The second.")
    expect(north.page.get_by_label("Title")).to_have_value("Half written")
    north.page.get_by_label("TLP:GREEN", exact=True).check()
    north.page.get_by_role("button", name="Sign and send").click()
    expect(north.page).to_have_url(re.compile(r"/items/N-"))


def test_too_many_wrong_tries_say_when_to_try_again(world: Troubled, pictures: Path) -> None:
    with world.console("east", signed_in=False) as east:
        east.page.goto(east.origin)
        east.page.get_by_label("Officer").fill("deputy")
        east.page.get_by_label("Password").fill("not the password")
        east.page.get_by_label("Code").fill("123456")
        told = east.page.get_by_role("alert")
        for _ in range(6):
            with east.page.expect_response("**/api/session/password"):
                east.page.get_by_role("button", name="Sign in").click()
            expect(told).to_contain_text("bad-password")
        for _ in range(6):  # a try is given back every twenty seconds, which a busy machine may have used up
            with east.page.expect_response("**/api/session/password") as answer:
                east.page.get_by_role("button", name="Sign in").click()
            if answer.value.status == TOO_MANY:
                break

        expect(told).to_contain_text(re.compile(r"Too many tries\. Try again at \d\d:\d\d:\d\dZ"))
        assert east.faults() == []
        east.page.screenshot(path=pictures / "too-many-en-dark.png")


def test_what_is_done_in_one_tab_shows_in_the_other_and_so_does_signing_out_and_in(north: Console) -> None:
    north.make_passkey()
    other = _tab(north)
    north.page.goto(f"{north.origin}/inbox")
    expect(north.page.get_by_role("heading", name="Inbox")).to_be_visible()

    ref = other.evaluate(SEND)
    expect(north.rows.filter(has_text=ref)).to_be_visible()
    other.get_by_role("button", name="Sign out").click()
    expect(north.page.get_by_role("button", name="Use a passkey")).to_be_visible()
    expect(north.page.get_by_text("Your session ended.")).to_have_count(0)
    north.use_passkey()
    expect(north.rows.filter(has_text=ref)).to_be_visible()
    expect(other.get_by_role("heading", name="Inbox")).to_be_visible()
    assert other.evaluate(SEND)  # by the new session's word, which this tab heard of


def test_the_key_of_her_drafts_goes_when_she_signs_out_and_opens_them_when_she_is_back(north: Console) -> None:
    north.make_passkey()
    write(north, "Left when she signed out", "x", tlp="GREEN", to=["east"])
    expect(north.page.get_by_text(KEPT)).to_be_visible()
    north.page.get_by_role("button", name="Sign out").click()
    expect(north.page.get_by_role("button", name="Use a passkey")).to_be_visible()

    with north.page.expect_response("**/api/session/keeping") as told:
        north.use_passkey()

    assert told.value.json()["officer"] == "duty"
    north.page.reload()
    expect(north.page.get_by_label("Title")).to_have_value("Left when she signed out")
    assert len(north.page.evaluate(RAW)) == 1


def test_an_answer_of_before_she_signed_in_does_not_put_her_out(north: Console) -> None:
    north.make_passkey()
    north.page.get_by_role("button", name="Sign out").click()
    expect(north.page.get_by_role("button", name="Use a passkey")).to_be_visible()
    late: list[tuple[Route, APIResponse]] = []
    first = True

    def hold_first(route: Route) -> None:
        nonlocal first
        if first:
            first = False
            late.append((route, route.fetch()))
        else:
            route.continue_()

    north.page.route("**/api/session", hold_first)
    north.page.evaluate("new BroadcastChannel('quartet.session').postMessage('ended')")
    while not late:
        north.page.wait_for_timeout(50)
    north.use_passkey()

    [(route, nobody)] = late
    with north.page.expect_response(lambda answer: answer.request == route.request):
        route.fulfill(response=nobody)

    north.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert nobody.json()["officer"] is None
    assert north.page.get_by_role("button", name="Sign out").is_visible()


def test_what_a_tab_types_for_one_officer_is_not_sealed_for_another_who_signed_in_beside_it(
    world: Troubled, north: Console
) -> None:
    held: list[Route] = []
    holding = True

    def hold(route: Route) -> None:
        held.append(route) if holding else route.continue_()

    north.page.goto(f"{north.origin}/compose")
    expect(north.page.get_by_label("Title")).to_be_visible()
    other = _tab(north)
    north.page.route("**/api/session", hold)  # so this tab does not hear of it
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("button", name="Use a passkey")).to_be_visible()
    with world.console("north", officer="deputy", signed_in=False) as deputy:
        other.goto(deputy.link())
    other.wait_for_url("**/inbox")

    with north.page.expect_response("**/api/session/keeping") as told:
        north.page.get_by_label("Title").fill("Typed for duty")

    assert told.value.json()["officer"] == "deputy"
    holding = False
    for route in held:
        route.continue_()
    expect(north.page.get_by_text("deputy", exact=True).first).to_be_visible()
    expect(north.page.get_by_label("Title")).to_have_value("")
    assert north.page.evaluate(RAW) == []


@contextmanager
def brief_sessions(world: Troubled, member: str) -> Iterator[None]:
    """Have a member's node end each session after a few seconds, until the block ends."""
    settings = world.root / member / "settings.toml"
    before = settings.read_text()
    try:
        _restart(world, member, before.replace("[exercise]", f"[exercise]\nsession_s = {BRIEF_S}"))
        yield
    finally:
        _restart(world, member, before)


def _restart(world: Troubled, member: str, settings: str) -> None:
    world.kill(member)
    (world.root / member / "settings.toml").write_text(settings)
    world.start(member)


def test_a_session_that_ends_by_its_time_is_told_by_itself_and_hides_what_it_showed(
    world: Troubled, pictures: Path
) -> None:
    with brief_sessions(world, "east"), world.console("east") as east:
        expect(east.page.get_by_text("Your session ended.")).to_be_visible()
        expect(east.page.get_by_role("button", name="Use a passkey")).to_be_visible()
        expect(east.page.get_by_role("heading", name="Inbox")).to_have_count(0)
        assert east.faults() == []
        east.page.screenshot(path=pictures / "session-over-en-dark.png")
        east.sign_in()
        expect(east.page.get_by_text("Your session ended.")).to_be_visible()


def test_what_comes_while_the_list_is_on_its_way_is_in_the_list(north: Console) -> None:
    held: list[tuple[Route, APIResponse]] = []
    holding = True

    def hold(route: Route) -> None:
        held.append((route, route.fetch())) if holding else route.continue_()

    north.page.route(LISTED, hold)
    with north.page.expect_request("**/api/events*"):
        north.page.goto(f"{north.origin}/inbox")
    for _ in range(PATIENCE_MS // 50):
        if len(held) < LISTS:
            north.page.wait_for_timeout(50)
    assert len(held) >= LISTS
    ref = north.send("Came meanwhile", "x", tlp="GREEN", to=[])
    north.page.evaluate(HEARD, ref)
    holding = False
    for route, answer in held:
        route.fulfill(response=answer)

    expect(north.rows.filter(has_text=ref)).to_be_visible()


LISTED = "**/api/items?*limit=100*"
LISTS = 2
"""The urgent ones, and all; what asks for the newest place alone is let through."""
HEARD = """async (ref) => {
  const reader = (await fetch('/api/events')).body.pipeThrough(new TextDecoderStream()).getReader()
  for (let text = ''; !text.includes(ref); ) text += (await reader.read()).value
  await reader.cancel()
}"""
SEND = """async () => {
  const { csrf } = await (await fetch('/api/session')).json()
  const headers = { 'Content-Type': 'application/json', 'Quartet-Csrf': csrf }
  const draft = { title: 'From a tab', text: 'x', tlp: 'GREEN', to: [] }
  return (await (await fetch('/api/items', { method: 'POST', headers, body: JSON.stringify(draft) })).json()).ref
}"""


def _tab(console: Console) -> Page:
    other = console.page.context.new_page()
    other.goto(f"{console.origin}/inbox")
    expect(other.get_by_role("heading", name="Inbox")).to_be_visible()
    return other


def test_a_stream_carries_the_headers_of_every_answer(north: Console) -> None:
    told = north.page.evaluate("""async () => {
      const answer = await fetch('/api/events')
      await answer.body.cancel()
      return Object.fromEntries(answer.headers)
    }""")

    assert told["content-type"].startswith("text/event-stream")
    assert {name.lower(): value for name, value in HEADERS.items()}.items() <= told.items()
    assert told["cache-control"] == "no-store"
