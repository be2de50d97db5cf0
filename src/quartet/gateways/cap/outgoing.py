"""Alerts out: a file for each in a folder, and a post to each listed address; what went is remembered over restarts.

An address is the administrator's word in the settings, and no other is ever called: nothing an alert says is an
address, and where an answer points is not followed.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import httpx

from quartet.core.encoding import digest64
from quartet.core.faults import Unavailable
from quartet.core.release import Door
from quartet.gateways.cap.writing import Sender, alert_xml
from quartet.node.desk.outgoing import Outgoing
from quartet.node.earlysource import CapDoor, Hook
from quartet.node.files import write_file
from quartet.node.node import Node

LOOK_S: Final = 1.0
TIMEOUT_S: Final = 5.0
TOGETHER: Final = 8
"""Addresses that are called at once."""
_LOG: Final = logging.getLogger("quartet.gateways")


def written(told: Outgoing, settings: CapDoor) -> bytes:
    """Return a warning as a door writes it: what reads there is its address, whoever answers for it here."""
    return alert_xml(told, Sender(settings.domain, settings.sender_name), (f"{settings.name}@{settings.domain}",))


async def keep_out(settings: CapDoor, node: Node, door: Callable[[], Door], place: Callable[[str], Path]) -> None:
    """Hand on what may pass as it comes, until cancelled; what an address does not take is tried again."""
    bell = asyncio.Event()

    def ring(_: object) -> None:
        bell.set()

    node.holdings.on_news.append(ring)
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False) as client:
            while True:
                bell.clear()
                await _hand_on(settings, node, door(), place, client)
                try:
                    async with asyncio.timeout(LOOK_S):
                        await bell.wait()
                except TimeoutError:
                    continue
    finally:
        node.holdings.on_news.remove(ring)


async def _hand_on(
    settings: CapDoor, node: Node, door: Door, place: Callable[[str], Path], client: httpx.AsyncClient
) -> None:
    """Hand on what did not go yet, the oldest first, to every way; one that fails keeps no other waiting."""
    found = node.desk.doors.warnings(door)[::-1]
    posts = [one for hook in settings.hooks for one in _due(found, f"hook {hook.url}", settings, node)]
    for told, word in [] if settings.folder is None else list(_due(found, "folder", settings, node)):
        folder = place(settings.folder or "")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_file(folder / f"{told.id}.xml", written(told, settings))
        await node.desk.doors.sent(word, told.form.until)
    if posts:
        share = asyncio.Semaphore(TOGETHER)
        await asyncio.gather(*(_posted(hook, found, settings, node, place, client, share) for hook in settings.hooks))


async def _posted(
    hook: Hook,
    found: tuple[Outgoing, ...],
    settings: CapDoor,
    node: Node,
    place: Callable[[str], Path],
    client: httpx.AsyncClient,
    share: asyncio.Semaphore,
) -> None:
    async with share:
        for told, word in list(_due(found, f"hook {hook.url}", settings, node)):
            try:
                await _post(hook, written(told, settings), place, client)
            except (httpx.HTTPError, Unavailable):
                _LOG.warning("cap hook of %s: not-reached", settings.name)
                return
            await node.desk.doors.sent(word, told.form.until)


async def _post(hook: Hook, data: bytes, place: Callable[[str], Path], client: httpx.AsyncClient) -> None:
    headers = {"content-type": "application/cap+xml"}
    if hook.token_file is not None:
        headers["authorization"] = f"Bearer {place(hook.token_file).read_text().strip()}"
    answer = await client.post(hook.url, content=data, headers=headers)
    if not answer.is_success:
        raise Unavailable("not-taken", f"{answer.status_code}")


def _due(found: tuple[Outgoing, ...], way: str, settings: CapDoor, node: Node) -> Iterator[tuple[Outgoing, str]]:
    """Yield what did not go one way yet, each with the word under which it is remembered."""
    for told in found:
        word = digest64("quartet/cap-sent/v1", settings.name.encode(), way.encode(), told.id.encode())
        if not node.desk.doors.was_sent(word):
            yield told, word
