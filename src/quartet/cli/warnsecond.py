"""What waits for a second officer, at the command line; who can be that; and what stands in a warning's place."""

from typing import Final

import msgspec

from quartet.cli.client import Client
from quartet.cli.options import below
from quartet.cli.outcome import Refusal
from quartet.cli.output import say, utc
from quartet.cli.warnread import lacks, nobody_text
from quartet.console.shapes import UNKNOWN_ITEM
from quartet.core.faults import Malformed, Unavailable
from quartet.core.ids import MemberId
from quartet.node.desk.warningviews import WaitingView, WarningList, WarningView

MAX_CHAIN: Final = 100
"""Updates of updates that are followed to the newest."""


def waiting_of(client: Client, ref: str) -> WaitingView | None:
    """Return what waits for a second officer under a reference or id; None for what does not."""
    found = client.get("/warnings", WarningList, {"which": "mine"}).waiting
    return next((one for one in found if ref in (one.id, one.row.id) or ref.upper() in (one.ref, one.row.ref)), None)


def draft_of(waiting: WaitingView) -> WarningView:
    """Return what waits for a second officer as a warning whole, by the reference that confirms it."""
    row = msgspec.structs.replace(waiting.row, ref=waiting.ref)
    return WarningView(row=row, acks=(), previous=waiting.previous, to=waiting.to, second=waiting.second)


def say_waiting(one: WaitingView, me: MemberId) -> None:
    """Write one line of what waits for a second officer, and what it is; and one more where nobody can be that."""
    who = "confirm it with: quartet warn confirm" if one.mine else "another officer confirms it:"
    drill = " (EXERCISE)" if one.row.exercise else ""
    word, hazard = one.row.word.lower(), one.row.info[0].hazard
    what = hazard if word == "alert" else f"{word} of {one.previous or 'one that you may not see'}, {hazard}"
    waits = f"waits for a second officer until {utc(one.until)}"
    say(f"{one.ref}{drill} of {one.officer} {waits}: {what}; {who} {one.ref}")
    if lacks(one.second):
        say(f"  {nobody_text(one.second, me)}")


def tell_of_nobody(client: Client, ref: str, training: tuple[str, ...]) -> None:
    """Tell an author at once where no other officer may read what she wrote: nobody would confirm or review it.

    Who may not read it herself is told that; `training` is what its caveats ask for.
    """
    try:
        waiting = waiting_of(client, ref)
        second = client.get(below("/warnings", ref), WarningView).second if waiting is None else waiting.second
    except Unavailable:  # it has left, or waits: that stands
        return
    except Refusal as refusal:
        if refusal.reason != UNKNOWN_ITEM:
            raise
        trained = ", ".join(f"trained:{word}" for word in training)
        say(f"you may not read it yourself: your member's root gives the role {trained}, to you and to who confirms it")
        return
    if lacks(second):
        say(nobody_text(second, client.member))


def standing(client: Client, ref: str, verb: str) -> WarningView:
    """Return a warning that is to be followed; raise `Malformed("bad-form")` with what stands in its place by now."""
    before = newest = client.get(below("/warnings", ref), WarningView)
    for _ in range(MAX_CHAIN):
        if newest.followed_by is None:
            break
        newest = client.get(below("/warnings", newest.followed_by), WarningView)
    if newest is before:
        return before
    if newest.row.word == "CANCEL":
        raise Malformed("bad-form", f"{before.row.ref} is ended already, by {newest.row.ref}: it needs no other end")
    now = newest.row.ref
    raise Malformed("bad-form", f"{before.row.ref} is replaced by {now}: name that one, quartet warn {verb} {now}")
