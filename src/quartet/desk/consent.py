"""Asking for consent: who wants to let which member have an item, whom it asks, and what each of those says.

A word admits nobody: a grant does, which its controller signs. No answer is no.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Final, Literal

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import ItemId, MemberField, MemberId, Micros
from quartet.desk.action import HOUR, Members
from quartet.desk.naming import Item
from quartet.desk.said import Said, about

WITHIN: Final = 4 * HOUR
"""How long after receipt a word is due, in microseconds; no answer by then is no, until its member says otherwise."""

Word = Literal["GRANT", "CONDITION", "DENY"]
Condition = Literal["SANITISE", "PARAPHRASE", "DOWNGRADE"]
Denial = Literal["SOURCE", "LEGAL_BAR", "PURPOSE", "HARM", "OTHER"]


class Sought(Value, frozen=True):
    """The form of a `consent-request` item: the item, the member that should have it, and whose consent that needs.

    Why it should is the item's own text.
    """

    item: Item
    member: MemberField
    asked: Annotated[Members, Meta(min_length=1)]


class ConsentWord(Value, frozen=True):
    """The form of a `consent-answer` item: what one of those who were asked says to it.

    A condition says what has to be done before it would consent, a denial why it does not.
    """

    request: Item
    word: Word
    condition: Condition | None = None
    reason: Denial | None = None


class Stage(StrEnum):
    """Where one of those who were asked has got to."""

    ASKED = "ASKED"
    GRANTED = "GRANTED"
    SAYS_GRANTED = "SAYS_GRANTED"
    CONDITION = "CONDITION"
    DENIED = "DENIED"


_SAYS: Final[Mapping[str, Stage]] = {
    "GRANT": Stage.SAYS_GRANTED,
    "CONDITION": Stage.CONDITION,
    "DENY": Stage.DENIED,
}


class Share(Value, frozen=True):
    """One controller's part: its stage, by when its word is due (None until it has the request), and its last word.

    `waited` is how long after it had the request its first word is dated, in microseconds.
    """

    stage: Stage
    due: Micros | None = None
    waited: int | None = None
    answer: ItemId | None = None
    condition: Condition | None = None
    reason: Denial | None = None

    def lapsed(self, now: Micros) -> bool:
        """Return whether no word came in time: that is a no."""
        return self.stage == Stage.ASKED and self.due is not None and now > self.due


def check_sought(sought: Sought, _: Micros) -> None:
    """Raise `Malformed("bad-form")` where a member is asked whether it may itself have something."""
    if sought.member in sought.asked:
        raise Malformed("bad-form", f"asked: {sought.member} consents to nothing for itself")


def check_consent_word(said: ConsentWord, _: Micros) -> None:
    """Raise `Malformed("bad-form")` for a condition or a denial without what it says, or with what it does not."""
    if (said.word == "CONDITION") != (said.condition is not None):
        raise Malformed("bad-form", "condition: a condition says which, and nothing else does")
    if (said.word == "DENY") != (said.reason is not None):
        raise Malformed("bad-form", "reason: a denial says why, and nothing else does")


def shares(
    sought: Said[Sought],
    answers: Iterable[Said[ConsentWord]],
    granted: Collection[MemberId],
    received: Mapping[MemberId, Micros],
) -> dict[MemberId, Share]:
    """Return where each of those who were asked has got to; `granted` are those whose grant stands, as far as is known.

    The last word of a member counts, and a grant before any word. The word of who was not asked counts for nothing.
    """
    said = about("request", sought.id, answers)
    return {m: _share(m, said, m in granted, received.get(m)) for m in sorted(sought.form.asked)}


def _share(member: MemberId, said: Iterable[Said[ConsentWord]], granted: bool, received: Micros | None) -> Share:
    own = [one for one in said if one.member == member]
    due = None if received is None else Micros(received + WITHIN)
    if not own:
        return Share(Stage.GRANTED if granted else Stage.ASKED, due)
    last = own[-1]
    return Share(
        stage=Stage.GRANTED if granted else _SAYS[last.form.word],
        due=due,
        waited=None if received is None else max(0, own[0].at - received),
        answer=last.id,
        condition=last.form.condition,
        reason=last.form.reason,
    )
