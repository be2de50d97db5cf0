"""What goes in and out of a node: drafts, pages, reports. Their JSON is the command line's `--json`, field by field.

Fields may be added here, never renamed: scripts depend on them. Times are UTC and spelt with Z.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, Literal

from msgspec import Meta, field

from quartet.core.encoding import Value
from quartet.core.ids import HASH_PATTERN, CountField, ItemId, KeyId, MemberField, MemberId, Micros
from quartet.core.marking import Marking, TlpWord
from quartet.core.statement import Precedence

MAX_PAGE: Final = 500
MAX_TITLE: Final = 300
MAX_ATTACHMENTS: Final = 32
MAX_SIGHTINGS: Final = 1_000

Moment = Annotated[datetime, Meta(tz=True)]
"""A time in UTC; JSON writes it as `2026-03-01T04:05:06.789Z`."""
Reference = Annotated[str, Meta(min_length=1, max_length=64)]
"""What names an item: its human reference `N-K7Q-4MX`, in any case, or its id."""
Text = Annotated[str, Meta(max_length=1024)]
OnceField = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{22,64}\Z")]
"""A word that nobody guesses."""
Cursor = Annotated[str, Meta(max_length=64)]
"""Where a viewer has got to; of use to her alone, and only to go on from there."""

_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def moment(at: Micros) -> datetime:
    """Return the time that `at` counts."""
    return _BEGINNING + timedelta(microseconds=at)


def micros(at: datetime) -> Micros:
    """Return how many microseconds after 1970 `at` is."""
    return Micros((at - _BEGINNING) // _MICROSECOND)


class Attachment(Value, frozen=True):
    """A file that goes with an item; `id` is the root of the tree of its parts."""

    id: Annotated[str, Meta(pattern=HASH_PATTERN)]
    name: Annotated[str, Meta(min_length=1, max_length=255)]
    size: CountField
    media_type: Annotated[str, Meta(max_length=128)] = "application/octet-stream"


class Step(Value, frozen=True):
    """From when on an item bears a wider label."""

    at: Moment
    tlp: TlpWord


class Draft(Value, frozen=True):
    """What an officer or a gateway wants to say, and who may have it. No default marking; some kinds have a form."""

    tlp: TlpWord
    title: Annotated[str, Meta(max_length=MAX_TITLE)]
    text: str
    to: tuple[MemberField, ...] = ()
    kind: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,31}$")] = "report"
    persons: tuple[Text, ...] = ()
    precedence: Precedence = "ROUTINE"
    caveats: tuple[Text, ...] = ()
    onward: Literal["TLP_RULE", "ASK", "NEVER"] = "ASK"
    mode: Literal["RELEASE", "DISPLAY"] = "RELEASE"
    hold: bool = False
    expires: Moment | None = None
    downgrade: Annotated[tuple[Step, ...], Meta(max_length=4)] = ()
    contains: tuple[Reference, ...] = ()
    cites: tuple[Reference, ...] = ()
    purposes: tuple[Text, ...] = ()
    attachments: Annotated[tuple[Attachment, ...], Meta(max_length=MAX_ATTACHMENTS)] = ()
    once: OnceField | None = None
    """A word drawn for this draft: however often it is sent under it, it goes once."""
    form: dict[str, Any] | None = None
    corrects: Reference | None = None
    """An item of ours that this one takes the place of: it carries what that carried, and who has that one is told."""


class Published(Value, frozen=True):
    """What is on its way, and how to name it."""

    id: ItemId
    ref: str


class Sight(Value, frozen=True):
    """An item as one recipient will see it."""

    author: MemberId
    officer: str
    kind: str
    title: str
    text: str
    marking: Marking
    attachments: tuple[Attachment, ...] = ()


class Preview(Value, frozen=True):
    """What one member would have of a draft; `reason` says why not."""

    member: MemberId
    admitted: bool
    reason: str | None
    sees: Sight | None


class Row(Value, frozen=True):
    """One line of a list.

    `thread` names what a message is beside; `messages` counts those beside an item, of which `spoken` is the newest.
    `expires` is when it closes for this viewer, as far as is known; `corrected` is that its author sent another in its
    place. `tlp` is the label in force. `exercise` is that it is of an exercise, or carries what is.
    """

    id: ItemId
    ref: str
    author: MemberId
    kind: str
    title: str
    tlp: str
    at: Moment
    precedence: Precedence = "ROUTINE"
    recalled: bool = False
    thread: str | None = None
    messages: int = 0
    spoken: Moment | None = None
    expires: Moment | None = None
    corrected: bool = False
    exercise: bool = False


class Page(Value, frozen=True):
    """Some rows, the `after` of the next page (None at the end), and the cursor after the newest of them."""

    items: tuple[Row, ...]
    next: str | None = None
    head: Cursor = ""


class OnRecord(Value, frozen=True):
    """How many of the `n` witnesses who count cosigned the item's log, since when a quorum has; who does not count."""

    k: int
    n: int
    at: Moment | None = None
    absent: tuple[MemberId, ...] = ()


