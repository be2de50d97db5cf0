"""Ask our own server, again and again, which leaf connections stand: to a hub, and to each peer directly.

Where a direct link that we are to open does not stand, its address is tried, once in a while and with a deadline, so
that an officer is told what to mend rather than that something is broken.
"""

import asyncio
import contextlib
import json
import ssl
from collections import Counter
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from nats.aio.client import Client

from quartet.core.ids import MemberId
from quartet.wire.carrier import Trouble
from quartet.wire.natsconfig import Dial, account_of
from quartet.wire.natslink import RETRY_SECONDS, TROUBLE, Access, connect, end_if_told

LOOK_SECONDS: Final = 0.25
"""How often we ask our server whether its leaf connections stand."""
ASK_SECONDS: Final = 1.0
LEAFZ: Final = "$SYS.REQ.SERVER.PING.LEAFZ"
TRY_SECONDS: Final = 10.0
"""How often an address that does not become a link is tried; the first time after a `GRACE_SECONDS`."""
GRACE_SECONDS: Final = 1.0
ANSWER_SECONDS: Final = 5.0
"""How long an address has to answer."""
FED: Final = "FED"


class Lookout:
    """Knows which leaf connections of our server stand."""

    def __init__(self, access: Access, count: Counter[str]) -> None:
        self._access = access
        self._count = count
        self._stands: dict[str, str] = {}
        self._why: dict[MemberId, Trouble] = {}

    def hub(self) -> str | None:
        """Return the name of the hub that is reached; None without one."""
        return self._stands.get(FED)

    def direct(self, peer: MemberId) -> bool:
        """Tell whether the direct link to a peer stands."""
        return account_of(peer) in self._stands

    def trouble(self, peer: MemberId) -> Trouble:
        """Tell why the direct link to a peer does not stand; "" where it does, or where there is to be none."""
        if peer not in self._access.direct or self.direct(peer):
            return ""
        return "direct-waits" if self._access.direct[peer].dial is None else self._why.get(peer, "direct-trying")

    async def run(self) -> None:
        """Look until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._look())
                for peer, direct in self._access.direct.items():
                    if direct.dial is not None:
                        tasks.create_task(self._try(peer, direct.dial))
        finally:
            self._stands = {}

    async def _look(self) -> None:
        while True:
            closed = asyncio.Event()
            client: Client | None = None
            with contextlib.suppress(*TROUBLE):
                client = await connect(self._access.url, self._access.system, self._noted, closed)
                while not closed.is_set():
                    self._stands = await leafs_of(client, self._stands)
                    end_if_told()
                    await asyncio.sleep(LOOK_SECONDS)
            self._stands = {}
            end_if_told()
            if client is not None:
                with contextlib.suppress(*TROUBLE):
                    await client.close()
            await asyncio.sleep(RETRY_SECONDS)

    async def _try(self, peer: MemberId, dial: Dial) -> None:
        """Try an address while no link comes of it: what is found counts while there is none."""
        while True:
            await asyncio.sleep(GRACE_SECONDS)
            if self.direct(peer):
                self._why.pop(peer, None)
                continue
            self._why[peer] = await why_not(dial)
            await asyncio.sleep(TRY_SECONDS - GRACE_SECONDS)

    async def _noted(self, error: Exception) -> None:
        self._count[f"nats.{type(error).__name__}"] += 1


async def leafs_of(client: Client, before: Mapping[str, str]) -> dict[str, str]:
    """Ask the server which leaf connections stand: by their account, the name of who is at the other end.

    A late answer leaves it as it was `before`.
    """
    if not client.is_connected:
        return {}
    try:
        answer = await client.request(LEAFZ, b"", timeout=ASK_SECONDS)
        leafs = json.loads(answer.data)["data"].get("leafs") or []
        return {str(leaf.get("account")): str(leaf.get("name") or "") for leaf in leafs}
    except TimeoutError:
        return dict(before) if client.is_connected else {}
    except (*TROUBLE, ValueError, KeyError, AttributeError):
        return {}


async def why_not(dial: Dial) -> Trouble:
    """Try an address as our server does, and tell how far that comes.

    (1) somebody answers there, (2) with a certificate of the peer's authority for this address; who lets us in nowhere
    beyond that has not named us, or has another key or certificate of ours.
    """
    at = urlsplit(dial.url)
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            _, writer = await asyncio.open_connection(at.hostname, at.port, ssl=_context(dial))
    except ssl.SSLCertVerificationError:
        return "direct-wrong-certificate"
    except ssl.SSLError:
        return "direct-refused"
    except (OSError, TimeoutError, ValueError):
        return "direct-no-answer"
    writer.transport.abort()
    return "direct-refused"


def _context(dial: Dial) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_verify_locations(dial.tls.ca)
    context.load_cert_chain(dial.tls.cert, dial.tls.key)
    return context
