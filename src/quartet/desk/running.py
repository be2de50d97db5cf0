"""An adopted action as it runs: its steps, its tasks, and what each member says of it afterwards.

Nobody orders anybody: a task is offered, and its owner alone moves it. A host's STOP needs no proof of time and no
majority; it counts from the moment at which it is known.
"""

from enum import StrEnum
from typing import Annotated, Final, Literal

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.ids import ItemId, MemberField, MemberId, TimeField
from quartet.desk.action import Proposal, Words
from quartet.desk.naming import Item
from quartet.desk.outcome import Outcome, State
from quartet.desk.said import Said, about, by_name, for_members

Move = Literal["START", "SUSPEND", "RESUME", "STOP", "COMPLETE", "CLOSE"]
TaskMove = Literal["ACCEPT", "DECLINE", "START", "DONE", "ABORT"]


class ActionStep(Value, frozen=True):
    """The form of a `step` item: how an adopted version goes on, and why."""

    version: Item
    move: Move
    text: Words = ""


class Withdrawal(Value, frozen=True):
    """The form of a `withdrawal` item: a member takes its own part back. Nobody can keep it from that."""

    version: Item
    text: Words = ""


class Task(Value, frozen=True):
    """The form of a `task` item: something that is offered to one member to do."""

    version: Item
    owner: MemberField
    what: Words
    begins: TimeField
    ends: TimeField


class TaskStep(Value, frozen=True):
    """The form of a `task-step` item: its owner moves a task."""

    task: Item
    move: TaskMove
    text: Words = ""


class Lesson(Value, frozen=True):
    """What a member learned: which member it wants to see to it, and by when. It binds nobody."""

    what: Annotated[str, Meta(min_length=1, max_length=1024)]
    owner: MemberField
    due: TimeField


class Afterwards(Value, frozen=True):
    """The form of an `after-action` item: one member's own account, which nobody edits."""

    version: Item
    text: Words
    lessons: Annotated[tuple[Lesson, ...], Meta(max_length=64)] = ()


class Phase(StrEnum):
    """How an adopted action stands."""

    ADOPTED = "ADOPTED"
    RUNNING = "RUNNING"
    SUSPENDED = "SUSPENDED"
    STOPPED = "STOPPED"
    COMPLETED = "COMPLETED"
    CLOSED = "CLOSED"


class TaskState(StrEnum):
    """How a task stands."""

    OFFERED = "OFFERED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    STARTED = "STARTED"
    DONE = "DONE"
    ABORTED = "ABORTED"


class Running(Value, frozen=True):
    """An adopted action: its phase, who is in it still, its tasks, and each member's accounts in the order of dates."""

    phase: Phase
    bound: tuple[MemberId, ...]
    tasks: dict[ItemId, TaskState]
    accounts: dict[MemberId, tuple[ItemId, ...]]
    stopped_by: tuple[MemberId, ...] = ()


class Course(Value, frozen=True):
    """Everything that is known of how a version goes on; what speaks of another is passed over when it is read."""

    steps: tuple[Said[ActionStep], ...] = ()
    withdrawals: tuple[Said[Withdrawal], ...] = ()
    tasks: tuple[Said[Task], ...] = ()
    task_steps: tuple[Said[TaskStep], ...] = ()
    accounts: tuple[Said[Afterwards], ...] = ()


OVER: Final = frozenset({Phase.STOPPED, Phase.COMPLETED, Phase.CLOSED})
"""The phases after which nothing of an action begins any more."""

_GOES: Final[dict[tuple[Phase, str], Phase]] = {
    (Phase.ADOPTED, "START"): Phase.RUNNING,
    (Phase.RUNNING, "SUSPEND"): Phase.SUSPENDED,
    (Phase.SUSPENDED, "RESUME"): Phase.RUNNING,
    (Phase.RUNNING, "COMPLETE"): Phase.COMPLETED,
    (Phase.SUSPENDED, "COMPLETE"): Phase.COMPLETED,
    (Phase.COMPLETED, "CLOSE"): Phase.CLOSED,
    (Phase.STOPPED, "CLOSE"): Phase.CLOSED,
}
"""What halts an action may be dated back: were it not completed from there, a partner would reopen what is over."""
_TASK_GOES: Final[dict[tuple[TaskState, TaskMove], TaskState]] = {
    (TaskState.OFFERED, "ACCEPT"): TaskState.ACCEPTED,
    (TaskState.OFFERED, "DECLINE"): TaskState.DECLINED,
    (TaskState.ACCEPTED, "START"): TaskState.STARTED,
    (TaskState.ACCEPTED, "ABORT"): TaskState.ABORTED,
    (TaskState.STARTED, "DONE"): TaskState.DONE,
    (TaskState.STARTED, "ABORT"): TaskState.ABORTED,
}


def task_moves(state: TaskState, phase: Phase) -> tuple[TaskMove, ...]:
    """Return what its owner may do with a task: it begins while the action runs, and is taken up before that is over.

    What was begun its owner may end at any time: a STOP is obeyed by breaking off.
    """
    closed: set[str] = set() if phase is Phase.RUNNING else {"START"}
    if phase in OVER:
        closed.add("ACCEPT")
    return tuple(move for (at, move) in _TASK_GOES if at is state and move not in closed)


def running(version: Said[Proposal], found: Outcome, course: Course) -> Running | None:
    """Return how an adopted version goes on; None for one that was not adopted, for then there is nothing to run."""
    if found.state is not State.ADOPTED:
        return None
    phase, stopped_by = _phase(version, found, course)
    gone = {one.member for one in about("version", version.id, course.withdrawals)}
    moves = by_name("task", for_members(course.task_steps))
    return Running(
        phase=phase,
        bound=tuple(m for m in found.binds if m not in gone),
        tasks={
            task.id: _task(task, moves.get(task.id, ()))
            for task in about("version", version.id, course.tasks)
            if task.form.owner in found.binds
        },
        accounts=_accounts(version, course),
        stopped_by=stopped_by,
    )


def _phase(version: Said[Proposal], found: Outcome, course: Course) -> tuple[Phase, tuple[MemberId, ...]]:
    """Return the phase, and which hosts stopped it.

    A STOP comes first whatever its date: an action that a host believes stopped must run at nobody's node.
    """
    steps = [one for one in about("version", version.id, course.steps) if _may(one, version, found)]
    stops = tuple(sorted({one.member for one in steps if one.form.move == "STOP"}))
    phase = Phase.STOPPED if stops else Phase.ADOPTED
    for one in steps:
        phase = _GOES.get((phase, one.form.move), phase)
    return phase, stops


def _may(step: Said[ActionStep], version: Said[Proposal], found: Outcome) -> bool:
    """Return whether a member may take a step: hosts stop, whoever takes part suspends, the proposer does the rest."""
    match step.form.move:
        case "STOP":
            return step.member in version.form.hosts
        case "SUSPEND":
            return step.member in {*version.form.hosts, *found.binds, version.member}
        case "START" | "RESUME" | "COMPLETE" | "CLOSE":
            return step.member == version.member


def _task(task: Said[Task], moves: tuple[Said[TaskStep], ...]) -> TaskState:
    state = TaskState.OFFERED
    for one in moves:
        if one.member == task.form.owner:
            state = _TASK_GOES.get((state, one.form.move), state)
    return state


def _accounts(version: Said[Proposal], course: Course) -> dict[MemberId, tuple[ItemId, ...]]:
    told: dict[MemberId, tuple[ItemId, ...]] = {}
    for one in about("version", version.id, course.accounts):
        told[one.member] = (*told.get(one.member, ()), one.id)
    return dict(sorted(told.items()))
