"""Under which hat somebody speaks: for her member, or as the presiding officer, who has duties and no sight.

The chair's hat has keys of its own: whoever wears it is an officer with the role `chair`, of a member in the charter's
rota, and she asserts all that she says. What it may not say no node takes, whoever signs it.
"""

from typing import Final

from quartet.core.faults import Untrusted
from quartet.core.keyring import Keyring
from quartet.core.statement import Hat, Signed, Statement

CHAIR_ROLE: Final = "chair"
"""The role of an officer entry whose keys speak as the chair, and as nobody else."""
WATCH_ROLE: Final = "watch"
"""The role of who is told of what the node alarms of."""
CHAIR_KINDS: Final = frozenset({"procedure", "request", "reply", "request-closed", "communique", "message"})
"""All that a chair may say: it convenes and announces, brokers a request, publishes what was agreed, and talks.

No position, no consent, no recall, no task, no step of an action or an incident: it votes on, binds and takes back
nothing.
"""


UNASSERTED: Final = "what the chair says is asserted by a key of the chair's own"


def hat_of(roles: tuple[str, ...]) -> Hat:
    """Return the hat under which an officer with these roles speaks: one or the other, never both."""
    return "CHAIR" if CHAIR_ROLE in roles else "MEMBER"


def check_hat(statement: Statement, signed: Signed, keyring: Keyring, *, kept: bool = False) -> None:
    """Raise `Untrusted` for what is said under a hat that its officer does not wear, or that may not say it.

    Of what is `kept` it is not asked who wears it today: that was asked when it came, and rota and roles change.
    """
    if kept:
        _check_chairs_word(statement, signed)
        return
    officer = keyring.officer(statement.member, statement.officer)
    if statement.hat == "MEMBER":
        if officer is not None and signed.assertion is not None and hat_of(officer.roles) == "CHAIR":
            raise Untrusted("chair-as-member", f"{statement.member}/{statement.officer} speaks as the chair alone")
        return
    _check_chairs_word(statement, signed)
    if statement.member not in keyring.rota_at(statement.epoch, statement.at):
        raise Untrusted("not-in-rota", f"{statement.member} is not in the charter's rota of chairs")
    if officer is None or hat_of(officer.roles) != "CHAIR":
        raise Untrusted("chair-key-missing", UNASSERTED)


def _check_chairs_word(statement: Statement, signed: Signed) -> None:
    if statement.hat != "CHAIR":
        return
    if statement.kind not in CHAIR_KINDS:
        raise Untrusted("chair-may-not", f"a {statement.kind} is a member's to say")
    if signed.assertion is None:
        raise Untrusted("chair-key-missing", UNASSERTED)
