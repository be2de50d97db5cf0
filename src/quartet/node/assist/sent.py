"""What went to a model: by whom, when, where to, of which item or text, and how marked; kept for the register.

It is kept before a byte goes, so that nothing left of which this node does not know. No word of the text is kept.
"""

from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec import structs

from quartet.core.encoding import Value, b64
from quartet.core.ids import ItemId, Micros, OfficerName
from quartet.core.release import Viewer
from quartet.node.assist.views import Outcome, SentPage, SentText
from quartet.node.parts import Parts
from quartet.node.seeing import WATCH, Seeing
from quartet.node.views import moment
from quartet.store import Tx

KEPT_FOR: Final = 366 * 24 * 3600 * 1_000_000
MAX_KEPT: Final = 20_000
"""Entries that are kept, the newest: an officer has far fewer in a year, by what her door lets her ask in a minute."""
MAX_PAGE: Final = 200
_PREFIX: Final = "assist sent "


class Entry(Value, frozen=True):
    """One text that went to a model, as it is kept; `item` is what it was the text of, else `attachment`."""

    at: Micros
    officer: OfficerName
    port: str
    host: str
    tlp: str
    size: int
    item: ItemId | None = None
    attachment: str | None = None
    outcome: Outcome = "asked"


class Sent:
    """Keeps what went."""

    def __init__(self, parts: Parts, seeing: Seeing) -> None:
        self._store = parts.store
        self._now = parts.clock.now
        self._entropy = parts.entropy
        self._seeing = seeing

    async def begin(self, entries: Sequence[Entry]) -> list[str]:
        """Keep that texts go now, and return under which words; what is too old or too much is forgotten."""
        known = sorted(self._store.reader.metas(_PREFIX))
        old = [key for key in known if int(key.split()[2]) < entries[0].at - KEPT_FOR]
        over = known[: max(0, len(known) - MAX_KEPT + len(entries))]
        words = [f"{_PREFIX}{one.at:020d} {b64(self._entropy(9))}" for one in entries]

        def job(tx: Tx) -> None:
            tx.drop_metas({*old, *over})
            _keep(tx, words, entries)

        await self._store.write(job)
        return words

    async def end(self, words: Sequence[str], entries: Sequence[Entry], outcome: Outcome) -> None:
        """Keep what came of them."""
        said = [structs.replace(one, outcome=outcome) for one in entries]
        await self._store.write(lambda tx: _keep(tx, words, said))

    def page(self, viewer: Viewer) -> SentPage:
        """Return what went of what a viewer may know of: her own texts, and items; the watch is told of all texts."""
        now, found = self._now(), []
        for _, kept in sorted(self._store.reader.metas(_PREFIX).items(), reverse=True):
            told = self._told(msgspec.json.decode(kept, type=Entry), viewer, now)
            if told is not None:
                found.append(told)
            if len(found) > MAX_PAGE:
                break
        return SentPage(tuple(found[:MAX_PAGE]), more=len(found) > MAX_PAGE)

    def _told(self, entry: Entry, viewer: Viewer, now: Micros) -> SentText | None:
        row = None if entry.item is None else self._seeing.known(entry.item, viewer, now)
        hers = entry.officer == viewer.name or WATCH in viewer.roles
        if (entry.item is not None and row is None) or (entry.item is None and not hers):
            return None
        return SentText(
            at=moment(entry.at),
            officer=entry.officer,
            port=entry.port,
            host=entry.host,
            tlp=entry.tlp,
            size=entry.size,
            ref=None if row is None else row.ref,
            attachment=entry.attachment,
            outcome=entry.outcome,
        )


def _keep(tx: Tx, words: Sequence[str], entries: Sequence[Entry]) -> None:
    for word, entry in zip(words, entries, strict=True):
        tx.set_meta(word, msgspec.json.encode(entry).decode())
