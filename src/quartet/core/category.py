"""What may be said of an aircraft, and what it may rest on. There is no other word: none for a foe, none for a suspect.

What another member says in words that are not here is kept as it came, and goes no further.
"""

from typing import Final, Literal, get_args

Category = Literal["PENDING", "IDENTIFIED_CIVIL", "IDENTIFIED_STATE", "IDENTIFIED_EXEMPT", "UNIDENTIFIED"]
"""Exempt is rescue, medical and humanitarian."""
Flag = Literal["STRAYED", "COMLOSS", "EMERGENCY", "UNLAWFUL", "NON_COOPERATIVE", "IDENT_CONFLICT"]
"""What stands beside a category; it is none."""
Basis = Literal["PLAN", "CODE", "ADDRESS", "FLIGHT_ID", "ATC", "HANDOVER", "ORIGIN", "KINEMATICS", "PERSON"]
"""What a category rests on: the flight plan in time and corridor, the assigned Mode 3/A code, the 24-bit address and
the Flight ID as planned (or registered), air traffic control's word, the adjacent member's handover, the origin as
observed, motion as planned; or a person who says so with her reason."""

CATEGORIES: Final[tuple[Category, ...]] = get_args(Category)
FLAGS: Final[tuple[Flag, ...]] = get_args(Flag)
BASES: Final[tuple[Basis, ...]] = get_args(Basis)
IDENTIFIED: Final[frozenset[Category]] = frozenset({"IDENTIFIED_CIVIL", "IDENTIFIED_STATE", "IDENTIFIED_EXEMPT"})
CONFIDED: Final[frozenset[Flag]] = frozenset({"UNLAWFUL"})
"""Flags that are shown to duty officers only."""
