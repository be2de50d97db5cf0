"""Relay an authority's early warning as it came: to the desks that the settings name, at once, by nobody's judgement.

No officer stands behind it, so none asserts it: it names the way by which it came, and is signed by the node. What an
alert claims of who may have it widens nothing. The original lies beside it, at this member alone; both are kept in one
transaction. One that is the same byte for byte is said once, though the node began anew or the item was destroyed;
under one identity with other content it is another warning, and the watch is alarmed (`warnalarms.py`).

All that this node relays is one speaker's: six an hour go as FLASH, of drills as many, more as IMMEDIATE, here and
wherever they go. Each rings at its desk all the same, and the watch here is told (`early-lowered`).
"""

import asyncio
import base64
from collections import deque
from functools import partial
from typing import Final

from msgspec import structs, to_builtins

from quartet.core.faults import Malformed, Unavailable
from quartet.core.ids import SECOND, ItemId, MemberId, Micros
from quartet.core.statement import reference
from quartet.core.verify import Verified
from quartet.desk import KIND_OF
from quartet.desk.warning import MAX_ALSO, Desk, Early, check_early
from quartet.node.desk.came import Came, Identity, Known, content_of, identity_of
from quartet.node.desk.dooralarms import DoorAlarms
from quartet.node.desk.sayings import Sayings
from quartet.node.earlysource import EarlySource
from quartet.node.flashes import HOUR, MAX_FLASH_AN_HOUR
from quartet.node.holdings import Holdings
from quartet.node.inforce import DRILL, called
from quartet.node.parts import Parts
from quartet.node.publishing import NODE_OFFICER, Publisher, published
from quartet.node.room import Room
from quartet.node.views import MAX_TITLE, Draft, Published
from quartet.store import Tx

MINUTE: Final = 60 * SECOND
NOTHING_KEPT: Final = frozenset({"disk-full", "store-busy", "store-closed"})
"""Faults of the store that say that nothing was kept."""
_CAME: Final = "early came "


