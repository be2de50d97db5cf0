"""Hand what root signed to the running node; a node that does not run learns it from its folder when it starts."""

from quartet.cli.client import open_client
from quartet.cli.identity import Identity
from quartet.core.faults import Unavailable
from quartet.node.folder import MemberFolder


def hand_over(folder: MemberFolder, acting: Identity | None, path: str, signed: bytes) -> bool:
    """Tell the running node; return whether there was one to tell."""
    if acting is None:
        return False
    try:
        client = open_client(folder, acting)
    except Unavailable:
        return False
    with client:
        client.put(path, signed)
    return True
