"""What the node itself alarms its officers of: a clock that is off, a tick that could not be done."""

import contextlib
import sqlite3

from quartet.core.faults import Fault
from quartet.core.ids import Micros
from quartet.node.parts import Parts


async def tick_failed(parts: Parts, error: Exception, now: Micros) -> None:
    """Alarm that a tick failed, as far as the disk lets us; the next one tries again."""
    reason = error.reason if isinstance(error, Fault) else "store-failed"
    with contextlib.suppress(Fault, sqlite3.Error):
        await parts.store.write(lambda tx: tx.put_alarm(reason, parts.me, "a tick could not be done", now))


async def clock_alarm(parts: Parts, now: Micros) -> None:
    """Alarm while the clock is off the others', and end that once it is right."""
    apart = parts.clock.apart // 1_000_000
    if parts.clock.sure:
        await parts.store.write(lambda tx: tx.end_alarm("clock-unsure", parts.me, now))
    else:
        off = (
            "behind the others': what they say is not shown before its time here"
            if apart > 0
            else "ahead of the others'"
        )
        text = f"this clock is {abs(apart)} s {off}; set it right"
        await parts.store.write(lambda tx: tx.put_alarm("clock-unsure", parts.me, text, now))
