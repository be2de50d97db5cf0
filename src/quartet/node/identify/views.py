"""Identification as a viewer is told it: the bases and not the number, what is due, what each member states."""

from typing import Annotated, Literal

from msgspec import Meta

from quartet.core.category import Basis, Category, Flag
from quartet.core.encoding import Value
from quartet.core.ids import ItemId, MemberField, MemberId
from quartet.core.marking import TlpWord
from quartet.node.views import Moment, OnceField, Reference
from quartet.picture.identify.clock import Phase
from quartet.picture.identify.evidence import Sort
from quartet.picture.identify.movements import Way
from quartet.picture.look import Kind

MAX_REASON = 4_096
_Reason = Annotated[str, Meta(max_length=MAX_REASON)]
_Key = Annotated[str, Meta(min_length=1, max_length=128)]
_Name = Annotated[str, Meta(pattern=r"^[!-~]{1,64}\Z")]


class DoubtView(Value, frozen=True):
    """Why it is in doubt who or where an aircraft is: two places, how far they are apart, by which sensor or plan.

    `sigmas` is 0 where nothing was measured.
    """

    sort: Sort
    since: Moment
    last: Moment
    off_m: float
    sigmas: float
    sensor: str
    here: tuple[float, float]
    there: tuple[float, float]


class EntryView(Value, frozen=True):
    """Into which airspace an aircraft flies if it flies straight on, when and where."""

    space: str
    at: Moment
    lat: float
    lon: float


class StatementView(Value, frozen=True):
    """What one member states of an aircraft. `otherwise` is that it uses a word that is none of ours: see the item.

    `exercise` is that it is stated in an exercise.
    """

    ref: str
    member: MemberId
    officer: str
    tlp: str
    at: Moment
    valid_to: Moment
    category: Category | None
    otherwise: bool
    bases: tuple[Basis, ...]
    flags: tuple[Flag, ...]
    control: bool
    informed: str
    reason: str
    accepts: str | None
    exercise: bool = False


class AnswerView(Value, frozen=True):
    """What the member that an aircraft was offered to said to it."""

    ref: str
    member: MemberId
    at: Moment
    word: Literal["REJECT", "ASK"]
    text: str


class OfferView(Value, frozen=True):
    """A handover: from whom to whom, which aircraft, at which boundary and when, and where it has got to.

    `exercise` is that it is of an exercise, or of an aircraft that is. An alarm tells of one that its reader must open
    first, and sign for, neither aircraft nor boundary: `key` and `boundary` are empty then.
    """

    ref: str
    member: MemberId
    to: MemberId
    tlp: str
    at: Moment
    key: str
    flight_id: str | None
    category: Category | None
    bases: tuple[Basis, ...]
    flags: tuple[Flag, ...]
    boundary: str
    crosses_at: Moment
    plan: str | None
    stage: str
    answers: tuple[AnswerView, ...]
    accepted: str | None
    mine: bool
    exercise: bool = False


class IdentityView(Value, frozen=True):
    """One aircraft that concerns this member, as far as this viewer may know.

    `phase` is what is due; `verified` the sensor that agreed with where it says it is, None where none did. `exercise`
    is that an exercise's sensor sees it, `said_in_exercise` that what it is said to be rests on an exercise's word or
    plan, which of who flies in truth nothing does; `plan_in_exercise` that its plan is of one.
    """

    key: str
    id: str
    address: str | None
    flight_id: str | None
    code: str | None
    lat: float
    lon: float
    alt_m: float | None
    speed_mps: float | None
    track_deg: float | None
    at: Moment
    members: tuple[str, ...]
    category: Category
    kind: Kind
    bases: tuple[Basis, ...]
    flags: tuple[Flag, ...]
    phase: Phase
    since: Moment
    ask_at: Moment
    unidentified_at: Moment
    plan: str | None
    within: tuple[str, ...]
    entry: EntryView | None
    verified: str | None
    evidence: tuple[DoubtView, ...]
    statements: tuple[StatementView, ...]
    exercise: bool = False
    said_in_exercise: bool = False
    plan_in_exercise: bool = False


