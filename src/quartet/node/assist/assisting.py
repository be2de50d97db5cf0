"""Ask a model for an officer, at a server that the settings name: what the gate lets out to it, and nothing else.

The gate is asked before anything is opened, and again in the moment in which the text goes. What comes back says that a
model made it; it is shown to who asked, beside what it was made from, and is kept nowhere.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final, NamedTuple, TypeVar
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

import msgspec

from quartet.core.encoding import Value
from quartet.core.faults import Malformed, Unavailable
from quartet.core.ids import MemberId, OfficerName
from quartet.core.marking import TlpWord
from quartet.core.release import Door, Viewer
from quartet.core.statement import Statement
from quartet.intake.ports import (
    Anchored,
    Embedder,
    Extractor,
    Given,
    MadeBy,
    Sending,
    Translator,
    Vector,
    anchored,
    beside,
    sendable,
    told,
    unit,
)
from quartet.intake.texts import Page
from quartet.node.assist.porton import PortOn
from quartet.node.assist.sent import Entry, Outcome, Sent
from quartet.node.assist.settings import LanguageTag, ModelServer, Server, TranslatorServer
from quartet.node.assist.views import Translation, made_view
from quartet.node.drafting import text_of, title_of
from quartet.node.parts import Parts
from quartet.node.registry import Registry
from quartet.node.seeing import Seeing, answering

AT_ONCE: Final = 2
"""Texts that are at a model at once; of one officer one."""

T = TypeVar("T")


class Ports(NamedTuple):
    """The ports that are on, each with what the settings say of its server."""

    extractor: tuple[ModelServer, Extractor] | None = None
    translator: tuple[TranslatorServer, Translator] | None = None
    embedder: tuple[ModelServer, Embedder] | None = None


class Extracted(Value, frozen=True):
    """What a model says that a page tells, as far as it is anchored there, and who made it."""

    anchored: Anchored
    made: MadeBy


class Assisting:
    """Has texts translated, read and placed by models."""

    def __init__(self, parts: Parts, registry: Registry, seeing: Seeing) -> None:
        self._me = parts.me
        self._now = parts.clock.now
        self._registry = registry
        self._seeing = seeing
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._of_one: WeakValueDictionary[OfficerName, asyncio.Lock] = WeakValueDictionary()
        self.sent = Sent(parts, seeing)
        self.ports = Ports()

    def on(self) -> tuple[PortOn, ...]:
        """Return the ports that are on; none, where the settings name no server."""
        named = ((name, port) for name, port in self.ports._asdict().items() if port is not None)
        return tuple(PortOn(name, host_of(server), asked.model, server.tlp) for name, (server, asked) in named)

    async def translate(self, viewer: Viewer, ref: str, to: str | None) -> Translation:
        """Return what a model says that an item says, in a language.

        Raise `Unavailable("port-off")`, `Unavailable("unknown-item")`, `Untrusted` with the gate's reason where it may
        not go there, and `Malformed` for what has no words or is answered oddly.
        """
        server, port = _is_on("translator", self.ports.translator)
        language = _language(to or server.language)
        given, entry, sending = self._of_item("translator", server, viewer, ref)
        said = await self._asked(entry, sending, partial(port.translate, given, language))
        text = beside(given.text, said)
        _, row = self._seeing.find(ref, viewer, self._now())  # it may have been taken back meanwhile
        made = made_view(MadeBy("translator", port.model, self._now()))
        return Translation(row.id, row.ref, row.tlp, language, given.text, text, made)

    def may_extract(self, tlp: TlpWord) -> None:
        """Raise as `extract` where a text that is so marked may not go: before it is read."""
        server, _ = _is_on("extractor", self.ports.extractor)
        self._passes(tlp, server)

    async def extract(self, viewer: Viewer, attachment: str, tlp: TlpWord, page: Page) -> Extracted:
        """Return what a model says that a text tells, which an officer handed over and marks; raise as `translate`."""
        server, port = _is_on("extractor", self.ports.extractor)
        given = Given(sendable(told(page)), tlp)
        entry = self._entry("extractor", server, viewer, given, attachment=attachment)
        claims = await self._asked(entry, partial(self._passes, tlp, server), partial(port.extract, given))
        found = await asyncio.to_thread(anchored, claims, page)
        return Extracted(found, MadeBy("extractor", port.model, self._now()))

    async def embed(self, viewer: Viewer, ref: str) -> Vector:
        """Return where a model places an item, as a vector of unit length; raise as `translate`."""
        server, port = _is_on("embedder", self.ports.embedder)
        given, entry, sending = self._of_item("embedder", server, viewer, ref)
        vectors = await self._asked(entry, sending, partial(port.embed, (given,)))
        self._seeing.find(ref, viewer, self._now())
        return unit(vectors[0])

    def _of_item(self, port: str, server: Server, viewer: Viewer, ref: str) -> tuple[Given, Entry, Sending]:
        """Return the text of an item as it goes, what is kept of that, and what asks the gate for it."""
        item, row = self._seeing.leaves(ref, viewer, self._door(server), self._now())
        given = Given(sendable(_words(item.statement)), msgspec.convert(row.tlp, TlpWord))

        def sending() -> None:
            self._seeing.leaves(row.id, viewer, self._door(server), self._now())

        return given, msgspec.structs.replace(self._entry(port, server, viewer, given), item=row.id), sending

    def _entry(self, port: str, server: Server, viewer: Viewer, given: Given, attachment: str | None = None) -> Entry:
        size = len(given.text.encode())
        return Entry(self._now(), viewer.name, port, host_of(server), given.tlp, size, attachment=attachment)

    def _door(self, server: Server) -> Door:
        """Return a server as the gate knows it, as this member's manifest says now who answers for it."""
        officers = [self._registry.keyring.officer(MemberId(self._me), name) for name in server.principals]
        return Door(
            member=MemberId(self._me),
            principals=answering(MemberId(self._me), officers, server.purpose),
            purpose=server.purpose,
            carries_markings=True,
            most=server.tlp,
        )

    def _passes(self, tlp: TlpWord, server: Server) -> None:
        self._seeing.text_leaves(tlp, self._door(server))

    async def _asked(self, entry: Entry, sending: Sending, ask: Callable[[Sending], Awaitable[T]]) -> T:
        """Ask, once the gate agrees and it is kept that a text goes; keep what came of it."""
        async with self._of_one.setdefault(entry.officer, asyncio.Lock()), self._turn:
            sending()
            entry = msgspec.structs.replace(entry, at=self._now())
            word, last = await self.sent.begin(entry), _Last(sending)
            outcome: Outcome = "no-answer"
            try:
                found = await ask(last)
                outcome = "answered"
                return found
            except Malformed:
                outcome = "odd"
                raise
            finally:
                await self.sent.end(word, entry, last.outcome or outcome)


class _Last:
    """The last question to the gate, and what it came to: a text of which it was not asked did not go."""

    def __init__(self, sending: Sending) -> None:
        self._sending = sending
        self.outcome: Outcome | None = "not-reached"

    def __call__(self) -> None:
        self.outcome = "withheld"
        self._sending()
        self.outcome = None


def host_of(server: Server) -> str:
    """Return what is told of a server's address: its scheme, name and port."""
    parts = urlsplit(server.url)
    return f"{parts.scheme}://{parts.netloc}"


def _is_on(name: str, port: T | None) -> T:
    if port is None:
        raise Unavailable("port-off", f"no server is named for it: [assist.{name}] in the settings does")
    return port


def _language(given: str) -> str:
    try:
        return msgspec.convert(given, LanguageTag)
    except msgspec.ValidationError as error:
        raise Malformed("bad-language", f"{given[:20]!r} is no language: write it as fr") from error


def _words(statement: Statement) -> str:
    """Return the words of an item: its title, unless it has none or the text begins with it, and its text."""
    title, text = title_of(statement), text_of(statement)
    own = title != statement.kind and not text.startswith(title)
    return "\n\n".join(one for one in (title if own else "", text) if one)
