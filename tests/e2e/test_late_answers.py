"""Answers that come late, or in another order than they were asked for: nothing old is shown, and no word is lost."""

import re
from collections.abc import Callable

import pytest
from consoles import PATIENCE_MS, Console
from playwright.sync_api import APIResponse, Request, Route, expect

pytestmark = pytest.mark.slow

DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


class Held:
    """The first answer to what a page asks, taken from the node and kept from the page; the others pass."""

    def __init__(self, console: Console, url: str) -> None:
        self._page = console.page
        self._first = True
        self._kept: tuple[Route, APIResponse] | None = None
        self._page.route(url, self._pass)

    def _pass(self, route: Route) -> None:
        if self._first:
            self._first = False
            self._kept = (route, route.fetch())
        else:
            route.continue_()

    def there(self) -> None:
        """Wait until the node has answered."""
        for _ in range(PATIENCE_MS // 50):
            if self._kept is not None:
                return
            self._page.wait_for_timeout(50)
        raise AssertionError("it was never asked")

    def let_go(self) -> None:
        """Give the page the answer of then, and wait until it has drawn what it makes of it."""
        assert self._kept is not None
        route, answer = self._kept
        mine: Callable[[Request], bool] = lambda request: request == route.request  # noqa: E731
        with self._page.expect_event("requestfinished", mine):
            route.fulfill(response=answer)
        self._page.evaluate(DRAWN)


def test_an_answer_of_before_a_recall_does_not_bring_the_item_back(north: Console, east: Console) -> None:
    ref = north.send("Soon taken back", "x", tlp="AMBER", to=["east"])
    expect(east.rows.filter(has_text=ref)).to_be_visible()
    north.page.goto(f"{north.origin}/items/{ref}")
    title = north.page.get_by_text("Soon taken back")
    expect(title.first).to_be_visible()
    late = Held(north, f"**/api/items/{ref}")
    late.there()
    north.quartet("recall", ref)
    expect(title).to_have_count(0)
    expect(north.page.get_by_text("Everybody who had it destroyed it, and signed for it.")).to_be_visible()

    late.let_go()

    assert title.count() == 0


def test_a_list_is_shown_where_each_answer_takes_longer_than_the_next_question(north: Console, east: Console) -> None:
    form = {"asked": ["east"], "precedence": "ROUTINE"}
    ref = north.send("Who is slow?", "Tell us.", tlp="AMBER", to=["east"], kind="request", form=form)
    before: list[tuple[Route, APIResponse]] = []

    def after_the_next(route: Route) -> None:
        answer = route.fetch()
        for one, answered in before:
            one.fulfill(response=answered)
        before[:] = [(route, answer)]

    north.page.route("**/api/requests?which=all*", after_the_next)
    north.page.goto(f"{north.origin}/requests?which=all")

    expect(north.rows.filter(has_text=ref)).to_be_visible()


def test_what_she_types_while_a_message_goes_stays_for_the_next(north: Console) -> None:
    ref = north.send("Said in haste", "x", tlp="GREEN", to=["east"])
    north.page.goto(f"{north.origin}/items/{ref}")
    talk = north.page.get_by_role("region", name="Conversation")
    box = talk.get_by_role("textbox")
    box.fill("The first.")
    expect(talk).to_contain_text("kept at this browser")
    held: list[Route] = []

    def hold_first(route: Route) -> None:
        held.append(route) if route.request.method == "POST" and not held else route.continue_()

    north.page.route("**/thread", hold_first)
    with north.page.expect_request(lambda asked: asked.method == "POST" and asked.url.endswith("/thread")):
        box.press("Control+Enter")
    north.page.keyboard.insert_text(" And the second.")
    held[0].continue_()

    expect(talk.get_by_role("listitem").filter(has_text="The first.")).to_have_count(1)
    expect(box).to_have_value("And the second.")
    expect(talk).to_contain_text("kept at this browser")
    north.page.reload()
    expect(box).to_have_value("And the second.")
    box.press("Control+Enter")
    expect(talk.get_by_role("listitem")).to_have_text([re.compile("The first.$"), re.compile("And the second.$")])


def test_what_she_chooses_while_an_answer_goes_is_for_her_next_word(north: Console, east: Console) -> None:
    form = {"asked": ["east"], "precedence": "ROUTINE"}
    ref = north.send("Who is in haste?", "Tell us.", tlp="AMBER", to=["east"], kind="request", form=form)
    expect(east.rows.filter(has_text=ref)).to_be_visible()
    page, held = east.page, list[Route]()
    page.goto(f"{east.origin}/requests/{ref}")
    answer = page.get_by_role("form", name=re.compile("Answer|Say more"))
    answer.get_by_label("Answer in part", exact=True).check()
    answer.get_by_label("What you say").fill("One of us.")
    page.route("**/replies", lambda route: held.append(route))
    with page.expect_request("**/replies"):
        answer.get_by_role("button", name="Sign and send").click()
    answer.get_by_label("No holdings", exact=True).check()
    for route in held:
        route.continue_()

    expect(page.get_by_text("Sent to north: Answer in part")).to_be_visible()
    expect(answer.get_by_label("What you say")).to_have_value("")
    expect(answer.get_by_label("No holdings", exact=True)).to_be_checked()


def test_a_refusal_of_what_she_no_longer_asks_is_not_told(north: Console) -> None:
    ref = north.send("Granted after a second thought", "x", tlp="AMBER", to=[])
    page, held = north.page, list[Route]()
    page.route("**/api/facts/prepared", lambda route: route.continue_() if held else held.append(route))
    page.goto(f"{north.origin}/items/{ref}")
    with page.expect_request("**/api/facts/prepared"):
        page.get_by_role("button", name="Grant it to east…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What follows it").check()
    expect(dialog).to_contain_text("Nothing goes to it now.")

    with page.expect_event("requestfailed", lambda request: request.url.endswith("/api/facts/prepared")):
        held[0].abort()

    page.evaluate(DRAWN)
    expect(dialog).to_contain_text("Nothing goes to it now.")
    assert dialog.get_by_role("alert").count() == 0


def test_who_is_on_watch_is_asked_for_nobody_once_she_has_signed_out(north: Console) -> None:
    expect(north.page.get_by_role("heading", name="Inbox")).to_be_visible()
    asked: list[Route] = []
    north.page.route("**/api/duty", lambda route: asked.append(route))
    with north.page.expect_request("**/api/duty"):
        pass

    with north.page.expect_event("requestfailed", lambda request: request.url.endswith("/api/duty")):
        north.page.get_by_role("button", name="Sign out").click()

    expect(north.page.get_by_role("button", name="Use a passkey")).to_be_visible()


def test_a_space_that_she_typed_stays_when_the_address_has_what_she_looks_for(east: Console) -> None:
    keys = east.page.keyboard
    expect(east.page.get_by_role("heading", name="Inbox")).to_be_visible()
    keys.press("/")
    keys.type("from:north ")
    expect(east.page).to_have_url(re.compile(r"text=from%3Anorth$"))

    keys.type("dam")

    expect(east.page).to_have_url(re.compile(r"text=from%3Anorth\+dam$"))
    expect(east.page.get_by_label("Search what you may see")).to_have_value("from:north dam")
