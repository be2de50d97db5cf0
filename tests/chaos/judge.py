"""Judge what a storm left: nothing lost, nothing twice, nothing astray, every log whole and cosigned.

What was sent and kept is asked from the book, so that 200,000 items at eight members are not held in memory.
"""

import asyncio
import time
from typing import Any, Final

from quartet.core.faults import Fault
from quartet.core.proof.quorum import quorum
from quartet.node.statusviews import Status
from quartet.node.views import VerifyReport

from .blows import Blow, Episode
from .book import Book
from .officer import TROUBLE, Officer
from .storm import AFTERWARDS_S

HEAL_S: Final = 180.0
BEHIND: Final = 10
"""A log known this many ticks short of its author's own head counts as caught up; it grows while we look."""
MOST: Final = 1000
"""Violations of one kind that are told; the first ones say as much."""
OWED: Final = """
WITH owed AS (SELECT title, member FROM addressed UNION SELECT title, author FROM send)
SELECT s.id, s.author, o.member FROM send s JOIN owed o USING (title)
WHERE s.id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM kept k WHERE k.member = o.member AND k.id = s.id) LIMIT ?
"""
DOUBLED: Final = """
SELECT title, COUNT(*), member FROM shown GROUP BY member, title HAVING COUNT(*) > 1
UNION ALL SELECT id, COUNT(*), member FROM kept GROUP BY member, id HAVING COUNT(*) > 1 LIMIT ?
"""
STRAY: Final = """
SELECT k.id, k.author, k.member FROM kept k WHERE k.author != k.member AND NOT EXISTS (
  SELECT 1 FROM send s JOIN addressed a USING (title) WHERE s.id = k.id AND a.member = k.member
) AND NOT EXISTS (
  SELECT 1 FROM shown n JOIN addressed a USING (title) WHERE n.id = k.id AND a.member = k.member
) LIMIT ?
"""


async def heal(officers: dict[str, Officer], within: float = HEAL_S) -> tuple[float, list[str]]:
    """Wait until nothing is due and all know all logs; return how long it took, and what is still open."""
    began = time.monotonic()
    open_ = ["nobody asked"]
    while open_ and time.monotonic() - began < within:
        await asyncio.sleep(0.5)
        try:
            told = {m: await asyncio.to_thread(o.status) for m, o in officers.items()}
        except TROUBLE as fault:
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


def lost(book: Book) -> list[str]:
    """Return each acknowledged item that its author or a named recipient does not keep."""
    return [f"{item} of {author} not at {member}" for item, author, member in book.ask(OWED, MOST)]


def twice(book: Book) -> list[str]:
    """Return each item or title that a member keeps or shows more than once."""
    return [f"{what} {times} times at {member}" for what, times, member in book.ask(DOUBLED, MOST)]


def astray(book: Book) -> list[str]:
    """Return each item kept where it was not sent, acknowledged or not."""
    return [f"{item} of {author} at {member}" for item, author, member in book.ask(STRAY, MOST)]


def sheltered(episodes: list[Episode], blows: list[Blow], book: Book) -> list[Episode]:
    """Return the episodes in which nothing but the member's own absence came between author and FLASH.

    That is: until the FLASH was taken in, no blow fell on the author, on a hub, or once more on the member. Where one
    did, a parcel may have been lost after the member's return, and the next one, with ROUTINE, come first.
    """
    found = []
    for episode in episodes:
        arrived = None if episode.flash is None else _kept(book, episode.away, episode.flash.id)
        if arrived is None or not episode.routine:
            continue
        parts = {episode.author, episode.away}
        own = next(b for b in blows if b.name == episode.away and b.since <= episode.since <= b.until)
        others = [b for b in blows if b is not own and (b.parts & parts or any(p.startswith("hub") for p in b.parts))]
        if not any(b.since <= arrived[1] and b.until + AFTERWARDS_S >= own.since for b in others):
            found.append(episode)
    return found


def overtaken(episodes: list[Episode], book: Book) -> list[str]:
    """Return where a FLASH was not admitted before all the ROUTINE items sent earlier to a member that was away.

    All were acknowledged by one author while the member's process was gone, so that none can have come before the FLASH
    was there to be sent: whatever came first was chosen first.
    """
    found = []
    for episode in episodes:
        flash = None if episode.flash is None else _kept(book, episode.away, episode.flash.id)
        if flash is None or not episode.routine or episode.flash is None:
            found.append(f"{episode.away}: no FLASH of {episode.author}, or nothing before it")
            continue
        places = [_kept(book, episode.away, sent.id) for sent in episode.routine]
        early = [place for place in places if place is not None and place[0] < flash[0]]
        if early:
            found.append(
                f"{episode.away}: {len(early)} of {len(episode.routine)} ROUTINE of {episode.author} came before the"
                f" FLASH {episode.flash.id} of {episode.since:.1f}"
            )
    return found


def _kept(book: Book, member: str, item: str) -> tuple[Any, ...] | None:
    """Return an item's place in the order of admission at a member, and when that was."""
    found = book.ask("SELECT place, at FROM kept WHERE member = ? AND id = ?", member, item)
    return found[0] if found else None


def unproved(member: str, report: VerifyReport) -> list[str]:
    """Return what `verify` found, and each log without a quorum near its head."""
    found = [f"{member}: {p.reason}: {p.where}" for p in report.problems]
    found += [
        f"{member}: {author}'s log, {log.cosigners} of {log.witnesses} cosigned"
        for author, log in report.logs.items()
        if log.witnesses and log.cosigners < quorum(log.witnesses)
    ]
    return found if report.ok or found else [f"{member}: not ok"]


async def verified(officers: dict[str, Officer]) -> list[str]:
    """Have every node check all it holds; a log that has just caught up is cosigned some ticks later."""
    found: list[str] = []
    for _ in range(6):
        try:
            reports = await asyncio.gather(*(asyncio.to_thread(o.verify) for o in officers.values()))
        except Fault as fault:
            return [str(fault)]
        found = [what for m, report in zip(officers, reports, strict=True) for what in unproved(m, report)]
        if not found:
            break
        await asyncio.sleep(5)
    return found
