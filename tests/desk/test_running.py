"""An adopted action as it runs: a host stops it at once, and only its owner moves a task."""

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joint import BEGAN, EAST, END, NORTH, SOUTH, WEST, Case, proposal, said, silent_south

from quartet.core.ids import MemberId, Micros
from quartet.desk.outcome import Outcome, State
from quartet.desk.running import (
    OVER,
    ActionStep,
    Afterwards,
    Course,
    Move,
    Phase,
    Running,
    Task,
    TaskMove,
    TaskState,
    TaskStep,
    Withdrawal,
    running,
    task_moves,
)
from quartet.desk.said import Said

CASE = silent_south()
ADOPTED = CASE.at()
"""North proposed it and is its host; east and south are bound too."""


def step(member: MemberId, move: Any, at: int = END, **about: Any) -> Said[ActionStep]:
    return said(member, ActionStep(version=about.pop("version", CASE.version.id), move=move), at, **about)


def task(owner: MemberId) -> Said[Task]:
    return said(NORTH, Task(version=CASE.version.id, owner=owner, what="patrol", begins=END, ends=Micros(END + 1)))


def moves(of: Said[Task], member: MemberId, *words: Any) -> tuple[Said[TaskStep], ...]:
    return tuple(said(member, TaskStep(task=of.id, move=word), END + n) for n, word in enumerate(words))


def goes(course: Course, found: Outcome = ADOPTED) -> Running:
    now = running(CASE.version, found, course)
    assert now is not None
    return now


def test_the_proposer_starts_and_completes_it() -> None:
    steps = tuple(step(NORTH, move, END + n) for n, move in enumerate(("START", "COMPLETE", "CLOSE")))

    phases = [goes(Course(steps=steps[:n])).phase for n in range(4)]

    assert phases == [Phase.ADOPTED, Phase.RUNNING, Phase.COMPLETED, Phase.CLOSED]


def test_a_hosts_stop_holds_whatever_its_date_and_whatever_follows() -> None:
    after = (step(NORTH, "START", END), step(NORTH, "STOP", END + 9, timely=END + 99), step(NORTH, "RESUME", END + 10))

    for at in (BEGAN, END + 9):
        steps = (*after[::2], step(NORTH, "STOP", at))
        assert (goes(Course(steps=steps)).phase, goes(Course(steps=steps)).stopped_by) == (Phase.STOPPED, (NORTH,))


@pytest.mark.parametrize("member", [EAST, SOUTH, WEST])
@pytest.mark.parametrize("move", ["STOP", "START", "COMPLETE"])
def test_nobody_else_takes_a_hosts_or_the_proposers_step(member: MemberId, move: Any) -> None:
    assert goes(Course(steps=(step(member, move),))).phase is Phase.ADOPTED


def test_whoever_takes_part_suspends_and_takes_its_own_part_back() -> None:
    begun = step(NORTH, "START", END)
    course = Course(
        steps=(begun, step(EAST, "SUSPEND", END + 1)),
        withdrawals=(said(SOUTH, Withdrawal(version=CASE.version.id), END + 1),),
    )

    assert (goes(course).phase, goes(course).bound) == (Phase.SUSPENDED, (EAST, NORTH))
    assert goes(Course(steps=(begun, step(WEST, "SUSPEND", END + 1)))).phase is Phase.RUNNING


@given(
    st.sampled_from([NORTH, EAST, SOUTH]), st.integers(-50, 50), st.sampled_from([("COMPLETE",), ("COMPLETE", "CLOSE")])
)
def test_a_suspension_of_any_date_reopens_nothing_that_is_over(
    member: MemberId, at: int, last: tuple[Any, ...]
) -> None:
    steps = tuple(step(NORTH, move, END + 10 * n) for n, move in enumerate(("START", *last)))
    over = goes(Course(steps=steps)).phase

    late = step(member, "SUSPEND", END + at)

    assert over in OVER
    assert goes(Course(steps=(*steps, late))).phase is over


def test_what_was_not_adopted_does_not_run() -> None:
    course = Course(steps=(step(NORTH, "START"),), tasks=(task(EAST),))

    for state in set(State) - {State.ADOPTED}:
        assert running(CASE.version, Outcome(state=state), course) is None


