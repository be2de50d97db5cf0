"""Worlds of members: made, run, driven; the demo, the drills and the tests stand on it."""

from quartet.exercise.world import World, exchange

__all__ = ["World", "exchange"]
