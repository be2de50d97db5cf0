"""Between a warning as officers write and read it, and the item that it is."""

from collections.abc import Iterable
from typing import Any, Final

from msgspec import structs, to_builtins

from quartet.core.faults import Malformed
from quartet.core.ids import MemberId
from quartet.core.marking import Marking
from quartet.core.statement import reference
from quartet.desk import KIND_OF
from quartet.desk.warning import Acked, Alert, AnyWarning, Desk, Stands
from quartet.node.desk.warningforms import alert_of, view_of
from quartet.node.desk.warningviews import WITHDRAWN, AckView, DeskView, WarningDraft, WarningRow
from quartet.node.views import MAX_TITLE, Draft, moment
from quartet.store import ItemRow

_UNTOLD: Final[dict[str, Any]] = {
    **dict.fromkeys(("asked", "desks", "missing", "unreached", "waits"), ()),
    **dict.fromkeys(("release", "review_by")),
    "why": "",
}
"""What is not told of a warning that was taken back."""


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


def _desks(desks: Iterable[Desk]) -> tuple[DeskView, ...]:
    return tuple(DeskView(one.member, one.name) for one in desks)
