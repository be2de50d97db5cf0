"""This node's epoch keys: what others seal for. A week each, the next published a day ahead, the old one destroyed.

Private halves lie wrapped in the store and in no backup: who takes the disk later opens nothing that was destroyed.
"""

from typing import Final

from quartet.core.encoding import b64
from quartet.core.ids import SECOND, KeyId, Micros
from quartet.core.keys import SecretKey
from quartet.core.manifest import EpochKey, sign_epoch_key
from quartet.node.parts import Parts
from quartet.node.registry import Contact, Registry
from quartet.store import EpochSecretRow
from quartet.wire import EpochSecret

LIFE: Final = 7 * 86_400 * SECOND
AHEAD: Final = 86_400 * SECOND
GRACE: Final = 86_400 * SECOND
SKEW: Final = 2 * 3_600 * SECOND
"""A key is good a little before it is made: clocks differ, and an hour off must not cut a member off."""
SEED: Final = 96


class Epochs:
    """Makes, publishes and destroys epoch keys."""

    def __init__(self, parts: Parts, registry: Registry) -> None:
        self._parts = parts
        self._registry = registry
        self.secrets: dict[KeyId, EpochSecret] = {}
        self._published: list[tuple[Micros, bytes]] = []

    async def start(self) -> None:
        """Read the keys back, and make one if none is good."""
        self._published = []
        for row in self._parts.store.reader.epoch_secrets():
            self._use(row)
        await self.look(self._parts.clock.now())

    async def look(self, now: Micros) -> None:
        """Make the next key when the last is nearly over; destroy those whose grace is over."""
        if not any(ends - AHEAD > now for ends, _ in self._published):
            await self._make(now)
        if any(ends + GRACE < now for ends, _ in self._published):
            await self._parts.store.write(lambda tx: tx.drop_epoch_secrets(Micros(now - GRACE)))
            self._published = [(ends, raw) for ends, raw in self._published if ends + GRACE >= now]
            kept = {KeyId(r.key_id) for r in self._parts.store.reader.epoch_secrets()}
            self.secrets = {k: s for k, s in self.secrets.items() if k in kept}

    async def _make(self, now: Micros) -> None:
        secret = EpochSecret(self._parts.entropy(SEED))
        key = EpochKey(
            v=1,
            exchange=self._registry.exchange,
            member=self._parts.me,
            key_id=secret.id,
            public=b64(secret.public),
            not_before=Micros(now - SKEW),
            not_after=Micros(now + LIFE),
        )
        item_key: SecretKey = self._parts.keys.item
        row = EpochSecretRow(
            key_id=secret.id,
            secret=secret.to_bytes(),
            not_before=key.not_before,
            not_after=key.not_after,
            published=sign_epoch_key(key, item_key),
        )
        await self._parts.store.write(lambda tx: tx.put_epoch_secret(row))
        self._use(row)

    def _use(self, row: EpochSecretRow) -> None:
        self.secrets[KeyId(row.key_id)] = EpochSecret.from_bytes(row.secret)
        self._published.append((row.not_after, row.published))

    def contact(self) -> Contact:
        """Return what we say before trust: our manifest and the keys to seal for."""
        manifest = self._registry.wire_manifests()[self._parts.me]
        return Contact(manifest=manifest, epoch_keys=tuple(raw for _, raw in sorted(self._published)[-2:]))
