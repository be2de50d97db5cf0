"""What a node is made of; made once in `serve`, handed to each part of the node."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.keys import SecretKey
from quartet.node.clock import Clock
from quartet.node.keyset import Keyset
from quartet.node.room import FLOOR
from quartet.store import Store
from quartet.wire import Carrier

DAY: Final = Micros(86_400 * SECOND)


@dataclass(frozen=True, slots=True)
class Keys:
    """A member's online keys; `slow_log` cosigns once an hour."""

    item: SecretKey
    log: SecretKey
    link: SecretKey
    slow_log: MLDSA44PrivateKey

    @classmethod
    def of(cls, keyset: Keyset) -> Self:
        """Return what the running node signs with."""
        return cls(keyset.item, keyset.log, keyset.link, keyset.slow_log)


@dataclass(frozen=True, slots=True)
class Parts:
    """A node's parts: who it is, where it keeps, how it carries, what it signs with, what time it is."""

    me: MemberId
    keys: Keys
    store: Store
    carrier: Carrier
    clock: Clock
    entropy: Callable[[int], bytes]
    trial: bool = False
    floor: int = FLOOR
    """Free bytes on the disk below which nothing is taken in."""
    frames_kept: Micros = DAY
    """How long frames are kept, to look back."""
    certificates: tuple[tuple[str, Micros], ...] = ()
    """Each TLS certificate of this member, and when it ends."""
    places: Path | None = None
    """The member's book of places, where one was made."""
