"""What came by a door as an early warning, which of them are known, and what one says that ends others.

The identity of a message is its sender, its identifier and when it was sent; what has the same identity and other bytes
is another message.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final, NamedTuple

from msgspec import structs

from quartet.core.encoding import Value, digest64
from quartet.core.faults import Malformed
from quartet.core.ids import ItemId, Micros
from quartet.desk.action import HOUR
from quartet.desk.area import Area
from quartet.desk.warning import MAX_WINDOW, Category, Certainty, Early, Info, Response, Severity, Source, Urgency, Word

MAX_KNOWN: Final = 10_000
"""Early warnings that are known again when they come twice, the newest; of drills as many."""
CANCEL_HOLDS: Final = HOUR
"""How long the end of a warning is told at least: what was to be over before it came is still told."""
ENDED: Final = {
    "en": "This warning is cancelled.",
    "fr": "Cette alerte est annulée.",
    "ar": "أُلغي هذا التحذير.",
    "fa": "این هشدار لغو شد.",
    "ru": "Это предупреждение отменено.",
}
"""What is said in place of instructions that hold no more, where an authority ends a warning without a word."""

Reference = tuple[str, str, Micros]
"""How one message names another: its sender, its identifier, when it was sent."""


class Announced(Value, frozen=True, kw_only=True):
    """What an early warning says: of what, where, until when, and what to do."""

    category: Category
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    responses: tuple[Response, ...]
    begins: Micros
    until: Micros
    areas: tuple[Area, ...]
    info: tuple[Info, ...]


class Came(Value, frozen=True, kw_only=True):
    """An early warning as a door read it; `follows` names those whose place it takes, or that it ends.

    An UPDATE or a CANCEL may say nothing itself: then `said` is None, and `note` is what it gives as a reason.
    """

    word: Word
    said: Announced | None
    source: Source
    follows: tuple[Reference, ...]
    note: str
    exercise: bool
    original: bytes


class Identity(NamedTuple):
    """As what a message is known again, without a word of it: by its name at a door, and byte for byte."""

    name: str
    this: str


def identity_of(source: Source) -> Identity:
    """Return the identity of a message that came."""
    name = _name_of(source.door, (source.sender, source.identifier, Micros(source.sent)))
    return Identity(name, digest64("quartet/early-came/v1", name, source.sha256))


class Known:
    """The early warnings that came, by their identity; the newest `most`, whether they are held here still or not.

    Of drills there are as many: however many come, what is so is known again, and can be ended.
    """

    def __init__(self, most: int = MAX_KNOWN) -> None:
        self.most = most
        self._worlds: tuple[OrderedDict[Identity, ItemId], OrderedDict[Identity, ItemId]] = OrderedDict(), OrderedDict()
        self._named: dict[tuple[str, bool], list[ItemId]] = {}

    def add(self, one: Identity, item: ItemId, *, drill: bool) -> None:
        """Note one that came."""
        items = self._worlds[drill]
        for gone in self.beyond(drill=drill):
            left = [other for other in self._named.pop((gone.name, drill), ()) if other != items[gone]]
            del items[gone]
            if left:
                self._named[gone.name, drill] = left
        items[one] = item
        self._named.setdefault((one.name, drill), []).append(item)

    def beyond(self, *, drill: bool) -> tuple[Identity, ...]:
        """Return those that are forgotten when one more of their world comes."""
        items = self._worlds[drill]
        return tuple(islice(items, max(0, len(items) + 1 - self.most)))

    def same(self, one: Identity) -> ItemId | None:
        """Return the one that is this very message, byte for byte, if it came."""
        return next((items[one] for items in self._worlds if one in items), None)

    def referred(self, door: str, references: Iterable[Reference], *, drill: bool) -> tuple[ItemId, ...]:
        """Return all that came by a door under the identities that are referred to, each once: a drill refers to drills
        alone, and ends nothing that is so."""
        found = (item for one in references for item in self._named.get((_name_of(door, one), drill), ()))
        return tuple(dict.fromkeys(found))


def content_of(came: Came, before: Sequence[Early], now: Micros) -> tuple[Word, Announced]:
    """Return the word and the content under which a message is relayed; `before` is what it refers to and is here.

    What takes the place of others and is over when it comes ends them: it is a CANCEL. What says nothing itself says
    what the last before it said, an end in place of what there was to do. Raise `Malformed("unknown-reference")`.
    """
    word = came.word if before or came.word == "CANCEL" else "ALERT"
    if came.said is None:
        if not before:
            raise Malformed("unknown-reference", "it says nothing itself, and refers to nothing that is here")
        said = _like(before[-1])
        said = structs.replace(said, info=_ended(said.info, came.note)) if word == "CANCEL" else said
    else:
        said = came.said
    if word == "UPDATE" and said.until <= now:
        word = "CANCEL"
    return word, _held(said, before, now) if word == "CANCEL" else said


def _held(said: Announced, before: Sequence[Early], now: Micros) -> Announced:
    """Return what ends others, told as long as any of them would have been."""
    until = max(said.until, now + CANCEL_HOLDS, *(one.until for one in before))
    until = Micros(min(until, now + MAX_WINDOW))
    return structs.replace(said, until=until, begins=Micros(max(0, min(said.begins, until - 1))))


def _like(before: Early) -> Announced:
    return Announced(**{name: getattr(before, name) for name in Announced.__struct_fields__})


def _ended(info: Iterable[Info], note: str) -> tuple[Info, ...]:
    told = [structs.replace(one, protect=ENDED.get(one.language, ENDED["en"])) for one in info]
    first = structs.replace(told[0], protect=f"{told[0].protect} {note}".strip())
    return (first, *told[1:])


def _name_of(door: str, reference: Reference) -> str:
    return digest64("quartet/early-name/v1", door, *reference)
