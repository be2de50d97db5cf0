"""The presiding officer: who presides, what she says under that hat, and what of it has any effect.

Presiding gives duties and no sight. She convenes, extends, asks and announces; what follows from members' words is
computed by every node, so what she announces is compared with it and changes nothing.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, ItemId, MemberField, MemberId, Micros, TimeField
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


def presides(rota: Sequence[MemberId], said: Iterable[Said[Procedure]], now: Micros) -> MemberId | None:
    """Return who presides at a time, by what was on record under the chair's hat before; None without a rota.

    The first of the rota begins. A chair hands over; or, once it has said nothing for a quarter of an hour, the next of
    the rota takes the chair. Whoever else takes it takes nothing. A word counts from when it was on record, whatever
    date it bears: else who presided could be undone later, and what members decided in a period that she extended.
    """
    if not rota:
        return None
    current, last = rota[0], Micros(0)
    for since, one in _chairs(rota, said):
        if since > now:
            break
        if one.member == current:
            last = since
            if one.form.act == "HAND_OVER" and one.form.member is not None and one.form.member in rota:
                current = MemberId(one.form.member)
        elif one.form.act == "TAKE" and one.member == _next(rota, current) and since >= last + LOST:
            current, last = one.member, since
    return current


def effective(rota: Sequence[MemberId], said: Iterable[Said[Procedure]]) -> tuple[Said[Procedure], ...]:
    """Return what was said by whoever presided when it was on record; the rest of what chairs said has no effect."""
    told = _chairs(rota, said)
    return tuple(one for place, (since, one) in enumerate(told) if _presided(rota, told[:place], since, one))


def extended(version: Said[Proposal], rota: Sequence[MemberId], said: Iterable[Said[Procedure]]) -> Said[Proposal]:
    """Return a version with its period as the chair extended it, each time before it ended: never shorter.

    It never runs into the action that it is about: what begins by then was to be decided by then.
    """
    form = version.form
    for one in effective(rota, said):
        until = one.form.until
        if one.form.act != "EXTEND" or one.form.about != version.id or until is None or not one.by(form.decide_by):
            continue
        if form.decide_by < until <= form.begins:
            form = msgspec.structs.replace(form, decide_by=until)
    return msgspec.structs.replace(version, form=form)


def announced(
    item: ItemId, state: str, rota: Sequence[MemberId], said: Iterable[Said[Procedure]]
) -> tuple[tuple[ItemId, bool], ...]:
    """Return what chairs announced of an item, and whether each is what this node computes."""
    return tuple(
        (one.id, one.form.state == state)
        for one in effective(rota, said)
        if one.form.act == "ANNOUNCE" and one.form.about == item
    )


def coordinators(
    item: ItemId, rota: Sequence[MemberId], said: Iterable[Said[Procedure]], answers: Iterable[Said[Consent]]
) -> tuple[MemberId, ...]:
    """Return who coordinates an action: whom the chair nominates, and who is willing. It requests and never orders."""
    told = distinct(answers)
    found: list[MemberId] = []
    for one in effective(rota, said):
        if one.form.act != "NOMINATE" or one.form.about != item or one.form.member is None:
            continue
        own = [a for a in told if a.form.procedure == one.id and (a.member, a.hat) == (one.form.member, MEMBER)]
        if own and own[-1].form.accepts and one.form.member not in found:
            found.append(MemberId(one.form.member))
    return tuple(found)


def _chairs(rota: Sequence[MemberId], said: Iterable[Said[Procedure]]) -> list[tuple[Micros, Said[Procedure]]]:
    """Return what chairs said, each with when it was on record, in that order; what is not proven is not there yet."""
    told = (one for one in distinct(said) if one.hat == CHAIR and one.member in rota)
    dated = [(one.timely, one) for one in told if one.timely is not None]
    return sorted(dated, key=lambda word: (word[0], word[1].id))


def _presided(
    rota: Sequence[MemberId], before: Sequence[tuple[Micros, Said[Procedure]]], since: Micros, one: Said[Procedure]
) -> bool:
    """Return whether a chair presided when she spoke; who takes the chair presides by taking it."""
    told = [word for _, word in before]
    return presides(rota, [*told, one], since) == one.member or presides(rota, told, since) == one.member


def _next(rota: Sequence[MemberId], current: MemberId) -> MemberId:
    return rota[(rota.index(current) + 1) % len(rota)]
