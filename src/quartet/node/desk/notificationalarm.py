"""Alarm the watch of a notification that nobody here is shown: no officer is trained for what it bears.

Else its author would wait for a word that cannot come, and no one would know that a hospital was told of. The alarm
names no item: it is for who may give an officer the roles.
"""

from typing import Final

from quartet.core.facts import corrections
from quartet.core.ids import SECOND, Micros
from quartet.core.recall import recalled
from quartet.core.verify import Verified
from quartet.desk import KIND_OF, form_of
from quartet.desk.notification import CAVEATS, Notified
from quartet.node.holdings import Holdings
from quartet.node.parts import Parts
from quartet.node.seeing import TRAINED, Seeing

REASON: Final = "notification-unread"
AGAIN: Final = 60 * SECOND
"""How often it is looked again: roles come and go with manifests, and notifications end."""
MOST: Final = 500
"""Notifications that are looked at, the newest."""


class NotificationAlarm:
    """Raises and ends the one alarm."""

    def __init__(self, parts: Parts, holdings: Holdings, seeing: Seeing) -> None:
        self._parts = parts
        self._holdings = holdings
        self._seeing = seeing
        self._look_at = Micros(0)
        self._stands = parts.store.reader.has_alarm(REASON, parts.me)
        holdings.on_news.append(self._news)

    def _news(self, verified: Verified) -> None:
        if verified.statement.kind in (KIND_OF[Notified], "correction", "recall"):
            self._look_at = Micros(0)

    async def look(self, now: Micros) -> None:
        """Raise it where it is so now, and end it where it is not any more."""
        if now < self._look_at:
            return
        self._look_at = Micros(now + AGAIN)
        rows = self._parts.store.reader.items(0, MOST, kind=KIND_OF[Notified], newest=True)
        held = (self._holdings.verified(row.id) for row in rows if row.state != "PURGED" and not row.mine)
        stands = any(self._unread(one, now) for one in held if one is not None)
        if stands != self._stands:
            self._stands = stands
            await self._tell(now, stands=stands)

    async def _tell(self, now: Micros, *, stands: bool) -> None:
        me = self._parts.me
        if not stands:
            await self._parts.store.write(lambda tx: tx.end_alarm(REASON, me, now))
            return
        roles = ", ".join(f"{TRAINED}{caveat}" for caveat in CAVEATS)
        detail = f"a notification came that no officer here is shown: give one the roles {roles}"
        await self._parts.store.write(lambda tx: tx.put_alarm(REASON, me, detail, now))

    def _unread(self, item: Verified, now: Micros) -> bool:
        """Return whether a notification that stands names this member and may be read by none of its officers."""
        form = form_of(item.statement, Notified)
        if form is None or self._parts.me not in form.parties or now >= form.ends:
            return False
        facts, membership = self._holdings.facts, self._holdings.registry.membership
        if recalled(item, facts, membership) or corrections(item, facts):
            return False
        return self._seeing.askers(item, now) == ()
