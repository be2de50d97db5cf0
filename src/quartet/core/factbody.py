"""What each kind of fact says, and which controls it is about. Its wire tags are for ever."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from quartet.core.encoding import Value, encode
from quartet.core.faults import Malformed
from quartet.core.ids import ControlId, MemberField, TimeField
from quartet.core.marking import Marking, check_marking
from quartet.core.statement import FACT_KINDS, MAX_CONTROLS, Hash, Statement

Controls = Annotated[tuple[Hash, ...], Meta(min_length=1, max_length=MAX_CONTROLS)]
Text = Annotated[str, Meta(max_length=4096)]


class Grant(Value, frozen=True):
    """Admits one member to one item under one control; FOLLOWING: to the author's later items that cite it too."""

    control: Hash
    item: Hash
    author: MemberField
    member: MemberField
    until: TimeField | None
    scope: Literal["ITEM", "FOLLOWING"]


class Recall(Value, frozen=True):
    """Takes back whatever carries one of these controls."""

    controls: Controls
    reason: Literal["NORMAL", "LIFE"]
    in_incident: bool


class CancelRecall(Value, frozen=True):
    """Lets a recall be as if it had not been, if it comes before the delay ends."""

    recall: Hash
    controls: Controls


class Narrow(Value, frozen=True):
    """From now on the control is marked so."""

    control: Hash
    marking: Marking


class Widen(Value, frozen=True):
    """From now on these members too are named by the control."""

    control: Hash
    rel: Annotated[tuple[MemberField, ...], Meta(min_length=1, max_length=256)]


class Delegate(Value, frozen=True):
    """Who consents for us when we have left."""

    controls: Controls
    delegate: MemberField


class Correction(Value, frozen=True):
    """A new item supersedes an old one."""

    controls: Controls
    item: Hash
    superseded_by: Hash | None


class ViewReceipt(Value, frozen=True):
    """A person named by a RED item saw it."""

    controls: Controls
    item: Hash
    person: Text
    at: TimeField


class Closing(Value, frozen=True):
    """All positions of a member on a proposal, or none (the desk reads it)."""

    controls: Annotated[tuple[Hash, ...], Meta(max_length=MAX_CONTROLS)]
    proposal: Hash
    positions: Annotated[tuple[Hash, ...], Meta(max_length=256)]


class Purged(Value, frozen=True):
    """A holder's word that it destroyed an item after a recall or expiry, and by when its backups are."""

    controls: Annotated[tuple[Hash, ...], Meta(max_length=MAX_CONTROLS)]
    item: Hash
    c: Hash
    recall: Hash | None
    backups_by: TimeField


FactBody = Grant | Recall | CancelRecall | Narrow | Widen | Delegate | Correction | ViewReceipt | Closing | Purged
BODIES: Final[Mapping[str, Any]] = {
    "grant": Grant,
    "recall": Recall,
    "cancel-recall": CancelRecall,
    "narrow": Narrow,
    "widen": Widen,
    "delegate": Delegate,
    "correction": Correction,
    "view-receipt": ViewReceipt,
    "closing": Closing,
    "purged": Purged,
}


def fact_body(statement: Statement) -> FactBody:
    """Return the body of a fact, or raise `Malformed`; the check that every fact passes before it is stored.

    A fact is said as a member: who presides consents for nobody and takes nothing back.
    """
    kind = BODIES.get(statement.kind)
    if kind is None or statement.kind not in FACT_KINDS or statement.kind_v != 1:
        raise Malformed("not-a-fact", f"{statement.kind} version {statement.kind_v}")
    if statement.hat != "MEMBER":
        raise Malformed("not-a-fact", f"{statement.kind} under the hat {statement.hat}")
    try:
        body: FactBody = msgspec.json.decode(statement.body, type=kind)
    except msgspec.MsgspecError as error:
        raise Malformed("bad-body", f"{statement.kind}: {error}") from error
    if isinstance(body, Narrow):
        check_marking(body.marking)
    if encode(body) != bytes(statement.body):
        raise Malformed("bad-body", f"{statement.kind}: another spelling")
    return body


def controls_named(body: FactBody) -> tuple[ControlId, ...]:
    """Return which controls a fact is about: it goes to whoever was sent an item that carries one of them."""
    if isinstance(body, (Grant, Narrow, Widen)):
        return (ControlId(body.control),)
    return tuple(ControlId(c) for c in body.controls)
