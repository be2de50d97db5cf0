"""What nodes say to each other before trust, inside TLS: who they are, what to seal for, and that a key was not known.

Nothing here is sealed or counted in a stream, so each peer has little of it a minute, and what is more is dropped
before any work. The keys of a peer are kept, so that a node that starts again need not ask.
"""

import contextlib
from typing import Final

import msgspec

from quartet.core.faults import Fault, Unavailable, Untrusted
from quartet.core.ids import SECOND, MemberId
from quartet.node.epochs import Epochs
from quartet.node.parts import Parts
from quartet.node.registry import Registry, decode_contact, encode_contact
from quartet.node.takenback import DISOWNING
from quartet.wire import Arrival, Kind, TokenBucket

CONTACTS_A_SECOND: Final = 1.0
CONTACTS_AT_ONCE: Final = 20.0
"""Contacts and hints of one peer that are looked at."""
CONTACT_SLOTS: Final = 30
"""Slots between two contacts while nobody asks, where there is cover."""
HINTS_A_SECOND: Final = 1 / 60
HINTS_AT_ONCE: Final = 3.0
"""Hints of one peer that are answered, and parcels for an unknown key that are: one a minute, a few after a start."""


class _Allowance:
    """What one peer may still cost."""

    def __init__(self, now: float) -> None:
        self.looked = TokenBucket(CONTACTS_A_SECOND, CONTACTS_AT_ONCE, now)
        self.answered = TokenBucket(HINTS_A_SECOND, HINTS_AT_ONCE, now)


class Contacts:
    """Says who we are, and hears who the others are."""

    def __init__(self, parts: Parts, registry: Registry, epochs: Epochs) -> None:
        self._parts = parts
        self._registry = registry
        self._epochs = epochs
        self._allowed: dict[MemberId, _Allowance] = {}
        self._waits: set[MemberId] = set()
        """To whom we shall say who we are in the next slot, where there is cover."""

    def recall(self) -> None:
        """Believe again the keys of the others that were kept; what is no key any more is left out."""
        for member in self._registry.others():
            kept = self._parts.store.reader.meta(_place(member))
            for raw in () if kept is None else msgspec.json.decode(kept, type=tuple[bytes, ...]):
                with contextlib.suppress(Fault):
                    self._registry.learn_epoch_key(raw, member)

    async def say(self, member: MemberId, *, ask: bool = False) -> None:
        """Say who we are and what to seal for; `ask` him to say the same. Under cover that goes in the next slot."""
        if self._registry.cover is not None:
            self._waits.add(member)
            return
        data = encode_contact(self._epochs.contact())
        with contextlib.suppress(Unavailable):
            await self._parts.carrier.send(member, "m", data)
            if ask:
                await self._parts.carrier.send(member, "h", b"keys")

    def due(self, member: MemberId, slot: int, *, ask: bool) -> list[tuple[Kind, bytes]]:
        """Return what goes to a member in a slot beside parcels: who we are each so many slots, and when it was asked.

        None of it depends on what is said in the exchange.
        """
        said: list[tuple[Kind, bytes]] = []
        if ask or member in self._waits or slot % CONTACT_SLOTS == 0:
            said.append(("m", encode_contact(self._epochs.contact())))
        if ask:
            said.append(("h", b"keys"))
        self._waits.discard(member)
        return said

    async def answer(self, member: MemberId) -> None:
        """Say who we are to a peer that asked, or that sealed for a key we do not have; not more than he may have."""
        if self._of(member).answered.spare(1, self._now()):
            await self.say(member)

    async def took(self, arrival: Arrival) -> bool:
        """Hear a contact or a hint; return whether something new was learned.

        Raise `Unavailable("too-many-contacts")` before any work for what is more than a peer may say.
        """
        if not self._of(arrival.frm).looked.spare(1, self._now()):
            raise Unavailable("too-many-contacts", f"{arrival.frm} says who it is again and again")
        if arrival.kind == "h":
            await self.answer(arrival.frm)
            return False
        return await self._met(arrival.frm, arrival.data)

    async def _met(self, member: MemberId, data: bytes) -> bool:
        contact = decode_contact(data)
        try:
            manifest = self._registry.learn_manifest(contact.manifest, member)
        except Untrusted as fault:
            if fault.reason in DISOWNING:
                reason, text, now = fault.reason, str(fault), self._parts.clock.now()
                await self._parts.store.write(lambda tx: tx.put_alarm(reason, member, text, now))
            raise
        if manifest is not None:
            version = manifest.version
            await self._parts.store.write(lambda tx: tx.put_manifest("wire", member, version, contact.manifest))
        fresh = [self._registry.learn_epoch_key(raw, member) for raw in contact.epoch_keys]
        if not any(fresh) and manifest is None:
            return False
        kept = msgspec.json.encode(contact.epoch_keys).decode()
        await self._parts.store.write(lambda tx: tx.set_meta(_place(member), kept))
        await self.say(member)
        return True

    def _of(self, member: MemberId) -> _Allowance:
        """Return a peer's allowance; only members that we deal with are heard, so these are few."""
        return self._allowed.setdefault(member, _Allowance(self._now()))

    def _now(self) -> float:
        return self._parts.clock.now() / SECOND


def _place(member: MemberId) -> str:
    return f"epoch-keys/{member}"
