"""What goes in and out of a node about requests for information; its JSON is held to as that of `views`."""

from typing import Annotated, Literal

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.ids import ItemId, MemberField, MemberId
from quartet.core.marking import TlpWord
from quartet.core.statement import MAX_CITATIONS, Precedence
from quartet.desk.request import Reason, Word
from quartet.node.views import MAX_TITLE, Moment, OnceField, Reference, Text

Which = Literal["open", "overdue", "mine", "done", "all"]
"""Which requests: not done; past their time; those that ask us and are not done by us; done or closed; every one."""


class RequestRow(Value, frozen=True):
    """One request in a list: each asked member's stage, when the first answer is due, and whose is overdue.

    `mine` is that it asks the reader's member, which is not done with it; `broker` that the chair is to put it to
    others, unnamed.
    """

    id: ItemId
    ref: str
    author: MemberId
    officer: str
    hat: str
    title: str
    tlp: str
    at: Moment
    precedence: Precedence
    asked: tuple[MemberId, ...]
    stages: dict[MemberId, str]
    due: Moment | None = None
    overdue: tuple[MemberId, ...] = ()
    closed: bool = False
    mine: bool = False
    broker: bool = False


class RequestPage(Value, frozen=True):
    """Some requests, the newest first, and the `after` of the next page (None at the end)."""

    items: tuple[RequestRow, ...]
    next: str | None = None


class ReplyView(Value, frozen=True):
    """What a member said to a request; `to` is to whom it was transferred."""

    ref: str
    officer: str
    at: Moment
    word: Word
    text: str
    tlp: str
    to: MemberId | None = None


class PartView(Value, frozen=True):
    """One asked member's part: its stage, by when an answer is due (None: not known to have come), its replies."""

    member: MemberId
    stage: str
    due: Moment | None
    overdue: bool
    reason: Reason | None
    replies: tuple[ReplyView, ...]


class Behalf(Value, frozen=True):
    """In place of whose request the chair asked one of her own, and how that one was closed: for the two alone."""

    ref: str
    member: MemberId
    closed: bool
    rating: int | None = None


class RequestView(Value, frozen=True):
    """A request whole: its row, its text, every part, and how it was closed.

    `among` are those whom the chair may ask, of what she is to put to others; `questions` what she did put in its
    place, as far as the reader may see it, and `behalf` in whose place she asked this one.
    """

    row: RequestRow
    text: str
    parts: tuple[PartView, ...]
    rating: int | None = None
    closed_with: str = ""
    may_answer: bool = False
    may_close: bool = False
    may_put: bool = False
    among: tuple[MemberId, ...] = ()
    questions: tuple[str, ...] = ()
    behalf: Behalf | None = None


class Answer(Value, frozen=True):
    """What a member that was asked says: to the asker alone, or to more of those who may have the request (`to`).

    A refusal has its reason, a transfer says to whom. `cites` names the items that are the answer. BROKERED is the
    chair's: she put `question` to others in its place.
    """

    word: Word
    text: str = ""
    reason: Reason | None = None
    transfer: MemberField | None = None
    to: tuple[MemberField, ...] | None = None
    tlp: TlpWord | None = None
    cites: Annotated[tuple[Reference, ...], Meta(max_length=MAX_CITATIONS)] = ()
    question: Reference | None = None
    once: OnceField | None = None


class Put(Value, frozen=True):
    """What the chair puts to others in place of a request: in her own words, marked at least as strictly.

    `asked` are asked, `to` may see it too.
    """

    title: Annotated[str, Meta(max_length=MAX_TITLE)]
    text: str
    asked: Annotated[tuple[MemberField, ...], Meta(min_length=1)]
    to: tuple[MemberField, ...] = ()
    tlp: TlpWord | None = None
    persons: tuple[Text, ...] = ()
    precedence: Precedence = "ROUTINE"


class PassOn(Value, frozen=True):
    """What of an answer the chair gives to all: its own text, or these words in the place of it."""

    text: str = ""


class Worth(Value, frozen=True):
    """What an asker closes a request with: what the answers were worth, from 1 (nothing) to 5, if she says."""

    rating: Annotated[int, Meta(ge=1, le=5)] | None = None
    text: Annotated[str, Meta(max_length=4096)] = ""
    once: OnceField | None = None
