"""Open sources that an officer brings, read by a process that can open nothing: made by `Clippings`."""

from quartet.console.clippings.models import Extraction, extraction
from quartet.console.clippings.reading import Clippings
from quartet.console.clippings.views import Clipping, clipping

__all__ = ["Clipping", "Clippings", "Extraction", "clipping", "extraction"]
