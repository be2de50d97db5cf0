"""What a route may say of itself, for the guard of browsers."""

from typing import Final

OPEN: Final = "open"
"""Anybody may ask: the page, and the ways to sign in."""
SIGNS: Final = "signs"
"""It speaks for the member: who asks has proved in the last minutes that it is she."""
