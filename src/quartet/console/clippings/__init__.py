"""Open sources that an officer brings, read by a process that can open nothing: made by `Clippings`."""

from quartet.console.clippings.reading import Clippings

__all__ = ["Clippings"]
