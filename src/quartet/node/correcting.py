"""An author's item takes the place of another: it carries what that carried, and whoever was sent that is told."""

from collections.abc import Iterable

from quartet.core.facts import Correction, corrections
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.release import Viewer
from quartet.core.statement import Contained
from quartet.core.verify import Verified
from quartet.node.drafting import MESSAGE
from quartet.node.holdings import Holdings
from quartet.node.seeing import Seeing
from quartet.node.views import Draft


class Correcting:
    """Knows what a draft corrects, and what is to be said of that."""

    def __init__(self, me: MemberId, holdings: Holdings, seeing: Seeing) -> None:
        self._me = me
        self._holdings = holdings
        self._seeing = seeing

    def corrected(self, draft: Draft, viewer: Viewer, now: Micros) -> Verified | None:
        """Return the item that a draft corrects, None for a draft that corrects none.

        Raise `Untrusted("not-author")` for another member's, `Malformed("corrects-another-kind")`, and
        `Malformed("not-corrected")` for a message, which stands beside one item and no other.
        """
        if draft.corrects is None:
            return None
        old = self._seeing.find(draft.corrects, viewer, now)[0].item
        if old.statement.member != self._me:
            raise Untrusted("not-author", f"only {old.statement.member} corrects {draft.corrects}: tell it in a thread")
        if old.statement.kind != draft.kind:
            raise Malformed("corrects-another-kind", f"{draft.corrects} is a {old.statement.kind}, not a {draft.kind}")
        if draft.kind == MESSAGE:
            raise Malformed("not-corrected", f"{draft.corrects} is a message: say another one beside the same item")
        return old

    def contained(
        self, refs: Iterable[str], old: Verified | None, viewer: Viewer, now: Micros
    ) -> tuple[Contained, ...]:
        """Return the controls of what a draft carries: of the items that it names, and of what the old one carried."""
        found = {} if old is None else {c.id: c.sealed for c in old.contained}
        for ref in refs:
            found.update({c.id: c.sealed for c in self._seeing.find(ref, viewer, now)[0].item.controls})
        return tuple(found.values())

    def body(self, old: ItemId, new: ItemId) -> Correction | None:
        """Return what tells that an item takes another's place; None where that is told, or the old one is gone."""
        verified = self._holdings.verified(old)
        if verified is None or verified.own is None or new in corrections(verified, self._holdings.facts):
            return None
        return Correction(controls=(verified.own.id,), item=old, superseded_by=new)


__all__ = ["Correcting"]
