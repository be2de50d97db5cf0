"""What goes out of a node about joint actions; its JSON is held to as that of `views`."""

from typing import Literal

from msgspec import field

from quartet.core.encoding import Value
from quartet.core.ids import ItemId, MemberId
from quartet.node.views import Moment

Whose = Literal["open", "running", "waiting", "done", "all"]
"""Which proposals: not decided; adopted and not over; those that wait for a word of ours; over; every one."""


class ActionRow(Value, frozen=True):
    """One version of a proposal in a list: how it stands, and what it waits for from the reader's member."""

    id: ItemId
    ref: str
    author: MemberId
    officer: str
    title: str
    tlp: str
    at: Moment
    aim: str
    rule: str
    emergency: bool
    decide_by: Moment
    begins: Moment
    ends: Moment
    hosts: tuple[MemberId, ...]
    participants: tuple[MemberId, ...]
    state: str
    phase: str | None = None
    stances: dict[MemberId, str] = field(default_factory=dict)
    waits: tuple[str, ...] = ()
    """What our member has still to say: `acknowledge`, `position`."""


class ActionPage(Value, frozen=True):
    """Some proposals, the newest first, and the `after` of the next page (None at the end)."""

    items: tuple[ActionRow, ...]
    next: str | None = None


class StandView(Value, frozen=True):
    """Where one member stands: its stance (None: it is silent or its positions void each other) and its clock.

    `until` is until when its positions count, as far as that is known.
    """

    member: MemberId
    host: bool
    participant: bool
    stance: str | None
    text: str = ""
    ref: str | None = None
    void: tuple[str, ...] = ()
    acknowledged: Moment | None = None
    until: Moment | None = None
    closed: bool = False
    late: tuple[str, ...] = ()
    """Its positions that came too late to count; they are kept, and hold for what comes."""


class Reason(Value, frozen=True):
    """What keeps a version from being adopted, of one member."""

    member: MemberId
    why: str


class StepView(Value, frozen=True):
    """A step of an action, or of a task, as it was said."""

    ref: str
    member: MemberId
    officer: str
    at: Moment
    move: str
    text: str


class TaskView(Value, frozen=True):
    """A task: whose it is, what it is, how it stands."""

    ref: str
    owner: MemberId
    by: MemberId
    what: str
    begins: Moment
    ends: Moment
    state: str
    steps: tuple[StepView, ...] = ()
    may: tuple[str, ...] = ()
    """How the reader's member may move it now: not at all where another owns it."""


class LessonView(Value, frozen=True):
    """What a member learned, which member it wants to see to it, and by when."""

    what: str
    owner: MemberId
    due: Moment


class Account(Value, frozen=True):
    """One member's own account afterwards."""

    ref: str
    member: MemberId
    officer: str
    at: Moment
    text: str
    lessons: tuple[LessonView, ...]


class Announced(Value, frozen=True):
    """What a chair announced; `right` is that this node computes the same."""

    ref: str
    right: bool


class ActionView(Value, frozen=True):
    """A version of a proposal whole: its terms, where each member stands, what follows and why, and how it goes on.

    `may` says what the reader's member may say now: position, acknowledge, revise, START, STOP, task and so on.
    """

    row: ActionRow
    aim: str
    text: str
    legal_basis: str
    area: str
    needs: str
    risks: str
    stop_conditions: str
    observers: tuple[MemberId, ...]
    no_go: tuple[str, ...]
    stands: tuple[StandView, ...]
    against: tuple[Reason, ...]
    binds: tuple[MemberId, ...]
    by_silence: tuple[MemberId, ...]
    evidence: tuple[str, ...]
    stopped_by: tuple[MemberId, ...]
    withdrawn: tuple[MemberId, ...]
    steps: tuple[StepView, ...]
    tasks: tuple[TaskView, ...]
    accounts: tuple[Account, ...]
    coordinators: tuple[MemberId, ...]
    """Whom the chair nominated, and who is willing: they request, and never order."""
    announced: tuple[Announced, ...]
    may: tuple[str, ...]
    previous: str | None = None
    replaced_by: tuple[str, ...] = ()