class IdentityPage(Value, frozen=True):
    """Every aircraft that concerns this member, the most pressing first, and the handovers that are under way."""

    now: Moment
    spaces: tuple[str, ...]
    aircraft: tuple[IdentityView, ...]
    offers: tuple[OfferView, ...]


class MovementView(Value, frozen=True):
    """An entry or exit: which aircraft, which airspace, when and where, what it was said to be, on which bases.

    `seen` is whether it was seen just before and just after; else the place lies between. `exercise` and
    `said_in_exercise` are as in `IdentityView`.
    """

    id: str
    address: str | None
    flight_id: str | None
    space: str
    way: Way
    at: Moment
    lat: float
    lon: float
    alt_m: float | None
    seen: bool
    category: Category
    bases: tuple[Basis, ...]
    exercise: bool = False
    said_in_exercise: bool = False


class MovementPage(Value, frozen=True):
    """Entries and exits, the newest first, and the `after` of the next page, None at the end."""

    items: tuple[MovementView, ...]
    next: str | None = None


class Stating(Value, frozen=True):
    """What an officer says of an aircraft: a category (none: as it is computed), who told her, whom she informed.

    Who says otherwise than the bases gives her reason. `to` is whom it goes to: nobody, unless it is said.
    """

    aircraft: _Key
    tlp: TlpWord
    category: Category | None = None
    reason: _Reason = ""
    control: bool = False
    informed: Annotated[str, Meta(max_length=300)] = ""
    minutes: Annotated[int, Meta(ge=1, le=1_440)] = 60
    to: tuple[MemberField, ...] = ()
    caveats: tuple[str, ...] = ()
    once: OnceField | None = None


class Crossing(Value, frozen=True):
    """Over which boundary and when an aircraft would be handed over, by what those may know to whom it goes."""

    boundary: str
    crosses_at: Moment


class Offering(Value, frozen=True):
    """To whom an aircraft is handed, at which boundary and when: as it flies, unless it is said.

    `foreseen` is what she read of that before she signs: it is refused once it is so no more.
    """

    aircraft: _Key
    to: MemberField
    tlp: TlpWord
    boundary: _Name | None = None
    crosses_at: Moment | None = None
    foreseen: Crossing | None = None
    plan: Reference | None = None
    caveats: tuple[str, ...] = ()
    once: OnceField | None = None


class Answering(Value, frozen=True):
    """What is said to an offer: accepted, rejected with a reason, or a question."""

    word: Literal["ACCEPT", "REJECT", "ASK"]
    text: _Reason = ""
    once: OnceField | None = None


class Stated(Value, frozen=True):
    """What is stated of an aircraft, and how to name it: what whom it goes to may know of it, until when.

    `exercise` is that it is stated in an exercise: of who flies in truth it says nothing.
    """

    id: ItemId
    ref: str
    category: Category
    valid_to: Moment
    exercise: bool = False


class Handed(Value, frozen=True):
    """An offer that an officer just made, and how to name it: over which boundary when, and until when it is answered.

    Whoever answers after `answer_by` answers while both desks are told that nobody did.
    """

    id: ItemId
    ref: str
    boundary: str
    crosses_at: Moment
    answer_by: Moment
    exercise: bool = False


class Answered(Value, frozen=True):
    """An answer to an offer, and how to name it; the offer as it stands with it, None where it was just taken back.

    `stated` is what is stated of the aircraft, where it was accepted; `late` that the answer came after `answer_by`,
    from when on nobody waited for it.
    """

    id: ItemId
    ref: str
    stated: Category | None = None
    offer: OfferView | None = None
    answer_by: Moment | None = None
    late: bool = False


class FlightPlanView(Value, frozen=True):
    """A flight plan that a viewer may see; `unplaced` are the points of its route that nobody here can place.

    `exercise` is that it is of an exercise: no aircraft that flies in truth is identified by it.
    """

    id: ItemId
    ref: str
    member: MemberId
    tlp: str
    flight_id: str
    origin: str
    off_block: Moment
    destination: str
    lasts_s: int
    address: str | None
    code: str | None
    sort: Literal["CIVIL", "STATE", "EXEMPT"]
    route: str
    unplaced: tuple[str, ...]
    exercise: bool = False
