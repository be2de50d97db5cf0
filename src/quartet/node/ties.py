"""Take in the paths that tie what a peer sent to its log, those of a parcel together.

A look into the store for each would keep the event loop waiting as often as the peer says something in a tick.
"""

from collections.abc import Iterable

from quartet.core.faults import Fault, Unavailable, Untrusted
from quartet.core.ids import Commitment, MemberId, Tick
from quartet.core.proof.path import Path, decode_path
from quartet.node.intake import Intake
from quartet.node.parts import Parts
from quartet.node.peer import Peer
from quartet.node.witness import Witness


class Ties:
    """Reads the paths that one peer sends."""

    def __init__(self, parts: Parts, witness: Witness, peer: Peer) -> None:
        self._me = parts.me
        self._reader = parts.store.reader
        self._witness = witness
        self._peer = peer
        self._looked_at = -1

    def take(self, paths: Iterable[bytes], intake: Intake) -> list[tuple[Fault, bytes]]:
        """Take in paths, or keep them until their leaves come; return those that are refused, each with its fault.

        One of what we neither hold nor have with this parcel is nothing to us.
        """
        refused: list[tuple[Fault, bytes]] = []
        read: list[tuple[Path, bytes]] = []
        for data in paths:
            try:
                read.append((decode_path(data), data))
            except Fault as fault:
                refused.append((fault, data))
        authors = self._authors([path.c for path, _ in read], intake)
        for path, data in read:
            if path.c in authors:
                try:
                    self._tie(path, data, authors[path.c], intake)
                except Fault as fault:
                    refused.append((fault, data))
        return refused

    def due(self) -> list[bytes]:
        """Return, once the sender's log has grown here, the paths that wait for their leaves: to be looked at again."""
        size = self._witness.state(self._peer.member).size
        if size == self._looked_at:
            return []
        self._looked_at = size
        waiting = list(self._peer.paths)
        self._peer.paths.clear()
        return waiting

    def _authors(self, cs: list[Commitment], intake: Intake) -> dict[Commitment, MemberId]:
        """Return who committed to what: an item that is held or came just now, or a batch of the peer's receipts."""
        if not cs:
            return {}
        known = {verified.c: verified.statement.member for verified in intake.known} | self._reader.authors(cs)
        made = {Commitment(c) for _, c, _ in intake.batches}
        left = [c for c in cs if c not in known and (c in made or self._reader.has_batch(c))]
        return known | dict.fromkeys(left, self._peer.member)

    def _tie(self, path: Path, data: bytes, author: MemberId, intake: Intake) -> None:
        if author == self._me and self._witness.elsewhere.whole:
            return
        origin, first_tick = self._log_of(author)
        try:
            self._witness.paths.believe(origin, path, first_tick)
        except Unavailable:
            self._peer.paths.append(data)
        except Untrusted:
            of = self._me if author == self._me else self._peer.member
            if not self._witness.taken_back.gave_way(of, path.tick):
                raise  # else it led into leaves that gave way to others: the way into the next ones comes again
        else:
            intake.paths.append((path, data, origin))

    def _log_of(self, author: MemberId) -> tuple[str, Tick | None]:
        """Return the log that holds what a peer sent, with its first tick: the peer's; ours for what comes back."""
        if author == self._me:
            return self._witness.origin(author), self._witness.elsewhere.began()
        member = self._peer.member
        return self._witness.origin(member), self._witness.state(member).first_tick
