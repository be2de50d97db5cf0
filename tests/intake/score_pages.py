"""Measure what is read of each page of the corpus: `python tests/intake/score_pages.py tuned`."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parent / "corpus"))
from check import visible

from quartet.intake.dates.spelling import Kind, tokens
from quartet.intake.pages import read
from quartet.intake.pages.words import phrases
from quartet.intake.texts import TELLING, Page, Span

HERE: Final = Path(__file__).parent / "corpus"
LANGUAGES: Final = ("ar", "en", "fa", "fr", "ru")
FIELDS: Final = ("published", "outlet", "agency")


def told(folder: Path) -> Any:
    """Return the annotation of a text."""
    return json.loads((folder / "expected.json").read_text(encoding="utf-8"))


def page_of(folder: Path) -> Page:
    """Return the page of a text."""
    (source,) = folder.glob("source.*")
    return read(source.read_bytes(), "html" if source.suffix == ".html" else "txt")


def printed(page: Page) -> dict[str, str | None]:
    """Return what was read of a page, as its annotation says it."""
    return {
        "published": page.published.isoformat() if page.published else None,
        "outlet": page.outlet.of(page.text) if page.outlet else None,
        "agency": page.agency.of(page.text) if page.agency else None,
    }


def same(name: str, found: str | None, right: str | None) -> bool:
    """Return whether a value is the right one: a name also without its marks and the word for what it is."""
    if found is None or right is None or name == "published":
        return found == right
    return named(found) == named(right)


def named(words: str) -> tuple[str, ...]:
    """Return the words of a name without what describes it."""
    said = [token for token in tokens(words) if token.kind in (Kind.WORD, Kind.NUMBER)]
    start = phrases("generic").at(said, 0)
    return tuple(token.text for token in said[start:])


def kinds_of(page: Page, words: str) -> set[str]:
    """Return the kinds of the blocks in which some words stand, at the place where they tell most."""
    places, at = [], page.text.find(words)
    while at >= 0:
        places.append(Span(at, at + len(words)))
        at = page.text.find(words, at + 1)
    found = [
        {block.kind for block in page.blocks if block.place.start < place.end and place.start < block.place.end}
        for place in places
    ]
    return {kind.value for kind in min(found, key=lambda kinds: len(kinds - TELLING), default=set())}


def faults_of(folder: Path, page: Page) -> Iterator[tuple[str, str]]:
    """Yield what is wrong in a page, by what kind of fault it is."""
    right, found = told(folder), printed(page)
    if page.text != visible(folder):
        yield "text", ""
    if page.language != right["language"]:
        yield "language", str(page.language)
    for name in FIELDS:
        if not same(name, found[name], right[name]):
            yield ("missing" if found[name] is None else "wrong") + f" {name}", f"{found[name]} / {right[name]}"
    for event in right["events"]:
        for words in (event["span"], *event["also"]):
            if not kinds_of(page, words) <= TELLING:
                yield "event not in the text", words
    spans = [one for event in right["events"] for one in (event["span"], *event["also"])]
    body = " ".join(block.place.of(page.text) for block in page.blocks if block.kind in TELLING)
    for words in right["not_events"]:
        if words in body and _is_furniture(folder, words) and not any(words in span for span in spans):
            yield "furniture in the text", words


def _is_furniture(folder: Path, words: str) -> bool:
    """Return whether a passage stands outside of the text: in a caption, a teaser, a message of other days."""
    (source,) = folder.glob("source.*")
    if source.suffix != ".html":
        return False
    raw = source.read_text(encoding="utf-8")
    tag = raw[: max(0, raw.find(words))].rpartition("<")[2].lower()
    return tag.startswith(("figcaption", "small", "a ", 'p class="wp-caption', 'font size="1"', "em>"))


def main(part: str) -> int:
    """Measure one part, and print what is wrong and the figures by language."""
    right, found, hit, faults = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for folder in sorted(one for one in (HERE / part).iterdir() if one.is_dir()):
        page, annotated = page_of(folder), told(folder)
        values, language = printed(page), folder.name[:2]
        for name in FIELDS:
            key = f"{language} {name}"
            right[key] += annotated[name] is not None
            found[key] += values[name] is not None
            hit[key] += values[name] is not None and same(name, values[name], annotated[name])
        for kind, words in faults_of(folder, page):
            faults[kind] += 1
            print(f"{folder.name}: {kind}: {words}")
    print("\n" + " ".join(f"{name + ' P':>14}{'R':>7}" for name in FIELDS))
    for language in (*LANGUAGES, ""):
        print(f"{language or 'all':4}" + " ".join(_figures(language, name, right, found, hit) for name in FIELDS))
    print("\n" + "\n".join(f"{times:4} {kind}" for kind, times in sorted(faults.items())))
    return 1 if any(kind.startswith("wrong") or kind == "text" for kind in faults) else 0


def _figures(language: str, name: str, *counts: Counter[str]) -> str:
    right, found, hit = (
        sum(times for key, times in one.items() if key.startswith(language) and key.endswith(name)) for one in counts
    )
    precision = f"{hit}/{found}"
    recall = f"{hit}/{right}"
    return f"{precision:>12} {recall:>8}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "tuned"))
