"""Conversations: messages beside an item, for those who may have the item, or fewer.

A message contains its subject, so that the rule itself keeps it within the subject's audience, and cites it, so that it
is found. What says that it is a message and does not contain what it cites is beside nothing.
"""

from msgspec import UNSET, UnsetType

from quartet.core.faults import Malformed
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.marking import Marking
from quartet.core.recall import recalled
from quartet.core.release import Viewer
from quartet.core.verify import Verified
from quartet.node.attachments import Attachments
from quartet.node.conversation import Message, Say, Thread
from quartet.node.drafting import MESSAGE, TITLE, text_of
from quartet.node.holdings import Holdings
from quartet.node.registry import Registry
from quartet.node.seeing import Seeing, unknown
from quartet.node.views import MAX_PAGE, Draft, moment
from quartet.store import ItemRow

Seen = tuple[Verified, ItemRow]


class Threads:
    """Finds and shows conversations; what it tells a viewer has passed the gate for her."""

    def __init__(self, registry: Registry, holdings: Holdings, seeing: Seeing, attachments: Attachments) -> None:
        self._registry = registry
        self._holdings = holdings
        self._seeing = seeing
        self._attachments = attachments
        self._reader = holdings.store.reader

    def subject(self, message: Verified) -> ItemId | None:
        """Return what a message is beside; None for any other item, and where it does not contain what it cites."""
        cited = [c.item for c in message.statement.cites]
        if message.statement.kind != MESSAGE or len(cited) != 1 or isinstance(cited[0], UnsetType):
            return None
        controls = {control for control, _ in self._reader.controls_of(ItemId(cited[0]))}
        return ItemId(cited[0]) if controls and controls <= {c.id for c in message.contained} else None

    def subject_seen(self, message: Verified, viewer: Viewer, now: Micros) -> Seen | None:
        """Return what a message is beside, if the viewer may see that."""
        named = self.subject(message)
        seen = None if named is None else self._seeing.see(named, viewer, now)
        row = None if named is None else self._reader.row(named)
        return None if seen is None or row is None else (seen.item, row)

    def beside(self, item: ItemId, viewer: Viewer, now: Micros) -> list[Seen]:
        """Return the messages beside an item that a viewer may see, in the order of time."""
        rows = self._reader.rows(self._reader.citing(item)).values()
        held = [row for row in rows if row.kind == MESSAGE and row.state != "PURGED"]
        seen = [(found.item, row) for row in held if (found := self._seeing.see(row.id, viewer, now)) is not None]
        return sorted(
            (one for one in seen if self.subject(one[0]) == item), key=lambda one: (one[0].statement.at, one[0].id)
        )

    def once(self, viewer: Viewer, now: Micros) -> "Beside":
        """Return what looks up each conversation of a list once: its rows may all be of one."""
        return Beside(self, viewer, now)

    def thread(self, viewer: Viewer, ref: str, now: Micros) -> tuple[Thread, list[Verified]]:
        """Return the conversation beside an item, or in which a message stands; and its messages, which are shown."""
        found, row = self._seeing.find(ref, viewer, now)
        root = found.item if row.kind != MESSAGE else None
        subject = (found.item, row) if root else self.subject_seen(found.item, viewer, now)
        named = row.id if root else self.subject(found.item)
        said = [(found.item, row)] if named is None else self.beside(named, viewer, now)
        shown = said[-MAX_PAGE:]
        thread = Thread(
            subject=None if subject is None else subject[1].ref,
            messages=tuple(self._message(*one) for one in shown),
            older=len(said) > len(shown),
        )
        return thread, [verified for verified, _ in shown]

    def draft(self, viewer: Viewer, ref: str, say: Say, now: Micros) -> Draft:
        """Return the draft of a message beside an item that the viewer may see; raise `Malformed("bad-message")`."""
        found, row = self._seeing.find(ref, viewer, now)
        seen = (found.item, row) if row.kind != MESSAGE else self.subject_seen(found.item, viewer, now)
        if seen is None:
            raise unknown()
        whole = self.audience(seen[0])
        if say.to is not None and not set(say.to) <= set(whole):
            beyond = ", ".join(sorted(set(say.to) - set(whole)))
            raise Malformed("bad-message", f"{beyond} cannot have what this is beside")
        return reply_to(seen[0], self.marking(seen[0]), tuple(whole if say.to is None else say.to), say)

    def marking(self, subject: Verified) -> Marking:
        """Return how an item is marked now: so is what is said beside it."""
        return self._holdings.marking(subject, self._holdings.clock.now())

    def files(self, verified: Verified) -> bool:
        """Return whether files go with an item."""
        return bool(self._attachments.of(verified))

    def audience(self, subject: Verified) -> list[MemberId]:
        """Return the other members whom a reply may name: whom the subject names by now, and its author."""
        marking = self.marking(subject)
        named = {*marking.named, subject.statement.member}
        if isinstance(marking.rel, UnsetType):
            named |= set(self._registry.state.members)  # the world may have it, or its author alone: the rule says
        return sorted(m for m in named if m in self._registry.state.members and m != self._registry.me)

    def _message(self, verified: Verified, row: ItemRow) -> Message:
        said = verified.statement
        return Message(
            id=verified.id,
            ref=row.ref,
            author=row.author,
            officer=said.officer,
            at=moment(said.at),
            text=text_of(said),
            tlp=self._holdings.label(verified, self._holdings.clock.now()),
            to=self.marking(verified).named,
            recalled=recalled(verified, self._holdings.facts, self._registry.membership),
            attachments=self._attachments.of(verified),
        )


class Beside:
    """The conversations as one viewer sees them at one moment, each as `Threads.beside` gives it."""

    def __init__(self, threads: Threads, viewer: Viewer, now: Micros) -> None:
        self._threads = threads
        self._viewer = viewer
        self._now = now
        self._known: dict[ItemId, list[Seen]] = {}

    def of(self, item: ItemId) -> list[Seen]:
        """Return the messages beside an item."""
        if item not in self._known:
            self._known[item] = self._threads.beside(item, self._viewer, self._now)
        return self._known[item]


def reply_to(subject: Verified, marking: Marking, to: tuple[MemberId, ...], say: Say) -> Draft:
    """Return a message that is marked as its subject is now, to those members."""
    lines = [line.strip() for line in say.text.splitlines() if line.strip()]
    return Draft(
        tlp=marking.tlp,  # type: ignore[arg-type]  # a word that is not known closes the subject to who would reply
        title=lines[0][:TITLE] if lines else "",
        text=say.text,
        to=to,
        kind=MESSAGE,
        persons=marking.persons_named,
        precedence=say.precedence,
        caveats=marking.caveat_words,
        onward=marking.onward_word,  # type: ignore[arg-type]
        mode=marking.mode_word,  # type: ignore[arg-type]
        expires=None if marking.expiry is None else moment(marking.expiry),
        contains=(subject.id,),
        cites=(subject.id,),
        purposes=() if marking.purposes is UNSET else tuple(marking.purposes),
        attachments=say.attachments,
        once=say.once,
    )
