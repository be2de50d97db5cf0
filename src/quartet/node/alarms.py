"""What the node itself alarms its officers of: a clock that is off, a certificate that ends, a tick that failed."""

import contextlib
import sqlite3
from typing import Final

from quartet.core.faults import Fault
from quartet.core.ids import SECOND, Micros
from quartet.node.parts import Parts
from quartet.node.room import Room

DAY: Final = 86_400 * SECOND
ENDS_SOON: Final = 30 * DAY
"""How long before a certificate ends its officers are told."""


async def tick_failed(parts: Parts, error: Exception, now: Micros) -> None:
    """Alarm that a tick failed, as far as the disk lets us; the next one tries again."""
    reason = error.reason if isinstance(error, Fault) else "store-failed"
    with contextlib.suppress(Fault, sqlite3.Error):
        await parts.store.write(lambda tx: tx.put_alarm(reason, parts.me, "a tick could not be done", now))


async def clock_alarm(parts: Parts, now: Micros) -> None:
    """Alarm while the clock is off the others', and end that once it is right."""
    apart = parts.clock.apart // 1_000_000
    if parts.clock.sure:
        await _ended(parts, "clock-unsure", now)
    else:
        off = "behind the others'" if apart > 0 else "ahead of the others'"
        text = f"this clock is {abs(apart)} s {off}; set it right"
        await parts.store.write(lambda tx: tx.put_alarm("clock-unsure", parts.me, text, now))


async def certificate_alarm(parts: Parts, now: Micros) -> None:
    """Alarm before a certificate ends, for that needs a person; end that once it was renewed."""
    soon = [(ends, what) for what, ends in parts.certificates if ends - now < ENDS_SOON]
    if not soon:
        await _ended(parts, "certificate-ends", now)
        return
    ends, what = min(soon)
    days = max(0, ends - now) // DAY
    text = f"the {what} ends in {days} days: stop the node, run `quartet keys renew`, start it again"
    await parts.store.write(lambda tx: tx.put_alarm("certificate-ends", parts.me, text, now))


async def disk_alarm(parts: Parts, room: Room, now: Micros) -> None:
    """Alarm while the disk is nearly full, and end that once there is room."""
    if room.low:
        text = f"less than {room.floor // 2**20} MiB are free: nothing is taken in until there is more"
        await parts.store.write(lambda tx: tx.put_alarm("disk-low", parts.me, text, now))
    else:
        await _ended(parts, "disk-low", now)


async def _ended(parts: Parts, reason: str, now: Micros) -> None:
    """End an alarm of our own, if it stands: nothing is written where nothing was wrong."""
    if parts.store.reader.has_alarm(reason, parts.me):
        await parts.store.write(lambda tx: tx.end_alarm(reason, parts.me, now))
