"""Who is on watch at each member: what an officer says when she takes it, and the newest that stands."""

from collections.abc import Iterable
from typing import Annotated, Final

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, ItemId, MemberId, Micros, OfficerName, TimeField

MAX_WATCH: Final = 48 * 3600 * SECOND
"""A watch that is said to last longer is a mistyped date."""

Phone = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]*\Z")]
"""As it is said and dialled, in whatever spelling."""


class Watch(Value, frozen=True):
    """The form of a `duty` item, version 1: who is on watch, in what role, how she is reached, and until when."""

    name: Annotated[str, Meta(min_length=1, max_length=128)]
    role: Annotated[str, Meta(max_length=128)]
    phones: Annotated[tuple[Phone, ...], Meta(min_length=1, max_length=4)]
    until: TimeField


class OnWatch(Value, frozen=True):
    """A watch with the item that says it: whose, by which officer, and when."""

    item: ItemId
    member: MemberId
    officer: OfficerName
    at: Micros
    watch: Watch

    def over(self, now: Micros) -> bool:
        """Return whether the watch has ended by what it says of itself."""
        return now >= self.watch.until


def check_watch(watch: Watch, at: Micros) -> None:
    """Raise `Malformed("bad-form")` for a watch that would be over when it begins, or that lasts too long."""
    if watch.until <= at:
        raise Malformed("bad-form", "until: the watch would be over before it begins")
    if watch.until - at > MAX_WATCH:
        raise Malformed("bad-form", f"until: a watch lasts {MAX_WATCH // (3600 * SECOND)} hours at most")


def board(watches: Iterable[OnWatch]) -> dict[MemberId, OnWatch]:
    """Return each member's newest watch: who takes it ends the one before. The order of arrival does not matter."""
    newest: dict[MemberId, OnWatch] = {}
    for one in watches:
        known = newest.get(one.member)
        if known is None or (one.at, one.item) > (known.at, known.item):
            newest[one.member] = one
    return newest
