"""What goes out of a node about incidents: the file, its ladder, each member's judgement beside the others'."""

from typing import Annotated, Literal

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.ids import ItemId, MemberId
from quartet.desk.naming import Item
from quartet.desk.rating import Mark
from quartet.node.views import Moment, OnceField

WhichIncident = Literal["open", "closed", "all"]


class Piece(Value, frozen=True):
    """One thing that was said in the file: by whom, and whether it still stands; `text` is its form's or its own."""

    id: ItemId
    ref: str
    member: MemberId
    officer: str
    at: Moment
    text: str
    withdrawn: bool = False


class IncidentRow(Value, frozen=True):
    """One incident in a list. `facts`: the rung EVENT is found; `reopened` counts rungs that lost their ground."""

    id: ItemId
    ref: str
    author: MemberId
    officer: str
    title: str
    tlp: str
    at: Moment
    since: Moment
    until: Moment
    area: str
    status: str
    facts: bool
    reopened: int = 0


class IncidentPage(Value, frozen=True):
    """Some incidents, the newest first, and the `after` of the next page (None at the end)."""

    items: tuple[IncidentRow, ...]
    next: str | None = None


class EffectView(Value, frozen=True):
    """What the incident did, as a range; `most` is None where nobody knows a limit."""

    piece: Piece
    of: str
    least: int
    most: int | None
    evidence: tuple[str, ...]


class TimelineView(Value, frozen=True):
    """What happened when; a `gap` is a time of which nobody knows."""

    piece: Piece
    since: Moment
    until: Moment
    gap: bool
    evidence: tuple[str, ...]


class HandView(Value, frozen=True):
    """One handing over of evidence: both sides' word, one side's, or both and not of the same bytes."""

    giver: MemberId
    taker: MemberId
    at: Moment
    hand: str


class EvidenceView(Value, frozen=True):
    """One piece of evidence: what it is, how it is known, who has it, and through whose hands it went."""

    piece: Piece
    thing: str
    how: str
    collector: str
    sha256: str | None
    size: int | None
    media_type: str
    place: str
    within_m: int | None
    since: Moment | None
    until: Moment | None
    holder: MemberId
    hands: tuple[HandView, ...]
    copies: tuple[Piece, ...]


class AssessmentView(Value, frozen=True):
    """How likely (1 to 7) a member holds a hypothesis, which may be the question itself, and how sure it is."""

    piece: Piece
    hypothesis: ItemId
    likelihood: int
    confidence: str
    standard: str
    assumptions: str
    would_change: str
    evidence: tuple[str, ...]


class HypothesisView(Value, frozen=True):
    """One answer that somebody proposes. The question itself stands for "other or unknown", which is always there."""

    id: ItemId
    ref: str
    text: str
    member: MemberId | None
    other: bool = False
    rejected: tuple[MemberId, ...] = ()


class FindingView(Value, frozen=True):
    """A text to concur with by its hash: who it names, who concurs, who dissents and why; `stands` if all concur."""

    piece: Piece
    hypothesis: ItemId
    members: tuple[MemberId, ...]
    concurring: tuple[MemberId, ...]
    dissents: tuple[Piece, ...]
    stands: bool
    roots_at_most: int
    """How many independent roots the evidence has on which it rests, at most."""


class RatingsView(Value, frozen=True):
    """Ratings of a question: who sealed, whose are waited for; once all are shown, each member's table.

    `table` is by member, hypothesis and evidence; `against` counts what speaks against each hypothesis; `order` is each
    member's, in steps; `decisive` names each single item that, were it false, would change that member's order.
    """

    sealed: tuple[MemberId, ...]
    waiting: tuple[MemberId, ...]
    mine: Literal["NONE", "SEALED", "SHOWN"]
    table: dict[MemberId, dict[ItemId, dict[ItemId, str]]]
    against: dict[MemberId, dict[ItemId, int]]
    order: dict[MemberId, tuple[tuple[ItemId, ...], ...]]
    decisive: dict[MemberId, tuple[ItemId, ...]]
    followed: tuple[MemberId, ...] = ()
    """Members that sealed when another's ratings were to be read already."""


class QuestionView(Value, frozen=True):
    """One rung of the ladder: how it stands, and every judgement on it, beside the others and in equal size."""

    id: ItemId
    ref: str
    rung: str
    stand: str
    hypotheses: tuple[HypothesisView, ...]
    assessments: dict[MemberId, tuple[AssessmentView, ...]]
    findings: tuple[FindingView, ...]
    ratings: RatingsView


class IncidentView(Value, frozen=True):
    """The file whole, as far as this viewer may see it. `withdrawn` is what it rests on and was taken back."""

    row: IncidentRow
    text: str
    effects: tuple[EffectView, ...]
    timeline: tuple[TimelineView, ...]
    evidence: tuple[EvidenceView, ...]
    denied: tuple[Piece, ...]
    questions: tuple[QuestionView, ...]
    steps: tuple[Piece, ...]
    withdrawn: tuple[str, ...] = ()


class Cell(Value, frozen=True):
    """How one item of evidence bears on one hypothesis, by what people call them or their ids."""

    evidence: Item
    hypothesis: Item
    mark: Mark


class Ratings(Value, frozen=True):
    """A member's ratings of a question, kept here until they are shown: only their hash goes out."""

    cells: Annotated[tuple[Cell, ...], Meta(min_length=1, max_length=4096)]
    once: OnceField | None = None
