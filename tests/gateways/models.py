"""A server that speaks what translators, readers and embedders speak, small and real: every byte it gets is kept."""

import asyncio
import json
import re
import threading
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

from msgspec import convert

from quartet.gateways.assist import open_ports
from quartet.node.assist.settings import Assist
from quartet.node.node import Node

Raw = Callable[[bytes], bytes]
"""What a server does with a body: the whole of its answer, head and all."""
WORDS = {"report": "rapport", "bridge": "pont", "the": "le", "near": "près"}


class Server:
    """What was heard, head and body; and what is answered."""

    def __init__(self, answer: Raw) -> None:
        self.answer = answer
        self.heads: list[str] = []
        self.bodies: list[bytes] = []
        self.opened = 0
        self.bytes = 0
        self.port = 0
        self.before: Callable[[], object] = lambda: None
        self.wait = 0.0
        self.talks: set[asyncio.Task[None]] = set()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        self.before()
        task = asyncio.current_task()
        assert task is not None
        self.talks.add(task)
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
                await self._answer(reader, writer)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
            self.talks.discard(task)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await self._read(reader)
        length = next(int(line.split(":")[1]) for line in head.lower().splitlines() if "content-length" in line)
        body = await reader.readexactly(length)
        self.bytes += length
        self.heads.append(head)
        self.bodies.append(body)
        await asyncio.sleep(self.wait)
        writer.write(self.answer(body))
        await writer.drain()

    async def _read(self, reader: asyncio.StreamReader) -> str:
        """Read a head byte by byte: what is counted is what came, whether or not a request ever was whole."""
        head = bytearray()
        while not head.endswith(b"\r\n\r\n"):
            one = await reader.readexactly(1)
            self.bytes += 1
            head += one
        return head.decode()


def said(value: object, status: str = "200 OK", **head: str) -> bytes:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    more = "".join(f"{name.replace('_', '-')}: {text}\r\n" for name, text in head.items())
    return f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n{more}\r\n".encode() + body


def translated(body: bytes) -> bytes:
    """Translate word by word, as LibreTranslate answers."""
    asked = json.loads(body)
    words = " ".join(WORDS.get(word.lower(), word) for word in asked["q"].split(" "))
    return said({"translatedText": words, "detectedLanguage": {"language": "en", "confidence": 90}})


def claiming(*claims: dict[str, Any]) -> Raw:
    """Answer as a model that says these claims."""
    return lambda _: completion(json.dumps({"claims": claims}))


MEANS = {"span": "bridge", "crossing": "bridge", "pont": "bridge", "blaze": "fire", "feu": "fire", "shut": "closed"}


def placed(body: bytes) -> bytes:
    """Place texts by the words in them, those that mean the same as one; answer as an embedder."""
    texts = [re.findall(r"\w+", text.lower()) for text in json.loads(body)["input"]]
    data = [{"object": "embedding", "index": n, "embedding": _place(words)} for n, words in enumerate(texts)]
    return said({"object": "list", "data": data, "model": "small-1", "usage": {}})


def _place(words: list[str]) -> list[float]:
    place = [0.0] * 64
    for word in words:
        place[zlib.crc32(MEANS.get(word, word).encode()) % 64] += 1.0
    return place


def completion(content: object) -> bytes:
    message = {"role": "assistant", "content": content}
    return said({"id": "x", "object": "chat.completion", "choices": [{"index": 0, "message": message}], "usage": {}})


def claim(quote: str, **more: str | None) -> dict[str, Any]:
    return {"type": "fire", "polarity": "asserts", "quote": quote, "speaker": None, "root": None, "where": None, **more}


@asynccontextmanager
async def server(answer: Raw = translated) -> AsyncIterator[Server]:
    one = Server(answer)
    listening = await asyncio.start_server(one.talk, "127.0.0.1", 0)
    one.port = listening.sockets[0].getsockname()[1]
    try:
        yield one
    finally:
        listening.close()
        for talk in tuple(one.talks):
            talk.cancel()
        await asyncio.gather(*one.talks, return_exceptions=True)
        await asyncio.sleep(0)  # what was closed is closed before the loop is


@contextmanager
def serving(answer: Raw = translated) -> Iterator[Server]:
    """As `server`, in a thread of its own."""
    loop, ready, made = asyncio.new_event_loop(), threading.Event(), []
    done = asyncio.Event()

    async def work() -> None:
        async with server(answer) as one:
            made.append(one)
            ready.set()
            await done.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(work()))
    thread.start()
    ready.wait()
    try:
        yield made[0]
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()
        loop.close()


def assist(node: Node, folder: Path, **ports: dict[str, Any]) -> None:
    """Open the ports of settings that say this."""
    node.assisting.ports = open_ports(convert(ports, Assist), folder.joinpath)


def translator(one: Server, **more: Any) -> dict[str, Any]:
    return {"url": one.url("/translate"), "language": "fr", **more}


def embedder(one: Server, **more: Any) -> dict[str, Any]:
    return model(one, "/v1/embeddings", **more)


def model(one: Server, path: str = "/v1/chat/completions", **more: Any) -> dict[str, Any]:
    return {"url": one.url(path), "model": "small-1", **more}
