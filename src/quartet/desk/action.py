"""A joint action: what is proposed, where members stand, and what follows from it. Nobody decides it; it is computed.

Beware: a position counts for one version, by its hash. An edit is a new version, and voids every position.
"""

from typing import Annotated, Final, Literal

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, MemberField, Micros, TimeField
from quartet.desk.naming import Item

HOUR: Final = 3600 * SECOND
SILENCE: Final = 24 * HOUR
"""The shortest time for which silence may run."""
EMERGENCY: Final = 2 * HOUR
"""The shortest in an emergency, which the proposal says."""
LAPSES: Final = 7 * 24 * HOUR
"""How long after its end a proposal still waits for acknowledgements and closing statements."""
MAX_PARTIES: Final = 64

Words = Annotated[str, Meta(max_length=4096)]
Members = Annotated[tuple[MemberField, ...], Meta(max_length=MAX_PARTIES)]
Rule = Literal["SELF", "CONSENSUS"]
Stance = Literal["CONCUR", "CONCUR_WITH_STATEMENT", "ABSTAIN", "OBJECT", "NOT_PARTICIPATING"]

CONCURS: Final = frozenset({"CONCUR", "CONCUR_WITH_STATEMENT"})
SAYS_WHY: Final = frozenset({"OBJECT", "CONCUR_WITH_STATEMENT"})


class Proposal(Value, frozen=True):
    """The form of a `proposal` item, version 1. `previous` is the version whose place it takes.

    `hosts` are those whose territory, airspace, site or people it concerns: each must concur in so many words.
    """

    aim: Words
    legal_basis: Words
    area: Words
    begins: TimeField
    ends: TimeField
    participants: Annotated[Members, Meta(min_length=1)]
    hosts: Members
    rule: Rule
    decide_by: TimeField
    observers: Members = ()
    needs: Words = ""
    risks: Words = ""
    stop_conditions: Words = ""
    no_go: Annotated[tuple[Item, ...], Meta(max_length=256)] = ()
    emergency: bool = False
    previous: Item | None = None

    @property
    def silence(self) -> int:
        """Return how long silence must run at least, in microseconds."""
        return EMERGENCY if self.emergency else SILENCE

    @property
    def parties(self) -> tuple[MemberField, ...]:
        """Return who is asked: participants and hosts, each once."""
        return tuple(sorted({*self.participants, *self.hosts}))


class Position(Value, frozen=True):
    """The form of a `position` item: where a member stands on one version, and which of its positions this replaces."""

    version: Item
    stance: Stance
    text: Words = ""
    previous: Item | None = None


class Acknowledged(Value, frozen=True):
    """The form of an `acknowledged` item: a named officer has the text before her, and her member's clock starts."""

    version: Item


class Closing(Value, frozen=True):
    """The form of a `closing` item: after the end, all positions that a member ever stated on a version; or none."""

    version: Item
    positions: Annotated[tuple[Item, ...], Meta(max_length=256)] = ()


def check_proposal(proposal: Proposal, at: Micros) -> None:
    """Raise `Malformed("bad-form")` for a proposal that makes no sense at the time when it is said."""
    shortest = proposal.silence
    if proposal.decide_by < at + shortest:
        raise Malformed("bad-form", f"decide_by: members have {shortest // HOUR} hours at least")
    if not proposal.decide_by <= proposal.begins < proposal.ends:
        raise Malformed("bad-form", "begins: after decide_by, and before ends")
    if set(proposal.observers) & set(proposal.parties):
        raise Malformed("bad-form", "observers: who takes part or is host does not only observe")


def check_position(position: Position, _: Micros) -> None:
    """Raise `Malformed("bad-form")` for an objection or a statement without its text."""
    if position.stance in SAYS_WHY and not position.text.strip():
        raise Malformed("bad-form", f"text: {position.stance} says why")
