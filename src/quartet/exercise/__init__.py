"""Worlds of members: made, run, driven; the demo, the drills and the tests stand on it."""
