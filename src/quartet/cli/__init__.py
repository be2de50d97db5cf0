"""The `quartet` command: a client of the node's API, and set-up and verification with nothing but files."""

from quartet.cli.main import main

__all__ = ["main"]
