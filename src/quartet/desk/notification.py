"""Humanitarian notification: where a hospital or a convoy is, told to parties who acknowledge that they know.

An acknowledgement is never an approval. Nothing here permits or denies, and that nobody acknowledged, or that nothing
was notified, changes no protection in law. What is notified leaves by no door.
"""

from collections.abc import Iterable
from typing import Annotated, Final, Literal

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import ItemId, MemberId, Micros, OfficerName, TimeField
from quartet.desk.action import HOUR, Members, Words
from quartet.desk.area import MAX_AREAS, Area, check_area
from quartet.desk.naming import Item
from quartet.desk.said import Said, for_members

AHEAD: Final = 48 * HOUR
"""How long beforehand a notification is best given: advice, for a later one protects as well as it can."""
CAVEATS: Final = ("HUMANITARIAN", "NO_GATEWAY")
"""What every notification bears, and what is said to it: it goes through no door that could serve targeting."""


class Notified(Value, frozen=True, kw_only=True):
    """The form of a `notification` item, version 1: a site, or a movement along places; `parties` acknowledge it."""

    sort: Literal["SITE", "MOVEMENT"]
    what: Annotated[str, Meta(min_length=1, max_length=300)]
    areas: Annotated[tuple[Area, ...], Meta(min_length=1, max_length=MAX_AREAS)]
    begins: TimeField
    ends: TimeField
    contact: Annotated[str, Meta(min_length=1, max_length=300)]
    parties: Annotated[Members, Meta(min_length=1)]
    previous: Item | None = None


class Known(Value, frozen=True):
    """The form of a `notification-ack` item: a member knows of it. It says nothing of what that member will do."""

    notification: Item
    text: Words = ""


class Knows(Value, frozen=True):
    """Which member knows, by whose word, when."""

    member: MemberId
    officer: OfficerName
    at: Micros
    item: ItemId
    text: str


class Standing(Value, frozen=True):
    """How a notification stands: who knows, who has not said so; `followed_by` is what its author said in its place."""

    knows: tuple[Knows, ...]
    missing: tuple[MemberId, ...]
    followed_by: ItemId | None
    short_notice: bool


def check_notified(notified: Notified, at: Micros) -> None:
    """Raise `Malformed("bad-form")` or `("bad-area")` for what makes no sense at the time when it is said."""
    if not notified.begins < notified.ends:
        raise Malformed("bad-form", "ends: it would end before it begins")
    if notified.ends <= at:
        raise Malformed("bad-form", "ends: it would be over before it is said")
    if len(set(notified.parties)) != len(notified.parties):
        raise Malformed("bad-form", "parties: one is named twice")
    for area in notified.areas:
        check_area(area)


def standing(one: Said[Notified], later: Iterable[Said[Notified]], acks: Iterable[Said[Known]]) -> Standing:
    """Return how a notification stands: each party speaks for itself, its author alone replaces it."""
    said = [ack for ack in for_members(acks) if ack.form.notification == one.id and ack.member in one.form.parties]
    knows = {ack.member: ack for ack in reversed(said)}
    after = [new for new in for_members(later) if new.form.previous == one.id and new.member == one.member]
    return Standing(
        knows=tuple(Knows(m, k.officer, k.at, k.id, k.form.text) for m, k in sorted(knows.items())),
        missing=tuple(MemberId(party) for party in one.form.parties if party not in knows),
        followed_by=after[-1].id if after else None,
        short_notice=is_short(one.form, one.at),
    )


def is_short(notified: Notified, at: Micros) -> bool:
    """Return whether what was said at a time came later than advised."""
    return notified.begins < at + AHEAD
