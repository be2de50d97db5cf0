"""North's console in this process, asked as a browser asks it; the officer signs in by her link."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import msgspec
from litestar.testing import TestClient
from served import NORTH, Door

from quartet.console.api import make_api
from quartet.console.doors import adjusting_of
from quartet.console.signin import SigninDesk, open_book
from quartet.console.web import SOCKET_ROUTES, make_console
from quartet.console.web.page import Page
from quartet.core.ids import ItemId, OfficerName
from quartet.core.keys import SecretKey
from quartet.core.statement import assert_item
from quartet.exercise.plan import DUTY, Duty
from quartet.exercise.setup import new_exchange
from quartet.node.folder import MemberFolder
from quartet.node.journal import open_journal
from quartet.node.keyset import Keyset
from quartet.node.node import Node
from quartet.node.office import charter_of
from quartet.node.officerkey import read_officer_key
from quartet.node.settings import load_member
from quartet.node.vault import open_vault
from quartet.serve import make_node
from quartet.store import open_store
from quartet.wire.memory import MemoryHub

ORIGIN = "http://localhost:4310"


class Browser:
    """A browser at north's console. Cookies are kept by hand: the client's own jar wants TLS for them."""

    def __init__(
        self, root: Path, client: TestClient[Any], socket: Door, node: Node, desk: SigninDesk, log: StringIO
    ) -> None:
        self.root = root
        self.client = client
        self.socket = socket
        self.node = node
        self.desk = desk
        self.log = log
        self.headers: dict[str, str] = {"Host": ORIGIN.partition("://")[2], "Origin": ORIGIN}

    def other(self, name: OfficerName) -> "Browser":
        """Return the browser of another officer at the same console."""
        door = Door(self.socket.client, _officer_key(self.root, name))
        door.officer = name
        return Browser(self.root, self.client, door, self.node, self.desk, self.log)

    def ask(self, method: str, path: str, body: Any = None, **headers: str | None) -> httpx.Response:
        """Ask as the page does; a header that is None is left out."""
        spelt = {name.replace("_", "-"): value for name, value in headers.items()}
        given = {name: value for name, value in (self.headers | spelt).items() if value is not None}
        self.client.cookies.clear()
        return self.client.request(method, path, json=body, headers=given)

    def link(self) -> str:
        """Return the word of a new link, as the command line gets it."""
        url: str = self.socket("POST", "/links", {}).json()["url"]
        assert url.startswith(f"{ORIGIN}/link#")
        return url.partition("#")[2]

    def sign_in(self) -> httpx.Response:
        """Sign in by a link, and keep cookie and word as a page does."""
        return self.keep(self.ask("POST", "/api/session/link", {"word": self.link()}))

    def keep(self, response: httpx.Response) -> httpx.Response:
        """Keep the cookie and the word of a sign-in."""
        assert response.status_code == 201, response.text
        self.headers |= {
            "Cookie": response.headers["set-cookie"].partition(";")[0],
            "Quartet-Csrf": response.json()["csrf"],
        }
        return response


@contextmanager
def browser(root: Path, page: Path | None = None, officers: tuple[Duty, ...] = (DUTY,)) -> Iterator[Browser]:
    """Make an exchange in `root`, and open north's console for its duty officer."""
    new_exchange(root, ("north", "east"), officers=officers)
    folder = MemberFolder(root / "north")
    settings, keys, state = load_member(folder), Keyset.of(open_vault(folder.vault)), charter_of(folder)
    with open_store(folder.path(settings.store), keys.store) as store:
        node = make_node(folder, settings, state, keys, store, MemoryHub().carrier(NORTH))
        desk = SigninDesk(node, open_book(folder.signin, keys.store), ORIGIN, trial=True)
        log = StringIO()
        adjusting = adjusting_of(node, desk, folder, settings, open_journal(log))
        console = make_console(node, desk, Page(page) if page else None, adjusting)
        with TestClient(console) as client, TestClient(make_api(node, desk, SOCKET_ROUTES)) as local:
            yield Browser(root, client, Door(local, _officer_key(root, DUTY.name)), node, desk, log)


def _officer_key(root: Path, name: OfficerName) -> SecretKey:
    return read_officer_key(open_vault(MemberFolder(root / "north").officer_key(name)))


def reason(response: httpx.Response) -> str:
    """Return the reason of a problem."""
    return str(response.json()["reason"])


def take_back(officer: Browser, ref: str) -> None:
    """Recall an item by the officer's own key."""
    prepared = officer.ask("POST", "/api/facts/prepared", {"kind": "recall", "ref": ref}).json()
    assertion = assert_item(ItemId(prepared["id"]), officer.socket.key)
    said = {"prepared": prepared, "assertion": msgspec.to_builtins(assertion)}
    sent = officer.ask("POST", "/api/facts", said)
    assert sent.status_code == 201, sent.text
