"""What an officer is told of files that take parcels across an air gap."""

from quartet.core.encoding import Value
from quartet.core.ids import MemberId
from quartet.node.views import Moment


class CarriedView(Value, frozen=True):
    """How it stands with one member: the file last `written` for it, and the one that last `came` from it.

    `items` and `parcels` are those of the file last written; `due` is what the member has not receipted, with them.
    Without `key` a file says who we are and no more, until the member's own file came.
    """

    member: MemberId
    written: Moment | None
    items: int
    parcels: int
    came: Moment | None
    due: int
    key: bool


class CameIn(Value, frozen=True):
    """What a file brought: new `parcels`, with so many items and batches of receipts that were stored; those `known`.

    `not_taken` counts by its reason word what in the new parcels was not believed, or came of a suspended member, and
    `answers` the receipts that were made for them. `refused` counts the records that were dropped by their reason word,
    and `unread` those at the end that were not looked at, as too many in a row before them were dropped; `due` is what
    waits to go back.
    """

    member: MemberId
    items: int
    receipts: int
    parcels: int
    known: int
    answers: int
    not_taken: dict[str, int]
    refused: dict[str, int]
    unread: int
    due: int
