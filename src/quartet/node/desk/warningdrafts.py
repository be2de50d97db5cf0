"""Between a warning as officers write and read it, in degrees, and as it is signed, in whole 1e-7 degrees."""

import math
from collections.abc import Iterable
from typing import Any, Final

from msgspec import structs, to_builtins

from quartet.core.faults import Malformed
from quartet.core.ids import MemberId, Micros
from quartet.core.marking import Marking
from quartet.core.statement import reference
from quartet.desk import KIND_OF
from quartet.desk.area import DEGREE, Area, Circle
from quartet.desk.warning import Acked, Alert, AnyWarning, Desk, Stands
from quartet.node.desk.warningviews import WITHDRAWN, AckView, AreaView, DeskView, RoundView, WarningDraft, WarningRow
from quartet.node.views import MAX_TITLE, Draft, Moment, micros, moment
from quartet.store import ItemRow

LAST = 2**53
_UNTOLD: Final[dict[str, Any]] = {
    **dict.fromkeys(("desks", "missing", "unreached", "waits"), ()),
    **dict.fromkeys(("release", "review_by")),
    "why": "",
}
"""What is not told of a warning that was taken back."""


def alert_of(told: WarningDraft) -> Alert:
    """Return the form of a warning, but for what it follows; raise `Malformed` for what none can say."""
    return Alert(
        word=told.word,
        category=told.category,
        urgency=told.urgency,
        severity=told.severity,
        certainty=told.certainty,
        begins=time_of("begins", told.begins),
        until=time_of("until", told.until),
        areas=tuple(area_of(one) for one in told.areas),
        info=told.info,
        desks=tuple(Desk(one.member, one.name) for one in told.desks),
        responses=told.responses,
        release="OVERRIDE" if told.override else "CHECKED",
        why=told.why,
    )


def draft_of(told: WarningDraft, me: MemberId, before: Iterable[MemberId]) -> Draft:
    """Return the item that a warning is: for the members of its desks, those of `to`, and who had the one `before`."""
    if told.public and told.tlp != "CLEAR":
        raise Malformed("bad-form", "public: only what is CLEAR is for everybody")
    return Draft(
        kind=KIND_OF[Alert],
        tlp=told.tlp,
        title=told.info[0].headline[:MAX_TITLE],
        text="",
        to=tuple(sorted({*(desk.member for desk in told.desks), *told.to, *before} - {me})),
        persons=told.persons,
        precedence="FLASH",
        caveats=told.caveats,
        onward="TLP_RULE" if told.public else "ASK",
        form=to_builtins(alert_of(told)) | {"previous": told.previous},
    )


def row_of(said: AnyWarning, row: ItemRow, known: Stands, me: MemberId, *, drill: bool) -> WarningRow:
    """Return how a warning is shown in a list."""
    form = said.form
    alert, early = (form, None) if isinstance(form, Alert) else (None, form)
    return WarningRow(
        id=said.id,
        ref=reference(said.member, said.id),
        author=said.member,
        officer=said.officer,
        tlp=row.tlp,
        at=moment(said.at),
        word=form.word,
        stage=known.stage.value,
        category=form.category,
        urgency=form.urgency,
        severity=form.severity,
        certainty=form.certainty,
        begins=moment(form.begins),
        until=moment(known.until),
        areas=tuple(view_of(one) for one in form.areas),
        info=form.info,
        desks=_desks(form.desks),
        responses=form.responses,
        waits=tuple(one.name for one in known.missing if one.member == me),
        acked=len(known.acks),
        missing=_desks(known.missing),
        unreached=_desks(known.unreached) if row.mine else (),
        release=None if alert is None else alert.release,
        why="" if alert is None else alert.why,
        checked_by=None if known.checked is None else known.checked.officer,
        check=None if known.checked is None else known.checked.form.word,
        review_by=None if known.review_by is None else moment(known.review_by),
        source=None if early is None else early.source,
        exercise=drill,
    )


def taken_back(row: WarningRow, by: tuple[MemberId, ...]) -> WarningRow:
    """Return what is told of a warning that was taken back while it is in force: hazard, area, and by whom."""
    hazards = tuple(structs.replace(one, headline=one.hazard, protect=one.hazard) for one in row.info)
    return structs.replace(row, stage=WITHDRAWN, info=hazards, withdrawn_by=by, **_UNTOLD)


def told_of(marking: Marking, author: MemberId, members: Iterable[MemberId]) -> tuple[MemberId, ...]:
    """Return which members a warning goes to beside its author's: whom it names, or all where the world may have it."""
    world = marking.tlp == "CLEAR" and marking.onward_word == "TLP_RULE" and not marking.caveat_words
    told = members if world else (MemberId(one) for one in marking.named)
    return tuple(sorted(one for one in told if one != author))


def ack_of(one: Acked, ref: str) -> AckView:
    """Return who acknowledged for a desk, by which item."""
    desk = DeskView(one.desk.member, one.desk.name)
    return AckView(desk=desk, ref=ref, officer=one.officer, at=moment(one.at), text=one.text)


def area_of(told: AreaView) -> Area:
    """Return an area as it is signed; raise `Malformed("bad-area")` where it would not be one."""
    if not 0 < len(told.name) <= 160:
        raise Malformed("bad-area", "name: an area has a name, of 160 characters at most")
    return Area(
        name=told.name,
        polygons=tuple(tuple((whole(lat), whole(lon)) for lat, lon in polygon) for polygon in told.polygons),
        circles=tuple(Circle(whole(one.lat), whole(one.lon), one.radius_m) for one in told.circles),
    )


def view_of(area: Area) -> AreaView:
    """Return an area in degrees."""
    return AreaView(
        name=area.name,
        polygons=tuple(tuple((lat / DEGREE, lon / DEGREE) for lat, lon in polygon) for polygon in area.polygons),
        circles=tuple(RoundView(one.lat / DEGREE, one.lon / DEGREE, one.radius_m) for one in area.circles),
    )


def whole(degrees: float) -> int:
    """Return degrees in 1e-7 of one."""
    if not math.isfinite(degrees):
        raise Malformed("bad-area", "a place is a number of degrees")
    return round(degrees * DEGREE)


def time_of(name: str, at: Moment) -> Micros:
    """Return a time as an item says it; raise `Malformed("bad-form")` for one that none can say."""
    found = micros(at)
    if not 0 <= found < LAST:
        raise Malformed("bad-form", f"{name}: a time before 1970 or after 2255")
    return found


def _desks(desks: Iterable[Desk]) -> tuple[DeskView, ...]:
    return tuple(DeskView(one.member, one.name) for one in desks)
