"""The exchange as this node knows it: peers, manifests, acts, epoch secrets, evidence, alarms, what officers did."""

from collections.abc import Iterable
from typing import Final

from msgspec import json

from quartet.core.encoding import encode
from quartet.core.faults import Untrusted
from quartet.core.ids import MemberId, Micros
from quartet.store import hot
from quartet.store.logs import LogReads, LogWrites
from quartet.store.records import AlarmRow, EpochSecretRow, PersonLine, ReceivedState, SentState

MAX_REFUSED: Final = 1_000
"""Refused statements and the like that are kept of one member; the oldest go."""
MAX_REFUSED_BYTES: Final = 16 * 1024 * 1024
MAX_DETAIL: Final = 500
"""Characters of an alarm's detail: some of it may be what a stranger wrote."""
MAX_MANIFESTS: Final = 100
"""Versions that are kept of one member's manifest; a newer one lists every key that the older ones did."""

_PROOFS: Final = "('equivocation', 'contradiction', 'charter-forked')"
_OLDEST_TO_GO: Final = (
    "SELECT max(n) FROM (SELECT n, row_number() OVER newest AS count, sum(length(data)) OVER newest AS size"
    f" FROM evidence WHERE subject = ? AND kind NOT IN {_PROOFS}"
    " WINDOW newest AS (ORDER BY n DESC)) WHERE count > ? OR size > ?"
)
_DROP_REFUSED: Final = f"DELETE FROM evidence WHERE subject = ? AND n <= ? AND kind NOT IN {_PROOFS}"
_DROP_MANIFESTS: Final = (
    "DELETE FROM manifest WHERE kind = ? AND member = ? AND version <= (SELECT version FROM manifest"
    " WHERE kind = ? AND member = ? ORDER BY version DESC LIMIT 1 OFFSET ?)"
)
_STREAM: Final = "SELECT state FROM stream WHERE member = ? AND direction = ?"
SENT: Final = "sent"
RECEIVED: Final = "received"
_NEWEST: Final = "SELECT version, data FROM manifest WHERE kind = ? AND member = ? ORDER BY version DESC LIMIT 1"


