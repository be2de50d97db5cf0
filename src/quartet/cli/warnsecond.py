"""What waits for a second officer, at the command line; who can be that; and what stands in a warning's place."""

from typing import Any, Final

import msgspec

from quartet.cli.asking import agree
from quartet.cli.client import Client
from quartet.cli.options import below
from quartet.cli.outcome import Refusal
from quartet.cli.output import say, utc
from quartet.cli.vouching import check_said
from quartet.cli.warnread import lacks, nobody_text, show_warning, wrong_text
from quartet.console.shapes import UNKNOWN_ITEM, Asserted
from quartet.core.encoding import Value, unb64
from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.ids import MemberId
from quartet.core.statement import assert_item, item_id
from quartet.node.desk.warningviews import CheckDraft, WaitingView, WarningList, WarningRow, WarningView
from quartet.node.factviews import Prepared
from quartet.node.views import Published

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


def checked(client: Client, ref: str, body: CheckDraft, *, yes: bool, json: bool) -> tuple[WarningRow, Published, str]:
    """Sign what a second officer says once she has read it; return the warning, what was said, and what came of it.

    (1) These are the bytes that leave, (2) the node would take her word, (3) she is shown the words and says yes, or
    said so before. Raise `Refusal("not-agreed")` at a no, and where nobody can be asked.
    """
    waiting = waiting_of(client, ref)
    if waiting is not None and item_id(unb64(waiting.statement)) != waiting.row.id:
        raise Untrusted("prepared-otherwise", "these are not the bytes that the node would send")
    view = client.get(below("/warnings", ref), WarningView) if waiting is None else draft_of(waiting)
    row = view.row if waiting is None else waiting.row
    path = below("/warnings", ref if waiting is None else waiting.ref, "check", "prepared")
    if body.word == "CONFIRMED" and not yes:
        client.post(path, body, Prepared)
        _agreed(client, view, leaves=waiting is not None, json=json)
    elif waiting is not None and not json:
        show_warning(view, client.member)
    form = {"alert": row.id, "word": body.word, "text": body.text}
    published = asserted(client, path, body, "alert-check", form)
    if waiting is not None:
        return row, published, "has left"
    wrong = f"; {wrong_text(row, row.author)}" if body.word == "WRONG" else ""
    return row, published, f"reviewed: {body.word}{wrong}"


def _agreed(client: Client, view: WarningView, *, leaves: bool, json: bool) -> None:
    ref = view.row.ref
    unasked = f"nobody can be asked here, and nothing was signed: read it, quartet warn show {ref}, then add --yes"
    question = f"{ref} leaves with these words: confirm it?" if leaves else f"{ref} went so: confirm it?"
    agree(question, lambda: show_warning(view, client.member), unasked, quiet=json)


def asserted(client: Client, path: str, body: Value, kind: str, form: dict[str, Any]) -> Published:
    """Have the node prepare what an officer says, check that it says that, and sign it with her own key."""
    prepared = client.post(path, body, Prepared)
    check_said(prepared, kind, form, client.identity.name)
    return client.post("/facts", Asserted(prepared, assert_item(prepared.id, client.identity.key)), Published)


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
