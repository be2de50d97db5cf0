"""Facts about controls: grants, recalls, changes. A set, whatever the order in which they came.

A fact counts only if its author controls what it is about; that is the rule's to check, not the sender's to promise.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from quartet.core.encoding import Value, encode
from quartet.core.faults import Malformed
from quartet.core.ids import ControlId, ItemId, MemberField, MemberId, Micros, OfficerName, TimeField
from quartet.core.marking import Marking, check_marking
from quartet.core.statement import FACT_KINDS, MAX_CONTROLS, Hash, Statement
from quartet.core.verify import Verified

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


class Fact(Value, frozen=True):
    """One fact with who says it, and when."""

    id: ItemId
    member: MemberId
    officer: OfficerName
    at: Micros
    body: FactBody


def fact_of(verified: Verified) -> Fact:
    """Return the fact that a verified statement states, or raise `Malformed("bad-body")`."""
    statement = verified.statement
    return Fact(
        id=verified.id, member=statement.member, officer=statement.officer, at=statement.at, body=fact_body(statement)
    )


def fact_body(statement: Statement) -> FactBody:
    """Return the body of a fact, or raise `Malformed`; the check that every fact passes before it is stored."""
    kind = BODIES.get(statement.kind)
    if kind is None or statement.kind not in FACT_KINDS or statement.kind_v != 1:
        raise Malformed("not-a-fact", f"{statement.kind} version {statement.kind_v}")
    try:
        body: FactBody = msgspec.json.decode(statement.body, type=kind)
    except msgspec.ValidationError as error:
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


class Facts(Value, frozen=True):
    """Facts by the control they are about."""

    by_control: Mapping[ControlId, frozenset[Fact]]

    def on(self, control: ControlId) -> frozenset[Fact]:
        """Return the facts about one control."""
        return self.by_control.get(control, frozenset())

    def plus(self, facts: Iterable[Fact]) -> "Facts":
        """Return these facts and some more; the order does not matter, nor does hearing one twice."""
        grown = dict(self.by_control)
        for fact in facts:
            for control in controls_named(fact.body):
                grown[control] = grown.get(control, frozenset()) | {fact}
        return Facts(by_control=grown)


NO_FACTS: Final = Facts(by_control={})


def facts_of(statements: Iterable[Verified]) -> Facts:
    """Return the facts that some verified statements state."""
    return NO_FACTS.plus(fact_of(v) for v in statements)
