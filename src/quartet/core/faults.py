"""The three faults, named for whoever must act; a decision (`Withheld`) is not one of them.

Fault
├── Malformed    the sender mends it: the bytes are not of the agreed shape
├── Untrusted    an officer looks at it: a proof, a signature or a right failed
└── Unavailable  the machine tries again: something needed is not there now

A bug is none of these: it raises as it is.
"""


class Fault(Exception):  # noqa: N818 - the tree above names them
    """What went wrong, as a stable `reason` word and a `detail` that names the thing and the number."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class Malformed(Fault):
    """The bytes are not what the format says; the sender mends them."""


class Untrusted(Fault):
    """A proof, a signature or a right failed; an officer looks at it."""


class Unavailable(Fault):
    """Something that is needed is not there now; the machine tries again."""
