"""What a job may do: everything that is written, and `read` for what stands as the job sees it."""

from quartet.store.attachments import AttachmentReads, AttachmentWrites
from quartet.store.deliveries import DeliveryReads
from quartet.store.exchange import ExchangeReads
from quartet.store.items import ItemReads
from quartet.store.logs import LogReads


class Reader(ItemReads, DeliveryReads, LogReads, ExchangeReads, AttachmentReads):
    """Everything that is read, over one connection of one thread; each query stands alone and leaves nothing open."""


class Tx(AttachmentWrites):
    """One job's writes. They are kept together or not at all."""

    @property
    def read(self) -> Reader:
        """Read the database with everything that this job, and those before it, wrote."""
        self._settle()
        group = self._group
        return Reader(group.connection, group.path, group.sealer, None)
