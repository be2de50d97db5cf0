"""Why the gate says no: a closed list. Shown to the author and the controllers, never to the one refused."""

from enum import StrEnum
from typing import Final


class Reason(StrEnum):
    """Why something is withheld. The words are for ever: logs, replies and scripts share them."""

    NO_CONTROL = "no-control"
    NOT_A_MEMBER = "not-a-member"
    SUSPENDED = "suspended"
    ISSUED_OUTSIDE = "issued-outside"
    RECALLED = "recalled"
    UNKNOWN_WORD = "unknown-word"
    EXPIRED = "expired"
    NARROWED = "narrowed"
    NOT_STANDING = "not-standing"
    NOT_NAMED = "not-named"
    ONWARD_NEVER = "onward-never"
    FROZEN = "frozen"
    PERSON_NOT_NAMED = "person-not-named"
    CLIENT = "client"
    PURPOSE = "purpose"
    TRAINING = "training"
    DISPLAY_ONLY = "display-only"
    NO_PRINCIPAL = "no-principal"
    NO_GATEWAY = "no-gateway"
    FORMAT = "format"
    ABOVE_DOOR = "above-door"
    NOT_A_FACT = "not-a-fact"
    NOT_SENT = "not-sent"
    NO_KEY = "no-key"
    STAYS_HOME = "stays-home"


_SENTENCES: Final[dict[Reason, str]] = {
    Reason.NO_CONTROL: "It carries no marking of its own, and what is unmarked is for its author alone.",
    Reason.NOT_A_MEMBER: "It is not a member of the exchange now.",
    Reason.SUSPENDED: "It is suspended: nothing new goes to it until it is reinstated.",
    Reason.ISSUED_OUTSIDE: "A marking on it was issued while its controller was not an active member.",
    Reason.RECALLED: "One of its controllers took it back.",
    Reason.UNKNOWN_WORD: "A marking on it has a word that this version does not know, which closes it.",
    Reason.EXPIRED: "A marking on it has expired.",
    Reason.NARROWED: "A controller narrowed the marking and no longer names this member.",
    Reason.NOT_STANDING: "The member is named, but was not an active member then and ever since.",
    Reason.NOT_NAMED: "A marking on it does not name this member, and no grant admits it.",
    Reason.ONWARD_NEVER: "A controller said that it never goes further, so that no grant counts.",
    Reason.FROZEN: "Its controller has left or is suspended, and nobody else may consent for it.",
    Reason.PERSON_NOT_NAMED: "It is RED, for the persons named, and this person is not one of them.",
    Reason.CLIENT: "It is for the member's own organisation, not for bodies registered under it.",
    Reason.PURPOSE: "It may not be used for this purpose.",
    Reason.TRAINING: "It has a caveat for which this person is not trained.",
    Reason.DISPLAY_ONLY: "It may be shown but not kept: no copy, no print, no export, none of its files.",
    Reason.NO_PRINCIPAL: "Nobody answers for what reads at this door, so that only what the world may have passes.",
    Reason.NO_GATEWAY: "A marking on it forbids every door to other systems.",
    Reason.FORMAT: "The format of this door cannot carry its marking.",
    Reason.ABOVE_DOOR: "Its marking is narrower than what may pass this door at most.",
    Reason.NOT_A_FACT: "It is not a fact about a control; it travels by its marking alone.",
    Reason.NOT_SENT: "No item that carries this control was sent to the member.",
    Reason.NO_KEY: "There is no valid key of the member to seal it for.",
    Reason.STAYS_HOME: "It is of a kind that stays with its author's own officers, or with the parties that it names.",
}


def explain(reason: Reason) -> str:
    """Return the reason as one plain sentence."""
    return _SENTENCES[reason]
