"""Ports of a model's help, each over a server of this member's own; opened for what the settings name alone."""

from quartet.gateways.assist.opening import open_ports

__all__ = ["open_ports"]
