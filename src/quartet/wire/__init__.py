"""Seal, and carry sealed bytes between members: over NATS, and in memory for tests and exercises."""

from quartet.wire.carrier import MAX_DATA, Arrival, Carrier, Handler, Kind
from quartet.wire.inbox import Limits
from quartet.wire.memory import MemoryCarrier, MemoryHub, Passed, Weather
from quartet.wire.seal import EpochSecret, PublicEpoch, open_sealed, public_epoch, seal

__all__ = [
    "MAX_DATA",
    "Arrival",
    "Carrier",
    "EpochSecret",
    "Handler",
    "Kind",
    "Limits",
    "MemoryCarrier",
    "MemoryHub",
    "Passed",
    "PublicEpoch",
    "Weather",
    "open_sealed",
    "public_epoch",
    "seal",
]
