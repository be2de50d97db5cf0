"""Measure what `happenings` finds against the annotations: run `python tests/intake/score_events.py tuned [en] [-v]`.

Entries are compared without regard to who says them. An annotated event is found by one of ours of the same polarity
whose span, or one of `also`, overlaps its own; what overlaps nothing of the same polarity is invented, and what is left
of the others is told twice. The language and the day of a page are
taken from the annotations: that those are read well is measured elsewhere.
"""

import json
import sys
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec

from quartet.intake.dates import LANGUAGES
from quartet.intake.events import Happening, happenings
from quartet.intake.events.values import Hours, When
from quartet.intake.pages import read
from quartet.intake.texts import Page, Span

HERE: Final = Path(__file__).parent / "corpus"
TODAY: Final = date(2026, 11, 29)
FIELDS: Final = ("type", "polarity", "date", "time", "place", "place holds", "grid", "counts", "words", "denied_counts")
CLINGS: Final = ("the ", "our ", "la ", "le ", "les ", "l'", "l’", "ال", "و", "ف", "ب", "ل")


class Score:
    """Counts of one language: by field right, ours, theirs."""

    def __init__(self) -> None:
        self.fields: dict[str, Counter[str]] = defaultdict(Counter)
        self.events: Counter[str] = Counter()

    def put(self, field: str, mine: Any, theirs: Any, right: bool) -> None:
        """Count one field: what we say, what they say, whether that is the same."""
        self.fields[field]["ours"] += bool(mine)
        self.fields[field]["theirs"] += bool(theirs)
        self.fields[field]["right"] += bool(mine) and bool(theirs) and right


def spans(text: str, event: dict[str, Any]) -> list[Span]:
    """Return where an annotated event stands in the text."""
    return [Span(text.find(one), text.find(one) + len(one)) for one in (event["span"], *event["also"])]


def meets(one: Span, other: Span) -> bool:
    """Return whether two places overlap."""
    return one.start < other.end and other.start < one.end


def matches(page: Page, told: list[dict[str, Any]], ours: tuple[Happening, ...]) -> tuple[dict[int, int], set[int]]:
    """Return which of ours stands for each of theirs, and those of ours that overlap nothing of theirs."""
    worth = []
    for theirs, event in enumerate(told):
        places = spans(page.text, event)
        for mine, one in enumerate(ours):
            main = meets(one.span, places[0])
            touch = any(meets(a, b) for a in (one.span, *one.also) for b in places)
            if touch and one.polarity.value == event["polarity"]:
                same = one.type.value in (event["type"], *event["type_or"])
                worth.append((-same, -main, theirs, mine))
    found: dict[int, int] = {}
    for _, _, theirs, mine in sorted(worth):
        if theirs not in found and mine not in found.values():
            found[theirs] = mine
    for _, _, theirs, mine in sorted(worth):
        found.setdefault(theirs, mine)
    return found, set(range(len(ours))) - {mine for _, _, _, mine in worth}


def when(one: When | None) -> Any:
    """Return a day as the annotations say it."""
    if one is None:
        return None
    if one.year_open:
        return [day.isoformat() for day in one.candidates]
    if one.first is None or one.last is None:
        return None
    return one.first.isoformat() + ("" if one.first == one.last else f"/{one.last}")


def hours(one: Hours | None) -> str | None:
    """Return a time of day as the annotations say it."""
    if one is None:
        return None
    zone = " local"
    if one.offset_min is not None:
        zone = "Z" if one.offset_min == 0 else f"{one.offset_min // 60:+03}:{one.offset_min % 60:02}"
    return one.at + (f"/{one.until}" if one.until else "") + zone


def bare(words: str) -> str:
    """Return a place without the article or the preposition that clings to it."""
    words = words.casefold().strip()
    for cling in CLINGS:
        words = words.removeprefix(cling) if len(words) > len(cling) + 2 else words
    return words


