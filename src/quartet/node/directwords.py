"""What is said to people of a direct link that does not stand: why, and what to do."""

from collections.abc import Mapping
from typing import Final

from quartet.core.ids import MemberId
from quartet.wire.carrier import Trouble

_WHY: Final[Mapping[Trouble, str]] = {
    "direct-waits": "{m} has not connected to us: at its node `quartet status` says why",
    "direct-trying": "we are only connecting: look again in some seconds",
    "direct-no-answer": "nobody answers at the url of {m} in wire.direct: is its node running, the url right, the port "
    "open?",
    "direct-wrong-certificate": "who answers at the url of {m} in wire.direct has no certificate of {m} for that "
    "address: ask {m} for its address, and to run `quartet keys renew --host` with it",
    "direct-refused": "{m} answers and does not let us in: its wire.direct must name us without a url, and its charter "
    "our keys of today",
}


def why_not_direct(member: MemberId, trouble: Trouble) -> str:
    """Return one line that says why the direct link to a member does not stand, and what to do; "" if it does."""
    why = _WHY.get(trouble)
    return "" if why is None else f"no direct link to {member}: {why.format(m=member)}"
