"""The clock of an identification: what is due of whom, so long after the aircraft concerned us.

Detected, it is PENDING within ten seconds; plans and codes are compared for thirty; at sixty the officer asks air
traffic control or the neighbour; it is UNIDENTIFIED at a hundred and twenty seconds or five minutes before it is
expected to enter, whichever is first - but never before the thirty that comparing takes. Then the duty officer informs
the competent authority.
"""

from typing import Final, Literal, NamedTuple

from quartet.core.ids import SECOND, Micros

PENDING_BY: Final = 10 * SECOND
COMPARED_BY: Final = 30 * SECOND
ASK_AT: Final = 60 * SECOND
UNIDENTIFIED_AT: Final = 120 * SECOND
BEFORE_ENTRY: Final = 300 * SECOND

Phase = Literal["COMPARING", "WAITING", "ASK", "INFORM", "INFORMED", "DONE", "NOT_DUE"]
"""What is going on: comparing; compared, and not enough; somebody has to ask; the authority has to be informed, or
was; it is known who it is; or nothing is due of it, for there is no airspace of ours that it could enter."""


class Clock(NamedTuple):
    """Where an identification has got to; `ask_at` and `unidentified_at` are when the next things fall due."""

    since: Micros
    phase: Phase
    ask_at: Micros
    unidentified_at: Micros


def unidentified_at(since: Micros, entry: Micros | None) -> Micros:
    """Return when an aircraft that concerned us since then counts as unidentified; `entry` is when it will enter."""
    latest = since + UNIDENTIFIED_AT
    if entry is None:
        return Micros(latest)
    return Micros(max(since + COMPARED_BY, min(latest, entry - BEFORE_ENTRY)))


def ask_at(since: Micros, deadline: Micros) -> Micros:
    """Return when somebody has to ask: after sixty seconds, or with the deadline where that is sooner."""
    return Micros(min(since + ASK_AT, deadline))


def clock(
    since: Micros,
    now: Micros,
    entry: Micros | None,
    *,
    identified: bool,
    late: bool = False,
    informed: bool = False,
    due: bool = True,
) -> Clock:
    """Return where an identification stands.

    `late` is that it was found unidentified before: a later entry does not take that back. Without `due` nobody has to
    do anything about it.
    """
    deadline = unidentified_at(since, entry)
    asked = ask_at(since, deadline)
    if identified:
        phase: Phase = "DONE"
    elif not due:
        phase = "INFORMED" if informed else "NOT_DUE"
    elif late or now >= deadline:
        phase = "INFORMED" if informed else "INFORM"
    elif now >= asked:
        phase = "ASK"
    else:
        phase = "WAITING" if now >= since + COMPARED_BY else "COMPARING"
    return Clock(since, phase, asked, deadline)
