"""Load the gateways that the settings name, and no other: what is not named is not even imported."""

from importlib import import_module

from quartet.node.folder import MemberFolder
from quartet.node.node import Node
from quartet.node.settings import MemberSettings


async def keep_gateways(settings: MemberSettings, node: Node, folder: MemberFolder) -> None:
    """Run the gateways of the settings until cancelled."""
    if settings.cap:
        cap = import_module("quartet.gateways.cap")
        await cap.keep_cap(settings.cap, node, folder.path)
