"""Alarm desks of warnings as they are stored: a stream of its own, which no backlog of other news holds up.

Each desk is told what she sees, and again whenever what is known of it may ring otherwise. Nothing is kept for one who
is away: she lists what is in force when she comes, and is told what comes then.
"""

import asyncio
import contextlib
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from typing import Final

from quartet.core.ids import ItemId
from quartet.core.release import Viewer
from quartet.core.verify import Verified
from quartet.core.warning import WARNING_KINDS
from quartet.desk import KIND_OF
from quartet.desk.warning import Ack, Proposed
from quartet.node.desk.warnings import Warnings
from quartet.node.desk.warningviews import Alarmed, WarningRow
from quartet.node.holdings import Holdings

MAX_WAITING: Final = 256
"""News that wait for one desk; beyond it she is told to list anew."""
MAX_ROWS: Final = 64
LOOK_S: Final = 1.0
CHANGES: Final = frozenset({KIND_OF[Ack], KIND_OF[Proposed], "alert-check", "recall", "cancel-recall"})
"""What may change how a warning stands: she is told that something did, and asks."""


class WarningWatch:
    """Hands warnings to whoever watches for them."""

    def __init__(self, holdings: Holdings, warnings: Warnings) -> None:
        self._warnings = warnings
        self._desks: set[_Desk] = set()
        self._rows: OrderedDict[ItemId, WarningRow | None] = OrderedDict()
        holdings.on_news.append(self._news)

    def _news(self, verified: Verified) -> None:
        kind = verified.statement.kind
        if kind in WARNING_KINDS or kind in CHANGES:
            for desk in self._desks:
                desk.put(verified.id if kind in WARNING_KINDS else None)

    async def hear(self, viewer: Viewer) -> AsyncIterator[Alarmed]:
        """Tell a viewer of each warning that comes and that she sees; `changed` without a row is: list anew."""
        desk = _Desk()
        self._desks.add(desk)
        try:
            while True:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_S):
                        await desk.bell.wait()
                for item in desk.taken():
                    row = None if item is None else self._row(viewer, item)
                    if item is None or row is not None:
                        yield Alarmed(row=row, changed=item is None)
        finally:
            self._desks.discard(desk)

    def _row(self, viewer: Viewer, item: ItemId) -> WarningRow | None:
        """Return the row of a warning that a viewer sees; made once for all who do."""
        if not self._warnings.sees(viewer, item):
            return None
        if item not in self._rows:
            self._rows[item] = self._warnings.bare(item)
            while len(self._rows) > MAX_ROWS:
                self._rows.popitem(last=False)
        return self._rows[item]


class _Desk:
    """What waits for one desk."""

    def __init__(self) -> None:
        self.bell = asyncio.Event()
        self._waiting: deque[ItemId | None] = deque()

    def put(self, item: ItemId | None) -> None:
        """Note a warning, or with None that something changed, which is noted once."""
        if item is None and None in self._waiting:
            return
        if len(self._waiting) >= MAX_WAITING:
            self._waiting.clear()
            item = None
        self._waiting.append(item)
        self.bell.set()

    def taken(self) -> list[ItemId | None]:
        """Return what waits, warnings first, and forget it."""
        found = sorted(self._waiting, key=lambda item: item is None)
        self._waiting.clear()
        self.bell.clear()
        return found