def test_only_its_owner_moves_a_task() -> None:
    offered = task(EAST)

    for member in (NORTH, SOUTH, WEST):
        course = Course(tasks=(offered,), task_steps=moves(offered, member, "ACCEPT", "START", "DONE"))
        assert goes(course).tasks == {offered.id: TaskState.OFFERED}
    course = Course(tasks=(offered,), task_steps=moves(offered, EAST, "ACCEPT", "START", "DONE"))
    assert goes(course).tasks == {offered.id: TaskState.DONE}


def test_nobody_is_tasked_whom_the_action_does_not_bind() -> None:
    assert goes(Course(tasks=(task(WEST),))).tasks == {}


@given(st.lists(st.sampled_from(get_args(TaskMove)), max_size=6))
def test_no_task_runs_that_its_owner_did_not_accept(words: list[str]) -> None:
    offered = task(EAST)
    state = goes(Course(tasks=(offered,), task_steps=moves(offered, EAST, *words))).tasks[offered.id]

    if state in (TaskState.STARTED, TaskState.DONE):
        last = len(words) - 1 - words[::-1].index("START")
        assert "ACCEPT" in words[:last]


@given(st.sampled_from(list(TaskState)), st.sampled_from(list(Phase)))
def test_nothing_begins_once_an_action_is_over_and_what_runs_may_always_be_broken_off(
    state: TaskState, phase: Phase
) -> None:
    offered = set(task_moves(state, phase))

    assert "START" not in offered or phase is Phase.RUNNING
    assert "ACCEPT" not in offered or phase in (Phase.ADOPTED, Phase.RUNNING, Phase.SUSPENDED)
    assert ("ABORT" in offered) == (state in (TaskState.ACCEPTED, TaskState.STARTED))
    assert ("DECLINE" in offered) == (state is TaskState.OFFERED)


def test_each_members_account_stands_by_itself_unedited() -> None:
    accounts = tuple(
        said(member, Afterwards(version=CASE.version.id, text=str(n)), END + n)
        for n, member in enumerate((EAST, NORTH, EAST))
    )

    assert goes(Course(accounts=accounts)).accounts == {
        EAST: (accounts[0].id, accounts[2].id),
        NORTH: (accounts[1].id,),
    }


anybody = st.sampled_from([NORTH, EAST, SOUTH, WEST])
courses = st.builds(
    lambda words, hats: tuple(
        step(member, move, END + at, hat=hat) for (member, move, at), hat in zip(words, hats, strict=False)
    ),
    st.lists(
        st.tuples(st.sampled_from([NORTH, EAST, SOUTH, WEST]), st.sampled_from(get_args(Move)), st.integers(0, 9))
    ),
    st.lists(st.sampled_from(["MEMBER", "CHAIR"]), min_size=20, max_size=20),
)


@given(courses, st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_matters(steps: tuple[Said[ActionStep], ...], dice: Any) -> None:
    twice = list(steps * 2)
    dice.shuffle(twice)

    assert goes(Course(steps=tuple(twice))) == goes(Course(steps=steps))


@given(courses)
def test_the_chairs_hat_takes_no_step(steps: tuple[Said[ActionStep], ...]) -> None:
    members = tuple(one for one in steps if one.hat == "MEMBER")

    assert goes(Course(steps=steps)) == goes(Course(steps=members))


@given(courses)
def test_where_a_host_stopped_it_nothing_runs(steps: tuple[Said[ActionStep], ...]) -> None:
    found = goes(Course(steps=steps))
    stopped = any(one.form.move == "STOP" and one.member == NORTH and one.hat == "MEMBER" for one in steps)

    assert stopped == (found.stopped_by == (NORTH,))
    if stopped:
        assert found.phase in (Phase.STOPPED, Phase.CLOSED)


def test_steps_on_another_version_are_passed_over() -> None:
    other = Case(proposal())

    assert goes(Course(steps=(step(NORTH, "START", version=other.version.id),))).phase is Phase.ADOPTED
