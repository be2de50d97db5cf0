"""What goes in and out of a node about warnings; its JSON is held to as that of `views`. Places are in degrees here."""

from typing import Annotated, Final, Literal

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.ids import ItemId, MemberField, MemberId, OfficerName
from quartet.core.marking import TlpWord
from quartet.desk.warning import (
    MAX_DESKS,
    Category,
    Certainty,
    DeskName,
    Info,
    Release,
    Response,
    Severity,
    Source,
    Stage,
    Urgency,
    Word,
)
from quartet.node.views import Moment, OnceField, Reference, Text

Which = Literal["now", "mine", "all"]
"""Which warnings: in force, or withdrawn meanwhile; of those, what waits for a desk here; the newest of all."""
WITHDRAWN: Final = "WITHDRAWN"
DRAFT: Final = "DRAFT"
"""What waits for its second officer: it warns nobody."""
Lat = Annotated[float, Meta(ge=-90, le=90)]
Lon = Annotated[float, Meta(ge=-180, le=180)]
Place = tuple[Lat, Lon]
"""Latitude and longitude."""


class RoundView(Value, frozen=True):
    """All within so many metres of a place."""

    lat: Lat
    lon: Lon
    radius_m: Annotated[int, Meta(ge=1)]


class AreaView(Value, frozen=True):
    """A named area: polygons (each ends where it began) and circles."""

    name: str
    polygons: tuple[tuple[Place, ...], ...] = ()
    circles: tuple[RoundView, ...] = ()


class DeskView(Value, frozen=True, order=True):
    """A member's site desk by its name, or with none the member's own watch."""

    member: MemberField
    name: DeskName = ""


class WarningDraft(Value, frozen=True, kw_only=True):
    """A warning as its officer writes it, for the members of its desks and those of `to`.

    Without `override` a second officer confirms it before it leaves. With it a minimum goes at once, with the reason
    `why`. An UPDATE and a CANCEL name the warning before in `previous`; their desks are told, whoever they name.
    """

    tlp: TlpWord
    category: Category
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    begins: Moment
    until: Moment
    areas: Annotated[tuple[AreaView, ...], Meta(min_length=1)]
    info: Annotated[tuple[Info, ...], Meta(min_length=1)]
    desks: Annotated[tuple[DeskView, ...], Meta(min_length=1, max_length=MAX_DESKS)]
    word: Word = "ALERT"
    previous: Reference | None = None
    responses: tuple[Response, ...] = ()
    to: tuple[MemberField, ...] = ()
    persons: tuple[Text, ...] = ()
    caveats: tuple[Text, ...] = ()
    public: bool = False
    """Of a CLEAR warning: whether the whole world may have it."""
    override: bool = False
    why: str = ""


class CheckDraft(Value, frozen=True):
    """What a second officer says: that she read the exact bytes and confirms them; of a review, what is wrong."""

    word: Literal["CONFIRMED", "WRONG"] = "CONFIRMED"
    text: str = ""


class AckDraft(Value, frozen=True):
    """What a desk says to a warning: that it has it before it. `desk` names the site desk, empty for the watch."""

    desk: DeskName = ""
    text: str = ""
    once: OnceField | None = None


class AckView(Value, frozen=True):
    """Who acknowledged for a desk, and when."""

    desk: DeskView
    ref: str
    officer: str
    at: Moment
    text: str


class AskedView(Value, frozen=True):
    """A desk that has to acknowledge: officers of which role do, and whether the reader is one (`may`)."""

    desk: DeskName
    role: str
    may: bool


class WarningRow(Value, frozen=True, kw_only=True):
    """One warning in a list. `stage` is IN_FORCE, UPDATED, CANCELLED, OVER, WITHDRAWN or DRAFT.

    Of a withdrawn one no words are told but the hazard. `waits` are the desks of the reader's member that did not
    acknowledge it, `asked` who acknowledges for each; `missing` all that did not; `unreached` those whose member has
    not had it in time, for its author.
    """

    id: ItemId
    ref: str
    author: MemberId
    officer: str
    tlp: str
    at: Moment
    word: Word
    stage: str
    category: Category
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    begins: Moment
    until: Moment
    areas: tuple[AreaView, ...]
    info: tuple[Info, ...]
    desks: tuple[DeskView, ...]
    responses: tuple[Response, ...] = ()
    waits: tuple[DeskName, ...] = ()
    asked: tuple[AskedView, ...] = ()
    acked: int = 0
    missing: tuple[DeskView, ...] = ()
    unreached: tuple[DeskView, ...] = ()
    release: Release | None = None
    why: str = ""
    checked_by: str | None = None
    check: str | None = None
    review_by: Moment | None = None
    source: Source | None = None
    withdrawn_by: tuple[MemberId, ...] = ()
    exercise: bool = False


class Alarmed(Value, frozen=True):
    """What a desk's stream tells: a warning that came, or that something changed and the list is to be asked anew.

    Of a RED one it says the latter alone: who reads it in a list is told as one who saw it.
    """

    row: WarningRow | None = None
    changed: bool = False


class Seconds(Value, frozen=True):
    """Who of the author's other officers may read a warning, and so confirm or review it; `training` is for which
    caveats she must be trained. Where there is none, nobody will."""

    officers: tuple[OfficerName, ...]
    training: tuple[str, ...] = ()


class WarningView(Value, frozen=True, kw_only=True):
    """A warning whole: its row, who acknowledged, what it follows and what follows it, and what the reader may do.

    `to` are the members that are told of it beside its author's. `second` is who may review it, while one is to.
    """

    row: WarningRow
    acks: tuple[AckView, ...]
    check_text: str = ""
    previous: str | None = None
    followed_by: str | None = None
    to: tuple[MemberId, ...] = ()
    public: bool = False
    may: tuple[Literal["acknowledge", "review", "follow"], ...] = ()
    second: Seconds | None = None


class WaitingView(Value, frozen=True, kw_only=True):
    """A warning that waits for its second officer: by whom, for whom, until when, and the exact bytes (base64url).

    `mine` is that the reader may confirm it: another wrote it. `previous` is what it takes the place of, or ends.
    `second` is who may confirm it.
    """

    id: ItemId
    ref: str
    author: MemberId
    officer: str
    at: Moment
    tlp: str
    row: WarningRow
    to: tuple[MemberId, ...]
    until: Moment
    statement: str
    mine: bool
    previous: str | None = None
    second: Seconds


class WarningList(Value, frozen=True, kw_only=True):
    """Warnings, those that wait for a desk here first; and those that wait for a second officer here."""

    items: tuple[WarningRow, ...]
    waiting: tuple[WaitingView, ...] = ()


def wanted(row: WarningRow, which: Which) -> bool:
    """Return whether a list of so many shows a warning."""
    match which:
        case "all":
            return True
        case "mine":
            return rings(row)
        case "now":
            return row.stage in (Stage.IN_FORCE, WITHDRAWN) or rings(row)


def order_of(row: WarningRow) -> tuple[bool, bool, float, ItemId]:
    """Return the place of a warning in a list: what rings first, then what is in force, the newest first."""
    return not rings(row), row.stage != Stage.IN_FORCE, -row.at.timestamp(), row.id


def rings(row: WarningRow) -> bool:
    """Return whether a desk here is alarmed by a warning: it has not acknowledged it, and nothing took its place."""
    return bool(row.waits) and row.stage == Stage.IN_FORCE