class Relaying:
    """Publishes early warnings, each once."""

    def __init__(
        self,
        parts: Parts,
        holdings: Holdings,
        sayings: Sayings,
        publisher: Publisher,
        room: Room,
        alarms: DoorAlarms,
    ) -> None:
        self._parts = parts
        self._holdings = holdings
        self._sayings = sayings
        self._publisher = publisher
        self._room = room
        self._known: Known | None = None
        self._taken: dict[tuple[str, bool], deque[Micros]] = {}
        self._turn = asyncio.Lock()
        self._alarms = alarms
        self._lowered: dict[str, list[Micros]] = {}
        """By source, of its drills apart, when what it gave went as IMMEDIATE in the last hour."""

    async def look(self, now: Micros) -> None:
        """Tell the watch of which sources more came in the last hour than goes as FLASH, once a tick."""
        for name, times in self._lowered.items():
            times[:] = [at for at in times if at > now - HOUR]
            await self._alarms.tell("early-lowered", name, _lowered(len(times)))

    async def relay(self, source: EarlySource, came: Came) -> Published:
        """Publish an early warning for whom its source's settings name; what came before is not said twice.

        Raise `Malformed("bad-form")` for what is over or makes no sense, `Malformed("unknown-reference")` for the end
        of what never came, `Unavailable("too-fast")` beyond the source's rate, and `Unavailable` for what the disk or
        the store does not take now: then nothing of it was kept, and it may come again.
        """
        async with self._turn:
            now = self._parts.clock.now()
            known = self._all()
            one = identity_of(came.source)
            same = known.same(one)
            if same is not None:
                return Published(same, reference(self._parts.me, same))
            taken = self._pace(source, now, drill=came.exercise)
            self._room.check()
            form = self._form(source, came, known, now)
            check_early(form, now)
            draft = _draft(source, came, form, self._parts.me)
            urgent = self._publisher.urgent(draft, NODE_OFFICER).precedence
            warning = self._publisher.said_by_node(structs.replace(draft, precedence=urgent), form)
            with self._publisher.saying(warning):
                await self._keep(came, one, warning, known)
            taken.append(now)
            if urgent != draft.precedence:
                self._lowered.setdefault(called(source.name, exercise=came.exercise), []).append(now)
        return published(warning)

    async def _keep(self, came: Came, one: Identity, warning: Verified, known: Known) -> None:
        """Keep a warning and its original, and as what it is known again."""
        note = partial(_note, one, warning.id, known.beyond(drill=came.exercise), drill=came.exercise)
        self._known = None  # until it is known whether the store has it
        try:
            await self._publisher.together.keep((warning, self._original(came, warning)), note)
        except Unavailable as fault:
            self._known = known if fault.reason in NOTHING_KEPT else None
            raise
        known.add(one, warning.id, drill=came.exercise)
        self._known = known

    def _form(self, source: EarlySource, came: Came, known: Known, now: Micros) -> Early:
        """Return the form: an UPDATE of what never came is a warning of its own, a CANCEL of it is nothing."""
        before = known.referred(came.source.door, came.follows, drill=came.exercise)
        if came.word == "CANCEL" and not before:
            raise Malformed("unknown-reference", "it cancels what never came by this door")
        if len(before) > MAX_ALSO + 1:
            raise Malformed("bad-form", f"references: it ends {len(before)} warnings where {MAX_ALSO + 1} may be")
        verified = (self._holdings.verified(item) for item in before)
        forms = [form for one in verified if one is not None and (form := self._early(one)) is not None]
        word, said = content_of(came, forms, now)
        ends = before if word != "ALERT" else ()
        return Early(
            word=word,
            category=said.category,
            urgency=said.urgency,
            severity=said.severity,
            certainty=said.certainty,
            begins=said.begins,
            until=said.until,
            areas=said.areas,
            info=said.info,
            desks=tuple(Desk(MemberId(m), name) for m, _, name in (one.partition("/") for one in source.desks)),
            responses=said.responses,
            previous=ends[-1] if ends else None,
            also=ends[:-1],
            source=came.source,
        )

    def _early(self, verified: Verified) -> Early | None:
        row = self._parts.store.reader.row(verified.id)
        said = None if row is None else self._sayings.said((verified, row), Early)
        return None if said is None else said.form

    def _original(self, came: Came, warning: Verified) -> Verified:
        """Return the item with the original's exact bytes, for this member alone."""
        text = base64.b64encode(came.original).decode()
        title = f"Original of {reference(self._parts.me, warning.id)}, in base64, SHA-256 {came.source.sha256}"
        return self._publisher.said_by_node(Draft(tlp="AMBER", title=title, text=text, onward="NEVER"), None)

    def _pace(self, source: EarlySource, now: Micros, *, drill: bool) -> deque[Micros]:
        """Return when a source gave what was taken in the last minute, of drills by themselves: no drill has what is so
        wait. Raise `Unavailable("too-fast")`."""
        taken = self._taken.setdefault((source.name, drill), deque())
        while taken and taken[0] <= now - MINUTE:
            taken.popleft()
        if len(taken) >= source.per_minute:
            raise Unavailable("too-fast", f"{source.name} gave {len(taken)} warnings in a minute: it must wait")
        return taken

    def _all(self) -> Known:
        """Return what came already, in its order; after a start, or a fault of the store, it is read back."""
        if self._known is None:
            reader, found = self._parts.store.reader, Known()
            metas = ((key, value.partition(" ")) for key, value in reader.metas(_CAME).items())
            kept = {key.removeprefix(_CAME): (ItemId(item), drill == DRILL) for key, (item, _, drill) in metas}
            rows = reader.rows([item for item, _ in kept.values()])
            for key, (item, drill) in sorted(kept.items(), key=lambda one: rows[one[1][0]].admission):
                found.add(Identity(*key.split(" ")), item, drill=drill)
            self._known = found
        return self._known


def _lowered(count: int) -> str:
    """Return what the watch is told where a source's warnings went as IMMEDIATE; nothing where none did."""
    many = "1 warning" if count == 1 else f"{count} warnings"
    said = f"{many} of the last hour went as IMMEDIATE: doors have {MAX_FLASH_AN_HOUR} FLASH an hour; each rings"
    return said if count else ""


def _note(one: Identity, item: ItemId, gone: tuple[Identity, ...], tx: Tx, *, drill: bool) -> None:
    """Keep as what a message is known again, apart from its item: that may be destroyed before the message is over."""
    tx.drop_metas(_CAME + " ".join(other) for other in gone)
    tx.set_meta(_CAME + " ".join(one), f"{item} {DRILL}" if drill else item)


def _draft(source: EarlySource, came: Came, form: Early, me: MemberId) -> Draft:
    to = {*source.to, *(desk.member for desk in form.desks)} - {me}
    return Draft(
        kind=KIND_OF[Early],
        tlp=source.tlp,
        title=form.info[0].headline[:MAX_TITLE],
        text="",
        to=tuple(MemberId(member) for member in sorted(to)),
        precedence="FLASH",
        caveats=(DRILL,) if came.exercise else (),
        form=to_builtins(form),
    )
