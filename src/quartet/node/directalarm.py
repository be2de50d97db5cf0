"""Alarm that a direct link does not stand: it is for the hour in which all hubs are down, and must be found before."""

from collections.abc import Iterable
from typing import Final

from quartet.core.ids import SECOND, MemberId, Micros
from quartet.node.directwords import why_not_direct
from quartet.node.parts import Parts
from quartet.wire.carrier import Trouble

DOWN: Final = "direct-link-down"
PATIENCE: Final = 30 * SECOND
"""How long a link may take to come, or to come back."""


class DirectAlarms:
    """One alarm for each direct link that does not stand; it ends with the first look at which it does."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._since: dict[MemberId, Micros] = {}
        self._told: dict[MemberId, Trouble] | None = None

    async def look(self, peers: Iterable[MemberId], now: Micros) -> None:
        """Alarm of the links that have not stood for a while, and end the alarms of the others."""
        found = {peer: self._parts.carrier.way(peer).trouble for peer in peers}
        down = {peer: trouble for peer, trouble in found.items() if trouble}
        self._since = {peer: self._since.get(peer, now) for peer in down}
        told = self._standing() if self._told is None else self._told
        for peer in told.keys() - down.keys():
            await self._parts.store.write(lambda tx, p=peer: tx.end_alarm(DOWN, p, now))  # type: ignore[misc]
        overdue: dict[MemberId, Trouble] = {
            peer: trouble for peer, trouble in down.items() if now - self._since[peer] >= PATIENCE
        }
        for peer, trouble in overdue.items():
            if told.get(peer) != trouble:
                text = why_not_direct(peer, trouble)
                await self._parts.store.write(lambda tx, p=peer, t=text: tx.put_alarm(DOWN, p, t, now))  # type: ignore[misc]
        self._told = {**{peer: trouble for peer, trouble in told.items() if peer in down}, **overdue}

    def _standing(self) -> dict[MemberId, Trouble]:
        """Return of whom alarms stand from before we began."""
        return {MemberId(one.subject): "" for one in self._parts.store.reader.alarms() if one.reason == DOWN}
