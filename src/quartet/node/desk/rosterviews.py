"""What goes in and out of a node about rosters; its JSON is held to as that of `views`."""

from typing import Annotated

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.ids import MemberField, MemberId
from quartet.desk.duty import Phone
from quartet.desk.roster import MAX_TURNS
from quartet.node.dutyviews import WatchView
from quartet.node.views import Moment, OnceField

Name = Annotated[str, Meta(min_length=1, max_length=128)]
Role = Annotated[str, Meta(max_length=128)]


class TurnDraft(Value, frozen=True):
    """Who is to be on watch, from when until when, and how she is reached then."""

    since: Moment
    until: Moment
    name: Name
    role: Role = ""
    phones: Annotated[tuple[Phone, ...], Meta(max_length=4)] = ()


class RosterDraft(Value, frozen=True):
    """A roster as its officer plans it, in the order of time: it counts for all that was planned in its span before.

    Without `begins` and `ends` it spans its turns. Without `to`, those are told who were told of what it replaces.
    """

    turns: Annotated[tuple[TurnDraft, ...], Meta(max_length=MAX_TURNS)]
    begins: Moment | None = None
    ends: Moment | None = None
    to: tuple[MemberField, ...] | None = None
    once: OnceField | None = None


class TurnView(Value, frozen=True):
    """Who is to be on watch, by which item; without a name that item plans nobody for the time."""

    since: Moment
    until: Moment
    name: str | None
    role: str
    phones: tuple[str, ...]
    ref: str
    tlp: str


class HoleView(Value, frozen=True):
    """A time for which nobody is planned; without `until` nothing is planned behind it."""

    since: Moment
    until: Moment | None


class PlanView(Value, frozen=True):
    """What a member plans, as far as this viewer is told, and who took the watch there.

    `now` and `next` are whole watches: one person's turns that adjoin are one. `turns` are all that are not over. `to`
    are the other members that were told of it, where it is this viewer's own.
    """

    member: MemberId
    watch: WatchView | None
    now: TurnView | None
    next: TurnView | None
    turns: tuple[TurnView, ...]
    holes: tuple[HoleView, ...]
    to: tuple[MemberId, ...] = ()


class RosterView(Value, frozen=True):
    """Who is to be on watch: at this viewer's own member first, then where she is told; holes begin before `until`."""

    at: Moment
    until: Moment
    plans: tuple[PlanView, ...]
