"""What goes in and out of a node about tear-lines; its JSON is held to as that of `views`."""

from typing import Annotated, Literal

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.ids import CountField, MemberField, MemberId
from quartet.core.marking import TlpWord
from quartet.core.statement import Precedence
from quartet.node.views import MAX_TITLE, Moment, OnceField, Text

What = Literal["NAME", "CODE", "POSITION", "TIME", "SOURCE", "RUN"]
"""What a piece of a draft gives away: a name, a number or code, where, when, how it is known, or the very words."""


class TearLine(Value, frozen=True):
    """A text torn from another, with a marking of its own: it names, carries and attaches nothing.

    `leave` is that its author looked at what is still pointed at in it, and leaves it so (LOOKED).
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


class LeftOver(Value, frozen=True):
    """A piece of the title or the text that still gives something away: from `start` to before `end`, in characters."""

    where: Literal["title", "text"]
    start: CountField
    end: CountField
    what: What


class Signer(Value, frozen=True):
    """Who must each grant the original to a member instead, or why no grant helps."""

    member: MemberId
    needed: tuple[MemberId, ...] = ()
    barred: str | None = None


class Torn(Value, frozen=True):
    """A tear-line that was made of a text: known at its author's node alone."""

    ref: str
    title: str
    tlp: str
    at: Moment


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
