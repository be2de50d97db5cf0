"""What an officer asserts with a key of her own before it is published: items of the kinds that need it, and a chair's.

The node prepares the exact bytes, she signs their id, and only what was prepared here is published. Whoever does not
know whether she was heard hands the same in again: it goes once.
"""

from quartet.core.encoding import b64, unb64
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import ItemId
from quartet.core.release import Viewer
from quartet.core.statement import FACT_KINDS, Assertion, decode_statement, item_id
from quartet.core.verify import Verified
from quartet.node.clock import Clock
from quartet.node.factviews import Prepared
from quartet.node.holdings import Holdings
from quartet.node.publishing import PREPARED_FOR, Publisher
from quartet.node.room import Room
from quartet.node.secondofficer import SecondOfficer
from quartet.node.unasserted import Unasserted
from quartet.node.views import Draft


class Asserting:
    """Prepares items for officers to assert, and publishes them."""

    def __init__(
        self, clock: Clock, holdings: Holdings, publisher: Publisher, room: Room, second: SecondOfficer
    ) -> None:
        self._clock = clock
        self._holdings = holdings
        self._publisher = publisher
        self._room = room
        self._second = second
        self._unasserted = Unasserted()

    def prepare(self, draft: Draft, viewer: Viewer) -> Prepared:
        """Return the bytes of an item for its officer to assert; raise as a draft that is published does."""
        if draft.attachments:
            raise Malformed("files-not-asserted", "send the files with an item of their own, and cite that")
        return self.prepared(self._publisher.stated(draft, viewer), viewer)

    def prepared(self, data: bytes, viewer: Viewer) -> Prepared:
        """Return the bytes of an item that was made otherwise, for its officer to assert."""
        prepared = Prepared(statement=b64(data), id=item_id(data))
        self._unasserted.add(viewer.name, prepared.id)
        return prepared

    def takes(self, prepared: Prepared) -> bool:
        """Return whether what was prepared is an item, and no fact."""
        try:
            return decode_statement(unb64(prepared.statement)).kind not in FACT_KINDS
        except Malformed:
            return False

    async def commit(self, prepared: Prepared, assertion: Assertion) -> Verified:
        """Publish a prepared item with its officer's assertion, once; raise `Untrusted` for another's, or too old.

        A warning that a second officer must confirm is not published: what is returned is the item in which it waits.
        """
        data = unb64(prepared.statement)
        sent = self._sent(item_id(data))
        if sent is not None:
            return sent
        statement = decode_statement(data)
        if item_id(data) not in self._unasserted:
            raise Untrusted("not-prepared", "these bytes were not prepared here")
        if self._clock.sure and statement.at + PREPARED_FOR < self._clock.now():
            raise Untrusted("not-prepared", "these bytes were prepared too long ago to count: ask for new ones")
        self._room.check()
        if self._second.concerns(statement):
            return await self._second.take(data, assertion)
        return await self._publisher.put(data, assertion)

    def _sent(self, item: ItemId) -> Verified | None:
        """Return an item of ours that went already: whoever has its bytes knows all that this tells."""
        found = self._holdings.verified(item)
        return found if found is not None and found.statement.member == self._holdings.me else None
