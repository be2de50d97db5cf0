"""Ask of a word within a name what it is there: a sign or an ending, an adjective, an owner, the town of a body."""

from collections.abc import Sequence
from typing import Final

from quartet.intake.dates.lexicon import lexicon as dated
from quartet.intake.sayings.lexicon import Tag
from quartet.intake.sayings.listed import Listed, starts
from quartet.intake.sayings.person import has
from quartet.intake.sayings.scene import Party, Scene
from quartet.intake.sayings.words import Word

HEADS: Final = (Tag.BODY, Tag.AGENCY, Tag.SOLE)
HYPHENS: Final = "-‐‑"
WITHIN: Final = f"{HYPHENS}'’"
"""Signs within a word of a name."""


def name_of(scene: Scene, who: Party) -> list[Word]:
    """Return the words of a name without its article."""
    words = [word for word in scene.line.words if who.name.start <= word.start and word.end <= who.name.end]
    while words and (has(words[0], Tag.ARTICLE) or words[0].raw in "'’"):
        words = words[1:]
    return words


def within(name: Sequence[Word], at: int) -> bool:
    """Return whether a sign or "s" stands within a word of a name: "Val-Courbe", "the sheriff's office"."""
    before = name[at - 1].raw if at else ""
    owned = name[at].text == "s" and before in ("'", "’")
    joined = name[at].gap == 0 and (name[at].raw in WITHIN or (before != "" and before in HYPHENS))
    return owned or joined or owner(name, at)


def owner(name: Sequence[Word], at: int) -> bool:
    """Return whether a body is that of many, as an apostrophe says in English: "the hauliers' union"."""
    behind = name[at + 1 : at + 3]
    marked = len(behind) > 1 and behind[0].raw in "'’" and behind[0].gap == 0 and behind[1].gap > 0
    return marked and name[at].text.endswith("s") and has(behind[1], *HEADS)


def to_a_town(scene: Scene, name: Sequence[Word], at: int) -> bool:
    """Return whether "in" leads to a town, all that a body without another name is told by: "police in Upper Wend"."""
    rest = [word for word in name[at + 1 :] if word.raw not in WITHIN]
    if scene.line.language != "en" or name[at].text != "in" or not rest:
        return False
    head = [word for word in name[:at] if Tag.ARTICLE not in word.tags]
    alone = len(head) == 1 and Tag.BODY in head[0].tags
    timed = dated("en").words
    return alone and all(word.capital and word.text not in timed for word in rest)


def adjective(name: Sequence[Word], at: int) -> bool:
    """Return whether a Russian word is an adjective of the word for a body behind it: "in the fire service"."""
    if not "а" <= name[at].text[:1] <= "я":
        return False
    head = next((i for i in range(at + 1, len(name)) if has(name[i], *HEADS)), at)
    return head > at and all(word.text.endswith(starts(Listed.ADJECTIVES, "ru")) for word in name[at:head])


def definite(word: Word) -> bool:
    """Return whether a word has the Arabic article."""
    return word.text.startswith(("ال", "لل"))
