"""What the rule must know of a warning: until when it is in force, for so long no recall hides that there was one.

Its form is the desk's; here its one field is read as it was signed, and what does not fit is no warning.
"""

from typing import Final

import msgspec

from quartet.core.ids import Micros
from quartet.core.statement import Statement

WARNING_KINDS: Final = frozenset({"alert", "early-warning"})
"""An officer's warning, and an authority's that was relayed."""


class _Window(msgspec.Struct):
    until: int


class _Body(msgspec.Struct):
    form: _Window


_READ: Final = msgspec.json.Decoder(_Body)


def in_force_until(statement: Statement) -> Micros | None:
    """Return until when a warning is in force, or None for what is none."""
    if statement.kind not in WARNING_KINDS:
        return None
    try:
        return Micros(_READ.decode(statement.body).form.until)
    except msgspec.MsgspecError:
        return None
