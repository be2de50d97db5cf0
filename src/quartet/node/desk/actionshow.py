"""From the folds of a joint action to what an officer is shown, and what her member may say next."""

from collections.abc import Iterable
from dataclasses import dataclass

from quartet.core.ids import ItemId, MemberId, Micros
from quartet.desk import Said
from quartet.desk.action import Proposal
from quartet.desk.outcome import Outcome, State
from quartet.desk.running import OVER, ActionStep, Course, Phase, Running, Task, TaskStep, task_moves
from quartet.desk.said import by_name
from quartet.desk.stands import Stands, Told, clock_of, deadline_of, of, stands
from quartet.node.desk.actionviews import (
    Account,
    ActionRow,
    ActionView,
    Announced,
    LessonView,
    Reason,
    StandView,
    StepView,
    TaskView,
)
from quartet.node.desk.sayings import Seen
from quartet.node.drafting import text_of, title_of
from quartet.node.views import Moment, moment


@dataclass(frozen=True, slots=True)
class Whole:
    """A version with everything that a viewer sees of it, folded; `items` are what it was folded from.

    `names` is what she may call the other items that it names.
    """

    me: MemberId
    said: Said[Proposal]
    seen: Seen
    told: Told
    found: Outcome
    course: Course
    running: Running | None
    items: dict[ItemId, Seen]
    names: dict[ItemId, str]
    announced: tuple[tuple[ItemId, bool], ...] = ()
    coordinators: tuple[MemberId, ...] = ()
    presiding: bool = False
    """Whether who reads wears the chair's hat: she says nothing of what is a member's to say."""

    def ref(self, item: ItemId) -> str:
        """Return what people call an item; its id where the viewer does not see it."""
        return self.items[item][1].ref if item in self.items else self.names.get(item, item)


def row_of(whole: Whole) -> ActionRow:
    """Return a version as a list shows it: of a RED one the title alone, for who reads more is noted."""
    form, (verified, row) = whole.said.form, whole.seen
    where = {member: stands(member, whole.told) for member in form.parties}
    title = title_of(verified.statement)
    return ActionRow(
        id=whole.said.id,
        ref=row.ref,
        author=whole.said.member,
        officer=whole.said.officer,
        title=title,
        tlp=row.tlp,
        at=moment(whole.said.at),
        aim=title if row.tlp == "RED" else form.aim,
        rule=form.rule,
        emergency=form.emergency,
        decide_by=_time(form.decide_by),
        begins=_time(form.begins),
        ends=_time(form.ends),
        hosts=form.hosts,
        participants=form.participants,
        state=whole.found.state.value,
        phase=None if whole.running is None else whole.running.phase.value,
        stances={m: _stance(one) for m, one in where.items()},
        waits=_waits(whole),
    )


def view_of(whole: Whole, now: Micros) -> ActionView:
    """Return a version whole."""
    form, found, course = whole.said.form, whole.found, whole.course
    return ActionView(
        row=row_of(whole),
        aim=form.aim,
        text=text_of(whole.seen[0].statement),
        legal_basis=form.legal_basis,
        area=form.area,
        needs=form.needs,
        risks=form.risks,
        stop_conditions=form.stop_conditions,
        observers=form.observers,
        no_go=tuple(map(whole.ref, form.no_go)),
        stands=tuple(_stand(m, whole) for m in form.parties),
        against=tuple(Reason(member=m, why=why.value) for m, why in found.against),
        binds=found.binds if whole.running is None else whole.running.bound,
        by_silence=found.by_silence,
        evidence=tuple(map(whole.ref, found.evidence)),
        stopped_by=() if whole.running is None else whole.running.stopped_by,
        withdrawn=tuple(sorted({one.member for one in course.withdrawals})),
        steps=_steps(course.steps, whole),
        tasks=() if whole.running is None else _tasks(whole, whole.running),
        accounts=_accounts(whole),
        coordinators=whole.coordinators,
        announced=tuple(Announced(ref=whole.ref(item), right=right) for item, right in whole.announced),
        may=_may(whole, now),
        previous=None if form.previous is None else whole.ref(form.previous),
        replaced_by=tuple(whole.ref(one.id) for one in whole.told.others if one.form.previous == whole.said.id),
    )


