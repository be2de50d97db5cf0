"""What goes with a site that is recalled: its warnings, with who acknowledged and who was called. Asked for before."""

from typing import Final

from quartet.cli.asking import agree
from quartet.cli.client import Client
from quartet.cli.options import below
from quartet.cli.outcome import Refusal
from quartet.cli.output import say
from quartet.console.shapes import UNKNOWN_ITEM
from quartet.node.desk.siteviews import SiteRecord

INSTEAD: Final = "to look after it no more and keep its record: quartet site close"
NOTHING: Final = SiteRecord(warnings=0, open=0, calls=0)


def agree_to_lose(client: Client, ref: str, *, yes: bool, json: bool) -> None:
    """Return where nothing is lost with an item, or it is agreed to; raise `Refusal("not-agreed")` where it is not."""
    lost = NOTHING if yes else _record_of(client, ref)
    if lost.warnings or lost.calls:
        said = f"{ref} is a site: {_words(lost)} go with it, for every officer here; {INSTEAD} {ref}"
        unasked = f"{said}; to recall it all the same: --yes"
        agree("Recall it all the same?", lambda: say(said), unasked, quiet=json)


def _record_of(client: Client, ref: str) -> SiteRecord:
    """Return what the node says goes with a site; nothing for what is no site of ours, or that she may not see."""
    try:
        return client.get(below("/sites", ref, "record"), SiteRecord)
    except Refusal as refusal:
        if refusal.reason != UNKNOWN_ITEM:
            raise
        return NOTHING


def _words(lost: SiteRecord) -> str:
    many = f"{lost.warnings} warning{'' if lost.warnings == 1 else 's'} ({lost.open} not over)"
    return f"{many}, who acknowledged them and {lost.calls} note{'' if lost.calls == 1 else 's'} of calls"
