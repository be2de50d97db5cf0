"""What lies before the desk of a drill at first sight: a question, a proposal to act together, and an incident's file.

All are labelled EXERCISE; places and events are made up.
"""

from collections.abc import Callable, Set
from typing import Any, Final

from quartet.core.encoding import Value
from quartet.core.ids import SECOND, Micros

HOUR: Final = 3600 * SECOND
MARKS: Final = {"tlp": "AMBER", "caveats": ["EXERCISE"]}


class Matter(Value, frozen=True):
    """One item of a drill: who says it, its draft, and what she says beside it once it has a reference."""

    by: str
    draft: dict[str, Any]
    then: tuple[Callable[[str], dict[str, Any]], ...] = ()


def matters(now: Micros, members: Set[str]) -> list[Matter]:
    """Return what members ask, propose and open, as of now; those who are not of the exchange are left out."""
    made = (_question(), _proposal(now), _incident(now, sorted(members - {"north"})))
    return [one for one in made if {one.by, *one.draft["to"]} <= members]


def _question() -> Matter:
    form = {"asked": ["north"], "precedence": "PRIORITY"}
    draft = {
        "kind": "request",
        "to": ["north"],
        "title": "Which tugs can reach the north mole tonight?",
        "text": "Ferry Alba sits on the shoal, and the wind turns at midnight. Draught and pull, please.",
        "precedence": "PRIORITY",
        "form": form,
    }
    return Matter("east", {**draft, **MARKS})


def _proposal(now: Micros) -> Matter:
    aim = "Clear the road over Karst Pass"
    form = {
        "aim": aim,
        "legal_basis": "Memorandum 7, article 3",
        "area": "Karst Pass, kilometre 12 to 16",
        "begins": now + 48 * HOUR,
        "ends": now + 72 * HOUR,
        "participants": ["north", "west"],
        "hosts": ["west"],
        "rule": "CONSENSUS",
        "decide_by": now + 26 * HOUR,
        "risks": "Forty lorries wait on either side.",
        "stop_conditions": "Rain, or a second slide.",
    }
    text = "North has the only crane that can turn on the pass; west closes the road and feeds the crews."
    return Matter("west", {"kind": "proposal", "to": ["north"], "title": aim, "text": text, "form": form, **MARKS})


def _incident(now: Micros, to: list[str]) -> Matter:
    draft = {
        "kind": "incident",
        "to": to,
        "title": "Fire at the fuel store, basin 4",
        "text": "A detonation was heard, then fire. Nobody was hurt. What caused it is not known.",
        "form": {"since": now - 9 * HOUR, "until": now - 8 * HOUR, "area": "basin 4, fuel store"},
    }

    def asks(incident: str) -> dict[str, Any]:
        return {"kind": "question", "text": "What happened?", "form": {"incident": incident, "rung": "EVENT"}}

    return Matter("north", {**draft, **MARKS}, (asks,))
