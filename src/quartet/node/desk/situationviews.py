"""What goes in and out of a node about situation reports; its JSON is held to as that of `views`."""

from typing import Annotated, Final, Literal

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.ids import HASH_PATTERN, ItemId, MemberField, MemberId
from quartet.core.statement import Precedence
from quartet.desk.report import Line
from quartet.desk.situation import MAX_PARTS
from quartet.node.views import MAX_TITLE, Basis, Moment, OnceField, Reference

MAX_WORDINGS: Final = 4
MAX_AUDIENCES: Final = 16
Label = Literal["CLEAR", "GREEN", "AMBER", "AMBER+STRICT"]
"""What a wording may be labelled: what is RED is for persons, and no report's."""
Sources = Annotated[tuple[Reference, ...], Meta(max_length=32)]
Names = Annotated[tuple[MemberField, ...], Meta(max_length=64)]
"""Members and circles."""


class Wording(Value, frozen=True):
    """One way to say a part: what it says, its own label, and for whom it may be at most (`to`; None: whoever reads).

    `contains` are the items whose content it carries, in whatever words; `cites` those that it only rests on.
    """

    text: Annotated[str, Meta(min_length=1, max_length=32_768)]
    tlp: Label
    heading: Line = ""
    to: Names | None = None
    contains: Sources = ()
    cites: Sources = ()


class WholePart(Value, frozen=True):
    """A part as its author has it: one wording or more, the fullest first."""

    wordings: Annotated[tuple[Wording, ...], Meta(min_length=1, max_length=MAX_WORDINGS)]


class WholeReport(Value, frozen=True):
    """A situation report as its author has it, and for whom it is rendered; each audience is a set of members.

    The title is everybody's. An audience that names nobody is this member alone.
    """

    title: Annotated[str, Meta(min_length=1, max_length=MAX_TITLE)]
    cut_off: Moment
    parts: Annotated[tuple[WholePart, ...], Meta(min_length=1, max_length=MAX_PARTS)]
    audiences: Annotated[tuple[Names, ...], Meta(min_length=1, max_length=MAX_AUDIENCES)]
    precedence: Precedence = "ROUTINE"


class LeftOut(Value, frozen=True):
    """Why an audience does not get a wording: by which member's reason, and under which source where it is that.

    Part and wording are numbers from 1.
    """

    part: int
    wording: int
    member: MemberId
    reason: str
    source: str | None = None


class Rendering(Value, frozen=True):
    """What one audience would read, and, for the author alone, what it is made of and why the rest is left out.

    `parts` are the numbers, from 1, of the parts in it, `wordings` which wording of each.
    """

    to: tuple[MemberId, ...]
    title: str
    tlp: str
    text: str
    parts: tuple[int, ...]
    wordings: tuple[int, ...]
    contains: tuple[str, ...]
    cites: tuple[str, ...]
    left_out: tuple[LeftOut, ...]


class Renderings(Value, frozen=True):
    """Every audience's rendering, and the hash of them all: what is published is what was looked at, or nothing."""

    renderings: tuple[Rendering, ...]
    seen: str


class Reported(Value, frozen=True):
    """A report to publish, as its author looked at it: `seen` is the hash that she was shown."""

    report: WholeReport
    seen: Annotated[str, Meta(pattern=HASH_PATTERN)]
    once: OnceField | None = None


class SentReport(Value, frozen=True):
    """One rendering on its way."""

    to: tuple[MemberId, ...]
    id: ItemId
    ref: str


class SituationRow(Value, frozen=True):
    """One report in a list; `withdrawn` is that something which it rests on was taken back.

    `to` are the other members that it names.
    """

    id: ItemId
    ref: str
    author: MemberId
    officer: str
    title: str
    tlp: str
    at: Moment
    cut_off: Moment
    withdrawn: bool
    to: tuple[MemberId, ...] = ()


Which = Literal["all", "mine", "withdrawn"]
"""All reports that the viewer may see; those of this member; those that rest on what was taken back."""


class SituationPage(Value, frozen=True):
    """Some reports, and the `after` of the next page (None at the end)."""

    items: tuple[SituationRow, ...]
    next: str | None = None


class ReportPart(Value, frozen=True):
    """A part of a report as a reader has it: its heading, and what it rests on."""

    number: int
    heading: str
    rests_on: tuple[Basis, ...]
    withdrawn: bool


class SituationView(Value, frozen=True):
    """One report whole; `others` are the other renderings of its author's text that the viewer may see."""

    row: SituationRow
    text: str
    parts: tuple[ReportPart, ...]
    others: tuple[SituationRow, ...] = ()
