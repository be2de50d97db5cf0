"""Make the file with which an outsider checks an item: its path to what a quorum cosigned, then to an hourly one."""

from collections.abc import Iterable
from contextlib import suppress

from quartet.core.faults import Fault, Unavailable
from quartet.core.ids import MemberId, Micros
from quartet.core.keys import ED25519, ML_DSA_44
from quartet.core.proof.checkpoint import dated, read_checkpoint, witness_named
from quartet.core.proof.counting import counted, periods, shown
from quartet.core.proof.file import Hourly, make_hourly, make_proof
from quartet.core.proof.note import SignatureLine, read_line, read_note, write_note
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

    def proof(self, stored: StoredItem, author: MemberId, path: Path, now: Micros) -> bytes:
        """Return an item's proof; raise `Unavailable("not-on-record")` while no quorum of the witnesses cosigned."""
        needed = quorum(len(counted(self._registry.membership, author, now)))
        found = self._on_record(author, path, now)
        if found is None:
            raise Unavailable(
                "not-on-record", f"no checkpoint with {needed} cosignatures covers it yet; try again soon"
            )
        return make_proof(
            self._registry.state,
            stored.signed,
            stored.control,
            *found,
            self._registry.wire_manifests().values(),
            self._officers(),
            self._hourly(author, path, needed),
        )

    def _officers(self) -> Iterable[bytes]:
        return [found[1] for m in self._registry.state.members if (found := self._registry.officer_manifest(m))]

    def _on_record(self, author: MemberId, path: Path, now: Micros) -> Shown | None:
        """Return the first checkpoint over an item that proves it, whoever was counted while it was signed.

        From each time on at which others counted, it is the first that so many cosigned as made a quorum then.
        """
        membership = self._registry.membership
        times = periods(membership, author, Micros(path.tick * membership.tick), now)
        found = [self._first(author, path, quorum(n), ED25519, begin // membership.tick) for begin, n in times if n]
        return min((one for one in found if one is not None), key=lambda one: one[0].size, default=None)

    def _hourly(self, author: MemberId, path: Path, needed: int) -> Hourly | None:
        """Return the first hourly checkpoint over an item: that of a quorum, or else the first of anybody."""
        found = self._first(author, path, needed, ML_DSA_44) or self._first(author, path, 1, ML_DSA_44)
        return None if found is None else make_hourly(*found)

    def _first(self, author: MemberId, path: Path, witnesses: int, algorithm: str, tick: int = 0) -> Shown | None:
        """Return the first checkpoint over an item, and a tick, that so many cosigned, by keys that were valid then."""
        origin = self._witness.origin(author)
        least = path.size + max(0, tick - path.tick)
        size = self._reader.size_cosigned(origin, least, witnesses, algorithm)
        while size is not None and (found := self._reader.checkpoint(origin, size)) is not None:
            lines = self._lines(found[1], size, algorithm)
            if len(lines) >= witnesses and (algorithm == ML_DSA_44 or self._shows(author, path, found[1], lines)):
                return self._witness.paths.grown(origin, path, size), found[1], lines
            size = self._reader.size_cosigned(origin, size + 1, witnesses, algorithm)
        return None

    def _shows(self, author: MemberId, path: Path, note: str, lines: list[SignatureLine]) -> bool:
        """Return whether a checkpoint with these lines shows a stranger that the item is on record."""
        return self._quorum(author, path, lines) and self._counts(author, note, lines)

    def _quorum(self, author: MemberId, path: Path, lines: list[SignatureLine]) -> bool:
        membership, exchange = self._registry.membership, self._registry.exchange
        named = {witness_named(exchange, one.name): dated(one) for one in lines}
        dates = {witness: date for witness, date in named.items() if witness is not None}
        return shown(dates, membership, author, Micros(path.tick * membership.tick)) is not None

    def _lines(self, note: str, size: int, algorithm: str) -> list[SignatureLine]:
        """Return who cosigned a checkpoint, each once, by a key that was not taken back before."""
        said, lines = read_checkpoint(read_note(note).text), {}
        for witness, _, text in self._reader.cosignatures(said.origin, size, algorithm):
            line = read_line(text.rstrip("\n"))
            with suppress(Fault):
                self._registry.log_keys(MemberId(witness)).cosigned(said, line, line.name)
                lines[line.name] = line
        return list(lines.values())

    def _counts(self, author: MemberId, note: str, lines: list[SignatureLine]) -> bool:
        """Return whether a checkpoint with these lines is its author's word, whatever key was taken back since."""
        if not self._registry.log_keys(author).took_back:
            return True
        read = read_note(note)
        whole = write_note(read.text, [read.signatures[0], *sorted(lines, key=lambda line: line.name)])
        return self._witness.taken_back.shows(author, whole)
