"""Bytes from the world become plots; no byte may crash or poison the picture. Each format loads by its entry point."""

from quartet.picture.plot import Counts
from quartet.sensors.door import Lines, Tally

__all__ = ["Counts", "Lines", "Tally"]
