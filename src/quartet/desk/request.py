"""A request for information: who is asked, what each said to it, and whose time is over.

The clock of whoever is asked starts when the request is received there, not when it was written. A transfer asks
another member in place of the first, whose part ends with it.

A request may ask the chair's member alone to put it to others, unnamed (`broker`): the chair answers it under her own
hat, and what she puts to others is a request of its own, which names nothing of this one.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Final, Literal

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, ItemId, MemberField, MemberId, Micros
from quartet.core.statement import Precedence
from quartet.desk.action import HOUR, Members, Words
from quartet.desk.naming import Item
from quartet.desk.said import CHAIR, MEMBER, Said, distinct

WITHIN: Final[Mapping[str, int]] = {
    "FLASH": 600 * SECOND,
    "IMMEDIATE": HOUR,
    "PRIORITY": 8 * HOUR,
    "ROUTINE": 7 * 24 * HOUR,
}
"""How long after receipt an answer is due, in microseconds (the last two after EU 2023/977)."""

Word = Literal["ACKNOWLEDGE", "BROKERED", "ANSWER", "PARTIAL", "REFUSE", "NO_HOLDINGS", "TRANSFER"]
Reason = Literal["NOT_RELEASABLE", "NO_CONSENT", "LEGAL_BAR", "PURPOSE", "TOO_BROAD", "HARM", "OTHER"]


class Request(Value, frozen=True):
    """The form of a `request` item, version 1: whom it asks; what it asks is the item's text, for what its marking.

    With `broker` it asks the chair's member alone, which is to put it to others without saying whose question it is:
    to those `among` whom it may, or to whom the chair chooses where nobody is named.
    """

    asked: Annotated[Members, Meta(min_length=1)]
    precedence: Precedence = "ROUTINE"
    broker: bool = False
    among: Members = ()


class Reply(Value, frozen=True):
    """The form of a `reply` item: what a member that was asked says to a request. A refusal has its reason.

    BROKERED is the chair's to the asker alone: `question` is the request of her own that she put to others.
    """

    request: Item
    word: Word
    reason: Reason | None = None
    to: MemberField | None = None
    question: Item | None = None


class Closed(Value, frozen=True):
    """The form of a `request-closed` item: its asker needs nothing more, and says what the answers were worth."""

    request: Item
    rating: Annotated[int, Meta(ge=1, le=5)] | None = None
    text: Words = ""


class Stage(StrEnum):
    """Where one member that was asked has got to."""

    ASKED = "ASKED"
    RECEIVED = "RECEIVED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    BROKERED = "BROKERED"
    PARTLY = "PARTLY"
    ANSWERED = "ANSWERED"
    REFUSED = "REFUSED"
    NO_HOLDINGS = "NO_HOLDINGS"
    TRANSFERRED = "TRANSFERRED"


_GOES: Final[Mapping[str, Stage]] = {
    "ACKNOWLEDGE": Stage.ACKNOWLEDGED,
    "BROKERED": Stage.BROKERED,
    "PARTIAL": Stage.PARTLY,
    "ANSWER": Stage.ANSWERED,
    "REFUSE": Stage.REFUSED,
    "NO_HOLDINGS": Stage.NO_HOLDINGS,
    "TRANSFER": Stage.TRANSFERRED,
}
DONE: Final = frozenset({Stage.ANSWERED, Stage.REFUSED, Stage.NO_HOLDINGS, Stage.TRANSFERRED})
"""Where a member has nothing more to say."""
_RANK: Final = {stage: rank for rank, stage in enumerate(Stage)}


class Part(Value, frozen=True):
    """One member's part: its stage, by when it is due (None until it received the request), and what it said."""

    stage: Stage
    due: Micros | None = None
    replies: tuple[ItemId, ...] = ()
    reason: Reason | None = None

    @property
    def done(self) -> bool:
        """Return whether the member has nothing more to say."""
        return self.stage in DONE

    def overdue(self, now: Micros) -> bool:
        """Return whether an answer should be there by now and is not."""
        return self.due is not None and now > self.due and not self.done


class Asked(Value, frozen=True):
    """A request as it stands: each member's part, those that it was transferred to too, and whether it is closed.

    `questions` are those that the chair put to others in its place.
    """

    parts: dict[MemberId, Part]
    closings: tuple[ItemId, ...]
    rating: int | None = None
    questions: tuple[ItemId, ...] = ()

    @property
    def closed(self) -> bool:
        """Return whether its asker needs nothing more."""
        return bool(self.closings)


