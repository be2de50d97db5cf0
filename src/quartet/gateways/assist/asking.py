"""Post JSON to the one address of a port and take JSON back, within bounds: no redirect, no proxy, no compression.

The last question to the gate comes when the way is open and before the first byte of the request is on it.
"""

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import httpx
import msgspec

from quartet.core.faults import Malformed, Unavailable
from quartet.core.marking import TlpWord
from quartet.intake.ports import Sending, odd
from quartet.node.assist.settings import Server
from quartet.node.files import read_authority, read_private

CONNECT_S: Final = 5.0
MAX_QUESTION: Final = 2 * 1024**2
"""Bytes of a request: a text of `MAX_TEXT` letters in JSON, and what is asked of it."""
MAX_ANSWER: Final = 4 * 1024**2
MAX_TOKEN: Final = 4096
MARKING: Final = "x-marking"
"""The header that carries the text's label, for the logs of whoever runs the server."""
BEFORE_THE_FIRST_BYTE: Final = ".send_request_headers.started"

T = TypeVar("T")


class Asked:
    """One server, as the settings name it."""

    def __init__(self, server: Server, place: Callable[[str], Path]) -> None:
        self._server = server
        self._place = place

    async def ask(self, question: object, tlp: TlpWord, kind: type[T], sending: Sending) -> T:
        """Return what the server answers.

        Raise `Unavailable("model-not-reached")` where it does not in time, `Unavailable("model-refused")` where it says
        no, `Malformed("odd-model-answer")` for what is no such answer, and whatever `sending` raises.
        """
        data = msgspec.json.encode(question)
        if len(data) > MAX_QUESTION:
            raise Malformed("too-large", f"{len(data)} bytes where a model is asked with {MAX_QUESTION} at most")
        try:
            async with asyncio.timeout(self._server.answer_s):
                said = await self._post(data, tlp, sending)
        except (httpx.HTTPError, TimeoutError) as error:
            raise Unavailable("model-not-reached", f"it did not answer ({type(error).__name__})") from error
        try:
            return msgspec.json.decode(said, type=kind)
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise odd("it is not what its API says") from error

    async def _post(self, data: bytes, tlp: TlpWord, sending: Sending) -> bytes:
        headers = {"content-type": "application/json", "accept-encoding": "identity", MARKING: f"TLP:{tlp}"}
        timeout = httpx.Timeout(self._server.answer_s, connect=CONNECT_S)
        async with (
            httpx.AsyncClient(
                verify=self._verify(), timeout=timeout, follow_redirects=False, trust_env=False
            ) as client,
            client.stream(
                "POST",
                self._server.url,
                content=data,
                headers=headers | self._secret(),
                extensions={"trace": _last_question(sending)},
            ) as answer,
        ):
            if answer.status_code != 200:
                raise Unavailable("model-refused", f"it answers {answer.status_code}")
            return await _body(answer)

    def _verify(self) -> ssl.SSLContext | bool:
        """Return by which authorities a server is believed; one on this machine is asked without TLS."""
        ca = self._server.ca_file
        if ca is None:
            return True
        try:
            return read_authority(self._place(ca))
        except Unavailable as error:
            raise Unavailable("model-not-reached", "its ca_file cannot be read") from error

    def _secret(self) -> dict[str, str]:
        """Return how this node shows that it may ask: from a file that nobody else can read, each time anew."""
        if self._server.token_file is None:
            return {}
        token = read_private(self._place(self._server.token_file), MAX_TOKEN).decode("ascii", "replace").strip()
        return {"authorization": f"Bearer {token}"}


def _last_question(sending: Sending) -> Callable[[str, Any], Any]:
    async def trace(event: str, _: Any) -> None:
        if event.endswith(BEFORE_THE_FIRST_BYTE):
            sending()

    return trace


async def _body(answer: httpx.Response) -> bytes:
    """Return what is answered, as it came; raise `Malformed("odd-model-answer")` for more than is read, or packed."""
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise odd("it is packed, which nobody asked for")
    said = bytearray()
    async for piece in answer.aiter_raw():
        said += piece
        if len(said) > MAX_ANSWER:
            raise odd(f"more than {MAX_ANSWER} bytes")
    return bytes(said)
