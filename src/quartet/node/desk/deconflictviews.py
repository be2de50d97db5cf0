"""What goes in and out of a node about deconfliction; its JSON is held to as that of `views`."""

from typing import Annotated, Literal

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.ids import MemberField, MemberId
from quartet.desk.cells import Box
from quartet.desk.deconflict import Contact, Metres
from quartet.node.views import MAX_TITLE, Moment, OnceField, Reference


class Outline(Value, frozen=True):
    """An activity as its officer notifies it: to which desk, where, how high, when, and how she is reached."""

    desk: MemberField
    tlp: Literal["AMBER", "AMBER+STRICT"]
    box: Box
    floor_m: Metres
    ceiling_m: Metres
    begins: Moment
    ends: Moment
    contact: Contact
    title: Annotated[str, Meta(min_length=1, max_length=MAX_TITLE)] = "activity"
    once: OnceField | None = None


class Telling(Value, frozen=True):
    """Which two activities a desk's officer tells the owners of, and whom they are to call."""

    first: Reference
    second: Reference
    contact: Contact


class ConflictView(Value, frozen=True):
    """What a desk told the owner of an activity."""

    ref: str
    desk: MemberId
    at: Moment
    cell: str
    begins: Moment
    ends: Moment
    contact: str


class ActivityView(Value, frozen=True):
    """An outline that this member notified, or that was released to it as a desk; `over`: its time is past."""

    ref: str
    member: MemberId
    officer: str
    tlp: str
    at: Moment
    title: str
    desk: MemberId
    cells: tuple[str, ...]
    floor_m: int
    ceiling_m: int
    begins: Moment
    ends: Moment
    contact: str
    over: bool
    conflicts: tuple[ConflictView, ...] = ()


class ClashView(Value, frozen=True):
    """Two activities that meet, for the desk that both chose; `untold` are the owners that it has not told yet."""

    first: str
    second: str
    members: tuple[MemberId, MemberId]
    cell: str
    begins: Moment
    ends: Moment
    untold: tuple[MemberId, ...]


class Deconfliction(Value, frozen=True):
    """What this member notified, what was released to it as a desk, and what meets there."""

    activities: tuple[ActivityView, ...]
    clashes: tuple[ClashView, ...]
