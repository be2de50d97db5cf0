"""Seal, and carry sealed bytes between members: over NATS, and in memory for tests and exercises."""

from typing import TYPE_CHECKING

from quartet.core.front import behind

if TYPE_CHECKING:
    from quartet.wire.bucket import TokenBucket
    from quartet.wire.carried import Carried, Record, portions, read_carried, write_carried
    from quartet.wire.carrier import MAX_DATA, Arrival, By, Carrier, Handler, Kind, Trouble, Way
    from quartet.wire.direct import Partner
    from quartet.wire.inbox import Limits
    from quartet.wire.memory import MemoryCarrier, MemoryHub, Passed, Weather
    from quartet.wire.nats import NatsCarrier
    from quartet.wire.natsbinary import find_binary
    from quartet.wire.natsconfig import HubMember, HubSettings, MemberSettings, hub_config
    from quartet.wire.natslink import Access
    from quartet.wire.natsserver import NatsServer, free_port
    from quartet.wire.nkey import nkey_public, nkey_seed
    from quartet.wire.seal import EpochSecret, PublicEpoch, open_sealed, public_epoch
    from quartet.wire.site import change_members, change_routes, change_ways, hub_server, member_server
    from quartet.wire.tls import (
        Identity,
        fingerprint,
        hosts_of,
        is_listener,
        issue,
        new_authority,
        to_der,
        to_pem,
        valid_until,
    )
else:
    __getattr__ = behind(
        __name__,
        {
            "bucket": ("TokenBucket",),
            "carried": ("Carried", "Record", "portions", "read_carried", "write_carried"),
            "carrier": ("MAX_DATA", "Arrival", "By", "Carrier", "Handler", "Kind", "Trouble", "Way"),
            "direct": ("Partner",),
            "inbox": ("Limits",),
            "memory": ("MemoryCarrier", "MemoryHub", "Passed", "Weather"),
            "nats": ("NatsCarrier",),
            "natsbinary": ("find_binary",),
            "natsconfig": ("HubMember", "HubSettings", "MemberSettings", "hub_config"),
            "natslink": ("Access",),
            "natsserver": ("NatsServer", "free_port"),
            "nkey": ("nkey_public", "nkey_seed"),
            "seal": ("EpochSecret", "PublicEpoch", "open_sealed", "public_epoch"),
            "site": ("change_members", "change_routes", "change_ways", "hub_server", "member_server"),
            "tls": (
                "Identity",
                "fingerprint",
                "hosts_of",
                "is_listener",
                "issue",
                "new_authority",
                "to_der",
                "to_pem",
                "valid_until",
            ),
        },
    )

__all__ = [
    "MAX_DATA",
    "Access",
    "Arrival",
    "By",
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
    "Partner",
    "Passed",
    "PublicEpoch",
    "Record",
    "TokenBucket",
    "Trouble",
    "Way",
    "Weather",
    "change_members",
    "change_routes",
    "change_ways",
    "find_binary",
    "fingerprint",
    "free_port",
    "hosts_of",
    "hub_config",
    "hub_server",
    "is_listener",
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
