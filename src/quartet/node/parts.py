"""What a node is made of; made once in `serve`, handed to each part of the node."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from quartet.core.ids import MemberId, Micros
from quartet.core.keys import SecretKey
from quartet.node.clock import Clock
from quartet.store import Store
from quartet.wire import Carrier


@dataclass(frozen=True, slots=True)
class Keys:
    """A member's online keys."""

    item: SecretKey
    log: SecretKey
    link: SecretKey


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
    certificates: Mapping[str, Micros] = MappingProxyType({})
    """When each TLS certificate of this member ends, by what it is."""
