"""What goes in and out of a node about tear-lines; its JSON is held to as that of `views`."""

from typing import Annotated, Final, Literal

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.ids import CountField, MemberField, MemberId
from quartet.core.marking import TlpWord
from quartet.core.statement import Precedence
from quartet.desk.tearplaces import Place
from quartet.node.views import MAX_TITLE, Moment, OnceField, Text

What = Literal["NAME", "CODE", "POSITION", "TIME", "SOURCE", "RUN"]
"""What a piece of a draft gives away: a name, a number or code, where, when, how it is known, or the very words."""
MAX_ANSWERS: Final = 4_096
WhyItStays = Literal["PUBLIC", "ELSEWHERE", "NEEDED", "CHANCE", "AGREED"]
"""Why a piece stays: everybody knows it; it is known from elsewhere too; its readers need it and its marking covers it;
it is the same by chance; whom it gives away agrees."""


class TearLineText(Value, frozen=True):
    """A text to look at beside its original, whatever its marking will be; `to` are those who may have it."""

    text: Annotated[str, Meta(max_length=32_768)]
    title: Annotated[str, Meta(max_length=MAX_TITLE)] = ""
    to: tuple[MemberField, ...] = ()


class Stays(Value, frozen=True):
    """Why one of the pieces that are pointed at stays, by its place in the title or the text."""

    where: Literal["title", "text"]
    start: CountField
    end: CountField
    what: What
    why: WhyItStays


class TearLine(Value, frozen=True):
    """A text torn from another, with a marking of its own: it names, carries and attaches nothing.

    `answers` say of each piece that is still pointed at why it stays; `leave` is that its author looked at all of them,
    and leaves them so (LOOKED).
    """

    text: Annotated[str, Meta(max_length=32_768)]
    tlp: TlpWord
    title: Annotated[str, Meta(max_length=MAX_TITLE)] = ""
    to: tuple[MemberField, ...] = ()
    persons: tuple[Text, ...] = ()
    precedence: Precedence = "ROUTINE"
    caveats: tuple[Text, ...] = ()
    onward: Literal["TLP_RULE", "ASK", "NEVER"] = "ASK"
    mode: Literal["RELEASE", "DISPLAY"] = "RELEASE"
    expires: Moment | None = None
    purposes: tuple[Text, ...] = ()
    leave: Literal["LOOKED"] | None = None
    once: OnceField | None = None
    answers: Annotated[tuple[Stays, ...], Meta(max_length=MAX_ANSWERS)] = ()


class LeftOver(Value, frozen=True):
    """A piece of the title or the text that still gives something away: from `start` to before `end`, in characters.

    `stands` are a few of the places where the original has it; none where it is pointed at whatever the original says.
    """

    where: Literal["title", "text"]
    start: CountField
    end: CountField
    what: What
    stands: tuple[Place, ...] = ()


class Signer(Value, frozen=True):
    """Who must each grant the original to a member instead, or why no grant helps."""

    member: MemberId
    needed: tuple[MemberId, ...] = ()
    barred: str | None = None


class Torn(Value, frozen=True):
    """A tear-line that was made of a text, and why what is pointed at in it stayed; only its author's node knows."""

    ref: str
    title: str
    tlp: str
    at: Moment
    officer: str
    answers: tuple[Stays, ...] = ()


class TearLineCheck(Value, frozen=True):
    """A draft beside its original: what it still gives away, and whether this member may make it.

    `foreign` control the original too: then nobody may, and `instead` says who must grant it to whom.
    """

    ref: str
    title: str
    text: str
    tlp: str
    may: bool
    foreign: tuple[MemberId, ...]
    left: tuple[LeftOver, ...]
    instead: tuple[Signer, ...] = ()
    torn: tuple[Torn, ...] = ()
