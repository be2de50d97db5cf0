"""What the rule must know of a warning: until when it is in force, for so long no recall hides that there was one.

Its form is the desk's; here its one field is read as it was signed, and what does not fit is no warning. No author is
believed that one holds longer than seven days: a node that asks for more delays no purge, and rings no longer.
"""

from typing import Final

import msgspec

from quartet.core.facts import Facts
from quartet.core.ids import SECOND, Micros
from quartet.core.verify import Verified

WARNING_KINDS: Final = frozenset({"alert", "early-warning"})
"""An officer's warning, and an authority's that was relayed."""

MAX_IN_FORCE: Final = 7 * 24 * 3600 * SECOND
"""How long a warning holds at most, whatever it says: longer is a mistyped date, or a threat."""


class _Window(msgspec.Struct):
    until: int


class _Body(msgspec.Struct):
    form: _Window


_READ: Final = msgspec.json.Decoder(_Body)


def in_force_until(item: Verified, facts: Facts) -> Micros | None:
    """Return until when a warning is in force, or None for what is none.

    It was issued when it says, or when it was first known if that is earlier: no date in the future lengthens it.
    """
    statement = item.statement
    if statement.kind not in WARNING_KINDS:
        return None
    seen = None if item.own is None else facts.seen.get(item.own.id)
    try:
        until = _READ.decode(statement.body).form.until
    except msgspec.MsgspecError:
        return None
    return ends(until, statement.at if seen is None else min(statement.at, seen))


def ends(until: int, issued: int) -> Micros:
    """Return when a warning is over that says `until` when it holds: never later than its longest time after issue."""
    return Micros(min(until, issued + MAX_IN_FORCE))
