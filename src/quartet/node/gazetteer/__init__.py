"""Make and keep the book of places of a member's node."""
