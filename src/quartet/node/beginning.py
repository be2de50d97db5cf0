"""What a node writes as it begins, before it speaks to anybody."""

from collections.abc import Mapping

from quartet.core.ids import MemberId
from quartet.node.epochs import Epochs
from quartet.node.manifests import remember_own
from quartet.node.parts import Parts
from quartet.node.peer import Peer
from quartet.node.readable import read_anew
from quartet.node.registry import Registry


async def begin(parts: Parts, registry: Registry, epochs: Epochs, peers: Mapping[MemberId, Peer]) -> None:
    """Keep our own manifests, begin an epoch, and read what an earlier release could not; raise `Unavailable`."""
    await remember_own(registry, parts.store)
    await epochs.start()
    await read_anew(parts, registry, peers)
