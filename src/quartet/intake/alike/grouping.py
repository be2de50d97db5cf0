"""Put together what may be one event. A denial joins no two that nothing else joins, and confirms nothing.

Those that are firmly alike hang together, however far round. Whatever else may be one joins them only where it may be
one with each: what is told without a day does not make one event of all that happened at a place.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Final

from quartet.intake.alike.cliques import Cliques, components
from quartet.intake.alike.compare import alike
from quartet.intake.alike.roots import Ties, at_most
from quartet.intake.alike.values import MAX_TOLD, Group, Offer, Pair, Told
from quartet.intake.events import Polarity
from quartet.intake.names import Aliases

MAX_GROUPS: Final = 256
_NOTHING_SAID: Final = Aliases()


def groups(told: Iterable[Told], aliases: Aliases = _NOTHING_SAID) -> Offer:
    """Return the events that are offered as one, whatever order they come in; each key once, at most `MAX_TOLD`."""
    known = {one.key: one for one in sorted(told, key=lambda one: one.key)}
    kept = dict(list(known.items())[:MAX_TOLD])
    pairs = pairs_of(list(kept.values()))
    told_of = [key for key, one in kept.items() if one.polarity is not Polarity.DENIES]
    denials = [key for key in kept if key not in set(told_of)]
    found, more = _joined(told_of, pairs)
    with_denials = [_plus(group, denials, pairs) for group in found]
    held = {key for group in with_denials for key in group if len(group) > 1}
    alone, more_alone = _joined([key for key in denials if key not in held], pairs)
    ties = Ties(aliases)
    made = tuple(_group(keys, kept, pairs, ties) for keys in sorted([*with_denials, *alone]) if len(keys) > 1)
    return Offer(made, more=more or more_alone or len(known) > len(kept))


def pairs_of(told: Sequence[Told]) -> dict[tuple[str, str], Pair]:
    """Return all pairs that may be one event, by their keys, the lesser first."""
    found = (alike(one, other) for one, other in combinations(told, 2))
    return {(pair.first, pair.second): pair for pair in found if pair is not None}


def _joined(keys: list[str], pairs: Mapping[tuple[str, str], Pair]) -> tuple[list[tuple[str, ...]], bool]:
    """Return the groups of some events, each as large as it can be; and whether there are more."""
    among = set(keys)
    here = [pair for pair in pairs.values() if pair.first in among and pair.second in among]
    cores = components(keys, ((pair.first, pair.second) for pair in here if pair.firm))
    core = {key: part for part in cores for key in part}
    joined: dict[tuple[str, ...], set[tuple[str, ...]]] = {part: set() for part in cores}
    for pair in here:
        one, other = core[pair.first], core[pair.second]
        if one != other:
            joined[one].add(other)
            joined[other].add(one)
    cliques = Cliques(joined, MAX_GROUPS)
    return [tuple(sorted(key for part in clique for key in part)) for clique in cliques.found], cliques.more


def _plus(group: tuple[str, ...], denials: list[str], pairs: Mapping[tuple[str, str], Pair]) -> tuple[str, ...]:
    """Return a group with those that deny what one of it tells."""
    also = [one for one in denials if any((min(one, key), max(one, key)) in pairs for key in group)]
    return tuple(sorted((*group, *also)))


def _group(
    keys: tuple[str, ...], known: Mapping[str, Told], pairs: Mapping[tuple[str, str], Pair], ties: Ties
) -> Group:
    asserting = [one for key in keys if (one := known[key]).polarity is Polarity.ASSERTS]
    names = {one.root for one in asserting if one.root is not None}
    blinded = {root for one in asserting for root in one.blinded}
    return Group(
        events=keys,
        pairs=tuple(pairs[pair] for pair in combinations(keys, 2) if pair in pairs),
        roots=(*sorted(names), *sorted(blinded)),
        at_most=at_most(names, ties) + len(blinded),
        unknown=sum(one.root is None and not one.blinded for one in asserting),
        denied=sum(known[key].polarity is Polarity.DENIES for key in keys),
    )
