"""Prove that the corpus is what its README says: every exact string stands in its source, and nothing is told twice.

Run `python tests/intake/corpus/check.py`: it prints what is counted, and ends with 1 where something is wrong.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
PARTS: Final = ("tuned", "held")
LANGUAGES: Final = ("ar", "en", "fa", "fr", "ru")
UNSEEN: Final = {"head", "script", "style", "noscript", "template", "svg", "textarea"}
INLINE: Final = {"a", "abbr", "b", "em", "font", "i", "q", "small", "span", "strong", "sub", "sup", "u"}
NEAR: Final = 0.12
"""The share of a text's runs of five words that another text may have too, outside of the page's own furniture."""
FIELDS: Final = {
    *("language", "format", "published", "outlet", "agency", "events"),
    *("mentioned", "not_events", "groups", "covers"),
}
TYPES: Final = {
    *("fire", "flood", "explosion", "shelling", "shooting", "drone", "border_incident", "power_cut", "water_cut"),
    *("comms_outage", "road_closure", "boat_distress", "protest", "evacuation", "bridge_damage", "building_collapse"),
    *("landslide", "earthquake", "storm", "crash", "spill", "other"),
}
COUNTED: Final = {
    *("killed", "injured", "casualties", "missing", "trapped", "rescued", "evacuated", "detained", "present"),
    *("households", "buildings", "customers", "vehicles", "vessels", "drones", "projectiles", "hectares", "animals"),
    "other",
}
COVERS: Final = {
    *("denial", "paraphrase", "unnamed_expert", "relay_chain", "agency_line", "five_of_two", "multi_event"),
    *("officer_report", "dtg", "grid", "levantine_month", "jalali_date", "maghrebi_month", "gulf_month"),
    *("arabic_digits", "persian_digits", "genitive_month", "relative_day", "year_open", "header_date", "count_range"),
    *("number_words", "correction", "count_denial", "hypothetical", "chrome", "footer_agency", "homonym"),
    *("name_variants", "unclear", "no_event", "date_conflict", "direct_speech", "own_dateline", "long_ago"),
}


class Visible(HTMLParser):
    """Gathers what a reader sees; a tag that is not inline parts two words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in UNSEEN
        if tag not in INLINE:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= tag in UNSEEN
        if tag not in INLINE:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(data)


def visible(folder: Path) -> str:
    """Return the text of a source as a reader sees it, with every run of white space as one space."""
    (source,) = folder.glob("source.*")
    text = source.read_text(encoding="utf-8")
    if source.suffix == ".html":
        page = Visible()
        page.feed(text)
        page.close()
        text = "".join(page.parts)
    return " ".join(text.split())


def load(path: Path) -> Any:
    """Return what a JSON file holds."""
    return json.loads(path.read_text(encoding="utf-8"))


def texts(part: str) -> list[Path]:
    """Return the folders of one part."""
    return sorted(folder for folder in (HERE / part).iterdir() if folder.is_dir())


