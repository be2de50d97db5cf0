"""The member's database: items under keys of their own, deliveries, the logs, the purge; one writer, many readers."""

from quartet.store.records import (
    AlarmRow,
    DeliveryRow,
    DraftRow,
    DueRow,
    EpochSecretRow,
    ItemRow,
    NewItem,
    PeerState,
    PersonLine,
    StoredItem,
    TickRow,
)
from quartet.store.store import Store, open_store
from quartet.store.tx import Reader, Tx

__all__ = [
    "AlarmRow",
    "DeliveryRow",
    "DraftRow",
    "DueRow",
    "EpochSecretRow",
    "ItemRow",
    "NewItem",
    "PeerState",
    "PersonLine",
    "Reader",
    "Store",
    "StoredItem",
    "TickRow",
    "Tx",
    "open_store",
]
