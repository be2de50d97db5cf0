"""Make the file with which an outsider checks an item: its path to what a quorum cosigned, then to an hourly one."""

from collections.abc import Iterable

from quartet.core.faults import Unavailable
from quartet.core.ids import MemberId
from quartet.core.keys import ED25519, ML_DSA_44
from quartet.core.proof.file import Hourly, make_hourly, make_proof
from quartet.core.proof.note import SignatureLine, read_line
from quartet.core.proof.path import Path
from quartet.core.proof.quorum import quorum
from quartet.node.registry import Registry
from quartet.node.witness import Witness
from quartet.store import Reader, StoredItem

Shown = tuple[Path, str, list[SignatureLine]]
"""A path, the checkpoint it leads to, and who cosigned that."""


class Proving:
    """Makes proofs of what is on record."""

    def __init__(self, reader: Reader, registry: Registry, witness: Witness) -> None:
        self._reader = reader
        self._registry = registry
        self._witness = witness

    def proof(self, stored: StoredItem, author: MemberId, path: Path, witnesses: int) -> bytes:
        """Return an item's proof; raise `Unavailable("not-on-record")` while no quorum of the witnesses cosigned."""
        origin, needed = self._witness.origin(author), quorum(witnesses)
        shown = self._first(origin, path, needed, ED25519)
        if shown is None:
            raise Unavailable(
                "not-on-record", f"no checkpoint with {needed} cosignatures covers it yet; try again soon"
            )
        return make_proof(
            self._registry.state,
            stored.signed,
            stored.control,
            *shown,
            self._registry.wire_manifests().values(),
            self._officers(),
            self._hourly(origin, path, needed),
        )

    def _officers(self) -> Iterable[bytes]:
        return [found[1] for m in self._registry.state.members if (found := self._registry.officer_manifest(m))]

    def _hourly(self, origin: str, path: Path, needed: int) -> Hourly | None:
        """Return the first hourly checkpoint over an item: that of a quorum, or else the first of anybody."""
        shown = self._first(origin, path, needed, ML_DSA_44) or self._first(origin, path, 1, ML_DSA_44)
        return None if shown is None else make_hourly(*shown)

    def _first(self, origin: str, path: Path, witnesses: int, algorithm: str) -> Shown | None:
        size = self._reader.size_cosigned(origin, path.size, witnesses, algorithm)
        found = None if size is None else self._reader.checkpoint(origin, size)
        if size is None or found is None:
            return None
        lines = [read_line(line.rstrip("\n")) for _, _, line in self._reader.cosignatures(origin, size, algorithm)]
        unique = list({line.name: line for line in lines}.values())
        return self._witness.paths.grown(origin, path, size), found[1], unique
