"""The presiding officer: who presides, what she says under that hat, and what of it has any effect.

Presiding gives duties and no sight. She convenes, extends, asks and announces; what follows from members' words is
computed by every node, so what she announces is compared with it and changes nothing.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated, Final, Literal, NamedTuple

import msgspec
from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, ItemId, MemberField, MemberId, Micros, TimeField
from quartet.core.keyring import Rota
from quartet.desk.action import Proposal, Words
from quartet.desk.naming import Item
from quartet.desk.said import CHAIR, MEMBER, Said, distinct

LOST: Final = 15 * 60 * SECOND
"""How long a chair must have said nothing before the next of the rota may preside in its place."""

Act = Literal[
    "CONVENE",
    "EMERGENCY",
    "AGENDA",
    "EXTEND",
    "NOMINATE",
    "ASK_COMMENT",
    "ANNOUNCE",
    "RULE",
    "HAND_OVER",
    "TAKE",
    "PRESENT",
]


class Procedure(Value, frozen=True):
    """The form of a `procedure` item: what the presiding officer does, and about which item.

    EXTEND names a proposal and until when; NOMINATE, HAND_OVER a member; ANNOUNCE the state that was computed.
    """

    act: Act
    about: Item | None = None
    member: MemberField | None = None
    until: TimeField | None = None
    state: Annotated[str, Meta(max_length=32)] = ""
    text: Words = ""


class Challenge(Value, frozen=True):
    """The form of a `challenge` item: a member contests what the chair ruled or announced; both stay on the log."""

    procedure: Item
    text: Words


class Consent(Value, frozen=True):
    """The form of a `nomination-answer` item: whom the chair nominates says whether it coordinates. Nobody must."""

    procedure: Item
    accepts: bool
    text: Words = ""


def check_procedure(procedure: Procedure, _: Micros) -> None:
    """Raise `Malformed("bad-form")` where an act lacks what it is about."""
    needs = {
        "EXTEND": ("about", "until"),
        "NOMINATE": ("about", "member"),
        "ASK_COMMENT": ("about",),
        "ANNOUNCE": ("about", "state"),
        "HAND_OVER": ("member",),
    }
    for name in needs.get(procedure.act, ()):
        if not getattr(procedure, name):
            raise Malformed("bad-form", f"{name}: {procedure.act} names it")


def presides(rotas: Sequence[Rota], said: Iterable[Said[Procedure]], now: Micros) -> MemberId | None:
    """Return who presides at a time, by what was proven to be said under the chair's hat by then; None without a rota.

    The first of the first rota begins. A chair hands over; or, once it has said nothing for a quarter of an hour, the
    next of the rota takes the chair. Whoever else takes it takes nothing. A word counts from when it was on record,
    whatever date it bears: else who presided could be undone later, and what members decided in a period that she
    extended. Another rota counts from the time of its act on.
    """
    after = [one.after for one in _turns(rotas, said) if one.since <= now]
    return after[-1] if after else None


def effective(rotas: Sequence[Rota], said: Iterable[Said[Procedure]]) -> tuple[Said[Procedure], ...]:
    """Return what was said by whoever presided when she said it; the rest of what chairs said has no effect.

    Who takes the chair presides by taking it.
    """
    turns = ((one.said, (one.before, one.after)) for one in _turns(rotas, said))
    return tuple(said for said, chairs in turns if said is not None and said.member in chairs)


def extended(version: Said[Proposal], rotas: Sequence[Rota], said: Iterable[Said[Procedure]]) -> Said[Proposal]:
    """Return a version with its period as the chair extended it, each time before it ended: never shorter.

    It never runs into the action that it is about: what begins by then was to be decided by then.
    """
    form = version.form
    for one in effective(rotas, said):
        until = one.form.until
        if one.form.act != "EXTEND" or one.form.about != version.id or until is None or not one.by(form.decide_by):
            continue
        if form.decide_by < until <= form.begins:
            form = msgspec.structs.replace(form, decide_by=until)
    return msgspec.structs.replace(version, form=form)


def announced(
    item: ItemId, state: str, rotas: Sequence[Rota], said: Iterable[Said[Procedure]]
) -> tuple[tuple[ItemId, bool], ...]:
    """Return what chairs announced of an item, and whether each is what this node computes."""
    return tuple(
        (one.id, one.form.state == state)
        for one in effective(rotas, said)
        if one.form.act == "ANNOUNCE" and one.form.about == item
    )


def coordinators(
    item: ItemId, rotas: Sequence[Rota], said: Iterable[Said[Procedure]], answers: Iterable[Said[Consent]]
) -> tuple[MemberId, ...]:
    """Return who coordinates an action: whom the chair nominates, and who is willing. It requests and never orders."""
    told = distinct(answers)
    found: list[MemberId] = []
    for one in effective(rotas, said):
        if one.form.act != "NOMINATE" or one.form.about != item or one.form.member is None:
            continue
        own = [a for a in told if a.form.procedure == one.id and (a.member, a.hat) == (one.form.member, MEMBER)]
        if own and own[-1].form.accepts and one.form.member not in found:
            found.append(MemberId(one.form.member))
    return tuple(found)


class _Turn(NamedTuple):
    """One word of a chair, or another rota (None): since when it counts, and who presided before it and after."""

    said: Said[Procedure] | None
    since: Micros
    before: MemberId | None
    after: MemberId | None


class _Seat(NamedTuple):
    """Who presides, since when that was last heard of, and who may, in turn."""

    chair: MemberId | None
    heard: Micros
    rota: tuple[MemberId, ...]


def _turns(rotas: Sequence[Rota], said: Iterable[Said[Procedure]]) -> Iterable[_Turn]:
    """Yield every word of a chair in the order in which they are proven, whatever date each gives itself.

    So nobody takes, or hands over, the chair of yesterday: what was decided under it stays decided, by the rota of
    then. Those that were proven at once stand in the order of their dates.
    """
    proven = [(one.timely, one) for one in distinct(said) if one.timely is not None and one.hat == CHAIR]
    told: list[tuple[Micros, Rota | Said[Procedure]]] = [*((one.since, one) for one in rotas), *proven]
    seat = _Seat(None, Micros(0), ())
    for since, one in sorted(told, key=lambda pair: pair[0]):
        before = seat.chair
        if isinstance(one, Rota):
            seat = _reseated(seat, one)
            yield _Turn(None, since, before, seat.chair)
        elif one.member in seat.rota:
            seat = _heard(seat, one, since)
            yield _Turn(one, since, before, seat.chair)


def _reseated(seat: _Seat, rota: Rota) -> _Seat:
    """Return the seat under another rota: who presided goes on if that names her, else its first begins."""
    if seat.chair in rota.members:
        return seat._replace(rota=rota.members)
    return _Seat(next(iter(rota.members), None), rota.since, rota.members)


def _heard(seat: _Seat, said: Said[Procedure], since: Micros) -> _Seat:
    form = said.form
    if said.member == seat.chair:
        hands = form.act == "HAND_OVER" and form.member in seat.rota
        return seat._replace(heard=since, chair=form.member if hands else seat.chair)
    takes = form.act == "TAKE" and said.member == _next(seat) and since >= seat.heard + LOST
    return seat._replace(chair=said.member, heard=since) if takes else seat


def _next(seat: _Seat) -> MemberId | None:
    return None if seat.chair is None else seat.rota[(seat.rota.index(seat.chair) + 1) % len(seat.rota)]