class ExchangeReads(LogReads):
    """Reads what is known of the exchange."""

    def sent(self, member: MemberId) -> SentState:
        """Return our parcels to a peer as they were last kept."""
        found = self._first(_STREAM, member, SENT)
        return SentState() if found is None else json.decode(found[0], type=SentState)

    def received(self, member: MemberId) -> ReceivedState:
        """Return a peer's parcels to us as they were last kept."""
        found = self._first(_STREAM, member, RECEIVED)
        return ReceivedState() if found is None else json.decode(found[0], type=ReceivedState)

    def manifests(self, kind: str) -> list[tuple[MemberId, bytes]]:
        """Return the newest manifest of each member."""
        newest = {member: data for member, _, data in self.manifest_history(kind)}
        return sorted(newest.items())

    def manifest_history(self, kind: str) -> list[tuple[MemberId, int, bytes]]:
        """Return every manifest that came, with its version, by member and version."""
        sql = "SELECT member, version, data FROM manifest WHERE kind = ? ORDER BY member, version"
        return [(MemberId(r[0]), int(r[1]), r[2]) for r in self._all(sql, kind)]

    def epoch_secrets(self) -> list[EpochSecretRow]:
        """Return our epoch keys with their private halves, without those that were destroyed."""
        sql = "SELECT key_id, wrapped, not_before, not_after, published FROM epoch_secret WHERE gone = 0 ORDER BY n"
        return [
            EpochSecretRow(
                key_id=key_id,
                secret=self._sealer.unwrap(wrapped, f"epoch {key_id}"),
                not_before=Micros(not_before),
                not_after=Micros(not_after),
                published=published,
            )
            for key_id, wrapped, not_before, not_after, published in self._all(sql)
        ]

    def acts(self) -> list[bytes]:
        """Return the charter's acts in their order."""
        return [r[0] for r in self._all("SELECT data FROM act ORDER BY n")]

    def evidence(self) -> list[tuple[str, str, bytes, Micros]]:
        """Return what proves somebody wrong: kind, subject, bytes, when."""
        rows = self._all("SELECT kind, subject, data, at FROM evidence ORDER BY n")
        return [(r[0], r[1], r[2], Micros(r[3])) for r in rows]

    def refused(self, subject: str) -> list[tuple[int, str, bytes]]:
        """Return what is kept of a member's refused statements, oldest first: number, reason, sealed bytes."""
        sql = f"SELECT n, kind, data FROM evidence WHERE subject = ? AND kind NOT IN {_PROOFS} ORDER BY n"
        return [(int(r[0]), r[1], r[2]) for r in self._all(sql, subject)]

    def person_log(self, after: int = 0, limit: int = 500, *, subject: str | None = None) -> list[PersonLine]:
        """Return what officers did, oldest first, after line `after`."""
        sql = (
            "SELECT n, at, officer, action, subject, detail FROM person_log WHERE n > ? AND (? IS NULL OR subject = ?)"
        )
        return [PersonLine(*row) for row in self._all(sql + " ORDER BY n LIMIT ?", after, subject, subject, limit)]

    def has_alarm(self, reason: str, subject: str) -> bool:
        """Return whether an alarm stands."""
        sql = "SELECT 1 FROM alarm WHERE reason = ? AND subject = ? AND ended IS NULL"
        return self._first(sql, reason, subject) is not None

    def alarms(self) -> list[AlarmRow]:
        """Return the alarms that have not ended, the newest first."""
        rows = self._all("SELECT reason, subject, detail, at FROM alarm WHERE ended IS NULL ORDER BY at DESC, reason")
        return [AlarmRow(*row) for row in rows]

    def metas(self, prefix: str) -> dict[str, str]:
        """Return what is kept under the keys that begin so."""
        sql = "SELECT key, value FROM meta WHERE substr(key, 1, ?) = ?"
        return {row[0]: row[1] for row in self._all(sql, len(prefix), prefix)}

    def meta(self, key: str) -> str | None:
        """Return a small value by its name."""
        found = self._first("SELECT value FROM meta WHERE key = ?", key)
        return None if found is None else found[0]

    def count(self, table: str) -> int:
        """Return how many rows one of our tables has."""
        if not table.isidentifier():
            raise ValueError(table)
        return int(self._all("SELECT count(*) FROM " + table)[0][0])


