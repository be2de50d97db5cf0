"""What files took to one peer and brought from it: kept, for days lie between a file and what comes back.

A parcel in a file is confirmed by the first file that comes back, after a restart too: parts of large files and paths
then go on from there, and do not begin anew with each file.
"""

from dataclasses import replace
from typing import Final

from msgspec import json

from quartet.core.encoding import Value
from quartet.core.ids import MemberId, Micros
from quartet.node.link import Outgoing, Sent
from quartet.store import Tx


class Carriage(Value, frozen=True):
    """When a file was last written for a peer, with what, and when one last came; None while there was none."""

    out: Micros | None = None
    came: Micros | None = None
    items: int = 0
    parcels: int = 0
    leaves_to: int = 0
    files: tuple[tuple[Sent, ...], ...] = ()
    """The parcels of the newest files that nobody confirmed yet."""


NOTHING: Final = Carriage()
"""No file went, and none came."""


def read_carriage(kept: str | None) -> Carriage:
    """Return what was kept."""
    return NOTHING if kept is None else json.decode(kept, type=Carriage)


def place_of(member: MemberId) -> str:
    """Return under which name it is kept."""
    return f"carried/{member}"


def keep(tx: Tx, member: MemberId, carriage: Carriage) -> None:
    """Keep it."""
    tx.set_meta(place_of(member), json.encode(carriage).decode())


def files_of(outgoing: Outgoing) -> tuple[tuple[Sent, ...], ...]:
    """Return the parcels of files as they are kept: rows are receipted anyhow, and receipts asked for again."""
    return tuple(tuple(_kept(sent) for sent in file.values()) for file in outgoing.files if file)


def _kept(sent: Sent) -> Sent:
    return replace(sent, cargo=replace(sent.cargo, rows=[], batches=[]))
