"""North's node with its API, asked in this process; the other members never answer."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
from litestar.testing import TestClient

from quartet.console.api import make_api
from quartet.console.proof import Request, sign_request
from quartet.core.ids import MemberId, Micros, OfficerName
from quartet.core.keys import SecretKey
from quartet.exercise.plan import DUTY
from quartet.exercise.setup import new_exchange
from quartet.node.folder import MemberFolder
from quartet.node.keyset import Keyset
from quartet.node.office import charter_of
from quartet.node.officerkey import read_officer_key
from quartet.node.settings import load_member
from quartet.node.vault import open_vault
from quartet.serve import make_node
from quartet.store import open_store
from quartet.wire.memory import MemoryHub

NORTH = MemberId("north")


class Door:
    """The API as one officer asks it."""

    def __init__(self, client: TestClient[Any], key: SecretKey) -> None:
        self.client = client
        self.key = key
        self.officer = DUTY.name

    def request(self, method: str, target: str, body: object = None) -> httpx.Request:
        """Return a request without a proof."""
        content = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
        return self.client.build_request(method, target, content=content, headers={"Content-Type": "application/json"})

    def proved(
        self, request: httpx.Request, *, key: SecretKey | None = None, officer: str | None = None, later_s: int = 0
    ) -> httpx.Request:
        """Return the request with a proof: the officer's, now, unless said otherwise."""
        asked = Request(request.method, request.url.raw_path.decode(), request.content)
        now = Micros(time.time_ns() // 1000 + later_s * 1_000_000)
        name = self.officer if officer is None else OfficerName(officer)
        request.headers.update(sign_request(asked, name, key or self.key, now, os.urandom(16)))
        return request

    def __call__(self, method: str, target: str, body: object = None) -> httpx.Response:
        """Ask with a proof."""
        return self.client.send(self.proved(self.request(method, target, body)))

    def reason(self, response: httpx.Response) -> str:
        """Return the reason of a problem, once its shape was checked."""
        assert response.headers["content-type"] == "application/problem+json"
        problem = response.json()
        assert set(problem) == {"type", "title", "status", "detail", "reason"}
        assert problem["status"] == response.status_code
        return str(problem["reason"])


@contextmanager
def door(root: Path) -> Iterator[Door]:
    """Make an exchange in `root`, and open the door of north's node."""
    new_exchange(root, ("north", "east"))
    folder = MemberFolder(root / "north")
    settings, keys, state = load_member(folder), Keyset.of(open_vault(folder.vault)), charter_of(folder)
    with open_store(folder.path(settings.store), keys.store) as store:
        node = make_node(folder, settings, state, keys, store, MemoryHub().carrier(NORTH))
        with TestClient(make_api(node)) as client:
            yield Door(client, read_officer_key(open_vault(folder.officer_key(DUTY.name))))


Draft = dict[str, Any]


def draft(**change: object) -> Draft:
    """Return a draft as JSON has it."""
    return {"tlp": "AMBER", "title": "Dam 3", "text": "Drone parts", "to": ["east"], **change}
