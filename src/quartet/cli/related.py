"""`related`: items that have names, places or days in common with one; and, if asked, what a model places near it."""

from typing import Annotated

import typer

from quartet.cli.client import MODEL_SECONDS, Client
from quartet.cli.options import As, Dir, Json, Passphrase, Purpose, Ref, connect, item
from quartet.cli.output import one_line, say, say_json, tlp_text, utc
from quartet.core.encoding import Value
from quartet.core.faults import Fault
from quartet.node.assist.views import NearPage
from quartet.node.desk.relatedviews import Common, RelatedPage
from quartet.node.views import Row


class Unanswered(Value, frozen=True):
    """Why a model that was asked said nothing."""

    reason: str
    detail: str


class Both(Value, frozen=True):
    """What the rules suggest, and what a model does or why it said nothing."""

    related: RelatedPage
    near: NearPage | None = None
    unanswered: Unanswered | None = None


def related(
    ref: Ref,
    model: Annotated[
        bool, typer.Option("--model", help="Ask the embedder of the settings too: what the gate lets go there goes.")
    ] = False,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """List items that name the same persons, bodies or places as one, in any of five languages, and say which.

    With --model those too that an embedder places near it in meaning, which is a suggestion of a model's.

    Examples:

        quartet related N-K7Q-4MX --dir trial/east

        quartet related N-K7Q-4MX --model --dir trial/east
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        page = client.get(item(ref, "related"), RelatedPage)
        asked = _asked(client, ref) if model else None
    near = asked if isinstance(asked, NearPage) else None
    unanswered = asked if isinstance(asked, Unanswered) else None
    if json:
        say_json(Both(page, near, unanswered) if model else page)
        return
    _told(page, near)
    if near is not None:
        _placed(near, {one.item.id for one in page.items})
    if unanswered is not None:
        say(f"the embedder says nothing, the above is of the rules: {unanswered.reason}: {unanswered.detail}")


def _asked(client: Client, ref: str) -> NearPage | Unanswered:
    try:
        return client.post(item(ref, "near"), None, NearPage, within=MODEL_SECONDS)
    except Fault as fault:
        return Unanswered(fault.reason, fault.detail)


def _told(page: RelatedPage, near: NearPage | None) -> None:
    how = {} if near is None else {one.item.id: one.nearness for one in near.items}
    if not page.read:
        say("by its names nothing is suggested: it is too short to tell its language, or in none that is read")
    for one in page.items:
        _named(one.item)
        beside = [f"nearness {how[one.item.id]:.2f} by an embedder"] if one.item.id in how else []
        say(f"   {'; '.join([*map(_common, one.why), *beside])}")
    if page.more:
        say("there are more items than were looked at")


def _placed(near: NearPage, told: set[str]) -> None:
    """Say what a model places near, and that it is a model which says so."""
    say(f"--- near in meaning, by an embedder at {near.host}: {near.made.model}, {near.made.by} ({utc(near.made.at)})")
    for one in near.items:
        if one.item.id not in told:
            _named(one.item)
            say(f"   nearness {one.nearness:.2f}")
    if near.more:
        say(f"there are more items than the {near.compared} that it was compared with")


def _named(row: Row) -> None:
    say(f"{row.ref} {tlp_text(row.tlp)} of {row.author}: {one_line(row.title)}")


def _common(one: Common) -> str:
    spelt = one.mine if one.mine == one.its else f"{one.mine} ~ {one.its}"
    return f"{one.kind} {one_line(spelt)}"
