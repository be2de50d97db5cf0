"""What the tests of the console drive: real nodes, real browsers, and what a browser notices on the way.

    with open_exchange(folder) as exchange, exchange.console("north") as north:
        north.page.get_by_role("heading", name="Inbox")

A console fails its test on leaving if its page broke the policy, asked any other machine, or threw.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect, sync_playwright

from quartet.cli.client import Client, open_client
from quartet.cli.identity import identify
from quartet.console.shapes import Link
from quartet.exercise.setup import new_exchange
from quartet.exercise.up import Processes
from quartet.node.folder import MemberFolder

MEMBERS: Final = ("north", "east", "west")
AXE: Final = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS: Final = [
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-gpu-sandbox",
    "--disable-dev-shm-usage",  # a container's shared memory is small
]
SEND: Final = """async (draft) => {
  const { csrf } = await (await fetch('/api/session')).json()
  const headers = { 'Content-Type': 'application/json', 'Quartet-Csrf': csrf }
  return (await fetch('/api/items', { method: 'POST', headers, body: JSON.stringify(draft) })).json()
}"""
WCAG: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
EVIL: Final = "http://localhost:9"
"""Where nobody listens: what is there is the test's own."""
PATIENCE_MS: Final = 45_000
"""How long a page may take: no test measures speed, and a busy machine is no fault."""
LAST: Final = "Refused to go on: that was all"
"""What a page says after all that it did: the browser tells one after the other."""
SIZE: Final = ViewportSize(width=1440, height=900)


def chromium() -> str | None:
    """Return the path of Debian's Chromium, if it is there."""
    return shutil.which("chromium")


