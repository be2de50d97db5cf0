"""Load the gateways that the settings name, and no other: what is not named is not even imported."""

from importlib import import_module

from quartet.node.assist.settings import Assist
from quartet.node.folder import MemberFolder
from quartet.node.node import Node
from quartet.node.settings import MemberSettings


def open_assist(settings: MemberSettings, node: Node, folder: MemberFolder) -> None:
    """Open the ports of a model's help that the settings name; without any, what could ask is not even there."""
    if settings.assist != Assist():
        assist = import_module("quartet.gateways.assist")
        node.assisting.ports = assist.open_ports(settings.assist, folder.path)


async def keep_gateways(settings: MemberSettings, node: Node, folder: MemberFolder) -> None:
    """Run the gateways of the settings until cancelled."""
    if settings.cap:
        cap = import_module("quartet.gateways.cap")
        await cap.keep_cap(settings.cap, node, folder.path)
