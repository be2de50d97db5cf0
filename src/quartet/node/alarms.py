"""What the node itself alarms its officers of: a clock that is off, a certificate that ends, a disk that is full.

An alarm is a row of the database; what keeps the node from writing one is told from memory (`health.py`).
"""

from collections.abc import Mapping
from typing import Final

from quartet.core.faults import Fault
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.node.counting import Counting, Silence
from quartet.node.keyset import DAY, ENDS_SOON
from quartet.node.parts import Parts
from quartet.node.room import Room
from quartet.node.views import moment
from quartet.store import AlarmRow, Tx

TICK_FAILED: Final = {"disk-full": "nothing can be written: what is here can be read; free space on the disk"}
"""What the alarm of a tick that could not be done says, where a person can mend it."""


async def look_round(
    parts: Parts, room: Room, counting: Counting, damaged: Mapping[ItemId, str], now: Micros, *, whole: bool
) -> None:
    """Alarm of what the node sees of itself once a tick, and when the `whole` is due of what changes slowly."""
    if whole:
        await certificate_alarm(parts, now)
        await witness_alarms(parts, counting, now)
    await clock_alarm(parts, now)
    await disk_alarm(parts, room, now)
    await damage_alarm(parts, damaged, now)


def tick_failed(error: Exception, me: MemberId, now: Micros) -> AlarmRow:
    """Return the alarm that a tick could not be done; it stands until the next one that is."""
    reason = error.reason if isinstance(error, Fault) else "store-failed"
    return AlarmRow(reason=reason, subject=me, detail=TICK_FAILED.get(reason, "a tick could not be done"), at=now)


def disk_low(room: Room, me: MemberId, now: Micros) -> AlarmRow:
    """Return the alarm that the disk is nearly full."""
    text = f"less than {room.floor // 2**20} MiB are free: nothing is taken in until there is more"
    return AlarmRow(reason="disk-low", subject=me, detail=text, at=now)


async def clock_alarm(parts: Parts, now: Micros) -> None:
    """Alarm while the clock is off the others', and end that once it is right."""
    apart = parts.clock.apart // 1_000_000
    if parts.clock.sure:
        await _ended(parts, "clock-unsure", now)
    else:
        off = "behind the others'" if apart > 0 else "ahead of the others'"
        text = f"this clock is {abs(apart)} s {off}; set it right"
        await parts.store.write(lambda tx: tx.put_alarm("clock-unsure", parts.me, text, now))


def spelt(at: Micros) -> str:
    """Return a time as an alarm says it."""
    return f"{moment(at):%Y-%m-%d %H:%MZ}"


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


async def witness_alarms(parts: Parts, counting: Counting, now: Micros) -> None:
    """Alarm of each witness that is silent for long, or declared absent; end that once it is not."""
    absent, silent = counting.absences(now), counting.silences(now)
    said = {m: f"it is not counted as a witness {spelt(one.since)} to {spelt(one.until)}" for m, one in absent.items()}
    ways = {m: silence_told(m, one, counting.others(m, now)) for m, one in silent.items() if m not in absent}
    for reason, told in (("witness-absent", said), ("witness-silent", ways)):
        await _stand(parts, reason, told, now)


def silence_told(witness: MemberId, silence: Silence, others: tuple[MemberId, ...]) -> str:
    """Return in words since when a witness is silent, and what may be done."""
    text = f"{witness} has not cosigned the log of {silence.log} since {spelt(silence.since)}: call it"
    if len(others) < 2:
        return f"{text}; it is the only witness, so that nothing of yours is on record without it"
    return (
        f"{text}; if it stays away, {', '.join(others)} can declare it absent: quartet charter propose absent {witness}"
    )


async def _stand(parts: Parts, reason: str, told: Mapping[MemberId, str], now: Micros) -> None:
    """Let an alarm stand for these members, and for no other."""
    standing = {one.subject: one.detail for one in parts.store.reader.alarms() if one.reason == reason}

    def job(tx: Tx) -> None:
        for member, text in told.items():
            tx.put_alarm(reason, member, text, now)
        for subject in standing.keys() - told.keys():
            tx.end_alarm(reason, subject, now)

    if standing != told:
        await parts.store.write(job)


async def damage_alarm(parts: Parts, damaged: Mapping[ItemId, str], now: Micros) -> None:
    """Alarm that an item's copy here cannot be opened any more, one for each reason."""
    for reason, item in {reason: item for item, reason in damaged.items()}.items():
        if not parts.store.reader.has_alarm(reason, parts.me):
            text = f"{item} cannot be opened any more: stop the node, verify it, restore it from a backup"
            await parts.store.write(lambda tx, r=reason, t=text: tx.put_alarm(r, parts.me, t, now))  # type: ignore[misc]


async def disk_alarm(parts: Parts, room: Room, now: Micros) -> None:
    """Alarm while the disk is nearly full, and end that once there is room."""
    if room.low:
        low = disk_low(room, parts.me, now)
        await parts.store.write(lambda tx: tx.put_alarm(low.reason, low.subject, low.detail, low.at))
    else:
        await _ended(parts, "disk-low", now)


async def _ended(parts: Parts, reason: str, now: Micros) -> None:
    """End an alarm of our own, if it stands: nothing is written where nothing was wrong."""
    if parts.store.reader.has_alarm(reason, parts.me):
        await parts.store.write(lambda tx: tx.end_alarm(reason, parts.me, now))