class ExchangeWrites(LogWrites):
    """Writes what is known of the exchange."""

    def save_sent(self, member: MemberId, state: SentState) -> None:
        """Keep how far our parcels to a peer are numbered."""
        self._add(hot.PUT_STREAM, (member, SENT, encode(state)))

    def save_received(self, member: MemberId, state: ReceivedState) -> None:
        """Keep how far a peer's parcels came."""
        self._add(hot.PUT_STREAM, (member, RECEIVED, encode(state)))

    def put_manifest(self, kind: str, member: MemberId, version: int, data: bytes) -> bool:
        """Keep a manifest; return whether it is new.

        Raise `Untrusted("manifest-older")` below the highest known, `Untrusted("manifest-twice")` for another of its
        version.
        """
        known = self._ask(_NEWEST, kind, member)
        if known is not None and version < known[0]:
            raise Untrusted("manifest-older", f"{kind} {version} of {member}, {known[0]} is known")
        if known is not None and version == known[0]:
            if known[1] != data:
                raise Untrusted("manifest-twice", f"two of version {version}, {kind} of {member}")
            return False
        sql = "INSERT INTO manifest (kind, member, version, data) VALUES (?, ?, ?, ?)"
        kept = self._do(sql, kind, member, version, data) > 0
        self._do(_DROP_MANIFESTS, kind, member, kind, member, MAX_MANIFESTS)
        return kept

    def put_epoch_secret(self, row: EpochSecretRow) -> None:
        """Keep the private half of an epoch key, wrapped."""
        wrapped = self._group.sealer.wrap(row.secret, f"epoch {row.key_id}")
        sql = (
            "INSERT INTO epoch_secret (key_id, wrapped, not_before, not_after, published, gone)"
            " VALUES (?, ?, ?, ?, ?, 0) ON CONFLICT DO NOTHING"
        )
        self._do(sql, row.key_id, wrapped, row.not_before, row.not_after, row.published)

    def drop_epoch_secrets(self, ended_before: Micros) -> int:
        """Destroy the epoch keys that ended before a time; return how many. What was sealed for them opens no more."""
        sql = "SELECT n, length(wrapped) FROM epoch_secret WHERE not_after < ? AND gone = 0"
        ended = self._ask_all(sql, ended_before)
        for number, size in ended:
            self._do("UPDATE epoch_secret SET wrapped = ?, gone = 1 WHERE n = ?", bytes(size), number)
        self._own.scrub |= bool(ended)
        return len(ended)

    def put_act(self, n: int, data: bytes) -> None:
        """Keep the charter's act number `n`; another one in its place raises `Untrusted("act-twice")`."""
        known = self._ask("SELECT data FROM act WHERE n = ?", n)
        if known is not None and known[0] != data:
            raise Untrusted("act-twice", f"act {n}")
        self._do("INSERT INTO act (n, data) VALUES (?, ?) ON CONFLICT DO NOTHING", n, data)

    def put_evidence(self, kind: str, subject: str, data: bytes, at: Micros) -> None:
        """Keep what proves somebody wrong."""
        self._add(hot.PUT_EVIDENCE, (kind, subject, data, at))

    def put_refused(self, kind: str, subject: str, data: bytes, at: Micros) -> int:
        """Keep bytes that a member sent and that were refused; return how many of its oldest went for it.

        Of one member MAX_REFUSED are kept, and MAX_REFUSED_BYTES: a flood of garbage fills no disk. What convicts it
        of two logs is not counted, and stays.
        """
        self._do(hot.PUT_EVIDENCE, kind, subject, data, at)
        last = self._ask(_OLDEST_TO_GO, subject, MAX_REFUSED, MAX_REFUSED_BYTES)
        return 0 if last is None or last[0] is None else self._do(_DROP_REFUSED, subject, last[0])

    def drop_refused(self, number: int) -> None:
        """Forget one of the refused statements: it was believed after all."""
        self._do("DELETE FROM evidence WHERE n = ?", number)

    def note_person(self, at: Micros, officer: str, action: str, subject: str, detail: str = "") -> None:
        """Note what an officer did with what."""
        sql = "INSERT INTO person_log (at, officer, action, subject, detail) VALUES (?, ?, ?, ?, ?)"
        self._do(sql, at, officer, action, subject, detail)

    def put_alarm(self, reason: str, subject: str, detail: str, at: Micros) -> None:
        """Raise an alarm; the same one twice is one. Of its detail MAX_DETAIL characters are kept."""
        sql = (
            "INSERT INTO alarm (reason, subject, detail, at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (reason, subject) DO UPDATE SET detail = excluded.detail,"
            " at = CASE WHEN alarm.ended IS NULL THEN alarm.at ELSE excluded.at END, ended = NULL"
        )
        self._do(sql, reason, subject, detail[:MAX_DETAIL], at)

    def end_alarm(self, reason: str, subject: str, at: Micros) -> None:
        """End an alarm."""
        self._do("UPDATE alarm SET ended = ? WHERE reason = ? AND subject = ? AND ended IS NULL", at, reason, subject)

    def drop_metas(self, keys: Iterable[str]) -> None:
        """Forget some of what is kept under a key."""
        for key in keys:
            self._do("DELETE FROM meta WHERE key = ?", key)

    def set_meta(self, key: str, value: str) -> None:
        """Keep a small value under a name."""
        sql = "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
        self._do(sql, key, value)
