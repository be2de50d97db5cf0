"""Judge what a storm left: nothing lost, nothing twice, nothing astray, every log whole and cosigned."""

import asyncio
import sqlite3
import time
from collections import Counter
from pathlib import Path
from typing import Final

from quartet.cli.outcome import Refusal
from quartet.core.faults import Fault
from quartet.core.proof.quorum import quorum
from quartet.node.views import Row, Status, VerifyReport

from .storm import AFTERWARDS_S, Blow, Episode, Officer, Records

HEAL_S: Final = 180.0
CLAIMED: Final = ") "
"""Ends what is put before the title of an item whose precedence its officer may only claim."""
BEHIND: Final = 10
"""A log known this many ticks short of its author's own head counts as caught up; it grows while we look."""
STORED: Final = "SELECT id, author FROM item WHERE kind = 'report' ORDER BY admission"
RECEIVED: Final = "SELECT id, received FROM item WHERE kind = 'report'"


async def heal(officers: dict[str, Officer], within: float = HEAL_S) -> tuple[float, list[str]]:
    """Wait until nothing is due and all know all logs; return how long it took, and what is still open."""
    began = time.monotonic()
    open_ = ["nobody asked"]
    while open_ and time.monotonic() - began < within:
        await asyncio.sleep(0.5)
        try:
            told = {m: await asyncio.to_thread(o.status) for m, o in officers.items()}
        except (Fault, Refusal) as fault:
            open_ = [str(fault)]
        else:
            open_ = waiting(told)
    return time.monotonic() - began, open_


def waiting(told: dict[str, Status]) -> list[str]:
    """Return what is not yet as it should be."""
    found = []
    for member, status in told.items():
        for link in status.links:
            if link.state != "up" or link.due:
                found.append(f"{member} -> {link.member}: {link.state}, {link.due} due")
        for author, log in status.logs.items():
            head = told[author].logs[author].size
            if log.size < head - BEHIND:
                found.append(f"{member} knows {log.size} of {head} ticks of {author}")
            if log.cosigners < quorum(log.witnesses):
                found.append(f"{member}: {author}'s log has {log.cosigners} cosigners")
    return found


def stored(root: Path) -> list[tuple[str, str]]:
    """Return (id, author) of each item that a stopped member keeps, in the order of admission."""
    with sqlite3.connect(f"file:{root / 'store' / 'quartet.db'}?mode=ro", uri=True) as database:
        return list(database.execute(STORED))


def received(root: Path) -> dict[str, float]:
    """Return when a stopped member took in each item that it keeps, by its own clock in seconds."""
    with sqlite3.connect(f"file:{root / 'store' / 'quartet.db'}?mode=ro", uri=True) as database:
        return {item: at / 1_000_000 for item, at in database.execute(RECEIVED)}


def lost(records: Records, held: dict[str, list[str]]) -> list[str]:
    """Return each acknowledged item that its author or a named recipient does not keep."""
    has = {member: set(ids) for member, ids in held.items()}
    return [f"{s.id} of {s.author} not at {m}" for s in records.sent for m in {*s.to, s.author} if s.id not in has[m]]


def twice(held: dict[str, list[str]], listed: dict[str, list[Row]]) -> list[str]:
    """Return each item or title that a member keeps or shows more than once."""
    found = []
    for member, ids in held.items():
        titles = (row.title for row in listed[member])
        found += [f"{what} {n} times at {member}" for what, n in (Counter(ids) + Counter(titles)).items() if n > 1]
    return found


def astray(records: Records, listed: dict[str, list[Row]], kept: dict[str, list[tuple[str, str]]]) -> list[str]:
    """Return each item kept where it was not sent, acknowledged or not."""
    rows = [row for shown in listed.values() for row in shown]
    to_of = {str(row.id): records.tried[row.title.rpartition(CLAIMED)[2]][1] for row in rows}
    to_of |= {s.id: s.to for s in records.sent}
    return [
        f"{item} of {author} at {member}"
        for member, items in kept.items()
        for item, author in items
        if author != member and member not in to_of.get(item, frozenset())
    ]


def sheltered(episodes: list[Episode], blows: list[Blow], got: dict[str, dict[str, float]]) -> list[Episode]:
    """Return the episodes in which nothing but the member's own absence came between author and FLASH.

    That is: until the FLASH was taken in, no blow fell on the author, on a hub, or once more on the member. Where one
    did, a parcel may have been lost after the member's return, and the next one, with ROUTINE, come first.
    """
    found = []
    for episode in episodes:
        arrived = None if episode.flash is None else got[episode.away].get(episode.flash.id)
        if arrived is None or not episode.routine:
            continue
        parts = {episode.author, episode.away}
        own = next(b for b in blows if b.part == episode.away and b.since <= episode.since <= b.until)
        others = [b for b in blows if b is not own and (b.part in parts or b.part.startswith("hub"))]
        if not any(b.since <= arrived and b.until + AFTERWARDS_S >= own.since for b in others):
            found.append(episode)
    return found


def overtaken(episodes: list[Episode], held: dict[str, list[str]]) -> list[str]:
    """Return where a FLASH was not admitted before all the ROUTINE items sent earlier to a member that was away.

    All were acknowledged by one author while the member's process was gone, so that none can have come before the FLASH
    was there to be sent: whatever came first was chosen first.
    """
    found = []
    for episode in episodes:
        place = {item: n for n, item in enumerate(held[episode.away])}
        if episode.flash is None or not episode.routine or episode.flash.id not in place:
            found.append(f"{episode.away}: no FLASH of {episode.author}, or nothing before it")
            continue
        early = [s.id for s in episode.routine if place.get(s.id, len(place)) < place[episode.flash.id]]
        if early:
            found.append(
                f"{episode.away}: {len(early)} of {len(episode.routine)} ROUTINE of {episode.author} came before the"
                f" FLASH {episode.flash.id} of {episode.since:.1f}"
            )
    return found


def unproved(member: str, report: VerifyReport) -> list[str]:
    """Return what `verify` found, and each log without a quorum near its head."""
    found = [f"{member}: {p.reason}: {p.where}" for p in report.problems]
    found += [
        f"{member}: {author}'s log, {log.cosigners} of {log.witnesses} cosigned"
        for author, log in report.logs.items()
        if log.witnesses and log.cosigners < quorum(log.witnesses)
    ]
    return found if report.ok or found else [f"{member}: not ok"]