class Basis(Value, frozen=True):
    """What an item rests on: a control or an item, and whether that still stands."""

    id: str
    ref: str | None
    member: MemberId | None
    withdrawn: bool = False


class Provenance(Value, frozen=True):
    """Who spoke, under which key, and what the item carries and names."""

    officer: str
    hat: str
    key_id: KeyId
    asserted: bool
    clock: str
    contains: tuple[Basis, ...] = ()
    cites: tuple[Basis, ...] = ()
    grants: tuple[ItemId, ...] = ()
    received: Moment | None = None
    superseded_by: tuple[Basis, ...] = ()
    corrects: tuple[Basis, ...] = ()


class Shown(Value, frozen=True):
    """One item whole: its row, its body, its marking, its place in the log and where it comes from.

    `marking` is as in force: as narrowed and widened since. `stays` is the reason word why no copy of it goes out, if
    there is one. `exercise` is as in `Row`.
    """

    id: ItemId
    ref: str
    author: MemberId
    kind: str
    title: str
    tlp: str
    at: Moment
    body: Any
    marking: Marking
    on_record: OnRecord
    provenance: Provenance
    precedence: Precedence = "ROUTINE"
    recalled: bool = False
    attachments: tuple[Attachment, ...] = ()
    thread: str | None = None
    stays: str | None = None
    exercise: bool = False


class Why(Value, frozen=True):
    """Whether a member has an item; `reason` is of the closed list, `at` since when."""

    member: MemberId
    has: bool
    reason: str
    at: Moment | None = None


class Receipts(Value, frozen=True):
    """Who has an item, who purged it, and who still owes a purge; the suspended and unreachable stand apart.

    `viewed` names the persons who saw a RED item, as `member/officer`, and when each did first.
    """

    delivered: dict[MemberId, Moment]
    purged: dict[MemberId, Moment]
    owed: tuple[MemberId, ...]
    unreachable: tuple[MemberId, ...] = ()
    viewed: dict[str, Moment] = field(default_factory=dict)


class Sighting(Value, frozen=True):
    """A plot of this member's own sensor: where, how fast, which way (a track angle, not a heading).

    `accuracy_m` is the radius that holds the true position with 95 %.
    """

    id: Annotated[str, Meta(min_length=1, max_length=64)]
    lat: Annotated[float, Meta(ge=-90, le=90)]
    lon: Annotated[float, Meta(ge=-180, le=180)]
    at: Moment
    alt_m: float | None = None
    speed_mps: float | None = None
    track_deg: float | None = None
    accuracy_m: float | None = None


class FeedDraft(Value, frozen=True):
    """A sensor that is about to speak, and who may have what it sees."""

    tlp: TlpWord
    to: tuple[MemberField, ...]
    title: Annotated[str, Meta(max_length=MAX_TITLE)]
    sensor: Annotated[str, Meta(max_length=64)] = "modes"
    caveats: tuple[Text, ...] = ()


class LogState(Value, frozen=True):
    """How long a member's log is as we know it, and how many witnesses cosigned its newest checkpoint."""

    size: int
    cosigners: int
    witnesses: int = 0


class Problem(Value, frozen=True):
    """What is wrong, as a reason word, and in which log, leaf, item or file."""

    reason: str
    where: str


class VerifyReport(Value, frozen=True):
    """What checking every known log found; `ok` is that no problem was."""

    ok: bool
    logs: dict[MemberId, LogState]
    problems: tuple[Problem, ...]


class Event(Value, frozen=True):
    """Something new for this viewer; `seq` is the cursor to go on after. A `gap`: read again from there.

    After `rights` what she may see is not what it was - a member came or went, her roles changed - and no single event
    says what opened: list it anew, and go on.
    A `recall` names in `refs` what it takes back, of what she could see, and gives in `rows` what she still sees of it;
    so does a `change`, by which something was narrowed or corrected.
    """

    seq: Cursor
    kind: Literal["item", "recall", "change", "gap", "rights"]
    ref: str | None = None
    row: Row | None = None
    refs: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
