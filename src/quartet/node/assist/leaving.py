"""Let texts go to a model: what the gate lets out to it, and nothing else, and each is kept in the register first.

The gate is asked before anything is opened, and again in the moment in which the texts go.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final, NamedTuple, TypeVar
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

import msgspec

from quartet.core.faults import Malformed, Unavailable
from quartet.core.ids import ItemId, MemberId, OfficerName
from quartet.core.marking import TlpWord
from quartet.core.release import Door, Released, Viewer
from quartet.core.statement import Statement
from quartet.intake.ports import Given, Sending, sendable
from quartet.node.assist.sent import Entry, Sent
from quartet.node.assist.settings import Server
from quartet.node.assist.views import Outcome
from quartet.node.drafting import text_of, title_of
from quartet.node.parts import Parts
from quartet.node.registry import Registry
from quartet.node.seeing import Seeing, answering

AT_ONCE: Final = 2
"""Questions that are at a model at once; of one officer one."""

T = TypeVar("T")


class Leave(NamedTuple):
    """A text that the gate lets go: as it goes, as it is kept in the register, and what asks the gate once more."""

    given: Given
    entry: Entry
    sending: Sending


class Leaving:
    """Asks the gate for texts that go to models."""

    def __init__(self, parts: Parts, registry: Registry, seeing: Seeing) -> None:
        self._me = parts.me
        self.now = parts.clock.now
        self._registry = registry
        self._seeing = seeing
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._of_one: WeakValueDictionary[OfficerName, asyncio.Lock] = WeakValueDictionary()
        self.sent = Sent(parts, seeing)

    def of_item(self, port: str, server: Server, viewer: Viewer, ref: str, most: int | None = None) -> Leave:
        """Return the text of an item, of which `most` letters go.

        Raise `Unavailable("unknown-item")`, `Untrusted` with the gate's reason, and `Malformed` for what has no words.
        """
        item, row = self._seeing.leaves(ref, viewer, self._door(server), self.now())
        given = Given(sendable(_words(item.statement)[:most]), msgspec.convert(row.tlp, TlpWord))
        entry = msgspec.structs.replace(self._entry(port, server, viewer, given), item=row.id)

        def sending() -> None:
            self._seeing.leaves(row.id, viewer, self._door(server), self.now())

        return Leave(given, entry, sending)

    def of_text(self, port: str, server: Server, viewer: Viewer, given: Given, attachment: str) -> Leave:
        """Return a text that is no item yet, which an officer marks."""
        entry = self._entry(port, server, viewer, given, attachment)
        return Leave(given, entry, partial(self.passes, given.tlp, server))

    def passes(self, tlp: TlpWord, server: Server) -> None:
        """Raise `Untrusted` with the gate's reason where a text that is so marked may not go."""
        self._seeing.text_leaves(tlp, self._door(server))

    def stays(self, item: ItemId, server: Server) -> bool:
        """Return whether an item may not go to a server now, whoever asks: it was taken back, say, or is gone."""
        return not isinstance(self._seeing.passes(item, self._door(server), self.now(), held=False), Released)

    async def asked(self, leaves: Sequence[Leave], ask: Callable[[Sending], Awaitable[T]]) -> T:
        """Ask, once the gate agrees to each and it is kept that they go; keep what came of it."""
        async with self._of_one.setdefault(leaves[0].entry.officer, asyncio.Lock()), self._turn:
            last = _Last(leaves)
            last.agree()
            now = self.now()
            entries = [msgspec.structs.replace(one.entry, at=now) for one in leaves]
            words = await self.sent.begin(entries)
            outcome: Outcome = "no-answer"
            try:
                found = await ask(last)
                outcome = "answered"
                return found
            except Malformed:
                outcome = "odd"
                raise
            finally:
                await self.sent.end(words, entries, last.outcome or outcome)

    def _entry(self, port: str, server: Server, viewer: Viewer, given: Given, attachment: str | None = None) -> Entry:
        size = len(given.text.encode())
        return Entry(self.now(), viewer.name, port, host_of(server), given.tlp, size, attachment=attachment)

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


class _Last:
    """The last question to the gate, and what it came to: a text of which it was not asked did not go."""

    def __init__(self, leaves: Sequence[Leave]) -> None:
        self._leaves = leaves
        self.outcome: Outcome | None = "not-reached"

    def agree(self) -> None:
        for one in self._leaves:
            one.sending()

    def __call__(self) -> None:
        self.outcome = "withheld"
        self.agree()
        self.outcome = None


def host_of(server: Server) -> str:
    """Return what is told of a server's address: its scheme, name and port."""
    parts = urlsplit(server.url)
    return f"{parts.scheme}://{parts.netloc}"


def is_on(name: str, port: T | None) -> T:
    """Return a port that is on; raise `Unavailable("port-off")` for one of which the settings say nothing."""
    if port is None:
        raise Unavailable("port-off", f"no server is named for it: [assist.{name}] in the settings does")
    return port


def _words(statement: Statement) -> str:
    """Return the words of an item: its title, unless it has none or the text begins with it, and its text."""
    title, text = title_of(statement), text_of(statement)
    own = title != statement.kind and not text.startswith(title)
    return "\n\n".join(one for one in (title if own else "", text) if one)
