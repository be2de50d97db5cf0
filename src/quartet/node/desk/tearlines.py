"""Tear-lines: a new text of what an item says, marked by itself, which only the sole controller of the item may make.

Of what it was torn is kept beside the item, here, in the transaction that publishes it: nothing that is signed or sent
says so. With it is kept why what is pointed at stayed, by places and words of a closed list: no word of a text is left
when the text goes.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, Literal, NamedTuple

import msgspec
from msgspec import structs

from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.release import Viewer, Withheld
from quartet.core.statement import Statement
from quartet.core.verify import Verified
from quartet.desk.tearline import left_over, original_of, strings_of
from quartet.desk.tearplaces import Places
from quartet.node.attachments import Attachments
from quartet.node.consents import Consents
from quartet.node.desk.tearlineviews import LeftOver, Signer, Stays, TearLine, TearLineCheck, TearLineText, Torn
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


class _Whole(NamedTuple):
    """An original with what stands beside it."""

    title: str
    text: str
    names: tuple[str, ...]
    files: tuple[str, ...]
    form: object


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

    async def check(self, viewer: Viewer, ref: str, draft: TearLineText) -> TearLineCheck:
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
        left = await self._left(item, TearLineText(text=draft.text, title=draft.title, to=draft.to))
        answers = _answers(left, draft)
        if len(answers) < len(left) and not draft.leave:
            lacking = len(left) - len(answers)
            raise Malformed("left-over", f"{lacking} places still give something away: look at them, or leave them")
        key, told = f"{_key(item.id)}{{}}", msgspec.json.encode(answers).decode()

        def note(tx: Tx, made: ItemId) -> None:
            tx.set_meta(key.format(made), told)

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

    async def _left(self, item: Verified, draft: TearLineText) -> tuple[LeftOver, ...]:
        return await asyncio.to_thread(_pointed, self._whole(item), draft)

    def _whole(self, item: Verified) -> _Whole:
        said = item.statement
        body: Any = msgspec.json.decode(said.body)
        persons = (person.partition("/")[2] for person in said.marking.persons_named)
        return _Whole(
            title=title_of(said),
            text=text_of(said),
            names=(said.officer, *persons),
            files=tuple(file.name for file in self._files.of(item)),
            form=body.get("form") if isinstance(body, dict) else None,
        )

    def _instead(self, item: Verified, draft: TearLineText, now: Micros) -> tuple[Signer, ...]:
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
        for name, told in self._parts.store.reader.metas(key).items():
            made = ItemId(name.removeprefix(key))
            seen, row = self._seeing.see(made, viewer, now), self._parts.store.reader.row(made)
            if seen is not None and row is not None:
                labelled = self._holdings.labelled(row, seen.item, now)
                found.append((row.admission, _torn(seen.item.statement, labelled, told)))
        return tuple(one for _, one in sorted(found, key=lambda one: one[0]))


def _key(item: ItemId) -> str:
    return f"tear-line:{item}:"


def _torn(said: Statement, row: ItemRow, told: str) -> Torn:
    return Torn(
        ref=row.ref,
        title=title_of(said),
        tlp=row.tlp,
        at=moment(Micros(said.at)),
        officer=said.officer,
        answers=msgspec.json.decode(told, type=tuple[Stays, ...]) if told else (),
    )


def _pointed(whole: _Whole, draft: TearLineText) -> tuple[LeftOver, ...]:
    names, files = whole.names, whole.files
    original = original_of(f"{whole.title}\n{whole.text}", names=names, files=files, form=whole.form)
    places = Places(whole.title, whole.text, (*names, *files, *strings_of(whole.form)))
    texts: tuple[tuple[Literal["title", "text"], str], ...] = (("title", draft.title), ("text", draft.text))
    return tuple(
        LeftOver(where=where, start=one.start, end=one.end, what=one.what.value, stands=places.of(text, one))
        for where, text in texts
        for one in left_over(original, text)
    )


def _answers(left: tuple[LeftOver, ...], draft: TearLine) -> tuple[Stays, ...]:
    """Return the answers to what is pointed at, one each; what nobody asked is not kept."""
    said = {(one.where, one.start, one.end, one.what): one for one in draft.answers}
    asked = ((one.where, one.start, one.end, one.what) for one in left)
    return tuple(said[one] for one in asked if one in said)


def _item(draft: TearLine) -> Draft:
    """Return the item that says a tear-line: nothing in it names what it was torn from."""
    given = {name: value for name, value in structs.asdict(draft).items() if name not in {"leave", "answers"}}
    return Draft(kind="report", **given)
