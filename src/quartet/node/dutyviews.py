"""What an officer is shown of who is on watch; its JSON is held to as that of `views`."""

from quartet.core.encoding import Value
from quartet.core.ids import MemberId, OfficerName
from quartet.node.views import Moment


class WatchView(Value, frozen=True):
    """Who is on watch at a member, by which item; `over` is that the watch has ended and nobody took the next."""

    member: MemberId
    ref: str
    tlp: str
    officer: OfficerName
    name: str
    role: str
    phones: tuple[str, ...]
    at: Moment
    until: Moment
    over: bool


class NoteView(Value, frozen=True):
    """What a watch of ours left to the next."""

    ref: str
    tlp: str
    officer: OfficerName
    at: Moment
    text: str


class Board(Value, frozen=True):
    """Who is on watch where, of whom this viewer is told; a member without one is not in it."""

    watches: tuple[WatchView, ...]
    notes: tuple[NoteView, ...]
