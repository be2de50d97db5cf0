"""How a sensor is, in one word and with the reason: pure, from when it was last heard and what is known of it."""

from typing import Final, Literal, get_args

from quartet.core.encoding import Value
from quartet.core.ids import SECOND, Micros

HealthWord = Literal["OK", "LATE", "SILENT", "QUARANTINED"]
WORDS: Final[tuple[HealthWord, ...]] = get_args(HealthWord)
LATE_TURNS: Final = 2.5
"""A radar is late when so many of its turns passed without a word."""
LATE_AFTER: Final = Micros(15 * SECOND)
"""When a sensor that does not turn is late: one that sees movers at all speaks several times a second."""
SILENT_AFTER: Final = Micros(60 * SECOND)


class Health(Value, frozen=True):
    """A word for it; why, as a reason word, where it is not simply well; and since when."""

    word: HealthWord
    reason: str | None = None
    since: Micros | None = None


def health_of(
    *,
    heard: Micros | None,
    began: Micros,
    now: Micros,
    rotation_s: float | None,
    quarantined: bool,
    trouble: str | None,
    in_use: bool | None,
    doubtful: bool = False,
) -> Health:
    """Return how a sensor is at `now`: (1) quarantined, (2) in trouble, (3) silent, (4) late, (5) well.

    `began` is when it was first waited for; one that is not heard yet is silent once it had the time to be. `doubtful`
    is whether its offsets cannot be trusted.
    """
    last = began if heard is None else heard
    if quarantined:
        return Health("QUARANTINED", "quarantined", heard)
    if now - last > SILENT_AFTER:
        return Health("SILENT", trouble or ("never-heard" if heard is None else "silent"), heard)
    if trouble is not None:
        return Health("LATE", trouble, heard)
    late = LATE_AFTER if rotation_s is None else Micros(max(SECOND, round(LATE_TURNS * rotation_s * SECOND)))
    if now - last > late:
        return Health("LATE", "not-heard-yet" if heard is None else "late", heard)
    if in_use is False:
        return Health("OK", "not-in-use", heard)
    return Health("OK", "offset-doubtful" if doubtful else None, heard)