def strings(told: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield every string that is said to be exact, with the name of its field."""
    for name in ("outlet", "agency"):
        if told[name] is not None:
            yield name, told[name]
    for name in ("mentioned", "not_events"):
        yield from ((name, one) for one in told[name])
    for number, event in enumerate(told["events"]):
        yield from ((f"events[{number}].{name}", one) for name, one in exact(event))


def exact(event: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the exact strings of one event."""
    yield "span", event["span"]
    single = ("root", "speaker", "unnamed", "grid")
    yield from ((name, event[name]) for name in single if event[name] is not None)
    if event["place"]["name"] is not None:
        yield "place.name", event["place"]["name"]
    yield from ((name, one) for name in ("relays", "also") for one in event[name])
    yield from ((name, one["words"]) for name in ("counts", "denied_counts") for one in event[name])


def shape(told: dict[str, Any], folder: Path) -> Iterator[str]:
    """Yield what is wrong with the form of one annotation."""
    if set(told) != FIELDS or told["language"] not in LANGUAGES or not folder.name.startswith(told["language"]):
        yield "the fields or the language are wrong"
    if not (folder / f"source.{told['format']}").is_file():
        yield "the format is not the source's"
    if odd := set(told["covers"]) - COVERS:
        yield f"tags that are in no list: {sorted(odd)}"
    yield from (
        f"{tag} and the events do not agree"
        for tag, is_so in told_of(told["events"])
        if (tag in told["covers"]) != is_so
    )
    for number, event in enumerate(told["events"]):
        yield from (f"events[{number}]: {fault}" for fault in event_shape(event))


def told_of(events: list[dict[str, Any]]) -> Iterator[tuple[str, bool]]:
    """Yield the tags that follow from the events, and whether they should be there."""
    yield "no_event", not events
    yield "denial", any(event["polarity"] == "denies" for event in events)
    yield "unclear", any(event["polarity"] == "unclear" for event in events)
    yield "year_open", any(event["date"]["year_open"] for event in events)
    yield "count_denial", any(event["denied_counts"] for event in events)
    yield "grid", any(event["grid"] for event in events)
    yield "relay_chain", any(len(event["relays"]) > 1 for event in events)
    counts = [one for event in events for one in event["counts"]]
    yield "count_range", any(one["approx"] or one["low"] != one["high"] for one in counts)


def event_shape(event: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the form of one event."""
    when = event["date"]
    if not {event["type"], *event["type_or"]} <= TYPES or event["polarity"] not in {"asserts", "denies", "unclear"}:
        yield "a type or a polarity that is in no list"
    if when["year_open"] != bool(when["candidates"]) or (when["year_open"] and when["value"]):
        yield "an open year has candidates and no value"
    if (when["precision"] == "none") != (when["value"] is None and not when["year_open"]):
        yield "a precision without a date, or the other way round"
    days = [date.fromisoformat(day) for day in [*(when["value"] or "").split("/"), *when["candidates"]] if day]
    if when["candidates"] and len(days) < 2:
        yield "one candidate is no open year"
    for one in [*event["counts"], *event["denied_counts"]]:
        if one["what"] not in COUNTED or (one["high"] is not None and one["high"] < one["low"]):
            yield f"a count that is in no list or upside down: {one}"
    if event["unnamed"] is not None and event["root"] is not None:
        yield "who is not named is no root"


def check_text(folder: Path) -> list[str]:
    """Return what is wrong with one text."""
    told, seen = load(folder / "expected.json"), visible(folder)
    faults = [*shape(told, folder)]
    faults += [f"{name}: {one!r} is not in the text" for name, one in strings(told) if not one or one not in seen]
    spans = [one for event in told["events"] for one in (event["span"], *event["also"])]
    faults += [f"{one!r} is both an event and none" for one in told["not_events"] if one in spans]
    if not 60 <= len(seen.split()) <= 350:
        faults.append(f"{len(seen.split())} words")
    return [f"{folder.parent.name}/{folder.name}: {fault}" for fault in faults]


def check_groups(part: str) -> list[str]:
    """Return what is wrong with the groups of one part: who is in one says so, and roots have their own ids."""
    groups, said = load(HERE / part / "groups.json"), Counter[str]()
    faults = []
    for folder in texts(part):
        told = load(folder / "expected.json")
        said.update(
            f"{event['group']} {folder.name} {event['root_id']}" for event in told["events"] if "group" in event
        )
        if sorted({event["group"] for event in told["events"] if "group" in event}) != told["groups"]:
            faults.append(f"{part}/{folder.name}: its groups are not those of its events")
    listed = Counter(
        f"{name} {one['text']} {one['root_id']}" for name, group in groups.items() for one in group["entries"]
    )
    return faults if listed == said else [*faults, f"{part}: groups.json does not agree with the texts"]


def runs(text: str) -> set[tuple[str, ...]]:
    """Return the runs of five words of a text."""
    words = text.casefold().split()
    return {tuple(words[at : at + 5]) for at in range(len(words) - 4)}


def told_by(folder: Path) -> set[tuple[str, ...]]:
    """Return the runs of five words of a text without those that three texts of its part and language share."""
    others = [runs(visible(other)) for other in texts(folder.parent.name) if other.name[:2] == folder.name[:2]]
    often = {run for run, times in Counter(run for each in others for run in each).items() if times > 2}
    return runs(visible(folder)) - often


def check_copies() -> list[str]:
    """Return the held texts that are near a tuned one."""
    tuned = {folder: told_by(folder) for folder in texts("tuned")}
    faults = []
    for held in texts("held"):
        mine = told_by(held)
        near = max((len(mine & other) / len(mine), folder.name) for folder, other in tuned.items())
        if near[0] > NEAR:
            faults.append(f"held/{held.name} is near tuned/{near[1]}: {near[0]:.0%}")
    return faults


def check_names() -> list[str]:
    """Return what is wrong with the pairs of names."""
    tuned, held = (load(HERE / "names" / f"{part}.json") for part in PARTS)
    faults = [f"names: only {len(tuned)} and {len(held)}"] if len(tuned) < 120 or len(held) < 60 else []
    for case in [*tuned, *held]:
        near = case["distractors"]
        if len(set(near)) < 9 or len(set(near)) != len(near) or case["match"] in near or not case["query"]:
            faults.append(f"names/{case['id']}: fewer than nine distractors, or the right one among them")
    both = {case["query"] for case in tuned} & {case["query"] for case in held}
    both |= {case["match"] for case in tuned} & {case["match"] for case in held}
    return [*faults, *(f"names: {name!r} is in both parts" for name in sorted(both))]


def check_search() -> list[str]:
    """Return what is wrong with the cases of search."""
    tuned, held = (load(HERE / "search" / f"{part}.json") for part in PARTS)
    faults = [f"search: {len(tuned)} and {len(held)}, not 20 each"] if (len(tuned), len(held)) != (20, 20) else []
    for case in [*tuned, *held]:
        if case["must"] in case["must_not"] or not case["must_not"] or not case["query"].strip():
            faults.append(f"search/{case['id']}: what must be found must not be, or nothing is left out")
    both = {case["must"] for case in tuned} & {case["must"] for case in held}
    return [*faults, *(f"search: {text!r} is in both parts" for text in sorted(both))]


def count() -> None:
    """Print how many texts there are by part, language, form and tag, and how many events."""
    for part in PARTS:
        told = [load(folder / "expected.json") for folder in texts(part)]
        events = [event for one in told for event in one["events"]]
        print(f"{part}: {len(told)} texts, {len(events)} events, {sum(one['format'] == 'txt' for one in told)} plain")
        by_language = Counter(one["language"] for one in told)
        print("  " + ", ".join(f"{name} {by_language[name]}" for name in LANGUAGES))
        print("  " + ", ".join(f"{name} {times}" for name, times in Counter(e["polarity"] for e in events).items()))
    print(f"{'tag':18}" + "".join(f"{part:>8}" for part in PARTS) + "  languages (tuned; held)")
    for tag in sorted(COVERS):
        has = [[f.name[:2] for f in texts(part) if tag in load(f / "expected.json")["covers"]] for part in PARTS]
        print(
            f"{tag:18}"
            + "".join(f"{len(one):8}" for one in has)
            + "  "
            + "; ".join(" ".join(sorted(set(one))) for one in has)
        )


def check_shares() -> list[str]:
    """Return what is wrong with the shares of languages and parts."""
    shares = {part: Counter(folder.name[:2] for folder in texts(part)) for part in PARTS}
    faults = [f"{part}: the languages differ: {one}" for part, one in shares.items() if len(set(one.values())) != 1]
    return faults if shares["tuned"].total() >= 48 and shares["held"].total() >= 26 else [*faults, "too few texts"]


def main() -> int:
    """Check all, print the counts and the faults, and return how it went."""
    faults = [fault for part in PARTS for folder in texts(part) for fault in check_text(folder)]
    faults += [*check_shares(), *check_groups("tuned"), *check_groups("held"), *check_copies()]
    faults += [*check_names(), *check_search()]
    count()
    print("\n".join(faults) if faults else "nothing is wrong")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
