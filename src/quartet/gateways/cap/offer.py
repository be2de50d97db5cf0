"""What a CAP door gives now: worked out once for all who read there, and anew when something has changed.

Nothing outlives what changes it: what is told of warnings is asked anew at once, and all else, as that a charter or an
officer's rights changed, within FRESH_S; a warning that is over is given no more from that moment.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from msgspec import structs

from quartet.core.encoding import digest64
from quartet.core.ids import ItemId, Micros
from quartet.core.release import Door
from quartet.core.statement import FACT_KINDS
from quartet.core.verify import Verified
from quartet.core.warning import WARNING_KINDS
from quartet.desk import KIND_OF
from quartet.desk.warning import Check
from quartet.gateways.cap.writing import Sender, alert_xml, cancel_id, cancel_xml
from quartet.node.desk.outgoing import Ended, Outgoing
from quartet.node.earlysource import CapDoor
from quartet.node.node import Node

FRESH_S: Final = 1.0
CHANGES: Final = WARNING_KINDS | FACT_KINDS - {"view-receipt", "closing"} | {KIND_OF[Check]}
"""Kinds of statements that change what a door gives."""
SENT: Final = "sent"
CANCELLED: Final = "cancelled"
RESTORED: Final = "restored"


class Given(NamedTuple):
    """What may pass, and what was taken back since it could."""

    told: tuple[Outgoing, ...]
    ended: tuple[Ended, ...]


class Message(NamedTuple):
    """What is still to go a way: under which word and as what that is remembered, and until when."""

    word: str
    what: str
    name: str
    until: Micros
    data: bytes


class Offer:
    """Answers what a door gives."""

    def __init__(self, settings: CapDoor, node: Node, door: Callable[[], Door]) -> None:
        self._settings = settings
        self._node = node
        self._door = door
        self._given = Given((), ())
        self._for: Door | None = None
        self._until = Micros(0)
        self._fresh = 0.0
        self._bells: set[asyncio.Event] = set()
        self.answers: dict[str, bytes] = {}
        """What was written of it for readers, by its path: gone with what it was written of."""

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Hear of what changes."""
        self._node.holdings.on_news.append(self._news)
        self._node.holdings.on_purged.append(self._purged)
        try:
            yield
        finally:
            self._node.holdings.on_news.remove(self._news)
            self._node.holdings.on_purged.remove(self._purged)

    @contextmanager
    def bell(self) -> Iterator[asyncio.Event]:
        """Have a bell that rings when something has changed."""
        bell = asyncio.Event()
        self._bells.add(bell)
        try:
            yield bell
        finally:
            self._bells.discard(bell)

    def given(self) -> Given:
        """Return what the door gives now."""
        loop, door = asyncio.get_running_loop().time(), self._door()
        now = self._node.desk.doors.now()
        if door != self._for or loop >= self._fresh or now >= self._until:
            doors = self._node.desk.doors
            self._drop()
            self._given = Given(doors.warnings(door), doors.withdrawn(door))
            ends = [Micros(one.form.until) for one in self._given.told] + [one.until for one in self._given.ended]
            self._for, self._fresh, self._until = door, loop + FRESH_S, min(ends, default=Micros(2**62))
        return self._given

    def due(self, way: str) -> Iterator[Message]:
        """Yield what is still to go a way, the oldest first: each warning once, and its end to whom it went.

        One that was taken back and is given again goes as an Update: whoever had its Cancel must learn that it holds.
        """
        given = self.given()
        both: list[Outgoing | Ended] = [*given.told, *given.ended]
        for one in sorted(both, key=lambda one: (one.at, one.id)):
            word = digest64("quartet/cap-sent/v1", self._settings.name.encode(), way.encode(), one.id.encode())
            before = self._node.desk.doors.sent_as(word)
            message = self._ended(one, word, before) if isinstance(one, Ended) else self._told(one, word, before)
            if message is not None:
                yield message

    def written(self, told: Outgoing) -> bytes:
        """Return a warning as the door writes it: what reads there is its address, whoever answers for it here."""
        return alert_xml(told, self._sender, self._addresses)

    def cancel(self, ended: Ended) -> bytes:
        """Return the Cancel of a warning that was taken back, as the door writes it."""
        return cancel_xml(ended, self._sender, self._addresses)

    @property
    def _sender(self) -> Sender:
        return Sender(self._settings.domain, self._settings.sender_name)

    @property
    def _addresses(self) -> tuple[str, ...]:
        return (f"{self._settings.name}@{self._settings.domain}",)

    def _told(self, told: Outgoing, word: str, before: str | None) -> Message | None:
        until = Micros(told.form.until)
        if before is None:
            return Message(word, SENT, told.id, until, self.written(told))
        what, _, at = before.partition(" ")
        if what != CANCELLED:
            return None
        ended = Micros(int(at))
        again = structs.replace(
            told,
            id=f"{cancel_id(told.id, ended)}-{RESTORED}",
            at=self._node.desk.doors.now(),
            form=structs.replace(told.form, word="UPDATE"),
            follows=(
                *told.follows,
                (told.id, told.author, told.at),
                (cancel_id(told.id, ended), told.author, ended),
            ),
        )
        return Message(word, f"{RESTORED} {at}", again.id, until, self.written(again))

    def _ended(self, ended: Ended, word: str, before: str | None) -> Message | None:
        """Return the Cancel that goes to who had the warning, and has not had this Cancel."""
        if before is None or before == f"{CANCELLED} {ended.at}":
            return None
        return Message(word, f"{CANCELLED} {ended.at}", cancel_id(ended.id, ended.at), ended.until, self.cancel(ended))

    def _news(self, verified: Verified) -> None:
        if verified.statement.kind in CHANGES:
            self._drop()
            for bell in self._bells:
                bell.set()

    def _purged(self, _: ItemId) -> None:
        self._drop()

    def _drop(self) -> None:
        """Keep nothing of what was given: whoever asks has it worked out anew, and what is destroyed is gone here."""
        self._given, self._fresh, self.answers = Given((), ()), 0.0, {}
