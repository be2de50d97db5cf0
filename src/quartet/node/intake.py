"""What one parcel brings: read from its contents, verified, and not yet stored."""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from quartet.core.facts import AnyFact
from quartet.core.ids import ItemId
from quartet.core.parcel import Content
from quartet.core.proof.path import Path
from quartet.core.receipt import Receipt
from quartet.core.verify import Verified
from quartet.node.holdings import Row
from quartet.node.proofs import Heard


class Kept(NamedTuple):
    """What was new in a parcel and is stored: statements, batches of receipts; what of it was not taken, and why.

    `answers` counts the receipts that we made for it, of what we held before and of what we refused too.
    """

    items: int
    receipts: int
    answers: int
    refused: Counter[str]


@dataclass(slots=True)
class Intake:
    """What one parcel brings, verified, before it is stored; `believed` may be known already, `items` are new."""

    believed: list[tuple[Verified, AnyFact | None, Content]] = field(default_factory=list)
    items: list[tuple[Verified, list[Row]]] = field(default_factory=list)
    facts: list[tuple[AnyFact, Verified]] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    batches: list[tuple[bytes, str, list[tuple[ItemId, str]]]] = field(default_factory=list)
    paths: list[tuple[Path, bytes, str]] = field(default_factory=list)
    told: list[Heard] = field(default_factory=list)
    trouble: list[tuple[str, str, bytes]] = field(default_factory=list)
    lowered: list[Verified] = field(default_factory=list)
    """What claims FLASH once too often, and is taken as IMMEDIATE."""
    live: bool = True
    """Whether a link brought it, and no file."""
    beyond: int = 0
    """How many refused contents were counted only: the peer sends too many."""

    fresh: frozenset[ItemId] = frozenset()
    """What was new, once it is stored."""

    def kept(self, suspended: int) -> Kept:
        """Return what came of it, beside so many statements of a member that was `suspended`."""
        refused = Counter({"suspended": suspended, "refused-flood": self.beyond})
        refused.update(reason for reason, _, _ in self.trouble)
        return Kept(len(self.fresh), len(self.batches), len(self.receipts), +refused)

    @property
    def known(self) -> tuple[Verified, ...]:
        """The statements that came and were believed."""
        return tuple(verified for verified, _, _ in self.believed)

    @property
    def brings_facts(self) -> bool:
        """Whether any of what came is a fact, by which others are decided."""
        return any(fact is not None for _, fact, _ in self.believed)
