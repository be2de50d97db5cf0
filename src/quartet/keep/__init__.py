"""The member's database: items under keys of their own, deliveries, the log, and the purge."""

from quartet.keep.reader import Reader
from quartet.keep.rows import (
    AlarmRow,
    DeliveryRow,
    DueRow,
    EpochSecretRow,
    ItemRow,
    NewItem,
    PeerState,
    StoredItem,
    TickRow,
)
from quartet.keep.store import Store, open_store, read_only
from quartet.keep.tx import Tx

__all__ = [
    "AlarmRow",
    "DeliveryRow",
    "DueRow",
    "EpochSecretRow",
    "ItemRow",
    "NewItem",
    "PeerState",
    "Reader",
    "Store",
    "StoredItem",
    "TickRow",
    "Tx",
    "open_store",
    "read_only",
]
