"""Kinds that go to nobody else, and kinds that go to those whom they name and no further; the rule asks here.

That hangs on the kind and on no marking: a mistaken grant or widening would
tell another member where a site is watched, or what one officer wrote and no second one has read.
"""

from typing import Final

HOME_KINDS: Final = frozenset(
    {
        "alert-draft",
        "handover",
        "site-notice",
        "site-exemption",
        "site-lifted",
        "site-warning",
        "site-seen",
        "site-call",
    }
)
"""What is for the officers of its author alone: no marking, no fact and no door takes it to anybody else."""
NAMED_KINDS: Final = frozenset({"notification", "notification-ack"})
"""What goes to those whom its own marking names, and to nobody by a grant or a widening; and through no door."""
INDOORS: Final = HOME_KINDS | NAMED_KINDS
"""What passes no door to another system, whatever its marking says."""
