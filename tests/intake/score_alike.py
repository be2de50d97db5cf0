"""Measure which events are offered as one: `python tests/intake/score_alike.py tuned [-v]`.

For each group of the annotations: whether its texts' events are offered as one, and how many roots are counted at most,
beside how many there are. Then what is joined that is not one group: events of texts that share none.
"""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any, Final

from score_sayings import pages

from quartet.intake.alike import Group, Offer, Told, groups, told
from quartet.intake.names import Aliases
from quartet.intake.suggestions import suggest

HERE: Final = Path(__file__).parent / "corpus"
TODAY: Final = date(2026, 11, 29)


def read_all(part: str) -> list[Told]:
    """Return every event that the texts of a part tell."""
    return [one for name, _, page in pages(part) for one in told(suggest(page, TODAY), name)]


def known(part: str) -> dict[str, dict[str, Any]]:
    """Return the annotated groups: their roots, and the texts that tell of them."""
    return dict(json.loads((HERE / part / "groups.json").read_text(encoding="utf-8")))


def texts(group: Group) -> set[str]:
    """Return which texts a group is of."""
    return {key.partition("#")[0] for key in group.events}


def best(offer: Offer, wanted: set[str]) -> Group | None:
    """Return the group that holds the most of some texts."""
    found = [group for group in offer.groups if texts(group) & wanted]
    return max(found, key=lambda group: len(texts(group) & wanted), default=None)


def strays(offer: Offer, annotated: dict[str, dict[str, Any]]) -> list[Group]:
    """Return the groups whose texts are of no one annotated group."""
    whole = [{entry["text"] for entry in one["entries"]} for one in annotated.values()]
    return [group for group in offer.groups if len(texts(group)) > 1 and not any(texts(group) <= one for one in whole)]


def main(part: str, *, loud: bool) -> None:
    """Print the figures of a part."""
    annotated = known(part)
    offer = groups(read_all(part), Aliases())
    whole = 0
    for name, one in annotated.items():
        wanted = {entry["text"] for entry in one["entries"]}
        group = best(offer, wanted)
        found = texts(group) & wanted if group else set()
        whole += found == wanted
        roots = f"at most {group.at_most} roots" if group else "no group"
        print(f"{name:12} {len(found)} of {len(wanted)} texts, {roots} of {len(one['roots'])}")
        if loud and group:
            print(*(f"    {pair.first} {pair.second} {' '.join(pair.why)}" for pair in group.pairs), sep="\n")
            print("   ", group.roots)
    apart = strays(offer, annotated)
    print(f"{whole} of {len(annotated)} groups whole; {len(apart)} joined of texts that share no event")
    for group in apart:
        print("   ", *(f"{pair.first} {pair.second} {' '.join(pair.why)}" for pair in group.pairs))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "tuned", loud="-v" in sys.argv)
