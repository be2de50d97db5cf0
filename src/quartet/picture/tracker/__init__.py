"""Plots become tracks: an interacting multiple model tracker for many sensors at once, in one plane."""

from quartet.picture.tracker.bank import NO_ADDRESS
from quartet.picture.tracker.sites import Site
from quartet.picture.tracker.tracker import LOOPS, Look, Offsets, Tracker, Tracks, carried

__all__ = ["LOOPS", "NO_ADDRESS", "Look", "Offsets", "Site", "Tracker", "Tracks", "carried"]
