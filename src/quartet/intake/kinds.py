"""The kinds of what two texts may have in common."""

from typing import Literal

Kind = Literal["person", "body", "place", "day"]
