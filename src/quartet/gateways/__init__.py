"""Doors to other systems, deaf to each other: bytes of the world to drafts, released items to bytes of the world."""
