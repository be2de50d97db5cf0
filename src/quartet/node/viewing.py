"""Which look at an item is a view that its author is told of: a person's first, of a RED item of another member."""

from quartet.core.facts import Facts, ViewReceipt
from quartet.core.ids import MemberId, Micros
from quartet.core.release import Viewer, named_alone
from quartet.core.verify import Verified
from quartet.node.drafting import same_view


def view_to_state(verified: Verified, viewer: Viewer, me: MemberId, facts: Facts, now: Micros) -> ViewReceipt | None:
    """Return what is to be stated before a person is shown an item; None where it is no view, or was stated before."""
    own = verified.own
    if own is None or verified.statement.member == me or not named_alone(verified, facts, now):
        return None
    body = ViewReceipt(controls=(own.id,), item=verified.id, person=f"{me}/{viewer.name}", at=now)
    return None if any(same_view(fact, body) for fact in facts.on(own.id).others) else body
