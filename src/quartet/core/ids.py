"""The ids and units of the exchange, each a type of its own.

Every binary id travels and is kept as base64url text without padding (43 characters for 32 bytes).
"""

from typing import Annotated, Final, NewType

from msgspec import Meta

MEMBER_PATTERN: Final = r"^[a-z][a-z0-9-]{0,31}(?!\n)$"
NAME_PATTERN: Final = r"^[^\x00-\x1f\x7f]{1,64}(?!\n)$"
KEY_PATTERN: Final = r"^[a-z_][a-z0-9_]*(?!\n)$"
HASH_PATTERN: Final = r"^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?!\n)$"
"""43 characters whose last has no bit too many. In Python `$` is also before a last newline, hence `(?!\\n)`."""
NKEY_PATTERN: Final = r"^U[A-Z2-7]{55}(?!\n)$"
KIND_PATTERN: Final = MEMBER_PATTERN

MemberId = NewType("MemberId", str)
"""A member of the exchange: `north`."""
OfficerName = NewType("OfficerName", str)
"""An officer's name, or a pseudonym that the member can resolve."""
ExchangeId = NewType("ExchangeId", str)
"""Hash of the founding charter."""
ItemId = NewType("ItemId", str)
"""Hash of a statement's bytes."""
ControlId = NewType("ControlId", str)
"""Hash of a control's bytes."""
Commitment = NewType("Commitment", str)
"""What the log holds of a statement: says nothing to others."""
KeyId = NewType("KeyId", str)
"""Hash of an algorithm name and a public key."""

Micros = NewType("Micros", int)
"""Microseconds since 1970-01-01T00:00:00Z."""
Tick = NewType("Tick", int)
"""Number of a tick: the time in ticks since 1970 when the clock was right."""
Epoch = NewType("Epoch", int)
"""How many acts the charter had: 0 is the founding charter."""

MemberField = Annotated[MemberId, Meta(pattern=MEMBER_PATTERN)]
NameField = Annotated[OfficerName, Meta(pattern=NAME_PATTERN)]
TimeField = Annotated[Micros, Meta(ge=0, le=2**53 - 1)]
CountField = Annotated[int, Meta(ge=0, le=2**53 - 1)]

SECOND: Final = 1_000_000
"""Microseconds in a second."""
