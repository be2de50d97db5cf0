"""Alerts out: a file for each in a folder, and a post to each listed address; what went is remembered over restarts.

An address is the administrator's word in the settings, and no other is ever called: nothing an alert says is an
address, and where an answer points is not followed. Each address has a queue of its own: what one does not take keeps
no other waiting, and the watch is told which one has not had what it should.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import httpx

from quartet.core.faults import Fault, Unavailable
from quartet.gateways.cap.offer import Message, Offer
from quartet.node.earlysource import CapDoor, Hook
from quartet.node.files import make_folder, read_authority, read_file, write_file
from quartet.node.node import Node

LOOK_S: Final = 5.0
"""How long a way sleeps that nothing wakes: what changes without a word is seen then."""
TIMEOUT_S: Final = 5.0
WHOLE_S: Final = 10.0
"""How long one post may take with all that belongs to it."""
FIRST_S: Final = 1.0
LONGEST_S: Final = 60.0
MAX_REFUSED: Final = 8
"""How often an address may refuse one alert; then it is not posted there again before a start."""
PASSING: Final = frozenset({408, 425, 429})
"""Answers below 500 that say: not now."""
_LOG: Final = logging.getLogger("quartet.gateways")


async def keep_folder_out(offer: Offer, settings: CapDoor, node: Node, folder: Path) -> None:
    """Write what may pass into a folder as it comes, until cancelled; raise `Unavailable` where that cannot be done."""
    about, tell = f"{settings.name} folder", node.desk.doors.alarms.tell
    with offer.bell() as bell:
        while True:
            bell.clear()
            try:
                await _write(offer, folder)
            except Fault as error:
                await tell("cap-not-reached", about, "nothing can be written there")
                raise Unavailable("cannot-write", about) from error
            await tell("cap-not-reached", about, "")
            await _rung(bell, LOOK_S)


async def _write(offer: Offer, folder: Path) -> None:
    """Write what is due; between two looks no word of it stays in memory."""
    for message in await offer.due("folder"):
        make_folder(folder)
        write_file(folder / f"{message.name}.xml", message.data)
        await offer.went(message)


Key = tuple[str, str]
"""What goes, and as what."""


class Refused(NamedTuple):
    """How often an address refused an alert, and what it answered last."""

    times: int
    why: str


class Receiver:
    """One address: what it has not had yet, and when that is tried again."""

    def __init__(self, hook: Hook, offer: Offer, settings: CapDoor, node: Node, place: Callable[[str], Path]) -> None:
        self._hook = hook
        self._offer = offer
        self._node = node
        self._place = place
        self._about = f"{settings.name} {_host(hook.url)}"
        self._refused: dict[Key, Refused] = {}
        self._at: dict[Key, float] = {}
        """When what was tried is tried again, by the clock of the loop."""
        self._missed = 0
        """How often in a row the address was not reached."""
        self._why = ""
        """How the last post ended."""

    async def keep(self) -> None:
        """Post what may pass as it comes, until cancelled."""
        async with httpx.AsyncClient(
            verify=await self._verify(), timeout=TIMEOUT_S, follow_redirects=False, trust_env=False
        ) as client:
            with self._offer.bell() as bell:
                while True:
                    bell.clear()
                    await _rung(bell, await self._round(client))

    async def _verify(self) -> ssl.SSLContext | bool:
        """Return by which authorities the address is believed; raise `Unavailable` where its ca_file cannot be read."""
        if self._hook.ca_file is None:
            return True
        try:
            return read_authority(self._place(self._hook.ca_file))
        except Unavailable as error:
            await self._alarm("its ca_file cannot be read, and nothing is posted there")
            raise Unavailable("cannot-read", f"{self._about}: ca_file") from error

    async def _round(self, client: httpx.AsyncClient) -> float:
        """Post what is due; return how long nothing is to be tried. What was never tried goes first."""
        due = {(one.word, one.what): one for one in await self._offer.due(f"hook {self._hook.url}")}
        self._refused = {key: one for key, one in self._refused.items() if key in due}
        self._at = {key: at for key, at in self._at.items() if key in due}
        for key in sorted(due, key=lambda key: key in self._at):
            if self._now() < self._at.get(key, 0.0):
                continue
            if not await self._post(key, due[key], client):
                self._at |= {one: max(self._at.get(one, 0.0), self._now() + self._wait(self._missed)) for one in due}
                break
        if self._missed > 1:
            await self._tell(len(self._at), self._why)
        else:
            told = [one.why for one in self._refused.values() if one.times > 1]
            await self._tell(len(told), ", ".join(sorted(set(told))))
        return min((at - self._now() for at in self._at.values()), default=LOOK_S)

    async def _post(self, key: Key, message: Message, client: httpx.AsyncClient) -> bool:
        """Post one alert; return whether the address was reached, whatever it said."""
        try:
            status = await self._status(message, client)
            self._why = f"it answered HTTP {status}"
        except (httpx.HTTPError, TimeoutError, Fault) as error:
            status, self._why = None, cause(error)
        if status is None or status >= 500 or status in PASSING:
            self._missed += 1
            _LOG.warning("cap hook of %s: not-reached (%s)", self._about, self._why)
            return False
        if self._missed:  # it is there again: what waited for that waits no more
            self._missed, self._at = 0, {one: at for one, at in self._at.items() if one in self._refused}
        if 200 <= status < 300:
            await self._offer.went(message)
            self._refused.pop(key, None)
            self._at.pop(key, None)
            return True
        count = self._refused[key].times + 1 if key in self._refused else 1
        self._refused[key] = Refused(count, self._why)
        self._at[key] = self._now() + self._wait(count) if count < MAX_REFUSED else float("inf")
        _LOG.warning("cap hook of %s: not-taken (%s)", self._about, status)
        return True

    def _wait(self, times: int) -> float:
        return float(min(FIRST_S * 2 ** (times - 1), LONGEST_S))

    async def _status(self, message: Message, client: httpx.AsyncClient) -> int:
        """Return what an address answered; of what it says more is read nothing."""
        headers = {"content-type": "application/cap+xml"}
        if self._hook.token_file is not None:
            token = read_file(self._place(self._hook.token_file)).decode("ascii", "replace").strip()
            headers["authorization"] = f"Bearer {token}"
        async with (
            asyncio.timeout(WHOLE_S),
            client.stream("POST", self._hook.url, content=message.data, headers=headers) as answer,
        ):
            return answer.status_code

    async def _tell(self, failed: int, why: str) -> None:
        await self._alarm(
            f"it has not taken {failed} alert{'s' if failed > 1 else ''}, {why}: call it" if failed else ""
        )

    async def _alarm(self, said: str) -> None:
        await self._node.desk.doors.alarms.tell("cap-not-reached", self._about, said)

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


async def keep_hook(hook: Hook, offer: Offer, settings: CapDoor, node: Node, place: Callable[[str], Path]) -> None:
    """Post what may pass to one address as it comes, until cancelled."""
    await Receiver(hook, offer, settings, node, place).keep()


def cause(error: BaseException) -> str:
    """Return in words why an address was not reached: what is known of it, from the last cause back to the first."""
    chain: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in chain:
        chain.append(one)
        one = one.__cause__ or one.__context__
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in chain):
        return "its certificate is not trusted (ca_file)"
    if any(isinstance(one, ssl.SSLError) for one in chain):
        return "it does not speak TLS as it should"
    if any(isinstance(one, ConnectionRefusedError) for one in chain):
        return "nobody listens there"
    if any(isinstance(one, socket.gaierror) for one in chain):
        return "its name is not known"
    if any(isinstance(one, (TimeoutError, httpx.TimeoutException)) for one in chain):
        return "it did not answer in time"
    return "its token cannot be read" if isinstance(error, Fault) else "the connection broke"


async def _rung(bell: asyncio.Event, within: float) -> None:
    try:
        async with asyncio.timeout(max(0.0, min(within, LOOK_S))):
            await bell.wait()
    except TimeoutError:
        return


def _host(url: str) -> str:
    """Return what is told of an address: the rest of it may be a secret."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
