"""What a route may say of itself, for the guard of browsers."""

from typing import Final

OPEN: Final = "open"
"""Anybody may ask: the page, and the ways to sign in."""
SIGNS: Final = "signs"
"""It speaks for the member: who asks has proved in the last minutes that it is she."""
ROLE: Final = "role"
"""The role that the manifest must give whom a browser signed in."""
COSTLY: Final = "costly"
"""It keeps the machine busy for a while: few a minute."""
BACK: Final = "back"
"""It looks through what was kept of some minutes: counted for each officer by itself."""
PART: Final = "part"
"""It takes a part of a file: counted for each officer by itself, so that a large file leaves her page its requests."""
ADMINISTRATOR: Final = "administrator"
"""The role of who hands in what root signed: acts, lists of officers."""