class Console:
    """An officer at her member's console."""

    def __init__(self, member: str, client: Client, folder: Path, origin: str, context: BrowserContext) -> None:
        self.member = member
        self.folder = folder
        self.origin = origin
        self.page: Page = context.new_page()
        self._client = client
        self.outside: list[str] = []
        self.troubles: list[str] = []
        self._watch()

    def quartet(self, *words: str) -> Any:
        """Give a command at this member's command line, and return what it answers in JSON."""
        command = [sys.executable, "-m", "quartet.cli", *words, "--dir", str(self.folder), "--json"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def send(self, title: str, text: str, *, to: list[str], tlp: str, **more: object) -> str:
        """Send an item by the API that the page uses, and return its reference."""
        draft = {"title": title, "text": text, "to": to, "tlp": tlp, **more}
        ref: str = self.page.evaluate(SEND, draft)["ref"]
        return ref

    @property
    def client(self) -> Client:
        """The member's local socket, as her command line uses it."""
        return self._client

    @property
    def rows(self) -> Locator:
        """The rows of the inbox."""
        return self.page.locator("[role=listbox] [role=option]")

    def link(self) -> str:
        """Return a new one-time link."""
        return self._client.post("/links", {}, Link).url

    def sign_in(self) -> None:
        """Sign in by a one-time link."""
        self.page.goto(self.link())
        self.page.wait_for_url("**/inbox")

    def authenticator(self) -> None:
        """Give the browser a platform authenticator, with a person who always agrees."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        session.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    def make_passkey(self) -> None:
        """Make a passkey, which opens the console from now on; it is her node's once this returns."""
        self.authenticator()
        self.page.goto(f"{self.origin}/keys")
        with self.page.expect_response("**/api/officer/passkeys") as made:
            self.page.get_by_role("button", name="Make a passkey").click()
        assert made.value.ok

    def make_key(self) -> None:
        """Make this browser a key; it is her node's once this returns. Another may have waited for root before."""
        with self.page.expect_response("**/api/officer/keys") as made:
            self.page.get_by_role("button", name="Make this browser a key").click()
        assert made.value.ok

    def use_passkey(self) -> None:
        """Sign in by the passkey."""
        self.page.get_by_role("button", name="Use a passkey").click()
        expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()

    def speak(self, language: str) -> None:
        """Change the language."""
        languages = self.page.locator("select").filter(has=self.page.locator("option[value=fa]"))
        languages.first.select_option(language)  # the header's; a form may choose a language too

    def look(self, theme: str) -> None:
        """Change the appearance."""
        self.page.locator("select").filter(has=self.page.locator("option[value=contrast]")).select_option(theme)

    def evil(self, html: str) -> Page:
        """Return a page of another origin of this machine in her browser: one site with ours, as cookies see it."""
        page = self.page.context.new_page()
        page.route(f"{EVIL}/**", lambda route: route.fulfill(content_type="text/html", body=html))
        page.goto(f"{EVIL}/")
        return page

    def faults(self) -> list[str]:
        """Return what axe finds against WCAG 2.2 A and AA on the page as it stands."""
        found = self.page.context.new_cdp_session(self.page).send(
            "Runtime.evaluate", {"expression": AXE.read_text() + "; typeof axe", "returnByValue": True}
        )
        assert found["result"]["value"] == "object"
        run = "async (tags) => (await axe.run(document, { runOnly: tags })).violations"
        violations = self.page.evaluate(run, WCAG)
        return [f"{one['id']}: {node['html'][:160]}" for one in violations for node in one["nodes"]]

    def forgive(self, least: int) -> None:
        """Forget what a test had the page try against its policy: at least so much, and all of it was heard by now."""
        self._until(lambda: len(self.troubles) >= least)
        self.page.evaluate(f"console.log({LAST!r})")
        self._until(lambda: LAST in self.troubles)
        self.troubles.clear()

    def _until(self, true: Callable[[], bool]) -> None:
        """Wait until what the browser tells by itself has come."""
        until = time.monotonic() + PATIENCE_MS / 1000
        while not true():
            assert time.monotonic() < until, self.troubles
            self.page.wait_for_timeout(50)

    def check(self) -> None:
        """Fail if the page broke its policy, asked another machine, or threw."""
        assert self.outside == [], self.outside
        assert self.troubles == [], self.troubles

    def _watch(self) -> None:
        def asked(url: str) -> None:
            if not url.startswith((f"{self.origin}/", "data:", "blob:")):
                self.outside.append(url)

        self.page.on("request", lambda request: asked(request.url))
        self.page.on("pageerror", lambda error: self.troubles.append(f"{error} {error.stack}"))
        self.page.on("console", lambda said: self._hear(said.text))

    def _hear(self, text: str) -> None:
        if any(word in text for word in ("Content Security Policy", "Trusted Type", "Refused to")):
            self.troubles.append(text)


class Exchange:
    """A running exchange, and the browser that looks at it."""

    def __init__(
        self,
        root: Path,
        processes: Processes,
        browser: Browser,
        addresses: dict[str, str],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self.root = root
        self._loop = loop
        self._processes = processes
        self.browser = browser
        self._addresses = addresses
        self._clients: dict[tuple[str, str], Client] = {}

    def _client(self, member: str, officer: str) -> Client:
        """Return a client of a member's socket; an officer's key is opened once."""
        if (member, officer) not in self._clients:
            folder = MemberFolder(self.root / member)
            self._clients[member, officer] = open_client(folder, identify(folder, officer, None))
        return self._clients[member, officer]

    def kill(self, member: str) -> None:
        """End a member's node as a power cut would."""
        asyncio.run_coroutine_threadsafe(self._processes.members[member].kill(), self._loop).result(180)

    def start(self, member: str) -> None:
        """Start a member's node again, and wait until it serves."""
        part = self._processes.members[member]
        asyncio.run_coroutine_threadsafe(part.start(), self._loop).result(180)
        asyncio.run_coroutine_threadsafe(part.serving(150), self._loop).result(180)

    def close(self) -> None:
        """Let go of the members' sockets."""
        for client in self._clients.values():
            client.__exit__(None, None, None)

    @contextmanager
    def console(self, member: str, *, officer: str = "duty", signed_in: bool = True) -> Iterator[Console]:
        """Open a browser of its own at a member's console."""
        context = self.browser.new_context(viewport=SIZE, locale="en-GB", timezone_id="Europe/Zurich")
        context.set_default_timeout(PATIENCE_MS)
        try:
            client, origin = self._client(member, officer), self._addresses[member]
            console = Console(member, client, self.root / member, origin, context)
            if signed_in:
                console.sign_in()
            yield console
            console.check()
        finally:
            context.close()


@contextmanager
def open_exchange(root: Path, members: tuple[str, ...] = MEMBERS) -> Iterator[Exchange]:
    """Make an exchange, run it beside this thread, and open a browser."""
    expect.set_options(timeout=PATIENCE_MS)
    new_exchange(root, members, recall_delay_s=3)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    processes = Processes(root)
    try:
        ready = asyncio.run_coroutine_threadsafe(processes.start(150), loop).result(180)
        addresses = {part.name: part.addresses["console"] for part in ready if "console" in part.addresses}
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium(), args=[*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
            )
            try:
                made = Exchange(root, processes, browser, addresses, loop)
                yield made
                made.close()
            finally:
                browser.close()
    finally:
        asyncio.run_coroutine_threadsafe(processes.stop(), loop).result(180)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
