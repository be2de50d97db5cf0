"""What officers of a member said of names: that two are the same, or that they are not. It comes before any likeness.

Nothing is concluded from it: where A is B and B is C, nobody has said that A is C.
"""

from typing import Final, NamedTuple

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.fold import fold
from quartet.intake.names.forms import MAX_KEPT

MAX_ALIASES: Final = 100_000


class Alias(Value, frozen=True, order=True):
    """Two names, folded, the lesser first, and whether they are of one."""

    first: str
    second: str
    same: bool


class Aliases(Value, frozen=True):
    """A member's aliases in order, each pair once: the last word of an officer holds."""

    pairs: tuple[Alias, ...] = ()

    def said(self, one: str, other: str, *, same: bool) -> "Aliases":
        """Return the aliases with a word on two names; whatever was said of the two before is void."""
        first, second = _pair(one[: MAX_KEPT + 1], other[: MAX_KEPT + 1])
        if not first or first == second or max(len(one), len(other)) > MAX_KEPT:
            raise Malformed("bad-alias", f"an alias is of two different names of 1 to {MAX_KEPT} letters")
        kept = [alias for alias in self.pairs if (alias.first, alias.second) != (first, second)]
        if len(kept) >= MAX_ALIASES:
            raise Malformed("too-many-aliases", f"{MAX_ALIASES} aliases are kept")
        return Aliases(pairs=tuple(sorted([*kept, Alias(first=first, second=second, same=same)])))

    def unsaid(self, one: str, other: str) -> "Aliases":
        """Return the aliases without a word on two names."""
        pair = _pair(one[: MAX_KEPT + 1], other[: MAX_KEPT + 1])
        return Aliases(pairs=tuple(alias for alias in self.pairs if (alias.first, alias.second) != pair))


class About(NamedTuple):
    """What was said of one name: folded names that are the same, and that are not."""

    same: frozenset[str]
    other: frozenset[str]


def about(aliases: Aliases, key: str) -> About:
    """Return what was said of a name, which is folded."""
    found = [
        (alias.second if alias.first == key else alias.first, alias.same)
        for alias in aliases.pairs
        if key in (alias.first, alias.second)
    ]
    return About(frozenset(n for n, same in found if same), frozenset(n for n, same in found if not same))


def _pair(one: str, other: str) -> tuple[str, str]:
    first, second = sorted((fold(one), fold(other)))
    return first, second
