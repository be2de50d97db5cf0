"""Joint actions as one viewer sees them: the folds over what she sees, and what her member may say next."""

from typing import Final

from quartet.core.hats import hat_of
from quartet.core.ids import ItemId, Micros
from quartet.core.membership import Membership
from quartet.core.release import Viewer
from quartet.desk import Said
from quartet.desk.action import Acknowledged, Closing, Position, Proposal
from quartet.desk.chair import Consent, Procedure, announced, coordinators, extended
from quartet.desk.naming import named
from quartet.desk.outcome import outcome
from quartet.desk.running import ActionStep, Afterwards, Course, Task, TaskStep, Withdrawal, running
from quartet.desk.said import CHAIR
from quartet.desk.stands import Away, Told
from quartet.node.desk.actionshow import Whole, row_of, view_of
from quartet.node.desk.actionviews import ActionPage, ActionRow, ActionView, Whose
from quartet.node.desk.chairs import Chairs
from quartet.node.desk.sayings import About, Asked, Sayings, Seen
from quartet.node.parts import Parts
from quartet.node.registry import Registry

OVER: Final = frozenset({"NOT_ADOPTED", "LAPSED", "REPLACED", "FORKED"})
ENDED: Final = frozenset({"CLOSED", "COMPLETED", "STOPPED"})


class Actions:
    """Answers how proposals stand."""

    def __init__(self, parts: Parts, registry: Registry, sayings: Sayings, chairs: Chairs) -> None:
        self._me = parts.me
        self._registry = registry
        self._sayings = sayings
        self._chairs = chairs

    async def page(self, viewer: Viewer, which: Whose, after: str, limit: int) -> ActionPage:
        """Return proposals that a viewer may see and asks for, the newest first."""
        procedures = self._chairs.procedures(viewer, self._sayings.now())

        def told(said: Said[Proposal], seen: Seen, now: Micros) -> ActionRow:
            return row_of(self._whole(said, seen, viewer, now, procedures))

        asked = Asked(after, limit)
        rows, more = await self._sayings.page(asked, Proposal, viewer, told, lambda row: _wanted(row, which))
        return ActionPage(items=rows, next=more)

    async def view(self, viewer: Viewer, ref: str) -> ActionView:
        """Return one version of a proposal whole to a person: each RED item in it, of another member, is a view."""
        whole, now = self._found(viewer, ref)
        await self._sayings.viewed((whole.seen, *whole.items.values()), viewer)
        return view_of(whole, now)

    def show(self, viewer: Viewer, ref: str) -> ActionView:
        """Return one version of a proposal whole; raise `Unavailable("unknown-item")`."""
        return view_of(*self._found(viewer, ref))

    def _found(self, viewer: Viewer, ref: str) -> tuple[Whole, Micros]:
        now = self._sayings.now()
        said, seen = self._sayings.find(ref, Proposal, viewer, now)
        return self._whole(said, seen, viewer, now, self._chairs.procedures(viewer, now)), now

    def _whole(
        self, said: Said[Proposal], seen: Seen, viewer: Viewer, now: Micros, procedures: tuple[Said[Procedure], ...]
    ) -> Whole:
        about = self._sayings.about(said.id, viewer, now)
        rotas = self._chairs.rotas
        said = extended(said, rotas, procedures)
        told = self._told(said, about, viewer, now)
        found = outcome(told, away(self._registry.membership), now)
        course, items = self._course(about, viewer, now)
        return Whole(
            me=self._me,
            said=said,
            seen=seen,
            told=told,
            found=found,
            course=course,
            running=running(said, found, course),
            items=items,
            names={item: self._sayings.ref(item, viewer, now) for item in named(said.form)},
            announced=announced(said.id, found.state.value, rotas, procedures),
            coordinators=coordinators(said.id, rotas, procedures, self._answers(about, viewer, now)),
            presiding=hat_of(viewer.roles) == CHAIR,
        )

    def _answers(self, about: About, viewer: Viewer, now: Micros) -> list[Said[Consent]]:
        """Return what those answered whom a chair nominated for this."""
        nominated = (one for one in about.said(Procedure) if one.form.act == "NOMINATE")
        return [answer for one in nominated for answer in self._sayings.about(one.id, viewer, now).said(Consent)]

    def _told(self, said: Said[Proposal], about: About, viewer: Viewer, now: Micros) -> Told:
        """Return what is known of a version; the others are those that name it, or that it takes the place of."""
        others = list(about.said(Proposal))
        if said.form.previous is not None:
            others += self._sayings.about(said.form.previous, viewer, now).said(Proposal)
        return Told(
            version=said,
            positions=about.said(Position),
            acknowledged=about.said(Acknowledged),
            closings=about.said(Closing),
            others=tuple(one for one in others if one.id != said.id),
        )

    def _course(self, about: About, viewer: Viewer, now: Micros) -> tuple[Course, dict[ItemId, Seen]]:
        items = dict(about.seen)
        tasks = about.said(Task)
        moves: list[Said[TaskStep]] = []
        for task in tasks:
            beside = self._sayings.about(task.id, viewer, now)
            moves += beside.said(TaskStep)
            items |= beside.seen
        course = Course(
            steps=about.said(ActionStep),
            withdrawals=about.said(Withdrawal),
            tasks=tasks,
            task_steps=tuple(moves),
            accounts=about.said(Afterwards),
        )
        return course, items


def away(membership: Membership) -> list[Away]:
    """Return when members were suspended, or gone, and until when."""
    found: list[Away] = []
    for member, spans in membership.spans.items():
        ends = [span.since for span in spans[1:]]
        for span, until in zip(spans, [*ends, None], strict=True):
            if span.state != "active":
                found.append(Away(member=member, since=span.since, until=until))
    return found


def _wanted(row: ActionRow, which: Whose) -> bool:
    over = row.state in OVER or row.phase in ENDED
    match which:
        case "open":
            return row.state == "OPEN"
        case "running":
            return row.state == "ADOPTED" and not over
        case "waiting":
            return bool(row.waits)
        case "done":
            return over
    return True
