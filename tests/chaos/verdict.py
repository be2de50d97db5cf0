"""Say what a storm was and what it left, and return whether all held."""

from collections import Counter
from dataclasses import dataclass

from .blows import carrying
from .book import Book
from .catchup import table
from .judge import astray, lost, overtaken, sheltered, twice
from .line import Line
from .storm import Storm


@dataclass(frozen=True)
class Course:
    """How a storm went: seconds that it raged and that healing took, after it and in calm, and what was found amiss."""

    raged: float
    healed: float
    healed_again: float
    open: tuple[str, ...]
    problems: tuple[str, ...]
    offline: tuple[str, ...] = ()


def tell(course: Course, storm: Storm, lines: dict[str, Line], members: tuple[str, ...], book: Book, seed: int) -> bool:
    """Print what was done, how soon all was there, and what does not hold."""
    fair = sheltered(storm.episodes, storm.struck, book)
    blows, rate = sum(storm.blows.values()), f"{book.acknowledged / course.raged:.1f} a second"
    print(f"\n{blows} blows ({_list(storm.blows)}) in {course.raged:.0f} s; nobody felt: {_list(storm.vain)}")
    print(f"on the lines: {_list(sum((line.count for line in lines.values()), Counter[str]()))}")
    print(f"{book.acknowledged} sends acknowledged of {book.tried}, {rate}; not: {_list(book.refused)}")
    print(f"all there {course.healed:.1f} s after the last blow, {course.healed_again:.1f} s after the calm")
    print(f"FLASH: {_list(book.flashes)}; judged {len(storm.in_calm)} in calm, {len(fair)} of {len(storm.episodes)}\n")
    said = (
        f"{len(members)} members, two hubs, {blows} blows (up to two at once), {book.acknowledged:,} items to one"
        f" to {len(members) - 1} members each, {rate}; seed {seed}."
    )
    print(table("Catching up after blows", [*storm.struck, *storm.calm], book, said).markdown())
    checks = {
        "acknowledged items lost": lost(book),
        "stored twice": twice(book),
        "at a wrong member": astray(book),
        "problems of logs": course.problems,
        "problems of logs, offline": course.offline,
        "not caught up": course.open,
        "FLASH that did not overtake": overtaken([*storm.in_calm, *fair], book),
        "starts that failed": storm.unstarted,
        "members that no line carried for": [m for m in members if not any(n.count for n in carrying(m, lines))],
    }
    for what, found in checks.items():
        print(f"{len(found):6} {what}", *(f"\n         {line}" for line in found[:5]), sep="")
    print("VIOLATED" if any(checks.values()) else "all held", flush=True)
    return not any(checks.values())


def _list(count: Counter[str]) -> str:
    return ", ".join(f"{number} {what}" for what, number in sorted(count.items())) or "none"
