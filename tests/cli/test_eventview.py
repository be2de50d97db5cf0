"""How a report's events are shown: with grade, times, counts and denials, and nothing where a form cannot be read."""

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec import to_builtins

from quartet.cli.eventview import report_of, show_events, when_text
from quartet.core.ids import SECOND, Micros
from quartet.desk.report import Counted, Report, ReportedEvent


def at(day: int, hour: int = 0, minute: int = 0) -> Micros:
    return Micros(round(datetime(2026, 3, day, hour, minute, tzinfo=UTC).timestamp()) * SECOND)


def event(**more: Any) -> ReportedEvent:
    known = {"what": "fire: it burns", "how": "PUBLISHED", "polarity": "ASSERTS", "reliability": "B", "credibility": 3}
    return ReportedEvent(**{**known, **more})


@pytest.mark.parametrize(
    ("since", "until", "text"),
    [
        (None, None, "-"),
        (at(1), at(1, 23, 59), "2026-03-01"),
        (at(1), at(3, 23, 59), "2026-03-01 to 2026-03-03"),
        (at(1, 4, 5), at(1, 4, 5), "2026-03-01 04:05:00Z"),
        (at(1), at(1), "2026-03-01 00:00:00Z"),
        (at(1, 4, 5), at(1, 23, 59), "2026-03-01 04:05:00Z to 2026-03-01 23:59:00Z"),
        (at(1, 4, 5), None, "from 2026-03-01 04:05:00Z"),
        (None, at(1, 4, 5), "until 2026-03-01 04:05:00Z"),
    ],
)
def test_whole_days_are_days_and_all_else_is_times(since: Micros | None, until: Micros | None, text: str) -> None:
    assert when_text(since, until) == text


def test_an_officer_reads_grade_date_place_counts_and_denial(capsys: pytest.CaptureFixture[str]) -> None:
    counts = (Counted("injured", 3, 3), Counted("dead", 1, 2), Counted("missing", 5))
    told = event(where="Ostrel", since=at(1), until=at(1, 23, 59), counts=counts, roots=("A" * 43,))
    denied = event(what="spill:\nno leak", polarity="DENIES", reliability="F", credibility=6)

    show_events(Report((told, denied)))

    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines() if line]
    assert lines[2:] == [
        "1 B3 asserts 2026-03-01 Ostrel 3 injured, 1 to 2 dead, 5 or more missing published 1",
        "2 F6 DENIED - - - published not known",
        "1: fire: it burns",
        "2: spill: no leak",
        "B3: source usually reliable; possibly true",
        "F6: source reliability cannot be judged; truth cannot be judged",
    ]


def test_only_the_form_of_a_report_is_read_and_one_that_cannot_be_is_left_to_its_text() -> None:
    report = Report((event(),))
    body = {"text": "it burns", "form": to_builtins(report)}

    assert report_of("report", body) == report
    assert report_of("request", body) is None
    others: list[Any] = [None, "text", {"text": "it burns"}, {"form": None}, {"form": {"events": []}}, {"form": 1}]
    for bad in others:
        assert report_of("report", bad) is None
