"""Who presides and what of a chair's words has effect, plainly: a log is read once from its beginning."""

from typing import Any

from centre import Held

from quartet.core.ids import ItemId, MemberId
from quartet.desk.action import Proposal
from quartet.desk.chair import Consent, Procedure
from quartet.desk.said import Said

LOST = 15 * 60 * 1_000_000


def log(held: Held) -> list[Said[Procedure]]:
    """Return what was said under the chair's hat, as it came on record."""
    told = [one for one in held.every(Procedure) if one.hat == "CHAIR" and one.timely]
    return sorted(told, key=lambda one: (one.timely or 0, one.at, one.id))


def presiding(held: Held) -> tuple[MemberId | None, list[Said[Procedure]]]:
    """Return who presides now, and what was said by who presided."""
    chair: MemberId | None = None
    now: MemberId | None = None
    rota: tuple[MemberId, ...] = ()
    heard, effect, rotas = 0, [], list(held.rotas)
    for one in [*log(held), None]:
        since = held.now if one is None else one.timely or 0
        while rotas and rotas[0].since <= since:
            if chair not in rotas[0].members:
                chair, heard = next(iter(rotas[0].members), None), rotas[0].since
            rota = rotas.pop(0).members
            now = chair
        if one is None or chair is None or one.member not in rota:
            continue
        following = rota[(rota.index(chair) + 1) % len(rota)]
        if one.member == chair:
            heard = since
            effect.append(one)
            if one.form.act == "HAND_OVER" and one.form.member is not None and one.form.member in rota:
                chair = MemberId(one.form.member)
        elif one.form.act == "TAKE" and one.member == following and since - heard >= LOST:
            chair, heard = one.member, since
            effect.append(one)
        now = chair
    return now, effect


def until(version: Said[Proposal], held: Held) -> int:
    """Return when a period ends: as written, or later by a chair's word that was on record before it ended."""
    end, begins = version.form.decide_by, version.form.begins
    for one in presiding(held)[1]:
        later = one.form.until
        if one.form.act == "EXTEND" and one.form.about == version.id and later and one.timely and one.timely <= end:
            end = later if end < later <= begins else end
    return end


def announcements(item: ItemId, state: str, held: Held) -> list[tuple[str, bool]]:
    told = [one for one in presiding(held)[1] if one.form.act == "ANNOUNCE" and one.form.about == item]
    return [(one.id, one.form.state == state) for one in told]


def coordinating(item: ItemId, held: Held) -> list[str]:
    """Return whom a chair nominated and who last said that it will."""
    found: list[str] = []
    for one in presiding(held)[1]:
        if one.form.act != "NOMINATE" or one.form.about != item:
            continue
        answers = [a for a in held.members(Consent, procedure=one.id) if a.member == one.form.member]
        if answers and answers[-1].form.accepts:
            found.append(answers[-1].member)
    return list(dict.fromkeys(found))


def chair(held: Held) -> Any:
    """Return who presides, and the ids of what has effect."""
    who, effect = presiding(held)
    return who, [one.id for one in effect]
