"""What is denied in a clause, by whom it may be, and which words of negation nothing accounts for.

Beside a negation that nothing accounts for nobody can tell whether an event is told or denied.
"""

from collections.abc import Collection, Iterable
from typing import Final

from quartet.intake.events.words import Hit, Reading

_COMMAS: Final = (",", "،")
_NOT_WITHIN: Final = 2
Range = tuple[int, int]
"""Words from and to before."""


def unaccounted(reading: Reading, parts: Iterable[Range], own: Collection[int]) -> bool:
    """Return whether a clause negates something that is not known to leave what happened alone.

    Known are the cue's `own` words ("no water ran"), phrases that count nobody or say how many at the least, and the
    data's `harmless`: that a cause is not known, a school not damaged. A "No," that opens a sentence answers all of it,
    and the conditional of the French press leaves open what it gives no source for.
    """
    known, words = reading.harmless, reading.words
    if len(words) > 1 and words[1].before[:1] in _COMMAS and reading.has("mark", "negative", (0, 1)) and 0 not in known:
        return True
    told = reading.has("mark", "speech")
    for part in parts:
        if reading.has("mark", "contrary", part) or (not told and reading.has("mark", "hearsay", part)):
            return True
        hits = reading.hits("mark", "negative", part)
        if any(hit.start not in known and hit.start not in own and not _nine(reading, hit) for hit in hits):
            return True
    return False


def _nine(reading: Reading, hit: Hit) -> bool:
    """Return whether a word is a number here, as the Persian word for "neither" is before people: nine of them."""
    behind = (hit.end, hit.end + 1)
    counted = reading.hits("noun", within=behind) or reading.hits("one", within=behind)
    again = sum(word.text == reading.words[hit.start].text for word in reading.words)
    return bool(counted) and again == 1 and bool(reading.hits("number", within=(hit.start, hit.end)))


def denials(reading: Reading, part: Range | None = None) -> list[Hit]:
    """Return the words of a clause that deny what was said: "denied it", and not "denied entry"."""
    return [hit for hit in reading.hits("mark", "deny", part) if hit.start not in reading.harmless]


def undenied(reading: Reading, denial: Hit) -> bool:
    """Return whether it is only not denied: who "has not denied it" has not said it."""
    own = reading.has("mark", "not", (denial.start, denial.end))  # "no spill took place" negates once
    before = reading.hits("mark", "not", (max(0, denial.start - _NOT_WITHIN), denial.start))
    return not own and any(hit.end <= denial.start for hit in before)


def retort(reading: Reading, part: Range) -> Hit | None:
    """Return what denies in a clause that is another's answer to the words before it: "a claim the council denied".

    None where a participle opens it, for then whoever spoke before goes on: "denying that there were more".
    """
    found = denials(reading, part)
    if not found or found[0].start == part[0]:
        return None
    led = reading.has("mark", "retort", (part[0], part[0] + 2)) or reading.has("mark", "claim", part)
    return found[0] if led or found[-1].end >= part[1] - 1 else None


def answered(reading: Reading, part: Range) -> int | None:
    """Return where in a clause the words of somebody end and another's denial of them begins; None where nowhere."""
    found = denials(reading, part)
    spoken = min((hit.end for hit in reading.hits("mark", "speech", part)), default=part[1])
    if not found or spoken > found[0].start:
        return None
    ends, claim = (
        found[-1].end >= part[1] - 1,
        max((one.start for one in reading.hits("mark", "claim", part)), default=-1),
    )
    ways = [at for at in range(found[0].start - 1, spoken - 1, -1) if at > part[0] and _parted(reading, at)]
    led = [at for at in ways if reading.has("mark", "retort", (at, at + 2))]
    return next((at for at in led or ways if led or ends or claim >= at), None)


def _parted(reading: Reading, at: int) -> bool:
    return any(sign in _COMMAS for sign in reading.words[at].before) or reading.has("mark", "and", (at, at + 1))
