"""Rate apart, then reveal together: each member seals its ratings first, so that nobody's follow another's.

The table is transposed: a row a hypothesis, a column an item of evidence. It counts what speaks against, computes no
winner, and shows which single item, were it false, would change a member's order.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Annotated, Final, Literal

from msgspec import Meta

from quartet.core.encoding import Value, b64, digest, encode, unb64
from quartet.core.ids import HASH_PATTERN, ItemId, MemberId
from quartet.desk.naming import Item
from quartet.desk.said import Said, for_members

TAG: Final = "quartet/rating/v1"
Mark = Literal["CC", "C", "N", "I", "II", "NA"]
AGAINST: Final[Mapping[str, int]] = {"I": 1, "II": 2}
"""What counts: how strongly an item speaks against a hypothesis. What speaks for it speaks for others too."""

Hash = Annotated[str, Meta(pattern=HASH_PATTERN)]


class Rating(Value, frozen=True):
    """How one item of evidence bears on one hypothesis."""

    evidence: Item
    hypothesis: Item
    mark: Mark


class Sealed(Value, frozen=True):
    """The form of a `rating-seal` item: the hash of ratings that a member made and shows to nobody yet."""

    question: Item
    seal: Hash


class Revealed(Value, frozen=True):
    """The form of a `rating` item: the ratings that a seal holds, with the nonce that kept it from being guessed."""

    question: Item
    nonce: Hash
    ratings: Annotated[tuple[Rating, ...], Meta(max_length=4096)]


class Apart(Value, frozen=True):
    """One member's ratings; `alone` if its seal was on record before anybody's ratings were to be read."""

    item: ItemId
    ratings: tuple[Rating, ...]
    alone: bool


class Rated(Value, frozen=True):
    """The ratings of a question: who sealed, and once all who sealed have shown theirs, each member's."""

    sealed: tuple[MemberId, ...]
    waiting: tuple[MemberId, ...]
    ratings: dict[MemberId, Apart]


def seal_of(question: ItemId, member: MemberId, nonce: str, ratings: Sequence[Rating]) -> str:
    """Return the hash that seals ratings: of this member and question, so that nobody can copy another's seal."""
    return b64(digest(TAG, question.encode(), member.encode(), unb64(nonce), encode(tuple(ratings))))


def rated(question: ItemId, seals: Iterable[Said[Sealed]], shown: Iterable[Said[Revealed]]) -> Rated:
    """Return how a question is rated. Nothing is shown while a member that sealed has not shown its own.

    A member's first seal counts, by its proof of time; a rating that no seal of its member holds counts for nothing.
    Who seals when others' ratings were to be read already hides them from nobody, and is waited for by nobody.
    """
    sealed = _first_seals(question, seals)
    opened: dict[MemberId, Said[Revealed]] = {}
    for one in for_members(shown):
        seal = sealed.get(one.member)
        if one.form.question == question and seal is not None and _holds(seal, one):
            opened.setdefault(one.member, one)
    waiting = tuple(m for m in sorted(sealed.keys() - opened.keys()) if _alone(sealed[m], m, opened))
    if waiting:
        return Rated(sealed=tuple(sorted(sealed)), waiting=waiting, ratings={})
    ratings = {m: Apart(one.id, one.form.ratings, _alone(sealed[m], m, opened)) for m, one in sorted(opened.items())}
    return Rated(sealed=tuple(sorted(sealed)), waiting=(), ratings=ratings)


def against(ratings: Iterable[Rating]) -> dict[ItemId, int]:
    """Return how much speaks against each hypothesis that was rated."""
    found: dict[ItemId, int] = {}
    for one in ratings:
        found[one.hypothesis] = found.get(one.hypothesis, 0) + AGAINST.get(one.mark, 0)
    return dict(sorted(found.items()))


def order(ratings: Iterable[Rating]) -> tuple[tuple[ItemId, ...], ...]:
    """Return the hypotheses in steps, least spoken against first; those that nothing tells apart share a step."""
    counts = against(ratings)
    return tuple(tuple(h for h, n in counts.items() if n == step) for step in sorted(set(counts.values())))


def decisive(ratings: Sequence[Rating]) -> tuple[ItemId, ...]:
    """Return each item of evidence that alone, were it false, would change the order of the hypotheses.

    It takes a step an item and a step of the order, not a sort an item: a table may have thousands of columns.
    """
    counts = against(ratings)
    steps: dict[int, int] = {}
    for count in counts.values():
        steps[count] = steps.get(count, 0) + 1
    weighs: dict[ItemId, dict[ItemId, int]] = {}
    for one in ratings:
        weight = weighs.setdefault(one.evidence, {})
        weight[one.hypothesis] = weight.get(one.hypothesis, 0) + AGAINST.get(one.mark, 0)
    return tuple(item for item, weight in sorted(weighs.items()) if _reorders(weight, counts, steps))


def _reorders(weight: Mapping[ItemId, int], counts: Mapping[ItemId, int], steps: Mapping[int, int]) -> bool:
    """Return whether the order changes once an item's weight is gone: a step breaks up, or meets or passes another."""
    fell: dict[int, list[int]] = {}
    for hypothesis, less in weight.items():
        if less:
            fell.setdefault(counts[hypothesis], []).append(less)
    if any(len(own) < steps[step] or len(set(own)) > 1 for step, own in fell.items()):
        return True
    now = [step - fell[step][0] if step in fell else step for step in sorted(steps)]
    return any(lower >= higher for lower, higher in pairwise(now))


def _first_seals(question: ItemId, seals: Iterable[Said[Sealed]]) -> dict[MemberId, Said[Sealed]]:
    proven = [one for one in for_members(seals) if one.form.question == question and one.timely is not None]
    first: dict[MemberId, Said[Sealed]] = {}
    for one in sorted(proven, key=lambda one: (one.timely or 0, one.id)):
        first.setdefault(one.member, one)
    return first


def _holds(seal: Said[Sealed], shown: Said[Revealed]) -> bool:
    form = shown.form
    return seal.form.seal == seal_of(form.question, shown.member, form.nonce, form.ratings)


def _alone(seal: Said[Sealed], member: MemberId, opened: Mapping[MemberId, Said[Revealed]]) -> bool:
    """Return whether a seal was on record before any other's ratings were dated, so that it could follow none."""
    others = [one.at for m, one in opened.items() if m != member]
    return seal.timely is not None and all(at > seal.timely for at in others)