def fields(page: Page, event: dict[str, Any], one: Happening, score: Score) -> list[str]:
    """Count the fields of one event, and return what is wrong."""
    wrong: list[str] = []
    place = one.place.span.of(page.text) if one.place else None
    told = event["place"]["name"]
    grid = one.grid.of(page.text) if one.grid else None
    day = event["date"]["value"] or event["date"]["candidates"]
    kinds = (event["type"], *event["type_or"])
    holds = bool(place and told) and (bare(place or "") in bare(told) or bare(told) in bare(place or ""))
    rows = [
        ("type", one.type.value, event["type"], one.type.value in kinds),
        ("polarity", one.polarity.value, event["polarity"], one.polarity.value == event["polarity"]),
        ("date", when(one.date), day, when(one.date) == day),
        ("time", hours(one.time), event["time"], hours(one.time) == event["time"]),
        ("place", place, told, bare(place or "") == bare(told or "")),
        ("place holds", place, told, holds),
        ("grid", grid, event["grid"], grid == event["grid"]),
    ]
    for field, mine, theirs, right in rows:
        score.put(field, mine, theirs, right)
        if (mine or theirs) and not right:
            wrong.append(f"{field}: {mine!r} for {theirs!r}")
    for field in ("counts", "denied_counts"):
        wrong += counts(page, field, event, one, score)
    return wrong


def counts(page: Page, field: str, event: dict[str, Any], one: Happening, score: Score) -> list[str]:
    """Count the figures of one event."""
    mine = {(t.what.value, t.low, t.high, t.approx): t.span.of(page.text) for t in getattr(one, field)}
    theirs = {(t["what"], t["low"], t["high"], t["approx"]): t["words"] for t in event[field]}
    for key in mine.keys() | theirs.keys():
        score.put(field, key in mine, key in theirs, True)
        if key in mine and key in theirs and field == "counts":
            score.put("words", True, True, bare(mine[key]) == bare(theirs[key]))
    return [f"{field}: {key} {mine[key]!r} is not told" for key in mine.keys() - theirs.keys()] + [
        f"{field}: {key} {theirs[key]!r} is missed" for key in theirs.keys() - mine.keys()
    ]


def measure(folder: Path, score: Score) -> list[str]:
    """Count one text, and return what is wrong with it."""
    (source,) = folder.glob("source.*")
    told = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    page = read(source.read_bytes(), "html" if source.suffix == ".html" else "txt")
    day = date.fromisoformat(told["published"]) if told["published"] else None
    page = msgspec.structs.replace(page, language=told["language"], published=day)
    ours = happenings(page, today=TODAY)
    found, spare = matches(page, told["events"], ours)
    score.events["told twice"] += len(ours) - len(spare) - len(set(found.values()))
    wrong: list[str] = []
    for at, event in enumerate(told["events"]):
        score.events["told"] += 1
        if at not in found:
            wrong.append(f"missed: {event['type']} {event['polarity']}: {event['span']}")
            continue
        score.events["found"] += 1
        wrong += [f"{event['type']}: {fault}" for fault in fields(page, event, ours[found[at]], score)]
    none = [Span(page.text.find(one), page.text.find(one) + len(one)) for one in told["not_events"]]
    for number in spare:
        within = any(meets(ours[number].span, place) for place in none)
        score.events["invented in not_events" if within else "invented elsewhere"] += 1
        wrong.append(f"invented{' in not_events' if within else ''}: {shown(page, ours[number])}")
    return wrong


def shown(page: Page, one: Happening) -> str:
    """Return one of ours on a line."""
    return (
        f"{one.type.value} {one.polarity.value} by {one.cue.of(page.text)!r} ({one.rule}) in {one.span.of(page.text)!r}"
    )


def main() -> None:
    """Print the figures by language."""
    part, languages = sys.argv[1], [one for one in sys.argv[2:] if one in LANGUAGES] or list(LANGUAGES)
    for language in languages:
        score = Score()
        for folder in sorted((HERE / part).glob(f"{language}-*")):
            wrong = measure(folder, score)
            if "-v" in sys.argv and wrong:
                print(folder.name, *wrong, sep="\n    ")
        print(language, dict(score.events))
        for field in FIELDS:
            one = score.fields[field]
            right, ours, theirs = one["right"], one["ours"], one["theirs"]
            print(f"  {field:14} precision {right:3} of {ours:3}   recall {right:3} of {theirs:3}")


if __name__ == "__main__":
    main()
