"""What a CAP door gives now: worked out once for all who read there, and anew when something has changed.

Nothing outlives what changes it: what is told of warnings is asked anew at once, and all else, as that a charter or an
officer's rights changed, within FRESH_S; a warning that is over is given no more from that moment.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, NamedTuple

from msgspec import structs

from quartet.core.encoding import digest64
from quartet.core.faults import Fault
from quartet.core.ids import SECOND, ItemId, MemberId, Micros
from quartet.core.release import Door
from quartet.core.statement import FACT_KINDS
from quartet.core.verify import Verified
from quartet.core.warning import WARNING_KINDS
from quartet.desk import KIND_OF
from quartet.desk.warning import MAX_WINDOW, Check
from quartet.gateways.cap.chain import CANCELLED, Links, Named, grown, held_again, names_of, read_links, restored, spelt
from quartet.gateways.cap.writing import Sender, alert_xml, cancel_xml
from quartet.node.desk.outgoing import Ended, Outgoing
from quartet.node.earlysource import CapDoor
from quartet.node.node import Node

FRESH_S: Final = 1.0
CHANGES: Final = WARNING_KINDS | FACT_KINDS - {"view-receipt", "closing"} | {KIND_OF[Check]}
"""Kinds of statements that change what a door gives."""
CHAIN: Final = "said"
"""Under which word is remembered what a door said of a warning: no way out is called so."""
FIRST: Final = "first"
"""Under which word is remembered of when a warning is, as the door said it: so all refer to it, whatever changes."""


class Given(NamedTuple):
    """What may pass, and what was taken back since it could."""

    told: tuple[Outgoing, ...]
    ended: tuple[Ended, ...]

    @property
    def both(self) -> tuple[Outgoing | Ended, ...]:
        """All of it."""
        return *self.told, *self.ended


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
        self._links: dict[str, Links] = {}
        """What the door says of each warning, and as far as that is remembered."""
        self._kept: dict[str, Links] = {}
        self._first: dict[str, Micros] = {}
        """Of when each warning is, as the door says it, and of which that is remembered."""
        self._noted: set[str] = set()
        self._went: dict[str, tuple[str, Micros]] = {}
        """What went a way and is not remembered yet: under which word, as what and until when."""
        self._stuck = False
        """Whether the store took nothing the last time."""
        self._settled = False
        self._turn = asyncio.Lock()
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
        """Return what the door may give now."""
        loop, door = asyncio.get_running_loop().time(), self._door()
        now = self._node.desk.doors.now()
        if door != self._for or loop >= self._fresh or now >= self._until:
            doors = self._node.desk.doors
            self._drop()
            self._given = self._as_said(Given(doors.warnings(door), doors.withdrawn(door)))
            ends = [Micros(one.form.until) for one in self._given.told] + [one.until for one in self._given.ended]
            self._for, self._fresh, self._until = door, loop + FRESH_S, min(ends, default=Micros(2**62))
        return self._given

    async def settled(self) -> Given:
        """Return what the door gives now, once what it says of it is remembered: each message keeps its identity.

        What the store does not take now is said all the same, and remembered when who asks again finds that it does.
        """
        async with self._turn:
            while True:
                given = self.given()
                if self._settled:
                    return given
                new, first = self._grow(given), [one for one in given.both if one.id not in self._noted]
                if not await self._remember(new, first):
                    given = self.given()  # it may have changed meanwhile
                    self._grow(given)
                    return given
                self._settled = not new and not first

    async def went(self, message: Message) -> None:
        """Remember that a message went its way; while the store does not take that, it is known here."""
        self._went[message.word] = (message.what, message.until)
        if not self._stuck:  # a store that takes nothing is asked once a round, and keeps no other message waiting
            await self._remember((), ())
        self._settled = self._settled and not self._went

    async def _remember(self, new: Iterable[Outgoing | Ended], first: Iterable[Outgoing | Ended]) -> bool:
        """Have the store remember what is said, and what went; return whether it took that."""
        firsts, went = {one.id: self._note(one) for one in first}, dict(self._went)
        links = {one.id: (self._links[one.id], _until(one)) for one in new}
        chains = ((self._word(CHAIN, item), spelt(said), until) for item, (said, until) in links.items())
        told = [*firsts.values(), *chains, *((word, *how) for word, how in went.items())]
        try:
            if told:
                await self._node.desk.doors.remember(told)
        except Fault:
            self._stuck = True
            return False
        self._stuck = False
        self._noted |= firsts.keys()
        self._kept |= {item: said for item, (said, _) in links.items()}
        self._went = {word: how for word, how in self._went.items() if went.get(word) != how}
        return True

    def _as_said(self, given: Given) -> Given:
        """Return what is given, each of the time at which the door said it first, and so what refers to it."""
        first = {one.id: self._said_first(one) for one in given.both}
        for item, _, at in (link for one in given.told for link in one.follows):
            first[item] = first.get(item) or self._remembered_first(item) or at
        self._first, self._noted = first, self._noted & first.keys()
        told = (
            structs.replace(
                one, at=first[one.id], follows=tuple((item, by, first[item]) for item, by, _ in one.follows)
            )
            for one in given.told
        )
        return Given(tuple(told), tuple(structs.replace(one, said=first[one.id]) for one in given.ended))

    def _said_first(self, one: Outgoing | Ended) -> Micros:
        """Return of when a warning is, as the door says it: one that went out before that was remembered as written."""
        left = one.said if isinstance(one, Ended) else one.at
        known = self._remembered_first(one.id)
        if known is not None:
            self._noted.add(one.id)
            return known
        ways = ["folder", *(f"hook {hook.url}" for hook in self._settings.hooks), CHAIN]
        went = any(self._node.desk.doors.sent_as(self._word(way, one.id)) is not None for way in ways)
        return self._first.get(one.id) or (one.written if went and one.written else left)

    def _remembered_first(self, item: str) -> Micros | None:
        if item in self._noted and item in self._first:
            return self._first[item]
        text = self._node.desk.doors.sent_as(self._word(FIRST, item))
        return None if text is None else Micros(int(text))

    def _note(self, one: Outgoing | Ended) -> tuple[str, str, Micros]:
        """Return what is remembered of when a warning is, for as long as another may take its place."""
        at = one.said if isinstance(one, Ended) else one.at
        return self._word(FIRST, one.id), str(at), Micros(_until(one) + MAX_WINDOW)

    async def due(self, way: str) -> list[Message]:
        """Return what is still to go a way, the oldest first: each warning once, and its end to whom it went.

        One that was taken back and is given again goes as an Update: whoever had its Cancel must learn that it holds.
        """
        given = await self.settled()
        both = sorted(given.both, key=lambda one: (self._said_at(one), one.id))
        return [message for one in both if (message := self._due(one, way)) is not None]

    def _said_at(self, one: Outgoing | Ended) -> Micros:
        said = self.named(one)
        return one.at if said is None else said[2]

    def named(self, one: Outgoing | Ended) -> Named | None:
        """Return how what the door says of a warning now is referred to; None while it says nothing.

        It says no more of one that was taken back once it had been followed, though it would hold again.
        """
        links = self._links.get(one.id, ())
        if isinstance(one, Ended) != (bool(links) and links[-1].word == CANCELLED):
            return None
        return names_of(one.id, one.author, links)[-1] if links else (one.id, one.author, one.at)

    def written(self, one: Outgoing | Ended) -> bytes | None:
        """Return what the door says of a warning now, as it writes it; None while it says nothing.

        What reads there is its address, whoever answers for it here.
        """
        said, links = self.named(one), self._links.get(one.id, ())
        if said is None:
            return None
        name, author, at = said
        if isinstance(one, Ended):
            ends = ((one.id, author, one.said), *restored(one.id, author, links))
            return cancel_xml(structs.replace(one, at=at), name, ends, self._sender, self._addresses)
        told = structs.replace(one, follows=tuple(self._followed(one)))
        if links:
            before = ((one.id, author, one.at), *names_of(one.id, author, links)[:-1])
            form = structs.replace(one.form, word="CANCEL" if one.form.word == "CANCEL" else "UPDATE")
            told = structs.replace(told, id=name, at=at, form=form, follows=(*told.follows, *before))
        return alert_xml(told, self._sender, self._addresses)

    def _followed(self, told: Outgoing) -> Iterator[Named]:
        """Yield what a warning follows, and what the door said since of each of those: that it held again."""
        for item, author, at in told.follows:
            yield item, author, at
            yield from restored(item, author, self._links.get(item, ()))

    def _grow(self, given: Given) -> list[Outgoing | Ended]:
        """Work out what the door says of each warning now; return those of which that is not remembered yet.

        One whose follower was taken back holds again, and is said to.
        """
        followed = {item for one in given.told for item, _, _ in one.follows}
        self._kept = {one.id: self._remembered(one.id) for one in given.both}
        before, now = (
            {item: self._links.get(item, kept) for item, kept in self._kept.items()},
            self._node.desk.doors.now(),
        )
        links: dict[str, Links] = {}
        for end in given.ended:
            links[end.id] = grown(before[end.id], end, followed=False, now=now)
        over = _ends(given.ended, links)
        for one in given.told:
            at = None if one.id in followed else over.get((one.id, one.author))
            since = now if at is None else max(now, Micros(at + SECOND))
            links[one.id] = grown(before[one.id], one, followed=one.id in followed, now=since)
            if at is not None:
                links[one.id] = held_again(links[one.id], at, since)
        self._links = links
        return [one for one in given.both if links[one.id] != self._kept[one.id]]

    def _remembered(self, item: str) -> Links:
        known = self._kept.get(item)
        return read_links(self._node.desk.doors.sent_as(self._word(CHAIN, item))) if known is None else known

    def _due(self, one: Outgoing | Ended, way: str) -> Message | None:
        """Return what goes to who has not had it; an end goes to who had the warning alone."""
        word = self._word(way, one.id)
        before, count = self._sent_as(word), len(self._links.get(one.id, ()))
        had = -1 if before is None else int(before) if before.isdecimal() else 0
        if had >= count or (had < 0 and isinstance(one, Ended)):
            return None
        said, data = self.named(one), self.written(one)
        return None if said is None or data is None else Message(word, str(count), said[0], _until(one), data)

    def _sent_as(self, word: str) -> str | None:
        return self._went[word][0] if word in self._went else self._node.desk.doors.sent_as(word)

    def _word(self, way: str, item: str) -> str:
        return digest64("quartet/cap-sent/v1", self._settings.name.encode(), way.encode(), item.encode())

    @property
    def _sender(self) -> Sender:
        return Sender(self._settings.domain, self._settings.sender_name)

    @property
    def _addresses(self) -> tuple[str, ...]:
        return (f"{self._settings.name}@{self._settings.domain}",)

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
        self._settled = False


def _until(one: Outgoing | Ended) -> Micros:
    return one.until if isinstance(one, Ended) else Micros(one.form.until)


def _ends(ended: Iterable[Ended], links: Mapping[str, Links]) -> dict[tuple[str, MemberId], Micros]:
    """Return when that which took the place of each warning was said to be taken back, the last time."""
    found: dict[tuple[str, MemberId], Micros] = {}
    for one in ended:
        for item in one.follows:
            at = links[one.id][-1].at
            found[item, one.author] = max(at, found.get((item, one.author), at))
    return found
