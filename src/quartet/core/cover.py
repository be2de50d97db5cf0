"""What a charter's `cover` may say: how large each parcel is, of which every pair of members sends one a tick.

The size is that of the plaintext, and what a hub sees is as much more as a seal is: the same for all.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

COVER_OFF: Final = "off"
COVERS: Final[Mapping[str, int]] = MappingProxyType({"narrow": 16 * 1024, "medium": 64 * 1024, "wide": 512 * 1024})
"""The names, and how many bytes a plaintext has; `off` is the name of none."""
COVER_SIZES: Final = frozenset(COVERS.values())


def size_of(cover: str) -> int | None:
    """Return how large each parcel is, or None where parcels are as large as what is in them, and go when it is due."""
    return COVERS.get(cover)
