"""Whose key is whose: what a charter and the manifests under it let us believe. A value, made anew when they change."""

from collections.abc import Mapping
from types import MappingProxyType

from quartet.core.encoding import Value
from quartet.core.faults import Untrusted
from quartet.core.ids import Epoch, ExchangeId, KeyId, MemberId, Micros, OfficerName, Tick
from quartet.core.keys import ED25519, PublicKey
from quartet.core.passkey import PasskeyKey


class KeyEntry(Value, frozen=True):
    """A member's item key, and from which of its ticks on it is not valid."""

    public: PublicKey
    revoked_from: Tick | None = None


class Rota(Value, frozen=True):
    """Who may preside, in turn, from an epoch of the charter and a time on."""

    epoch: Epoch
    since: Micros
    members: tuple[MemberId, ...]


class OfficerEntry(Value, frozen=True):
    """An officer as her member's manifest names her."""

    name: OfficerName
    roles: tuple[str, ...]
    keys: Mapping[KeyId, PublicKey]
    passkeys: Mapping[KeyId, PasskeyKey] = MappingProxyType({})


class Keyring:
    """Answers what verification asks; unknown is None, revoked is `Untrusted`."""

    def __init__(
        self,
        exchange: ExchangeId,
        epoch: Epoch,
        items: Mapping[MemberId, Mapping[KeyId, KeyEntry]],
        officers: Mapping[MemberId, Mapping[OfficerName, OfficerEntry]] = MappingProxyType({}),
        required: frozenset[str] = frozenset({ED25519}),
        roots: Mapping[MemberId, PublicKey] = MappingProxyType({}),
        rotas: tuple[Rota, ...] = (),
    ) -> None:
        self.exchange = exchange
        self.rotas = rotas
        """Who might preside, in turn, since the founding; the last is in force."""
        self.epoch = epoch
        self.required = required
        self._items = items
        self._officers = officers
        self._roots = roots

    def rota_at(self, epoch: int, at: int) -> tuple[MemberId, ...]:
        """Return who might preside, in turn, at a time, by the charter of an epoch: none that is still to come."""
        known = [rota.members for rota in self.rotas if rota.epoch <= epoch and rota.since <= at]
        return known[-1] if known else ()

    def item_key(self, member: str, key_id: str) -> PublicKey:
        """Return the member's item key, or raise `Untrusted("unknown-key" | "key-revoked" | "unknown-member")`."""
        entry = self._entry(member, key_id)
        if entry.revoked_from is not None:
            raise Untrusted("key-revoked", f"{member} from tick {entry.revoked_from}")
        return entry.public

    def any_item_key(self, member: str, key_id: str) -> PublicKey:
        """As `item_key`, revoked ones too: for what was on record before the revocation."""
        return self._entry(member, key_id).public

    def revoked_from(self, member: str, key_id: str) -> Tick | None:
        """Return from which tick on an item key is not valid; None while it is."""
        return self._entry(member, key_id).revoked_from

    def officer(self, member: str, name: str) -> OfficerEntry | None:
        """Return the officer as her member's manifest names her, or None."""
        return self._officers.get(MemberId(member), {}).get(OfficerName(name))

    def officers(self, member: str) -> tuple[OfficerEntry, ...]:
        """Return all officers that the member's manifest names."""
        return tuple(self._officers.get(MemberId(member), {}).values())

    def root(self, member: str) -> PublicKey | None:
        """Return the member's root key as the charter has it, or None."""
        return self._roots.get(MemberId(member))

    def _entry(self, member: str, key_id: str) -> KeyEntry:
        keys = self._items.get(MemberId(member))
        if keys is None:
            raise Untrusted("unknown-member", member)
        entry = keys.get(KeyId(key_id))
        if entry is None:
            raise Untrusted("unknown-key", f"{member} {key_id[:8]}")
        return entry
