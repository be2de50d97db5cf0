"""Early warnings at a subject of a NATS server of the member's own: each is held until it is kept, in its order.

The server shows a certificate before a word is said: a login that waited for the server's own offer of TLS would go in
clear to whoever takes that offer away. NATS keeps nothing for who is away or too slow: both are alarmed.
"""

import asyncio
import logging
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import SlowConsumerError

from quartet.core.faults import Fault, Unavailable
from quartet.gateways.cap.incoming import LONGEST_S, LOOK_S, take
from quartet.gateways.cap.xml import MAX_CAP
from quartet.node.earlysource import CapDoor, EarlySource
from quartet.node.files import read_authority, read_private
from quartet.node.node import Node

MAX_WAITING: Final = 256
"""Messages that wait until those before them are kept."""
CONNECT_S: Final = 5
TLS: Final = "tls://"
AWAY: Final = "its server is not reached"
UNREAD: Final = "its token, its seed or its ca_file cannot be read"
_LOG: Final = logging.getLogger("quartet.gateways")


class Subject:
    """Takes what is said at a source's subject."""

    def __init__(self, source: EarlySource, settings: CapDoor, node: Node, place: Callable[[str], Path]) -> None:
        self._source = source
        self._settings = settings
        self._node = node
        self._place = place
        self._lost = 0

    async def keep(self) -> None:
        """Take what is said until cancelled, or until the connection ends for good; who asks is answered."""
        client = await self._connected()
        try:
            coming = await client.subscribe(
                self._source.subject or "",
                pending_msgs_limit=MAX_WAITING,
                pending_bytes_limit=MAX_WAITING * MAX_CAP,
            )
            await client.flush()
            await self._away("")
            async for message in coming.messages:
                try:
                    await self._take(message, client)
                except Exception:  # whatever is wrong with one, the others are taken
                    _LOG.exception("an early warning that was said could not be taken")
                    await self._dropped("it could not be taken: see the log")
        finally:
            await client.close()
            await self._away(AWAY)

    async def _connected(self) -> Client:
        client = Client()
        try:
            how = login(self._source, self._place)
        except Fault:
            await self._away(UNREAD)
            raise
        try:
            async with asyncio.timeout(2 * CONNECT_S):
                await client.connect(
                    self._source.nats or "",
                    connect_timeout=CONNECT_S,
                    error_cb=self._wrong,
                    disconnected_cb=self._gone,
                    reconnected_cb=self._back,
                    **how,
                )
        except (NatsError, OSError, TimeoutError) as error:
            await client.close()
            await self._away(AWAY)
            raise Unavailable("not-reached", self._source.name) from error
        return client

    async def _take(self, message: Msg, client: Client) -> None:
        """Take a message: what cannot be kept yet is tried again, and those behind it wait."""
        wait, tell, about = LOOK_S, self._node.desk.doors.alarms.tell, f"{self._source.name} subject"
        while (taken := await take(message.data, self._source, self._settings, self._node)).again:
            await tell("early-waits", about, f"what was said cannot be kept yet: {taken.reason}")
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_S)
        await tell("early-waits", about, "")
        if taken.reason is not None:
            _LOG.warning("early warning refused: %s", taken.reason)
        if message.reply:
            await client.publish(message.reply, taken.answer)

    async def _wrong(self, error: Exception) -> None:
        """Alarm of each message that was dropped because too many wait; all else ends the task, which tells."""
        if isinstance(error, SlowConsumerError):
            await self._dropped(f"{MAX_WAITING} waited: ask for them again")

    async def _dropped(self, why: str) -> None:
        self._lost += 1
        said = f"{self._lost} were dropped since the start; of the last, {why}"
        await self._node.desk.doors.alarms.tell("early-lost", self._source.name, said)

    async def _gone(self) -> None:
        await self._away(AWAY)

    async def _back(self) -> None:
        await self._away("")

    async def _away(self, detail: str) -> None:
        await self._node.desk.doors.alarms.tell("early-source-away", self._source.name, detail)


def login(source: EarlySource, place: Callable[[str], Path]) -> dict[str, Any]:
    """Return how a source's server is entered: by TLS before anything is said, and with a token or an nkey's seed."""
    how: dict[str, Any] = {}
    if source.nats_token_file is not None:
        how["token"] = read_private(place(source.nats_token_file)).decode().strip()
    if source.nats_seed_file is not None:
        how["nkeys_seed_str"] = read_private(place(source.nats_seed_file)).decode().strip()
    if (source.nats or "").startswith(TLS):
        named = source.nats_ca_file
        believed = ssl.create_default_context() if named is None else read_authority(place(named))
        how |= {"tls": believed, "tls_handshake_first": True}
    return how


async def keep_subject(source: EarlySource, settings: CapDoor, node: Node, place: Callable[[str], Path]) -> None:
    """Take what is said at a source's subject, until cancelled or the connection ends for good."""
    await Subject(source, settings, node, place).keep()
