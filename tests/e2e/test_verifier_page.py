"""A proof is dropped on the page that checks it without Quartet: opened as a file, and served under a strict policy."""

import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

import pytest
from consoles import Exchange
from playwright.sync_api import Browser, Page, expect

from quartet.console.web.headers import HEADERS
from quartet.core.proof.export import verify_proof
from quartet.core.statement import reference

ROOT: Final = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "core" / "proof"))

import proof_world as w  # noqa: E402

pytestmark = pytest.mark.slow
HOURLY: Final = w.by_the_hour(w.on_record()).proof()


class Strict(SimpleHTTPRequestHandler):
    """Serves the folder as the console serves its own page: under its policy, and nothing else."""

    def end_headers(self) -> None:
        """Add what the console tells each browser."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    """Give the address of the page, served from this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Strict, directory=str(ROOT / "verifier")))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/index.html"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def browser(exchange: Exchange) -> Browser:
    """Give the browser that all tests of this folder share: Playwright runs once in a thread. No console is opened."""
    return exchange.browser


@pytest.fixture(params=["file", "served"])
def page(request: pytest.FixtureRequest, browser: Browser, served: str) -> Iterator[Page]:
    """Give the page, opened in each way; what it asks of the network or complains of fails the test."""
    asked: list[str] = []
    page = browser.new_page()
    page.on("console", lambda said: asked.append(said.text))
    page.on("pageerror", lambda error: asked.append(str(error)))
    address = served if request.param == "served" else (ROOT / "verifier" / "index.html").as_uri()
    page.on("request", lambda r: None if r.url.startswith(address.rsplit("/", 1)[0]) else asked.append(r.url))
    page.goto(address)
    yield page
    page.close()
    assert asked == []


DROP: Final = """
async ([files, target]) => {
  const moved = new DataTransfer()
  for (const [name, bytes] of files) moved.items.add(new File([Uint8Array.from(bytes)], name))
  const at = document.querySelector(target)
  for (const kind of ['dragover', 'drop']) {
    at.dispatchEvent(new DragEvent(kind, { dataTransfer: moved, bubbles: true, cancelable: true }))
  }
}
"""


def drop(page: Page, *files: tuple[str, bytes], on: str = "main") -> None:
    """Drop files on the page as a hand does."""
    page.evaluate(DROP, [[[name, list(data)] for name, data in files], on])


def test_a_good_proof_and_a_bad_one_are_told_apart(page: Page, pictures: Path) -> None:
    drop(page, ("N-K7Q-4MX.proof", HOURLY), ("charter.json", w.charter()))

    expect(page.get_by_role("heading", name="It holds")).to_be_visible()
    expect(page.locator("#steps li.done")).to_have_count(11)
    expect(page.locator("#shown")).to_contain_text("2027-01-15 08:00:03Z")
    expect(page.locator("#shown")).to_contain_text("east, south, west")
    expect(page.locator("#shown")).to_contain_text(reference("north", verify_proof(HOURLY, w.charter()).item))
    page.screenshot(path=pictures / "verifier-holds.png", full_page=True)

    drop(page, ("altered.proof", HOURLY.replace(b'"tick":1800000000', b'"tick":1800000001')), on="label[for=proof]")

    expect(page.get_by_role("heading", name="It proves nothing")).to_be_visible()
    expect(page.locator("#why")).to_contain_text("other-tick")
    expect(page.locator("#steps li.done")).to_have_count(6)
    expect(page.locator("#shown dt")).to_have_count(0)
    page.screenshot(path=pictures / "verifier-fails.png", full_page=True)


def test_files_are_chosen_by_hand_and_anothers_charter_shows_nothing(page: Page) -> None:
    page.get_by_label("Proof").set_input_files({"name": "item.proof", "mimeType": "", "buffer": HOURLY})
    expect(page.locator("#verdict")).to_be_hidden()
    page.get_by_label("Charter that you trust").set_input_files(
        {"name": "charter.json", "mimeType": "", "buffer": w.charter("Another")}
    )

    expect(page.locator("#why")).to_contain_text("other-charter")
    page.get_by_label("Charter that you trust").set_input_files(
        {"name": "charter.json", "mimeType": "", "buffer": w.charter()}
    )
    expect(page.get_by_role("heading", name="It holds")).to_be_visible()


def test_a_browser_without_ed25519_says_so_and_checks_nothing(browser: Browser) -> None:
    page = browser.new_page()
    page.add_init_script("crypto.subtle.importKey = () => Promise.reject(new DOMException('no', 'NotSupportedError'))")
    page.goto((ROOT / "verifier" / "index.html").as_uri())

    expect(page.get_by_role("alert")).to_contain_text("cannot check Ed25519")
    expect(page.get_by_label("Proof")).to_be_hidden()
    page.close()
