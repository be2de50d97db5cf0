"""ASTERIX, the format of EUROCONTROL for surveillance data: CAT 010, 020, 021, 034, 048, 062, 063 and 065."""

from quartet.sensors.asterix.reader import EDITIONS, Asterix, pinned

__all__ = ["EDITIONS", "Asterix", "pinned"]
