"""What the charter says of its members together, as it stands: who each circle means, and which agreements hold."""

from quartet.core.agreements import Force, days_left, force
from quartet.core.articles import Agreement, Circle
from quartet.core.charter import CharterState
from quartet.core.encoding import Value
from quartet.core.ids import MemberId, Micros
from quartet.node.views import Moment, moment


class CircleView(Value, frozen=True):
    """A circle and the members that it means; of these, `idle` can be sent nothing now: suspended, withdrawn."""

    name: str
    members: tuple[MemberId, ...]
    idle: tuple[MemberId, ...] = ()


class AgreementView(Value, frozen=True):
    """An agreement between the members of a circle, and whether it holds; `days` is how many it has left.

    It lets nobody have anything: who may have an item is in its marking, and in grants.
    """

    name: str
    circle: str
    members: tuple[MemberId, ...]
    since: Moment
    until: Moment | None
    state: Force
    days: int | None
    text_hash: str


class Community(Value, frozen=True):
    """The circles and the agreements of a charter."""

    circles: tuple[CircleView, ...]
    agreements: tuple[AgreementView, ...]


def community(state: CharterState, now: Micros) -> Community:
    """Return what a charter says of its members together, at a time."""
    members = {circle.name: tuple(MemberId(m) for m in circle.members) for circle in state.terms.circles}
    return Community(
        circles=tuple(_circle(one, state, now) for one in state.terms.circles),
        agreements=tuple(_agreement(one, members[one.circle], now) for one in state.terms.agreements),
    )


def _circle(circle: Circle, state: CharterState, now: Micros) -> CircleView:
    members = tuple(MemberId(m) for m in circle.members)
    idle = tuple(m for m in members if not state.membership.active(m, now))
    return CircleView(name=circle.name, members=members, idle=idle)


def _agreement(agreement: Agreement, members: tuple[MemberId, ...], now: Micros) -> AgreementView:
    return AgreementView(
        name=agreement.name,
        circle=agreement.circle,
        members=members,
        since=moment(Micros(agreement.since)),
        until=None if agreement.until is None else moment(Micros(agreement.until)),
        state=force(agreement, now),
        days=days_left(agreement, now),
        text_hash=agreement.text_hash,
    )
