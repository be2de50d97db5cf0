"""Ask a model for an officer, at a server that the settings name: what the gate lets out to it, and nothing else.

What comes back says that a model made it; it is shown to who asked, beside what it was made from, and is kept nowhere
but for the places of texts, which are forgotten with them.
"""

import asyncio
from functools import partial
from typing import NamedTuple

import msgspec

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.marking import TlpWord
from quartet.core.release import Viewer
from quartet.intake.maker import MadeBy
from quartet.intake.ports import Anchored, Embedder, Extractor, Given, Translator, anchored, beside, sendable, told
from quartet.intake.texts import Page
from quartet.node.assist.leaving import Leaving, host_of, is_on
from quartet.node.assist.nearness import Nearness
from quartet.node.assist.porton import PortOn
from quartet.node.assist.settings import LanguageTag, ModelServer, TranslatorServer
from quartet.node.assist.views import Translation, made_view
from quartet.node.holdings import Holdings
from quartet.node.parts import Parts
from quartet.node.reading import Reading
from quartet.node.registry import Registry
from quartet.node.seeing import Seeing


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

    def __init__(self, parts: Parts, registry: Registry, seeing: Seeing, holdings: Holdings, reading: Reading) -> None:
        self._now = parts.clock.now
        self._seeing = seeing
        self._leaving = Leaving(parts, registry, seeing)
        self.sent = self._leaving.sent
        self.ports = Ports()
        self.near = Nearness(self._leaving, holdings, seeing, reading, lambda: self.ports.embedder)

    def on(self) -> tuple[PortOn, ...]:
        """Return the ports that are on; none, where the settings name no server."""
        named = ((name, port) for name, port in self.ports._asdict().items() if port is not None)
        return tuple(PortOn(name, host_of(server), asked.model, server.tlp) for name, (server, asked) in named)

    async def translate(self, viewer: Viewer, ref: str, to: str | None) -> Translation:
        """Return what a model says that an item says, in a language.

        Raise `Unavailable("port-off")`, `Unavailable("unknown-item")`, `Untrusted` with the gate's reason where it may
        not go there, and `Malformed` for what has no words or is answered oddly.
        """
        server, port = is_on("translator", self.ports.translator)
        language = _language(to or server.language)
        leave = self._leaving.of_item("translator", server, viewer, ref)
        given = leave.given
        said = await self._leaving.asked([leave], partial(port.translate, given, language))
        text = beside(given.text, said)
        _, row = self._seeing.find(ref, viewer, self._now())  # it may have been taken back meanwhile
        made = made_view(MadeBy("translator", port.model, self._now()))
        return Translation(row.id, row.ref, row.tlp, language, given.text, text, made)

    def may_extract(self, tlp: TlpWord) -> None:
        """Raise as `extract` where a text that is so marked may not go: before it is read."""
        server, _ = is_on("extractor", self.ports.extractor)
        self._leaving.passes(tlp, server)

    async def extract(self, viewer: Viewer, attachment: str, tlp: TlpWord, page: Page) -> Extracted:
        """Return what a model says that a text tells, which an officer handed over and marks; raise as `translate`."""
        server, port = is_on("extractor", self.ports.extractor)
        given = Given(sendable(told(page)), tlp)
        leave = self._leaving.of_text("extractor", server, viewer, given, attachment)
        claims = await self._leaving.asked([leave], partial(port.extract, given))
        found = await asyncio.to_thread(anchored, claims, page)
        return Extracted(found, MadeBy("extractor", port.model, self._now()))


def _language(given: str) -> str:
    try:
        return msgspec.convert(given, LanguageTag)
    except msgspec.ValidationError as error:
        raise Malformed("bad-language", f"{given[:20]!r} is no language: write it as fr") from error
