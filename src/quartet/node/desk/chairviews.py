"""What an officer is shown of who presides, and of what chairs said; its JSON is held to as that of `views`."""

from quartet.core.encoding import Value
from quartet.core.ids import MemberId
from quartet.node.views import Moment


class ChallengeView(Value, frozen=True):
    """What a member contests of a ruling or an announcement."""

    ref: str
    member: MemberId
    text: str


class ProcedureView(Value, frozen=True):
    """What a chair said; `holds` is that it presided then, `proven` that it is on record: before that it counts not.

    `accepted` is what whom it nominated answered.
    """

    ref: str
    member: MemberId
    officer: str
    tlp: str
    at: Moment
    act: str
    holds: bool
    proven: bool
    about: str | None
    of: MemberId | None
    until: Moment | None
    state: str
    text: str
    accepted: bool | None = None
    challenges: tuple[ChallengeView, ...] = ()


class ChairView(Value, frozen=True):
    """Who may preside, in turn; who does; whether that is the reader's member; and the log, the newest first."""

    rota: tuple[MemberId, ...]
    presides: MemberId | None
    mine: bool
    log: tuple[ProcedureView, ...]
    may: tuple[str, ...] = ()
    """What the reader may do under the chair's hat: nothing without that hat, nor while another member presides."""


class Presiding(Value, frozen=True):
    """Who presides now, as far as a reader may see what chairs said; None without a rota."""

    member: MemberId | None
