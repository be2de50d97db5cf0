"""Measure intake on short passages that nobody tuned to: run `python tests/intake/score_blind.py FILE [fr] [-v]`.

A file is a list of passages: `id`, `language`, `published`, `text`, and `events` with the fields of the corpus
(`type`, `type_or`, `polarity`, `date`, `place`, `counts`, `speaker`, `root`, `span`). An event is found by a suggestion
of the same polarity whose words overlap its own; what overlaps no event is invented. A speaker or root that is filled
in is right or WRONG: another's name, or a name where nobody is told. One that is left blank may be offered: the first
offer is the right name, another of them is, or none. A field that a passage does not annotate is not judged.
"""

import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any, Final

from quartet.core.fold import fold
from quartet.intake.dates import LANGUAGES
from quartet.intake.suggestions import Suggestion, suggest
from quartet.intake.texts import Block, BlockKind, Page, Span

TODAY: Final = date(2026, 11, 29)
CLINGS: Final = ("the ", "a ", "our ", "la ", "le ", "les ", "l'", "و", "ف", "ب", "ل", "ال")
ORDER: Final = ("told", "found", "invented", "type", "date", "place holds", "counts", "counts ours", "counts theirs")
ATTRIBUTED: Final = ("speaker", "root")
HOW: Final = ("right", "WRONG", "first right", "right among", "no right", "nobody offered", "none", "offered nobody's")
"""How a field stands: filled in; blank, with the right name offered first, among the others, or not; nobody told."""


def page_of(passage: dict[str, Any]) -> Page:
    """Return a passage as a page of one block."""
    text = " ".join(passage["text"].split())
    day = date.fromisoformat(passage["published"]) if passage["published"] else None
    return Page(text, (Block(Span(0, len(text)), BlockKind.BODY),), language=passage["language"], published=day)


def main() -> None:
    """Print the figures by language, and with `-v` what is wrong with each passage."""
    passages = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    whole, wrong = Counter[str](), list[str]()
    for language in [one for one in LANGUAGES if one in sys.argv[2:]] or LANGUAGES:
        score = Counter[str]()
        for passage in passages:
            if passage["language"] == language:
                _measure(passage, score, wrong)
        _show(language, score)
        whole.update(score)
    _show("all", whole)
    shown = [one for one in wrong if "-v" in sys.argv or "WRONG" in one]
    print(*shown, sep="\n")


def measured(passages: list[dict[str, Any]]) -> tuple[Counter[str], list[str]]:
    """Return the figures of some passages, and what is said of each field."""
    score, said = Counter[str](), list[str]()
    for passage in passages:
        _measure(passage, score, said)
    return score, said


def _show(name: str, score: Counter[str]) -> None:
    print(name, *(f"{field} {score[field]}" for field in ORDER), sep=" · ")
    for field in ATTRIBUTED:
        print("   ", field, *(f"{how} {score[f'{field} {how}']}" for how in HOW))


def _measure(passage: dict[str, Any], score: Counter[str], wrong: list[str]) -> None:
    page, name = page_of(passage), passage["id"]
    ours = suggest(page, TODAY).suggestions
    places = [_place(page, event["span"]) for event in passage["events"]]
    found = _matched(passage["events"], places, ours)
    score["told"] += len(places)
    score["found"] += len(found)
    for number, event in enumerate(passage["events"]):
        if number not in found:
            wrong.append(f"{name} missed {event['type']} {event['polarity']}: {page.text}")
            continue
        wrong += [f"{name} {fault}" for fault in _fields(page, event, ours[found[number]], score)]
    for one in ours:
        if not any(_meets(one, place) for place in places):
            score["invented"] += 1
            told = one.happening
            wrong.append(f"{name} invented {told.type} by {told.cue.of(page.text)!r} ({told.rule}): {page.text}")


def _place(page: Page, words: str) -> Span:
    words = " ".join(words.split())
    at = page.text.find(words)
    return Span(at, at + len(words)) if at >= 0 else Span(0, len(page.text))


def _meets(one: Suggestion, place: Span) -> bool:
    spans = (one.happening.span, *one.happening.also)
    return any(mine.start < place.end and place.start < mine.end for mine in spans)


def _matched(events: list[dict[str, Any]], places: list[Span], ours: tuple[Suggestion, ...]) -> dict[int, int]:
    worth = [
        (one.happening.type.value not in _kinds(event), number, at)
        for number, event in enumerate(events)
        for at, one in enumerate(ours)
        if one.polarity.value == event["polarity"] and _meets(one, places[number])
    ]
    found: dict[int, int] = {}
    for _, number, at in sorted(worth):
        if number not in found and at not in found.values():
            found[number] = at
    return found


def _kinds(event: dict[str, Any]) -> tuple[str, ...]:
    return event["type"], *event["type_or"]


def _fields(page: Page, event: dict[str, Any], one: Suggestion, score: Counter[str]) -> list[str]:
    happening, faults = one.happening, list[str]()
    place = _bare(happening.place.span.of(page.text)) if happening.place else ""
    told = _bare(event.get("place"))
    holds = (place in told or told in place) if place and told else place == told
    mine = {(tally.what.value, tally.low, tally.high) for tally in happening.counts}
    theirs = {(each["what"], each["low"], each["high"]) for each in event.get("counts", ())}
    score["counts"] += len(mine & theirs)
    score["counts ours"] += len(mine)
    score["counts theirs"] += len(theirs)
    rows = (
        ("type", happening.type.value, event["type"], happening.type.value in _kinds(event)),
        ("date", _day(one), event.get("date"), _day(one) == event.get("date")),
        ("place holds", place, told, holds),
    )
    for field, ours, annotated, right in rows:
        if field.split()[0] not in event:
            continue
        score[field] += right
        if not right:
            faults.append(f"{field}: {ours!r} for {annotated!r}: {page.text}")
    if mine != theirs and "counts" in event:
        faults.append(f"counts: {mine - theirs} for {theirs - mine}: {page.text}")
    return faults + [_attributed(page, event, one, field, score) for field in ATTRIBUTED]


def _attributed(page: Page, event: dict[str, Any], one: Suggestion, field: str, score: Counter[str]) -> str:
    span: Span | None = getattr(one.saying, field)
    mine, theirs = _bare(span.of(page.text) if span else None), _bare(event[field])
    offered = [_bare(at.of(page.text)) for offer in one.offered if (at := getattr(offer, field)) is not None]
    how = ("right" if mine == theirs else "WRONG") if mine else _blank(theirs, offered)
    score[f"{field} {how}"] += 1
    return f"{field} {how}: {mine!r} {offered} for {theirs!r}: {page.text}"


def _blank(theirs: str, offered: list[str]) -> str:
    """Return how what is offered for a blank field compares with what is told."""
    if not theirs:
        return "offered nobody's" if offered else "none"
    if not offered:
        return "nobody offered"
    return "first right" if offered[0] == theirs else "right among" if theirs in offered else "no right"


def _day(one: Suggestion) -> str | None:
    day = one.happening.date
    if day is None or day.first is None or day.last is None or day.year_open:
        return None
    return day.first.isoformat() + ("" if day.first == day.last else f"/{day.last}")


def _bare(words: str | None) -> str:
    folded = " ".join(fold(words or "").replace('"', " ").split())
    for cling in CLINGS:
        folded = folded.removeprefix(cling) if len(folded) > len(cling) + 2 else folded
    return folded


if __name__ == "__main__":
    main()
