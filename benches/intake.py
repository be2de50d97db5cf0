"""Intake beside a careful officer: what is suggested of each text of the corpus, by language, tuned and held back.

A suggestion stands for an annotated event if their places overlap and their polarity is the same. Of a field, precision
is how much of what we say is right, recall how much of what a careful officer takes we say. A speaker or a root that is
given and is another's is a misattribution; a blank is none. What is only offered for a blank is no more than that: it
is counted apart, as the first offer or one of all.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from benches.table import Table
from quartet.core.fold import fold
from quartet.intake.dates import LANGUAGES, Language
from quartet.intake.pages import Form, read
from quartet.intake.suggestions import Suggestion, suggest
from quartet.intake.texts import Page, Span

CORPUS: Final = Path("tests/intake/corpus")
TODAY: Final = date(2026, 11, 29)
"""The present of the corpus."""
PARTS: Final = {"tuned": "the part that rules were tuned on", "held": "the part that was held back"}
PAGE_FIELDS: Final = ("language", "published", "outlet", "agency")
ATTRIBUTED: Final = ("speaker", "root")
FIELDS: Final = ("type", "date", "time", "place", "grid", "counts", "speaker", "root", "unnamed", "relays")
CLINGS: Final = ("the ", "a ", "our ", "la ", "le ", "les ", "l'", "و", "ف", "ب", "ل", "ال")
FORMS: Final[dict[str, Form]] = {".html": "html", ".txt": "txt"}

Told = dict[str, Any]


class Tally:
    """Counts of one language or of all: by field what is right, what we say and what is told."""

    def __init__(self) -> None:
        self.right = Counter[str]()
        self.ours = Counter[str]()
        self.theirs = Counter[str]()
        self.wrong = list[str]()
        self.blank = Counter[str]()
        """How often a field is blank of which something is told; how often that is offered, first or among others."""
        self.first = Counter[str]()
        self.among = Counter[str]()

    def put(self, field: str, mine: Sequence[Any], theirs: Sequence[Any]) -> None:
        """Count a field of one event, as what may be said several times."""
        self.right[field] += sum((Counter(mine) & Counter(theirs)).values())
        self.ours[field] += len(mine)
        self.theirs[field] += len(theirs)

    def offer(self, field: str, offered: Sequence[str], theirs: Sequence[Any]) -> None:
        """Count what is offered for a field that is blank and of which something is told."""
        self.blank[field] += 1
        self.first[field] += list(offered[:1]) == list(theirs)
        self.among[field] += theirs[0] in offered

    def offers(self, field: str) -> str:
        """Return how often the first offer for a blank is right, and one of them, as parts of the blanks."""
        blank = self.blank[field]
        return f"{self.first[field]}/{blank} · {self.among[field]}/{blank}" if field in ATTRIBUTED else ""

    def cells(self, field: str) -> str:
        """Return precision and recall, as parts of what there was."""
        right = self.right[field]
        return f"{right}/{self.ours[field]} · {right}/{self.theirs[field]}"


class Text(NamedTuple):
    """A text of the corpus, as read and as annotated."""

    name: str
    page: Page
    ours: tuple[Suggestion, ...]
    told: Told


def texts(part: str, language: str) -> Iterator[Text]:
    """Read the texts of a part in a language."""
    for folder in sorted((CORPUS / part).glob(f"{language}-*")):
        (source,) = folder.glob("source.*")
        page = read(source.read_bytes(), FORMS[source.suffix])
        told = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
        yield Text(folder.name, page, suggest(page, TODAY).suggestions, told)


def measure(part: str) -> Table:
    """Return the figures of a part of the corpus, `tuned` or `held`."""
    tallies = {language: Tally() for language in LANGUAGES}
    for language, tally in tallies.items():
        for text in texts(part, language):
            count(text, tally)
    return _table(part, tallies)


def count(text: Text, tally: Tally) -> None:
    """Count one text."""
    page, told = text.page, text.told
    printed: dict[str, str | None] = {
        "language": page.language,
        "published": page.published.isoformat() if page.published else None,
    }
    printed |= {"outlet": _words(page, page.outlet), "agency": _words(page, page.agency)}
    for field in PAGE_FIELDS:
        tally.put(field, _some(_bare(printed[field])), _some(_bare(told[field])))
    found = _matched(text)
    tally.put("events", ["x"] * len(found), ["x"] * len(told["events"]))
    met = {id(mine) for mine in found.values()}
    tally.ours["events"] += sum(id(one) not in met and not _touches(text, one) for one in text.ours)
    for number, mine in found.items():
        event = told["events"][number]
        for field in FIELDS:
            ours, theirs = _mine(page, mine, field), _theirs(event, field)
            if field == "type" and ours[0] in event["type_or"]:
                theirs = ours
            tally.put(field, ours, theirs)
            if field in ATTRIBUTED and theirs and not ours:
                tally.offer(field, _offered(page, mine, field), theirs)
            if field in ATTRIBUTED and ours and ours != theirs:
                tally.wrong.append(f"{text.name} {field}: {ours[0]} for {theirs[0] if theirs else 'nobody'}")


def _matched(text: Text) -> dict[int, Suggestion]:
    """Return which suggestion stands for each annotated event."""
    worth = []
    for number, event in enumerate(text.told["events"]):
        places = _places(text.page, event)
        for at, one in enumerate(text.ours):
            if one.polarity.value == event["polarity"] and _meets(one, places):
                same = one.happening.type.value in (event["type"], *event["type_or"])
                main = _overlap(one.happening.span, places[0])
                worth.append((not same, not main, number, at))
    found: dict[int, int] = {}
    for _, _, number, at in sorted(worth):
        if number not in found and at not in found.values():
            found[number] = at
    return {number: text.ours[at] for number, at in found.items()}


def _touches(text: Text, one: Suggestion) -> bool:
    """Return whether a suggestion that stands for no event is at least of the words of one."""
    return any(_meets(one, _places(text.page, event)) for event in text.told["events"])


def _places(page: Page, event: Told) -> list[Span]:
    found = [(page.text.find(one), len(one)) for one in (event["span"], *event["also"])]
    return [Span(at, at + size) for at, size in found]


def _meets(one: Suggestion, places: list[Span]) -> bool:
    return any(_overlap(mine, place) for mine in (one.happening.span, *one.happening.also) for place in places)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _mine(page: Page, one: Suggestion, field: str) -> list[Any]:
    """Return what we say of a field, in the spelling in which it is compared."""
    happening, saying = one.happening, one.saying
    match field:
        case "type":
            return [happening.type.value]
        case "date":
            return _days(one)
        case "time":
            return _hours(one)
        case "place":
            return _some(_bare(_words(page, happening.place.span if happening.place else None)))
        case "grid":
            return _some(_words(page, happening.grid))
        case "counts":
            return [(one.what.value, one.low, one.high, one.approx) for one in happening.counts]
        case "relays":
            return [_bare(one.of(page.text)) for one in saying.relays]
        case _:
            return _some(_bare(_words(page, getattr(saying, field))))


def _offered(page: Page, one: Suggestion, field: str) -> list[str]:
    places = (getattr(offer, field) for offer in one.offered)
    return [_bare(_words(page, place)) for place in places if place is not None]


def _theirs(event: Told, field: str) -> list[Any]:
    """Return what is annotated of a field, in the same spelling."""
    match field:
        case "type":
            return [event["type"]]
        case "date":
            return event["date"]["candidates"] or _some(event["date"]["value"])
        case "time" | "grid":
            return _some(event[field])
        case "place":
            return _some(_bare(event["place"]["name"]))
        case "counts":
            return [(one["what"], one["low"], one["high"], one["approx"]) for one in event["counts"]]
        case "relays":
            return [_bare(one) for one in event["relays"]]
        case _:
            return _some(_bare(event[field]))


def _days(one: Suggestion) -> list[str]:
    day = one.happening.date
    if day is None:
        return []
    if day.year_open or day.first is None or day.last is None:
        return [one.isoformat() for one in day.candidates]
    return [day.first.isoformat() + ("" if day.first == day.last else f"/{day.last}")]


def _hours(one: Suggestion) -> list[str]:
    time = one.happening.time
    if time is None:
        return []
    east = time.offset_min
    zone = " local" if east is None else "Z" if east == 0 else f"{east // 60:+03}:{east % 60:02}"
    return [time.at + (f"/{time.until}" if time.until else "") + zone]


def _words(page: Page, span: Span | None) -> str | None:
    return None if span is None else span.of(page.text)


def _bare(words: str | None) -> str:
    """Return a name folded, without the article or the preposition that clings to it."""
    folded = " ".join(fold(words or "").replace('"', " ").split())
    for cling in CLINGS:
        folded = folded.removeprefix(cling) if len(folded) > len(cling) + 2 else folded
    return folded


def _some(value: str | None) -> list[Any]:
    return [value] if value else []


def _table(part: str, tallies: Mapping[Language, Tally]) -> Table:
    whole = Tally()
    for one in tallies.values():
        for name in ("right", "ours", "theirs", "blank", "first", "among"):
            getattr(whole, name).update(getattr(one, name))
        whole.wrong += one.wrong
    rows = []
    for field in (*PAGE_FIELDS, "events", *FIELDS):
        rows.append((field, *(one.cells(field) for one in (*tallies.values(), whole)), whole.offers(field)))
    return Table(
        title=f"Intake: {PARTS[part]}",
        head=("field", *tallies, "all", "offered for a blank: first · one of them"),
        rows=rows,
        said=_said(part, whole),
    )


def _said(part: str, whole: Tally) -> str:
    given = whole.ours["speaker"] + whole.ours["root"]
    names = "" if part == "held" else "".join(f"\n- {one}" for one in whole.wrong)  # nobody tunes to what is held back
    return (
        f'Precision · recall of each field, by language (`make bench ARGS="--only intake-{part}"`). '
        f"**Misattributed: {len(whole.wrong)} of {given} speakers and roots filled in.**{names}"
    )
