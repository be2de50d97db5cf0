"""Relay an authority's early warning as it came: to the desks that the settings name, at once, by nobody's judgement.

No officer stands behind it, so none asserts it: it names the way by which it came, and is signed by the node. What an
alert claims of who may have it widens nothing. The original lies beside it, at this member alone.
"""

import asyncio
import base64
from collections import OrderedDict, deque
from collections.abc import Mapping
from typing import Final

from msgspec import to_builtins

from quartet.core.encoding import Value
from quartet.core.faults import Malformed, Unavailable
from quartet.core.ids import SECOND, ItemId, MemberId, Micros
from quartet.core.statement import reference
from quartet.desk import KIND_OF
from quartet.desk.area import Area
from quartet.desk.warning import (
    Category,
    Certainty,
    Desk,
    Early,
    Info,
    Response,
    Severity,
    Source,
    Urgency,
    Word,
    check_warned,
)
from quartet.node.desk.sayings import Sayings
from quartet.node.earlysource import EarlySource
from quartet.node.holdings import Holdings
from quartet.node.parts import Parts
from quartet.node.publishing import Publisher, published
from quartet.node.room import Room
from quartet.node.views import MAX_TITLE, Draft, Published

MAX_KNOWN: Final = 10_000
"""Early warnings that are known again when they come twice, the newest."""
MINUTE: Final = 60 * SECOND


class Came(Value, frozen=True, kw_only=True):
    """An early warning as a door read it; `follows` names sender and identifier of those whose place it takes."""

    word: Word
    category: Category
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    responses: tuple[Response, ...]
    begins: Micros
    until: Micros
    areas: tuple[Area, ...]
    info: tuple[Info, ...]
    source: Source
    follows: tuple[tuple[str, str], ...]
    exercise: bool
    original: bytes


Key = tuple[str, str, str]
"""By which door, from whom, under which identifier."""


class Relaying:
    """Publishes early warnings, each once."""

    def __init__(self, parts: Parts, holdings: Holdings, sayings: Sayings, publisher: Publisher, room: Room) -> None:
        self._parts = parts
        self._holdings = holdings
        self._sayings = sayings
        self._publisher = publisher
        self._room = room
        self._known: OrderedDict[Key, ItemId] | None = None
        self._taken: dict[str, deque[Micros]] = {}
        self._turn = asyncio.Lock()

    async def relay(self, source: EarlySource, came: Came) -> Published:
        """Publish an early warning for whom its source's settings name; what came before is not said twice.

        Raise `Malformed("bad-form")` for what is over or makes no sense, `Malformed("unknown-reference")` for the end
        of what never came, `Unavailable("too-fast")` beyond the source's rate, and `Unavailable("disk-low")`.
        """
        now = self._parts.clock.now()
        key = (came.source.door, came.source.sender, came.source.identifier)
        async with self._turn:
            known = self._all()
            if key in known:
                return Published(known[key], reference(self._parts.me, known[key]))
            self._pace(source, now)
            self._room.check()
            form = self._form(source, came, known)
            check_warned(form, now)
            warning = await self._publisher.by_node(_draft(source, came, form, self._parts.me), form)
            known[key] = warning.id
            while len(known) > MAX_KNOWN:
                known.popitem(last=False)
        await self._keep(came, warning.id)
        return published(warning)

    def _form(self, source: EarlySource, came: Came, known: Mapping[Key, ItemId]) -> Early:
        """Return the form: an UPDATE of what never came is a warning of its own, a CANCEL of it is nothing."""
        before = [known[key] for one in came.follows if (key := (came.source.door, *one)) in known]
        if came.word == "CANCEL" and not before:
            raise Malformed("unknown-reference", "it cancels what never came by this door")
        return Early(
            word=came.word if before else "ALERT",
            category=came.category,
            urgency=came.urgency,
            severity=came.severity,
            certainty=came.certainty,
            begins=came.begins,
            until=came.until,
            areas=came.areas,
            info=came.info,
            desks=tuple(Desk(MemberId(m), name) for m, _, name in (one.partition("/") for one in source.desks)),
            responses=came.responses,
            previous=before[-1] if before and came.word != "ALERT" else None,
            source=came.source,
        )

    async def _keep(self, came: Came, warning: ItemId) -> None:
        """Keep the original's exact bytes beside a warning, for this member alone."""
        text = base64.b64encode(came.original).decode()
        title = f"Original of {reference(self._parts.me, warning)}, in base64, SHA-256 {came.source.sha256}"
        await self._publisher.by_node(Draft(tlp="AMBER", title=title, text=text, onward="NEVER"), None)

    def _pace(self, source: EarlySource, now: Micros) -> None:
        taken = self._taken.setdefault(source.name, deque())
        while taken and taken[0] <= now - MINUTE:
            taken.popleft()
        if len(taken) >= source.per_minute:
            raise Unavailable("too-fast", f"{source.name} gave {len(taken)} warnings in a minute: it must wait")
        taken.append(now)

    def _all(self) -> "OrderedDict[Key, ItemId]":
        """Return what came already; after a start it is read back."""
        if self._known is None:
            rows = self._parts.store.reader.items(0, MAX_KNOWN, kind=KIND_OF[Early], newest=True)
            self._known = OrderedDict()
            for row in reversed(rows):
                verified = self._holdings.verified(row.id) if row.mine and row.state != "PURGED" else None
                said = None if verified is None else self._sayings.said((verified, row), Early)
                if said is not None:
                    source = said.form.source
                    self._known[(source.door, source.sender, source.identifier)] = said.id
        return self._known


def _draft(source: EarlySource, came: Came, form: Early, me: MemberId) -> Draft:
    to = {*source.to, *(desk.member for desk in form.desks)} - {me}
    return Draft(
        kind=KIND_OF[Early],
        tlp=source.tlp,
        title=came.info[0].headline[:MAX_TITLE],
        text="",
        to=tuple(MemberId(member) for member in sorted(to)),
        precedence="FLASH",
        caveats=("EXERCISE",) if came.exercise else (),
        form=to_builtins(form),
    )
