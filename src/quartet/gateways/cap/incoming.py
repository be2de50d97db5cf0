"""Early warnings in: files that are dropped, messages at a NATS subject, and what is posted at the feed's door.

Each answer is CAP's own: an Ack for what was taken, an Error with its reason word for what was not. Nothing that comes
in is lost: a file that could not be read lies under `bad/` with its Error, one that was taken under `done/`.
"""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from quartet.core.encoding import b64
from quartet.core.faults import Fault, Malformed, Unavailable
from quartet.gateways.cap.reading import Read, read_cap
from quartet.gateways.cap.words import time_text
from quartet.gateways.cap.writing import answer_xml
from quartet.gateways.cap.xml import MAX_CAP
from quartet.node.earlysource import CapDoor, EarlySource
from quartet.node.files import read_file, write_file
from quartet.node.node import Node

LOOK_S: Final = 0.1
MAX_FILES: Final = 100
"""Files that are taken in one look; the others wait for the next."""
MAX_WAITING: Final = 256
CONNECT_S: Final = 5
_LOG: Final = logging.getLogger("quartet.gateways")


async def take(data: bytes, source: EarlySource, settings: CapDoor, node: Node) -> tuple[bytes, str | None]:
    """Take what came in by a source; return the answer, and the reason word why it was not taken, or None."""
    read: Read | None = None
    try:
        read = read_cap(data, source.name, node.desk.doors.now())
        if read.came is None:
            raise Malformed("not-a-warning", f"a message of type {read.type} and status {read.status} warns nobody")
        told = await node.desk.relaying.relay(source, read.came)
    except (Malformed, Unavailable) as fault:
        return _answer("Error", read, f"{fault.reason}: {fault.detail}", settings, node), fault.reason
    return _answer("Ack", read, told.ref, settings, node), None


async def keep_folder(source: EarlySource, settings: CapDoor, node: Node, place: Callable[[str], Path]) -> None:
    """Take the `.xml` files of a folder as they come, until cancelled.

    Whoever drops one writes it under another name first, and renames it when it is whole.
    """
    folder = place(source.folder or "")
    for name in ("done", "bad"):
        (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    while True:
        for path in sorted(folder.glob("*.xml"))[:MAX_FILES]:
            await _take_file(path, source, settings, node)
        await asyncio.sleep(LOOK_S)


async def _take_file(path: Path, source: EarlySource, settings: CapDoor, node: Node) -> None:
    try:
        data = read_file(path, MAX_CAP)
        answer, reason = await take(data, source, settings, node)
    except Fault as fault:  # larger than may be, or not to be read
        answer, reason = _answer("Error", None, fault.reason, settings, node), fault.reason
    if reason in ("too-fast", "disk-low"):
        return  # it waits where it is
    to = path.parent / ("done" if reason is None else "bad")
    write_file(to / f"{path.stem}.answer", answer)
    await asyncio.to_thread(path.replace, to / path.name)
    if reason is not None:
        _LOG.warning("early warning refused: %s", reason)


async def keep_subject(source: EarlySource, settings: CapDoor, node: Node, place: Callable[[str], Path]) -> None:
    """Take what is said at a NATS subject, until cancelled or the connection ends for good; who asks is answered."""
    token = None if source.nats_token_file is None else place(source.nats_token_file).read_text().strip()
    client: Client
    try:
        client = await nats.connect(source.nats or "", token=token, connect_timeout=CONNECT_S, error_cb=_quiet)
    except NatsError as error:
        raise Unavailable("not-reached", source.name) from error
    try:
        coming = await client.subscribe(source.subject or "", pending_msgs_limit=MAX_WAITING)
        async for message in coming.messages:
            await _take_message(message, client, source, settings, node)
    finally:
        await client.close()


async def _take_message(message: Msg, client: Client, source: EarlySource, settings: CapDoor, node: Node) -> None:
    answer, reason = await take(message.data, source, settings, node)
    if reason is not None:
        _LOG.warning("early warning refused: %s", reason)
    if message.reply:
        await client.publish(message.reply, answer)


def _answer(word: str, read: Read | None, note: str, settings: CapDoor, node: Node) -> bytes:
    about = "" if read is None else f"{read.sender},{read.identifier},{time_text(read.sent)}"
    return answer_xml(
        "Ack" if word == "Ack" else "Error",
        b64(node.desk.doors.entropy(18)),
        f"{node.me}@{settings.domain}",
        node.desk.doors.now(),
        about,
        note,
        "unknown" if read is None else read.sender,
    )


async def _quiet(_: Exception) -> None:
    """Say nothing of each try: the door's task tells when it ends."""
