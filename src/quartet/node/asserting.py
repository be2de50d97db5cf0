"""What an officer asserts with a key of her own before it is published: items of the kinds that need it, and a chair's.

The node prepares the exact bytes, she signs their id, and only what was prepared here for her is published.
"""

from collections import OrderedDict
from typing import Final

from quartet.core.encoding import b64, unb64
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import ItemId, Micros, OfficerName
from quartet.core.release import Viewer
from quartet.core.statement import Assertion, item_id
from quartet.core.verify import Verified
from quartet.node.clock import Clock
from quartet.node.publishing import PREPARED_FOR, Publisher
from quartet.node.views import Draft, Prepared

MAX_WAITING: Final = 64
"""What waits for one officer's assertion; beyond it her oldest is forgotten."""


class Asserting:
    """Prepares items for officers to assert, and publishes them."""

    def __init__(self, clock: Clock, publisher: Publisher) -> None:
        self._clock = clock
        self._publisher = publisher
        self._waiting: dict[OfficerName, OrderedDict[ItemId, Micros]] = {}

    def prepare(self, draft: Draft, viewer: Viewer) -> Prepared:
        """Return the bytes of an item for its officer to assert; raise as a draft that is published does."""
        if draft.attachments:
            raise Malformed("files-not-asserted", "send the files with an item of their own, and cite that")
        data = self._publisher.stated(draft, viewer)
        waiting = self._waiting.setdefault(viewer.name, OrderedDict())
        waiting[item_id(data)] = self._clock.now()
        if len(waiting) > MAX_WAITING:
            waiting.popitem(last=False)
        return Prepared(statement=b64(data), id=item_id(data))

    def is_prepared(self, item: ItemId, viewer: Viewer) -> bool:
        """Return whether an item with this id waits for this officer's assertion."""
        return item in self._waiting.get(viewer.name, ())

    async def commit(self, prepared: Prepared, assertion: Assertion, viewer: Viewer) -> Verified:
        """Publish a prepared item with its officer's assertion; raise `Untrusted` if it is not hers, or too old."""
        data, now = unb64(prepared.statement), self._clock.now()
        item = item_id(data)
        if not self.is_prepared(item, viewer):
            raise Untrusted("not-prepared", "these bytes were not prepared here for her")
        if self._waiting[viewer.name][item] + PREPARED_FOR < now:
            raise Untrusted("not-prepared", "these bytes were prepared too long ago: ask for new ones")
        verified = await self._publisher.put(data, assertion)
        self._waiting[viewer.name].pop(item, None)
        return verified
