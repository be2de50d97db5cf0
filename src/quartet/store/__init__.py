"""The member's database: items under keys of their own, deliveries, the logs, the purge; one writer, many readers."""

from typing import TYPE_CHECKING

from quartet.core.front import behind

if TYPE_CHECKING:
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
    from quartet.store.copying import LOST
    from quartet.store.exchange import MAX_REFUSED, MAX_REFUSED_BYTES
    from quartet.store.items import EVIDENCE
    from quartet.store.kept import (
        KeptCommitment,
        KeptDelivery,
        KeptEpochSecret,
        KeptEvidence,
        KeptFactControl,
        KeptMade,
        KeptProof,
        KeptPurge,
        KeptSpan,
    )
    from quartet.store.logs import GRID
    from quartet.store.movements import MovementRow, NewMovement
    from quartet.store.records import (
        AlarmRow,
        DeliveryRow,
        DraftRow,
        DueRow,
        EpochSecretRow,
        ItemRow,
        NewItem,
        PathDue,
        PersonLine,
        ProvenRow,
        ReceivedState,
        SentState,
        StoredItem,
        TickRow,
        ToldRow,
    )
    from quartet.store.store import Store, open_store, read_only
    from quartet.store.tx import Reader, Tx
    from quartet.store.words import SHARD, Words
else:
    __getattr__ = behind(
        __name__,
        {
            "attachments": ("LEAVES",),
            "audit": (
                "KeptAct",
                "KeptBatch",
                "KeptCheckpoint",
                "KeptCosignature",
                "KeptEpochKey",
                "KeptItem",
                "KeptLeaf",
                "KeptManifest",
                "KeptPath",
            ),
            "copying": ("LOST",),
            "exchange": ("MAX_REFUSED", "MAX_REFUSED_BYTES"),
            "items": ("EVIDENCE",),
            "kept": (
                "KeptCommitment",
                "KeptDelivery",
                "KeptEpochSecret",
                "KeptEvidence",
                "KeptFactControl",
                "KeptMade",
                "KeptProof",
                "KeptPurge",
                "KeptSpan",
            ),
            "logs": ("GRID",),
            "movements": ("MovementRow", "NewMovement"),
            "records": (
                "AlarmRow",
                "DeliveryRow",
                "DraftRow",
                "DueRow",
                "EpochSecretRow",
                "ItemRow",
                "NewItem",
                "PathDue",
                "PersonLine",
                "ProvenRow",
                "ReceivedState",
                "SentState",
                "StoredItem",
                "TickRow",
                "ToldRow",
            ),
            "store": ("Store", "open_store", "read_only"),
            "tx": ("Reader", "Tx"),
            "words": ("SHARD", "Words"),
        },
    )

__all__ = [
    "EVIDENCE",
    "GRID",
    "LEAVES",
    "LOST",
    "MAX_REFUSED",
    "MAX_REFUSED_BYTES",
    "SHARD",
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
    "KeptProof",
    "KeptPurge",
    "KeptSpan",
    "MovementRow",
    "NewItem",
    "NewMovement",
    "PathDue",
    "PersonLine",
    "ProvenRow",
    "Reader",
    "ReceivedState",
    "SentState",
    "Store",
    "StoredItem",
    "TickRow",
    "ToldRow",
    "Tx",
    "Words",
    "open_store",
    "read_only",
]
