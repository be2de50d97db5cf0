"""What a node says that came back from a backup, and what each of the others answers.

Both ends of each of the two streams of parcels begin anew behind a number that no older parcel has: what is still on
its way from before the restore is never taken, wherever a hub kept it.
"""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from quartet.core.packing import read_packed
from quartet.core.proof.note import MAX_NOTE

NONCE_SIZE: Final = 16
MAX_LEAVES: Final = 4_000
MAX_LOGS: Final = 64
MAX_RETURNED: Final = 480 * 1024

_Nonce = Annotated[bytes, Meta(min_length=NONCE_SIZE, max_length=NONCE_SIZE)]
_Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
_Note = Annotated[str, Meta(max_length=MAX_NOTE)]


class Restored(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """I came back: this is which time (`nonce`), how long my log is here, and the last of your parcels that I hold.

    It lies in a parcel of its own that stands in no stream, and is said again until all that was lost has come.
    """

    nonce: _Nonce
    log: _Count
    received: _Count


class Returned(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What a peer holds of a log and of cosignatures, and from where on the two streams go.

    `received` is the last number that it takes as used by who came back, `sent` the last of its own; `note` is the
    newest checkpoint of the log that it holds, empty for none, and `leaves` follow leaf `first`. `cosigned` are the
    newest checkpoints of every log that who came back cosigned; `whole` says that all that was due to it is with it.
    """

    nonce: _Nonce
    received: _Count
    sent: _Count
    note: _Note
    first: _Count
    leaves: Annotated[bytes, Meta(max_length=MAX_LEAVES * 32)]
    cosigned: Annotated[tuple[_Note, ...], Meta(max_length=MAX_LOGS)]
    whole: bool


def read_restored(data: bytes) -> Restored:
    """Return what a content says of a restore, or raise `Malformed`."""
    return read_packed(data, Restored, 256)


def read_returned(data: bytes) -> Returned:
    """Return what a content answers to a restore, or raise `Malformed`."""
    return read_packed(data, Returned, MAX_RETURNED)
