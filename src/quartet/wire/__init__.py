"""Seal, and carry sealed bytes between members: over NATS, and in memory for tests and exercises."""

from typing import TYPE_CHECKING

from quartet.core.front import behind

if TYPE_CHECKING:
    from quartet.wire.bucket import TokenBucket
    from quartet.wire.carried import Carried, Record, portions, read_carried, write_carried
    from quartet.wire.carrier import MAX_DATA, Arrival, Carrier, Handler, Kind
    from quartet.wire.inbox import Limits
    from quartet.wire.memory import MemoryCarrier, MemoryHub, Passed, Weather
    from quartet.wire.nats import Access, NatsCarrier
    from quartet.wire.natsbinary import find_binary
    from quartet.wire.natsconfig import HubMember, HubSettings, MemberSettings, hub_config
    from quartet.wire.natsserver import NatsServer, free_port
    from quartet.wire.nkey import nkey_public, nkey_seed
    from quartet.wire.seal import EpochSecret, PublicEpoch, open_sealed, public_epoch
    from quartet.wire.site import change_hubs, change_members, change_routes, hub_server, member_server
    from quartet.wire.tls import Identity, fingerprint, issue, new_authority, to_der, to_pem, valid_until
else:
    __getattr__ = behind(
        __name__,
        {
            "bucket": ("TokenBucket",),
            "carried": ("Carried", "Record", "portions", "read_carried", "write_carried"),
            "carrier": ("MAX_DATA", "Arrival", "Carrier", "Handler", "Kind"),
            "inbox": ("Limits",),
            "memory": ("MemoryCarrier", "MemoryHub", "Passed", "Weather"),
            "nats": ("Access", "NatsCarrier"),
            "natsbinary": ("find_binary",),
            "natsconfig": ("HubMember", "HubSettings", "MemberSettings", "hub_config"),
            "natsserver": ("NatsServer", "free_port"),
            "nkey": ("nkey_public", "nkey_seed"),
            "seal": ("EpochSecret", "PublicEpoch", "open_sealed", "public_epoch"),
            "site": ("change_hubs", "change_members", "change_routes", "hub_server", "member_server"),
            "tls": ("Identity", "fingerprint", "issue", "new_authority", "to_der", "to_pem", "valid_until"),
        },
    )

__all__ = [
    "MAX_DATA",
    "Access",
    "Arrival",
    "Carried",
    "Carrier",
    "EpochSecret",
    "Handler",
    "HubMember",
    "HubSettings",
    "Identity",
    "Kind",
    "Limits",
    "MemberSettings",
    "MemoryCarrier",
    "MemoryHub",
    "NatsCarrier",
    "NatsServer",
    "Passed",
    "PublicEpoch",
    "Record",
    "TokenBucket",
    "Weather",
    "change_hubs",
    "change_members",
    "change_routes",
    "find_binary",
    "fingerprint",
    "free_port",
    "hub_config",
    "hub_server",
    "issue",
    "member_server",
    "new_authority",
    "nkey_public",
    "nkey_seed",
    "open_sealed",
    "portions",
    "public_epoch",
    "read_carried",
    "to_der",
    "to_pem",
    "valid_until",
    "write_carried",
]
