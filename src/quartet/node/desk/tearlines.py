"""Tear-lines: a new text of what an item says, marked by itself, which only the sole controller of the item may make.

Of what it was torn is kept beside the item, here, in the transaction that publishes it: nothing that is signed or sent
says so.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, Literal

import msgspec
from msgspec import structs

from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.release import Viewer, Withheld
from quartet.core.verify import Verified
from quartet.desk.tearline import Original, left_over, original_of
from quartet.node.attachments import Attachments
from quartet.node.consents import Consents
from quartet.node.desk.tearlineviews import LeftOver, Signer, TearLine, TearLineCheck, Torn
from quartet.node.drafting import circles_of, resolve, text_of, title_of
from quartet.node.holdings import Holdings
from quartet.node.parts import Parts
from quartet.node.publishing import Also
from quartet.node.registry import Registry
from quartet.node.seeing import Seeing
from quartet.node.views import Draft, Published, moment
from quartet.store import ItemRow, Tx

Publish = Callable[[Draft, Viewer, Also], Awaitable[Published]]
_ORIGIN: Final = "origin-stays"


class TearLines:
    """Checks tear-lines beside their originals, and makes them."""

    def __init__(
        self, parts: Parts, registry: Registry, holdings: Holdings, seeing: Seeing, consents: Consents
    ) -> None:
        self._parts = parts
        self._registry = registry
        self._holdings = holdings
        self._seeing = seeing
        self._consents = consents
        self._files = Attachments(parts.store)

    async def check(self, viewer: Viewer, ref: str, draft: TearLine) -> TearLineCheck:
        """Return a draft beside its original; raise `Unavailable("unknown-item")`, and as `make` for an origin."""
        now = self._parts.clock.now()
        item, row = self._original(viewer, ref, now)
        foreign = self._foreign(item)
        return TearLineCheck(
            ref=row.ref,
            title=title_of(item.statement),
            text=text_of(item.statement),
            tlp=row.tlp,
            may=not foreign,
            foreign=foreign,
            left=await self._left(item, draft),
            instead=self._instead(item, draft, now) if foreign else (),
            torn=self._torn(item.id, viewer, now),
        )

    async def make(self, viewer: Viewer, ref: str, draft: TearLine, publish: Publish) -> Published:
        """Publish a tear-line.

        Raise `Untrusted("not-sole-controller")` where others control the original too, `Untrusted("origin-stays")` of
        a place of origin, and `Malformed("left-over")` while something is pointed at that its author does not leave.
        """
        item, row = self._original(viewer, ref, self._parts.clock.now())
        foreign = self._foreign(item)
        if foreign:
            who = ", ".join(foreign)
            raise Untrusted("not-sole-controller", f"{row.ref} is not yours alone: ask {who} to grant it instead")
        left = await self._left(item, draft)
        if left and not draft.leave:
            raise Malformed("left-over", f"{len(left)} places still give something away: look at them, or leave them")
        key = f"{_key(item.id)}{{}}"

        def note(tx: Tx, made: ItemId) -> None:
            tx.set_meta(key.format(made), "")

        return await publish(_item(draft), viewer, note)

    def _original(self, viewer: Viewer, ref: str, now: Micros) -> tuple[Verified, ItemRow]:
        found, row = self._seeing.find(ref, viewer, now)
        stays = self._seeing.stays(found.item, row, viewer, now)
        if stays is not None and stays.reason == _ORIGIN:
            raise stays
        return found.item, row

    def _foreign(self, item: Verified) -> tuple[MemberId, ...]:
        """Return who else controls an item: the author of anything that it contains, or its own."""
        return tuple(sorted({MemberId(c.control.controller) for c in item.controls} - {self._parts.me}))

    async def _left(self, item: Verified, draft: TearLine) -> tuple[LeftOver, ...]:
        return await asyncio.to_thread(_pointed, self._whole(item), draft)

    def _whole(self, item: Verified) -> Original:
        said = item.statement
        body: Any = msgspec.json.decode(said.body)
        persons = (person.partition("/")[2] for person in said.marking.persons_named)
        return original_of(
            f"{title_of(said)}\n{text_of(said)}",
            names=(said.officer, *persons),
            files=[file.name for file in self._files.of(item)],
            form=body.get("form") if isinstance(body, dict) else None,
        )

    def _instead(self, item: Verified, draft: TearLine, now: Micros) -> tuple[Signer, ...]:
        circles = circles_of(self._registry.state.terms)
        to = resolve(draft.to, self._registry.state.members, circles)
        return tuple(self._signer(item, member, now) for member in to if member != self._parts.me)

    def _signer(self, item: Verified, member: MemberId, now: Micros) -> Signer:
        needed = self._consents.needed(item, member, now)
        if isinstance(needed, Withheld):
            return Signer(member=member, barred=str(needed.reason))
        return Signer(member=member, needed=tuple(sorted(needed)))

    def _torn(self, item: ItemId, viewer: Viewer, now: Micros) -> tuple[Torn, ...]:
        """Return the tear-lines of an item that a viewer may see, in the order in which they were made."""
        key, found = _key(item), list[tuple[int, Torn]]()
        for name in self._parts.store.reader.metas(key):
            made = ItemId(name.removeprefix(key))
            seen, row = self._seeing.see(made, viewer, now), self._parts.store.reader.row(made)
            if seen is not None and row is not None:
                said = seen.item.statement
                label = self._holdings.label(seen.item, now)
                found.append((row.admission, Torn(row.ref, title_of(said), label, moment(Micros(said.at)))))
        return tuple(one for _, one in sorted(found, key=lambda one: one[0]))


def _key(item: ItemId) -> str:
    return f"tear-line:{item}:"


def _pointed(original: Original, draft: TearLine) -> tuple[LeftOver, ...]:
    texts: tuple[tuple[Literal["title", "text"], str], ...] = (("title", draft.title), ("text", draft.text))
    return tuple(
        LeftOver(where=where, start=one.start, end=one.end, what=one.what.value)
        for where, text in texts
        for one in left_over(original, text)
    )


def _item(draft: TearLine) -> Draft:
    """Return the item that says a tear-line: nothing in it names what it was torn from."""
    given = {name: value for name, value in structs.asdict(draft).items() if name != "leave"}
    return Draft(kind="report", **given)