def check_request(request: Request, _: Micros) -> None:
    """Raise `Malformed("bad-form")` where more than one member is to hide who asks, or one limits who need not hide."""
    if request.broker and len(request.asked) != 1:
        raise Malformed("bad-form", "asked: through the chair one asks the chair's member, and nobody else")
    if request.among and not request.broker:
        raise Malformed("bad-form", "among: it says whom the chair may ask, and needs broker")


def check_hidden(form: Value | None, to: Iterable[MemberId], me: MemberId) -> None:
    """Raise `Malformed("names-asker")` where what hides who asks would go to more than the chair's member."""
    if isinstance(form, Request) and form.broker and set(to) - {me} != set(form.asked) - {me}:
        raise Malformed("names-asker", "what is asked through the chair goes to the chair's member alone")


def check_reply(reply: Reply, _: Micros) -> None:
    """Raise `Malformed("bad-form")` for a refusal without a reason, or a transfer to nobody."""
    if (reply.word == "BROKERED") != (reply.question is not None):
        raise Malformed("bad-form", "question: BROKERED names the question put to others, and nothing else does")
    if (reply.word == "REFUSE") != (reply.reason is not None):
        raise Malformed("bad-form", "reason: a refusal says why, and nothing else does")
    if (reply.word == "TRANSFER") != (reply.to is not None):
        raise Malformed("bad-form", "to: a transfer names who has it, and nothing else does")


def asked(
    request: Said[Request],
    replies: Iterable[Said[Reply]],
    closings: Iterable[Said[Closed]],
    received: Mapping[MemberId, Micros],
) -> Asked:
    """Return how a request stands; `received` is when it came to each member, as far as that is known."""
    about = [one for one in distinct(replies) if one.form.request == request.id and _counts(one, request)]
    members = _members(request, about)
    within = WITHIN[request.form.precedence]
    parts = {m: _part(m, about, received.get(m), within) for m in sorted(members)}
    closed = [c for c in distinct(closings) if c.form.request == request.id and _is_askers(c, request)]
    rating = next((c.form.rating for c in reversed(closed) if c.form.rating is not None), None)
    return Asked(
        parts=parts,
        closings=tuple(one.id for one in closed),
        rating=rating,
        questions=tuple(dict.fromkeys(_questions(request, about))),
    )


def _counts(reply: Said[Reply], request: Said[Request]) -> bool:
    """Return whether a word counts: a member's to what asks members, the chair's to what it is to put to others.

    The chair hands on no request that it is to hide: another chair would learn who asks.
    """
    if request.form.broker:
        return reply.hat == CHAIR and reply.form.word != "TRANSFER"
    return reply.hat == MEMBER and reply.form.word != "BROKERED"


def _questions(request: Said[Request], about: list[Said[Reply]]) -> Iterable[ItemId]:
    """Yield what the chair that was asked put to others in place of a request."""
    for one in about:
        if one.form.word == "BROKERED" and one.form.question is not None and one.member in request.form.asked:
            yield one.form.question


def _is_askers(closing: Said[Closed], request: Said[Request]) -> bool:
    """Return whether who closes a request is who asked: its member, under the hat under which it asked."""
    return (closing.member, closing.hat) == (request.member, request.hat)


def _members(request: Said[Request], about: list[Said[Reply]]) -> set[MemberId]:
    """Return who is asked: by the request, or by a transfer of somebody who is."""
    found: set[MemberId] = set()
    left = set(request.form.asked)
    while left:
        found |= left
        handed = {to for one in about if one.member in left and (to := _handed_to(one)) is not None}
        left = handed - found
    return found


def _handed_to(reply: Said[Reply]) -> MemberId | None:
    """Return to whom a reply hands a request on: an answer that names somebody, as none of ours does, hands nothing."""
    return reply.form.to if reply.form.word == "TRANSFER" else None


def _part(member: MemberId, about: list[Said[Reply]], received: Micros | None, within: int) -> Part:
    """Return a member's part: what it said last of what ends its part, or else how far it has got."""
    own = [one for one in about if one.member == member]
    words = [_GOES[one.form.word] for one in own]
    last = next((one.form for one in reversed(own) if _GOES[one.form.word] in DONE), None)
    furthest = max(words, key=_RANK.__getitem__, default=Stage.ASKED if received is None else Stage.RECEIVED)
    return Part(
        stage=furthest if last is None else _GOES[last.word],
        due=None if received is None else Micros(received + within),
        replies=tuple(one.id for one in own),
        reason=last.reason if last is not None and last.word == "REFUSE" else None,
    )
