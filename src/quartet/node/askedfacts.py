"""From what an officer asks for to the body of the fact that says it: a grant, a recall, a narrowing, a widening."""

from quartet.core.encoding import Value
from quartet.core.facts import CancelRecall, Grant, Recall
from quartet.core.faults import Malformed, Untrusted
from quartet.core.home import INDOORS
from quartet.core.ids import ControlId, MemberId, Micros, OfficerName
from quartet.core.release import Withheld, consent_needed
from quartet.core.verify import Verified
from quartet.node.factviews import FactDraft, Marked
from quartet.node.holdings import Holdings
from quartet.node.registry import Registry
from quartet.node.remarking import Remarking
from quartet.node.views import micros


class AskedFacts:
    """Makes the bodies of facts from what this node knows."""

    def __init__(self, me: MemberId, registry: Registry, holdings: Holdings) -> None:
        self._me = me
        self._registry = registry
        self._holdings = holdings
        self._remarked = Remarking(me, registry, holdings)

    def body(self, draft: FactDraft, verified: Verified, officer: OfficerName, now: Micros) -> Value:
        """Return the body of a fact about an item of which we control something.

        Raise `Untrusted` where this member or officer may not state it, or `Malformed` where it would mean nothing.
        """
        mine = [c.id for c in verified.controls if c.control.controller == self._me]
        own = mine[:1] if verified.statement.member == self._me else mine  # never the sources' that it contains
        if not mine:
            raise Untrusted("not-controller", f"{self._me} controls nothing of {draft.ref}")
        if draft.kind in ("grant", "widen"):
            self._check_goes(draft.ref, verified)
        if draft.kind == "grant":
            return self._grant(draft, verified, self._to_grant(draft, verified, mine, now), now)
        if draft.kind == "recall":
            return Recall(controls=tuple(sorted(own)), reason=draft.reason, in_incident=False)
        if draft.kind == "narrow":
            return self._remarked.narrowed(draft, verified, now)
        if draft.kind == "widen":
            return self._remarked.widened(draft, verified, now)
        return self._cancelled(draft, own, officer)

    def marked(self, draft: FactDraft, verified: Verified) -> Marked | None:
        """Return what shows an officer that a control, which alone a narrowing or widening names, is the item's."""
        if draft.kind not in ("narrow", "widen") or verified.own is None:
            return None
        return Marked(item=verified.id, nonce=verified.statement.nonce, control=verified.own.sealed.control)

    def _check_goes(self, ref: str, verified: Verified) -> None:
        """Raise `Untrusted("stays-home")` for what stays home, and for what was said beside it or carries it.

        A control does not say of what kind its item is: the gate closes the item, and this what carries it.
        """
        carried = self._holdings.store.reader.items_carrying([c.id for c in verified.contained])
        held = [verified, *(one for item in carried if (one := self._holdings.verified(item)) is not None)]
        mine = {c.id for c in verified.controls}
        for one in held:
            if one.own is not None and one.own.id in mine and one.statement.kind in INDOORS:
                raise Untrusted("stays-home", f"{ref} is or carries a {one.statement.kind}, which goes to nobody else")

    def _cancelled(self, draft: FactDraft, own: list[ControlId], officer: OfficerName) -> CancelRecall:
        recalls = [f for c in own for f in self._holdings.facts.on(c).recalls if f.member == self._me]
        if not recalls:
            raise Malformed("not-recalled", f"{draft.ref} was not recalled")
        recalls = [f for f in recalls if f.officer != officer]
        if not recalls:
            raise Untrusted("second-officer-needed", f"{officer} recalled {draft.ref}; another officer must cancel it")
        last = max(recalls, key=lambda f: f.at)
        return CancelRecall(recall=last.id, controls=last.body.controls)

    def _to_grant(self, draft: FactDraft, verified: Verified, mine: list[ControlId], now: Micros) -> ControlId:
        """Return the control to grant under: the first of ours that lacks the member, for each wants a grant."""
        if draft.member is None:
            return mine[0]
        consent = consent_needed(verified, draft.member, self._holdings.facts, self._registry.membership, now)
        needed = [] if isinstance(consent, Withheld) else [c for c, _ in consent.needed if c in mine]
        return needed[0] if needed else mine[0]

    def _grant(self, draft: FactDraft, verified: Verified, control: ControlId, now: Micros) -> Grant:
        known = self._registry.state.members
        if draft.member is None or draft.member not in known:
            raise Malformed("unknown-member", f"{draft.member!r} is no member; members are {', '.join(sorted(known))}")
        until = None if draft.until is None else micros(draft.until)
        if until is not None and until <= now:
            raise Malformed("bad-time", "the grant would end before it begins")
        return Grant(
            control=control,
            item=verified.id,
            author=verified.statement.member,
            member=draft.member,
            until=until,
            scope=draft.scope,
        )
