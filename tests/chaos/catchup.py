"""How long after each blow it took until everything was there that had been sent meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from benches.table import Table, percentile

from .blows import Blow
from .book import Book

MISSED: Final = """
SELECT s.author, a.member, MAX(k.at), COUNT(*) FROM send s JOIN addressed a USING (title)
JOIN kept k ON k.member = a.member AND k.id = s.id
WHERE s.at BETWEEN ? AND ? AND (s.author = ? OR a.member = ? OR ?) GROUP BY s.author, a.member
"""
HEAD: Final = (
    "what was struck",
    "blows",
    "copies meanwhile, p50",
    "all there: p50 s",
    "p90 s",
    "worst s",
    "free: p50 s",
    "worst s",
)
SAID: Final = (
    "Copies are of items acknowledged while the blow lasted, from or to the member that it struck (of a hub: all)."
    " All there is from the end of the blow to the last of them; a copy may then have waited for other blows. Free is"
    " the longest that one took once nothing struck its author, its recipient or a hub any more."
)


@dataclass(frozen=True)
class Caught:
    """How many copies were sent during a blow, how long after it the last one came, and how long with a free way."""

    copies: int
    seconds: float
    free: float


def caught_up(blow: Blow, blows: Sequence[Blow], book: Book) -> Caught:
    """Return how soon after a blow all was there; what came before its end counts as 0 seconds."""
    hub = of_hub(blow)
    member = "" if hub else next(iter(blow.parts))
    found = book.ask(MISSED, blow.since, blow.until, member, member, hub)
    last = max((at for _, _, at, _ in found), default=0.0)
    near = [b for b in blows if b.until >= blow.since and b.since <= last]
    free = [at - _freed(at, [b for b in near if in_the_way(b, author, to)]) for author, to, at, _ in found]
    return Caught(sum(n for *_, n in found), max(0.0, last - blow.until), max([0.0, *free]))


def _freed(at: float, blows: Sequence[Blow]) -> float:
    """Return when the last of these blows that began before a copy came had ended."""
    return max((blow.until for blow in blows if blow.since <= at), default=at)


def in_the_way(blow: Blow, author: str, to: str) -> bool:
    return of_hub(blow) or not blow.parts.isdisjoint({author, to})


def of_hub(blow: Blow) -> bool:
    return any(part.startswith("hub") for part in blow.parts)


def table(title: str, blows: Sequence[Blow], book: Book, said: str) -> Table:
    """Return how soon all was there, by what struck what."""
    by: dict[str, list[Caught]] = {}
    for blow in blows:
        by.setdefault(_kind(blow), []).append(caught_up(blow, blows, book))
    rows = [(k, f"{len(found)}", *_spread([one for one in found if one.copies])) for k, found in sorted(by.items())]
    return Table(title, HEAD, rows, f"{said} {SAID}")


def _spread(found: list[Caught]) -> list[str]:
    if not found:
        return ["-"] * 6
    seconds, free = [one.seconds for one in found], [one.free for one in found]
    wanted = ((seconds, 0.5), (seconds, 0.9), (seconds, 1.0), (free, 0.5), (free, 1.0))
    times = [f"{percentile(values, part):.1f}" for values, part in wanted]
    return [f"{percentile([one.copies for one in found], 0.5):,.0f}", *times]


def _kind(blow: Blow) -> str:
    """Return what was struck how, whichever of its kind it was."""
    what = "member"
    if of_hub(blow):
        what = "hub" if len(blow.parts) == 1 else "way between hubs"
        what = "a hub's cable" if blow.name.startswith("cable") else what
    elif blow.name not in blow.parts:
        what = "a member's cable" if blow.name.startswith("cable") else "a member's ways"
    return f"{what}: {blow.how}"
