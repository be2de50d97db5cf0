"""Score who says it and who knew it first against the corpus: `python tests/intake/score_sayings.py tuned`.

Wrong values come first: a blank is allowed, a wrong speaker or root is not. A value is loose where it holds the right
one or is held by it: the right party, its name cut otherwise.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from saying_pages import attribution

from quartet.core.fold import fold
from quartet.intake.dates.spelling import tokens
from quartet.intake.pages import Form, read
from quartet.intake.sayings import mentioned
from quartet.intake.texts import Page, Span

CORPUS: Final = Path(__file__).parent / "corpus"
FORMS: Final[dict[str, Form]] = {".html": "html", ".txt": "txt"}
FIELDS: Final = ("speaker", "root", "unnamed", "relays")


def find(text: str, words: str | None, *, last: bool = False) -> Span | None:
    """Return where words stand."""
    at = -1 if words is None else (text.rfind(words) if last else text.find(words))
    return None if words is None or at < 0 else Span(at, at + len(words))


def bare(text: str, language: str) -> str:
    """Return a name without marks and what clings to it."""
    words = [token.text for token in tokens(fold(text)) if token.text not in {"", "'", ".", "-", ","}]
    while words and words[0] in {"the", "le", "la", "les", "l", "a", "an", "un", "une", "d", "des", "du"}:
        words = words[1:]
    if language == "ar" and words:
        for clitic in ("و", "ف", "ب", "ل", "ال"):
            words[0] = words[0].removeprefix(clitic) if len(words[0]) > len(clitic) + 2 else words[0]
    return " ".join(words)


def verdict(found: list[str], right: list[str]) -> str:
    """Return how found values compare with the right ones, in order."""
    if found == right:
        return "right" if right else "none"
    if not found:
        return "blank"
    if len(found) == len(right) and all(a in b or b in a for a, b in zip(found, right, strict=True)):
        return "loose"
    return "WRONG"


def pages(part: str) -> Iterable[tuple[str, dict[str, Any], Page]]:
    """Yield each text of a part with what is expected of it."""
    for folder in sorted((CORPUS / part).iterdir()):
        if folder.is_dir():
            expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
            source = next(folder.glob("source.*"))
            yield folder.name, expected, read(source.read_bytes(), FORMS[source.suffix])


def main(part: str, *, loud: bool) -> None:
    """Print the figures of a part."""
    tally = defaultdict[tuple[str, str], Counter[str]](Counter)
    wrong, named = list[str](), defaultdict[str, Counter[str]](Counter)
    for name, expected, page in pages(part):
        language = expected["language"]
        for event in expected["events"]:
            place = next((at for words in [event["span"], *event["also"]] if (at := find(page.text, words))), None)
            if place is None:
                tally[language, "place"]["lost"] += 1
                continue
            saying = attribution(page, place)
            values = {
                "speaker": [] if saying.speaker is None else [saying.speaker],
                "root": [] if saying.root is None else [saying.root],
                "unnamed": [] if saying.unnamed is None else [saying.unnamed],
                "relays": list(saying.relays),
            }
            for field in FIELDS:
                told = event[field]
                right = [bare(one, language) for one in (told if field == "relays" else [told] if told else [])]
                found = [bare(one.of(page.text), language) for one in values[field]]
                how = verdict(found, right)
                tally[language, field][how] += 1
                if how in ("WRONG", "loose") or (loud and how == "blank"):
                    wrong.append(f"{how:6}{field:8}{name} [{saying.rule}] {found} for {right}: {event['span'][:90]}")
        right_names = Counter(bare(one, language) for one in expected["mentioned"])
        found_names = Counter(bare(one.of(page.text), language) for one in mentioned(page))
        hits = sum((right_names & found_names).values())
        named[language].update(hit=hits, found=sum(found_names.values()), right=sum(right_names.values()))
        if loud and right_names != found_names:
            wrong.append(
                f"names {name} extra {list(found_names - right_names)} missed {list(right_names - found_names)}"
            )
    for field in FIELDS:
        told = sum((tally[key] for key in tally if key[1] == field), Counter())
        given = told["right"] + told["loose"] + told["WRONG"]
        print(f"misattributed {field:8} {told['WRONG']} of {given} given ({100 * told['WRONG'] / max(1, given):.1f} %)")
    for language, field in sorted(tally):
        print(language, f"{field:8}", dict(tally[language, field]))
    for language, count in sorted(named.items()):
        exact, recall = count["hit"] / max(1, count["found"]), count["hit"] / max(1, count["right"])
        print(language, f"mentioned precision {exact:.2f} recall {recall:.2f} of {count['right']}")
    print(*sorted(wrong), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "tuned", loud="-v" in sys.argv)
