"""Plots become tracks: an interacting multiple model tracker for many sensors at once, in one plane."""

from quartet.picture.tracker.sites import Site
from quartet.picture.tracker.tracker import Look, Offsets, Tracker, Tracks

__all__ = ["Look", "Offsets", "Site", "Tracker", "Tracks"]
