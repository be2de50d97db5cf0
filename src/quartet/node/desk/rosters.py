"""Rosters at a node: who is to be on watch at each member, of whom a viewer is told, and where nobody is.

A roster names officers and phones: it is AMBER+STRICT, and for the officers of its own member unless it says to whom.
"""

from typing import Final

from msgspec import to_builtins

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.release import Viewer
from quartet.desk import KIND_OF, Said
from quartet.desk.roster import DAY, Planned, Roster, Turn, ahead, holes, makes_sense, planned, relief, replaces
from quartet.desk.said import MEMBER
from quartet.node.desk.rosterviews import HoleView, PlanView, RosterDraft, RosterView, TurnDraft, TurnView
from quartet.node.desk.sayings import Sayings, Seen
from quartet.node.duties import Duties
from quartet.node.dutyviews import WatchView
from quartet.node.parts import Parts
from quartet.node.registry import Registry
from quartet.node.views import Draft, Moment, micros, moment

MOST: Final = 64
"""Of how many rosters of each member its plan is folded, the newest: of those that are not over nor replaced whole."""
HORIZON: Final = 7 * DAY
"""How far ahead holes are looked for."""
LAST: Final = 2**53
"""The first time that an item cannot say."""

Rosters = dict[ItemId, tuple[Said[Roster], Seen]]


class Plans(Value, frozen=True):
    """What a viewer is told of plans at one time."""

    now: Micros
    plans: dict[MemberId, tuple[Planned, ...]]
    rosters: Rosters


class RosterRoom:
    """Answers who is to be on watch, and drafts rosters."""

    def __init__(self, parts: Parts, registry: Registry, duties: Duties, sayings: Sayings) -> None:
        self._me = parts.me
        self._registry = registry
        self._duties = duties
        self._sayings = sayings

    async def view(self, viewer: Viewer) -> RosterView:
        """Return the plans that a viewer is told of: each RED roster of another member in them is a view."""
        told = await self._plans(viewer)
        shown = {one.item for plan in told.plans.values() for one in plan}
        await self._sayings.viewed((told.rosters[item][1] for item in shown), viewer)
        watches = {one.member: one for one in (await self._duties.board(viewer)).watches}
        members = [self._me, *(member for member in told.plans if member != self._me)]
        return RosterView(
            at=moment(told.now),
            until=moment(Micros(told.now + HORIZON)),
            plans=tuple(self._plan(member, told, watches.get(member)) for member in members),
        )

    async def draft(self, viewer: Viewer, given: RosterDraft) -> Draft:
        """Return the draft of a roster; raise `Malformed("bad-form")` for one without turns that says no span."""
        begins = given.begins or (given.turns[0].since if given.turns else None)
        ends = given.ends or (given.turns[-1].until if given.turns else None)
        if begins is None or ends is None:
            raise Malformed("bad-form", "ends: a roster without a turn says when it begins and ends")
        form = Roster(_time(begins), _time(ends), tuple(map(_turn, given.turns)))
        return Draft(
            kind=KIND_OF[Roster],
            tlp="AMBER+STRICT",
            title=f"{_minute(form.begins)} - {_minute(form.ends)}",
            text="",
            to=given.to if given.to is not None else self._told(await self._plans(viewer)),
            once=given.once,
            form=to_builtins(form),
        )

    async def _plans(self, viewer: Viewer) -> Plans:
        """Return the plans, of what a viewer sees of rosters that are not over."""
        found: dict[MemberId, list[tuple[Said[Roster], Seen]]] = {}
        async for some in self._sayings.slices(Roster, viewer):
            now = self._sayings.now()
            for said, seen in some:
                own = found.setdefault(said.member, [])
                if len(own) < MOST and _counts(said, now) and not any(replaces(one, said) for one, _ in own):
                    own.append((said, seen))
        now = self._sayings.now()
        rosters = {said.id: (said, seen) for own in found.values() for said, seen in own}
        plans = {member: ahead(plan, now) for member, plan in planned(said for said, _ in rosters.values()).items()}
        return Plans(now=now, plans={member: plan for member, plan in plans.items() if plan}, rosters=rosters)

    def _told(self, told: Plans) -> tuple[MemberId, ...]:
        """Return to whom what this member plans was told, but for what only certain persons may see."""
        items = {one.item for one in told.plans.get(self._me, ())}
        markings = (self._sayings.marking(told.rosters[item][1][0]) for item in items)
        named = {member for marking in markings if marking.tlp != "RED" for member in marking.named}
        return tuple(member for member in self._registry.others() if member in named)

    def _plan(self, member: MemberId, told: Plans, watch: WatchView | None) -> PlanView:
        plan = told.plans.get(member, ())
        first, second = relief(plan, told.now)
        return PlanView(
            member=member,
            watch=watch,
            now=None if first is None else _view(first, told.rosters),
            next=None if second is None else _view(second, told.rosters),
            turns=tuple(_view(one, told.rosters) for one in plan),
            holes=tuple(
                HoleView(since=moment(one.since), until=None if one.until is None else moment(one.until))
                for one in holes(plan, told.now, Micros(told.now + HORIZON))
            ),
            to=self._told(told) if member == self._me else (),
        )


def _counts(said: Said[Roster], now: Micros) -> bool:
    return said.form.ends > now and said.hat == MEMBER and makes_sense(said.form)


def _view(one: Planned, rosters: Rosters) -> TurnView:
    _, row = rosters[one.item][1]
    return TurnView(
        since=moment(one.since),
        until=moment(one.until),
        name=None if one.turn is None else one.turn.name,
        role="" if one.turn is None else one.turn.role,
        phones=() if one.turn is None else one.turn.phones,
        ref=row.ref,
        tlp=row.tlp,
    )


def _turn(one: TurnDraft) -> Turn:
    return Turn(name=one.name, since=_time(one.since), until=_time(one.until), role=one.role, phones=one.phones)


def _time(at: Moment) -> Micros:
    """Return a time as an item says it; raise `Malformed("bad-form")` for one that none can say."""
    found = micros(at)
    if not 0 <= found < LAST:
        raise Malformed("bad-form", "turns: a time before 1970 or after 2255")
    return found


def _minute(at: Micros) -> str:
    return f"{moment(at):%Y-%m-%d %H:%M}Z"
