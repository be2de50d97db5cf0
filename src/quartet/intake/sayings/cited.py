"""Find who stands right before ", quoted by", where the verb that says it is none that is known."""

from typing import Final

from quartet.intake.dates.spelling import Kind
from quartet.intake.sayings.clauses import part_start
from quartet.intake.sayings.lexicon import Tag
from quartet.intake.sayings.parties import party
from quartet.intake.sayings.person import has
from quartet.intake.sayings.scene import Party, Scene, Sort

_NAMED: Final = frozenset({Sort.PERSON, Sort.OFFICE, Sort.BODY, Sort.RECORD})


def quoted_before(scene: Scene, at: int) -> Party | None:
    """Return the one who ends where the comma before a word stands; None where nobody sure does."""
    words = scene.line.words
    comma = at - 1
    if comma < 1 or words[comma].raw not in ",،":
        return None
    for first in range(part_start(words, comma), comma):
        if words[first].kind is not Kind.WORD:
            continue
        small = Tag.ARTICLE not in words[first].tags and has(
            words[first], Tag.PREPOSITION, Tag.LINK, Tag.AND, Tag.STOP, Tag.SKIP
        )
        if small or (first and has(words[first - 1], Tag.LINK, Tag.PREPOSITION, Tag.AND)):
            continue
        who = party(scene, first)
        if who is not None and who.end == comma and who.sort in _NAMED:
            return who
    return None
