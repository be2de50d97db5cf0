"""Small pictures of what others sent, drawn anew by a process that can open nothing: made by `Previews`."""

from quartet.console.preview.drawing import MAX_IMAGE, Previews

__all__ = ["MAX_IMAGE", "Previews"]