def _stand(member: MemberId, whole: Whole) -> StandView:
    told, form = whole.told, whole.said.form
    where = stands(member, told)
    acknowledged = [one.timely for one in of(member, told.acknowledged, whole.said.id) if one.timely is not None]
    until = deadline_of(member, told)
    late = [one for one in of(member, told.positions, whole.said.id) if not one.by(until)]
    position = where.position
    return StandView(
        member=member,
        host=member in form.hosts,
        participant=member in form.participants,
        stance=None if position is None else position.form.stance,
        text="" if position is None else position.form.text,
        ref=None if position is None else whole.ref(position.id),
        void=tuple(map(whole.ref, where.void)),
        acknowledged=_time(min(acknowledged)) if acknowledged else None,
        until=None if where.silent and clock_of(member, told) is None else _time(until),
        closed=bool(of(member, told.closings, whole.said.id)),
        late=tuple(whole.ref(one.id) for one in late),
    )


def _stance(where: Stands) -> str:
    if where.void:
        return "VOID"
    return "SILENT" if where.position is None else where.position.form.stance


def _waits(whole: Whole) -> tuple[str, ...]:
    """Return what our member has still to say, of what would count."""
    form, told, me = whole.said.form, whole.told, whole.me
    if me not in form.parties or whole.found.state is not State.OPEN:
        return ()
    silent = stands(me, told).silent
    read = bool(of(me, told.acknowledged, whole.said.id))
    asked = (("acknowledge", silent and not read), ("position", silent))
    return tuple(word for word, waits in asked if waits)


def _may(whole: Whole, now: Micros) -> tuple[str, ...]:
    """Return what our member may say now, in a word each."""
    form, me, found = whole.said.form, whole.me, whole.found
    if whole.presiding:
        return ()
    may: list[str] = []
    if me in form.parties and found.state is State.OPEN:
        may += ["position", "acknowledge"]
    if me == whole.said.member and found.state is State.OPEN and now < form.decide_by:
        may.append("revise")
    return (*may, *(_goes_on(whole, whole.running) if whole.running is not None else ()))


def _goes_on(whole: Whole, run: Running) -> Iterable[str]:
    form, me, phase = whole.said.form, whole.me, run.phase
    over = phase in OVER
    if me == whole.said.member:
        yield from {
            Phase.ADOPTED: ("START",),
            Phase.RUNNING: ("COMPLETE",),
            Phase.SUSPENDED: ("RESUME", "COMPLETE"),
            Phase.COMPLETED: ("CLOSE",),
            Phase.STOPPED: ("CLOSE",),
        }.get(phase, ())
    if phase is Phase.RUNNING and me in {*form.hosts, *run.bound, whole.said.member}:
        yield "SUSPEND"
    if me in form.hosts and not over:
        yield "STOP"
    if me in {*run.bound, *whole.coordinators} and not over:
        yield "task"
    if me in run.bound and not over:
        yield "withdraw"
    if me in {*form.parties, *form.observers} and phase is not Phase.ADOPTED:
        yield "after-action"


def _steps(steps: Iterable[Said[ActionStep] | Said[TaskStep]], whole: Whole) -> tuple[StepView, ...]:
    said = sorted(steps, key=lambda one: (one.at, one.id))
    return tuple(
        StepView(
            ref=whole.ref(one.id),
            member=one.member,
            officer=one.officer,
            at=moment(one.at),
            move=one.form.move,
            text=one.form.text,
        )
        for one in said
    )


def _tasks(whole: Whole, run: Running) -> tuple[TaskView, ...]:
    moves = by_name("task", whole.course.task_steps)
    return tuple(
        TaskView(
            ref=whole.ref(task.id),
            owner=MemberId(task.form.owner),
            by=task.member,
            what=task.form.what,
            begins=_time(task.form.begins),
            ends=_time(task.form.ends),
            state=run.tasks[task.id].value,
            steps=_steps(moves.get(task.id, ()), whole),
            may=_moves(task, whole, run),
        )
        for task in whole.course.tasks
        if task.id in run.tasks
    )


def _moves(task: Said[Task], whole: Whole, run: Running) -> tuple[str, ...]:
    """Return how our member may move a task: its owner alone moves it."""
    mine = task.form.owner == whole.me and not whole.presiding
    return task_moves(run.tasks[task.id], run.phase) if mine else ()


def _accounts(whole: Whole) -> tuple[Account, ...]:
    if whole.running is None:
        return ()
    kept = {item for items in whole.running.accounts.values() for item in items}
    return tuple(
        Account(
            ref=whole.ref(one.id),
            member=one.member,
            officer=one.officer,
            at=moment(one.at),
            text=one.form.text,
            lessons=tuple(
                LessonView(what=own.what, owner=MemberId(own.owner), due=_time(own.due)) for own in one.form.lessons
            ),
        )
        for one in whole.course.accounts
        if one.id in kept
    )


def _time(at: int) -> Moment:
    return moment(Micros(at))
