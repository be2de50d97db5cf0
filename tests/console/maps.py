"""North's console on a port of its own, with the maps that officers open at it; for attacks on the track socket."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec
from inside import Inside, inside
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from quartet.console.api.serving import serve_console
from quartet.console.signin import SigninDesk, open_book
from quartet.console.web import make_console
from quartet.core.ids import OfficerName
from quartet.exercise.plan import DUTY
from quartet.exercise.ports import choose_ports
from quartet.node.settings import Console
from quartet.picture.livewire import LiveFrame, read_live

PATIENCE_S: Final = 90
LOOK: Final = {"bbox": [-180, -90, 180, 90], "zoom": 1, "max_hz": 4}


class Maps:
    """A world's console: officers sign in, and open maps."""

    def __init__(self, world: Inside, desk: SigninDesk, port: int) -> None:
        self.world = world
        self.desk = desk
        self.port = port
        self.origin = desk.origin

    async def sign_in(self, officer: OfficerName = DUTY.name) -> dict[str, str]:
        """Return what a browser sends along once its officer signed in by a link."""
        url, _ = self.desk.make_link(officer)
        async with httpx.AsyncClient(base_url=self.origin, timeout=60.0) as client:
            body = {"word": url.partition("#")[2]}
            answer = await client.post("/api/session/link", json=body, headers={"Origin": self.origin})
        assert answer.status_code == 201, answer.text
        cookie = answer.headers["set-cookie"].partition(";")[0]
        return {"Cookie": cookie, "Quartet-Csrf": answer.json()["csrf"]}

    async def ask(self, method: str, path: str, signed_in: dict[str, str], body: object = None) -> httpx.Response:
        """Ask as the page of a signed-in officer."""
        async with httpx.AsyncClient(base_url=self.origin, timeout=60.0) as client:
            return await client.request(method, path, json=body, headers={**signed_in, "Origin": self.origin})

    def open(self, headers: dict[str, str], *, origin: str | None = "", **more: Any) -> connect:
        """Open a map: from the console's own page, unless another origin or none is said."""
        named = self.origin if origin == "" else origin
        return connect(
            f"{self.origin.replace('http', 'ws')}/api/tracks",
            origin=None if named is None else Origin(named),
            additional_headers={name: value for name, value in headers.items() if name != "Quartet-Csrf"},
            proxy=None,
            max_size=None,
            **more,
        )


async def frame(socket: ClientConnection) -> LiveFrame:
    """Return the next frame that a map is told."""
    data = await asyncio.wait_for(socket.recv(), PATIENCE_S)
    assert isinstance(data, bytes)
    return read_live(data)


async def look(socket: ClientConnection, **change: object) -> None:
    """Say what a map shows."""
    await socket.send(msgspec.json.encode({**LOOK, **change}).decode())


@asynccontextmanager
async def maps() -> AsyncIterator[Maps]:
    """Open a fresh world, and its console to browsers."""
    (port,) = choose_ports(1)
    async with inside() as world:
        with tempfile.TemporaryDirectory(prefix="quartet-") as folder:
            settings = Console(port=port)
            desk = SigninDesk(world.node, open_book(Path(folder) / "signin", bytes(32)), settings.address)
            async with serve_console(make_console(world.node, desk), settings, None):
                yield Maps(world, desk, port)
