"""An expression: a weekday, a date, a part of the day and a time that stand together, in whatever order.

Each of them at most once, and between them only small words: so no expression is long, and none is read twice.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from quartet.intake.dates.clocks import clock
from quartet.intake.dates.cores import core
from quartet.intake.dates.numeric import group, refused
from quartet.intake.dates.shapes import Clock, Core, Run, Ymd

MAX_FILLERS: Final = 3
MAX_PIECES: Final = 6
NIGHT_TO: Final = "night to"


_BEGINS: Final = frozenset(
    {"month", "jmonth", "hmonth", "weekday", "ordinal", "relday", "relpart", "anaphor", "part", "nightto", "edge"}
    | {"past", "anaphorpart", "season", "agofirst", "last", "next", "this", "number", "dual", "unit", "hourword"}
)
"""What a word must mean to begin an expression."""


class Expression(NamedTuple):
    """What stands together, and from which item to before which."""

    start: int
    end: int
    core: Core | None = None
    weekdays: tuple[int, ...] = ()
    turn: int | None = None
    """Whether the weekday is the last, this or the next one: -1, 0, 1."""
    part: str | None = None
    clock: Clock | None = None


def expressions(run: Run) -> Iterator[Expression]:
    """Yield the expressions of a run, none within another."""
    at = 0
    while at < len(run.items):
        if not _may_begin(run, at):
            at += 1
            continue
        passed = refused(run, at)
        if passed is not None:
            at = passed
            continue
        found = _group(run, at) or _read(run, at)
        if found is not None and _stands(run, found):
            yield found
        at = at + 1 if found is None else max(found.end, at + 1)


def _may_begin(run: Run, at: int) -> bool:
    """Return at a glance whether an expression may begin here: digits alone mean nothing."""
    item = run.items[at]
    if not item.digits:
        return not _BEGINS.isdisjoint(item.senses)
    follows, before = run.at(at + 1), run.at(at - 1)
    if follows is not None and not follows.digits and (follows.gap == 0 or follows.senses or item.digits == 6):
        return True
    return before is not None and bool(before.senses)


def _group(run: Run, at: int) -> Expression | None:
    found = group(run, at)
    return None if found is None else Expression(at, found[2], core=found[0], clock=found[1])


def _read(run: Run, at: int) -> Expression | None:
    made, place = Expression(at, at), at
    for _ in range(MAX_PIECES):
        more = next((one for one in (_piece(run, where, made) for where in _places(run, place, made)) if one), None)
        if more is None:
            break
        made = _with_year(run, more)
        place = made.end
    return made if made.end > at else None


def _places(run: Run, at: int, made: Expression) -> Iterator[int]:
    """Yield where the next piece may begin: here, or after small words if there was one before."""
    yield at
    if made.end == made.start:
        return
    for place in range(at, at + MAX_FILLERS):
        tee = run.has(place, "tee") and run.touches(place) and run.touches(place + 1)
        small = run.has(place, "filler") or (run.has(place, "at") and not run.has(place, "and")) or run.sign(place, ",")
        if not (small or tee or run.has(place, "dayword") or run.has(place, "about")):
            return
        yield place + 1


def _piece(run: Run, at: int, made: Expression) -> Expression | None:
    """Return the expression with the piece at a place, if there is one that it lacks: the longest of those."""
    pieces = [
        _with_weekday(run, at, made),
        _with_core(run, at, made),
        _with_clock(run, at, made),
        _with_part(run, at, made),
    ]
    return max((one for one in pieces if one is not None), key=lambda one: one.end, default=None)


def _with_weekday(run: Run, at: int, made: Expression) -> Expression | None:
    place, turn = (at + 1, _turn(run, at)) if _turn(run, at) is not None else (at, None)
    day = run.integer(place, "weekday")
    if day is None or made.weekdays or (run.language == "en" and not run.capital(place) and run.has(place, "shy")):
        return None
    after, days = place + 1, tuple[int, ...]((day,))
    if run.sign(after, ".") and run.touches(after) and run.has(place, "shy"):
        after += 1
    other = run.integer(_after_the(run, after + 1), "weekday") if run.has(after, "to") or run.sign(after, "-") else None
    other = run.integer(after, "weekday") if other is None and made.part == "night" else other
    if other is not None and (made.part == "night" or run.has(at - 1, "from")):
        days = (day, other)
        after = after + 1 if run.integer(after, "weekday") is not None else _after_the(run, after + 1) + 1
    if turn is None and (turn := _turn(run, after)) is not None:
        after += 1
    return made._replace(end=after, weekdays=days, turn=turn)


def _after_the(run: Run, at: int) -> int:
    return at + 1 if run.has(at, "the") or run.has(at, "dayword") else at


def _turn(run: Run, at: int) -> int | None:
    found = (run.integer(at, kind) for kind in ("last", "next", "this"))
    return next((one for one in found if one is not None), None)


def _with_year(run: Run, made: Expression) -> Expression:
    """Return an expression with the year behind its weekday: "13 November, Friday, 2026".

    The weekday stands bare behind a comma: "on 13 November, on Friday, 2000 people" tells no year.
    """
    done = made.core
    bare = run.integer(made.end - 1, "weekday") is not None and run.sign(made.end - 2, ",") is not None
    if done is None or not bare or done.last is not None:
        return made
    if done.first.month is None or done.first.day is None or done.first.year is not None:
        return made
    found = run.year(made.end + (run.sign(made.end, ",") is not None), done.calendar)
    if found is None:
        return made
    year, after, calendar = found
    return made._replace(end=after, core=done._replace(first=done.first._replace(year=year), calendar=calendar))


def _with_core(run: Run, at: int, made: Expression) -> Expression | None:
    if made.core is not None:
        return None
    found = core(run, at)
    if found is not None:
        return made._replace(end=found[1], core=found[0])
    anaphor = run.has(at, "anaphorpart")
    said = run.sense(at, "anaphorpart" if anaphor else "relpart")
    if said is not None and made.part is None:
        count, _, part = str(said).partition(":")
        day_off = Core("relative-day", shift=int(count), unit="day", anaphor=anaphor)
        return made._replace(end=at + 1, core=day_off, part=part)
    day = run.day(at)
    bare = made.weekdays and day is not None and not run.has(day[1], "oclock") and not run.has(day[1], "meridiem")
    if not bare or day is None or (run.sign(day[1], ":.") and run.touches(day[1])):
        return None
    if not (made.end == at or run.has(at - 1, "the") or day[1] > at + 1):
        return None
    return made._replace(end=day[1], core=Core("day-alone", Ymd(None, None, day[0])))


def _with_clock(run: Run, at: int, made: Expression) -> Expression | None:
    if made.clock is not None:
        return None
    found = clock(run, at, dated=made.core is not None or bool(made.weekdays))
    return None if found is None else made._replace(end=found[1], clock=found[0])


def _with_part(run: Run, at: int, made: Expression) -> Expression | None:
    if made.part is not None:
        return None
    if run.has(at, "nightto"):
        return made._replace(end=at + 1, part=NIGHT_TO)
    part = run.sense(at, "part")
    return None if part is None else made._replace(end=at + 1, part=str(part))


def _stands(run: Run, found: Expression) -> bool:
    """Whether the expression says a date or a time at all: not a part of a day, or a short weekday, by itself."""
    if found.core is not None or found.clock is not None or found.part == "midnight":
        return True
    if not found.weekdays:
        return False
    named = [place for place in range(found.start, found.end) if run.has(place, "weekday")]
    return not all(run.has(place, "shy") for place in named)
