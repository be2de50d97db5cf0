"""How `quartet show` writes what a report says happened: each event by a number, with its grade in words."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from quartet.cli.output import one_line, say, table, utc
from quartet.core.ids import Micros
from quartet.desk.report import Counted, Report, ReportedEvent
from quartet.node.views import moment

COLUMNS: Final = ("N", "GRADE", "SAID", "WHEN", "WHERE", "COUNTS", "HOW", "ROOTS")
RELIABLE: Final = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "reliability cannot be judged",
}
CREDIBLE: Final = {
    2: "probably true",
    3: "possibly true",
    4: "doubtful",
    5: "improbable",
    6: "truth cannot be judged",
}
"""What the letter and the number of a grade mean, as officers learned them."""
_DAY: Final = timedelta(days=1)


def report_of(kind: str, body: Any) -> Report | None:
    """Return the form of a report as its item shows it; None of what has none, or one of a version that is no more."""
    form = body.get("form") if isinstance(body, dict) else None
    if kind != "report" or form is None:
        return None
    try:
        return msgspec.convert(form, Report)
    except msgspec.ValidationError:
        return None


def show_events(report: Report) -> None:
    """Write each event, what it is behind its number, and what the grades mean."""
    say("")
    table(COLUMNS, [(str(number), *_cells(one)) for number, one in enumerate(report.events, start=1)])
    for number, one in enumerate(report.events, start=1):
        say(f"{number}: {one_line(one.what)}")
    for grade in dict.fromkeys(map(_grade, report.events)):
        say(f"{grade}: source {RELIABLE[grade[0]]}; {CREDIBLE[int(grade[1])]}")


def _cells(one: ReportedEvent) -> Iterator[str]:
    yield _grade(one)
    yield "DENIED" if one.polarity == "DENIES" else one.polarity.lower()
    yield when_text(one.since, one.until)
    yield one_line(one.where) or "-"
    yield ", ".join(map(_count, one.counts)) or "-"
    yield one.how.lower()
    yield str(len(one.roots)) if one.roots else "not known"


def _grade(one: ReportedEvent) -> str:
    return f"{one.reliability}{one.credibility}"


def _count(one: Counted) -> str:
    if one.most == one.least:
        return f"{one.least} {one_line(one.of)}"
    return f"{one.least} {'or more' if one.most is None else f'to {one.most}'} {one_line(one.of)}"


def when_text(since: Micros | None, until: Micros | None) -> str:
    """Return when something was as people read it: whole days as days, else the times, UTC."""
    begins, ends = (None if at is None else moment(at) for at in (since, until))
    if begins is None:
        return "-" if ends is None else f"until {utc(ends)}"
    if ends is None:
        return f"from {utc(begins)}"
    if _whole(begins, ends):
        first, last = begins.strftime("%Y-%m-%d"), ends.strftime("%Y-%m-%d")
        return first if first == last else f"{first} to {last}"
    return utc(begins) if begins == ends else f"{utc(begins)} to {utc(ends)}"


def _whole(begins: datetime, ends: datetime) -> bool:
    """Return whether these are the first and the last minute of days."""
    midnight = begins.replace(hour=0, minute=0, second=0, microsecond=0)
    return begins == midnight and ends > begins and (ends - begins) % _DAY >= _DAY - timedelta(minutes=1)
