"""The member's database: items under keys of their own, deliveries, the logs, the purge; one writer, many readers."""

from quartet.store.attachments import LEAVES
from quartet.store.audit import (
    KeptAct,
    KeptBatch,
    KeptCheckpoint,
    KeptCosignature,
    KeptEpochKey,
    KeptItem,
    KeptLeaf,
    KeptManifest,
    KeptPath,
)
from quartet.store.exchange import MAX_REFUSED, MAX_REFUSED_BYTES
from quartet.store.items import EVIDENCE
from quartet.store.kept import (
    KeptCommitment,
    KeptDelivery,
    KeptEpochSecret,
    KeptEvidence,
    KeptFactControl,
    KeptMade,
    KeptPurge,
    KeptSpan,
)
from quartet.store.records import (
    AlarmRow,
    DeliveryRow,
    DraftRow,
    DueRow,
    EpochSecretRow,
    ItemRow,
    NewItem,
    PersonLine,
    ReceivedState,
    SentState,
    StoredItem,
    TickRow,
)
from quartet.store.store import Store, open_store, read_only
from quartet.store.tx import Reader, Tx

__all__ = [
    "EVIDENCE",
    "LEAVES",
    "MAX_REFUSED",
    "MAX_REFUSED_BYTES",
    "AlarmRow",
    "DeliveryRow",
    "DraftRow",
    "DueRow",
    "EpochSecretRow",
    "ItemRow",
    "KeptAct",
    "KeptBatch",
    "KeptCheckpoint",
    "KeptCommitment",
    "KeptCosignature",
    "KeptDelivery",
    "KeptEpochKey",
    "KeptEpochSecret",
    "KeptEvidence",
    "KeptFactControl",
    "KeptItem",
    "KeptLeaf",
    "KeptMade",
    "KeptManifest",
    "KeptPath",
    "KeptPurge",
    "KeptSpan",
    "NewItem",
    "PersonLine",
    "Reader",
    "ReceivedState",
    "SentState",
    "Store",
    "StoredItem",
    "TickRow",
    "Tx",
    "open_store",
    "read_only",
]
