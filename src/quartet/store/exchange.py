"""What a node knows of the exchange and of itself: peers, manifests, acts, epoch secrets, evidence, alarms, officers' deeds."""

from collections.abc import Iterable
from typing import Final

from msgspec import json

from quartet.core.encoding import encode
from quartet.core.faults import Untrusted
from quartet.core.ids import KeyId, MemberId, Micros
from quartet.store import hot
from quartet.store.logs import LogWrites
from quartet.store.records import AlarmRow, Evidence, ManifestRow, PeerState, PersonLine
from quartet.store.rows import Reads
from quartet.store.sealing import DESTROYED

_MANIFEST: Final = "SELECT kind, member, version, data FROM manifest"
_ALARM: Final = "SELECT n, kind, subject, text, since, ended FROM alarm"


class ExchangeReads(Reads):
    """Reads what is known of the exchange."""

    def meta(self, key: str) -> bytes | None:
        """Return a setting that the node keeps for itself."""
        row = self._one("SELECT value FROM meta WHERE key = ?", (key,))
        return None if row is None else bytes(row[0])

    def peer(self, member: MemberId) -> PeerState:
        """Return where the streams of parcels with a peer stand."""
        row = self._one("SELECT state FROM peer WHERE member = ?", (member,))
        return PeerState() if row is None else json.decode(row[0], type=PeerState)

    def manifest(self, kind: str, member: MemberId) -> ManifestRow | None:
        """Return the member's newest manifest of this kind."""
        sql = _MANIFEST + " WHERE kind = ? AND member = ? ORDER BY version DESC LIMIT 1"
        row = self._one(sql, (kind, member))
        return None if row is None else ManifestRow(*row)

    def manifests(self, kind: str | None = None, member: MemberId | None = None) -> list[ManifestRow]:
        """Return every manifest that ever came, old ones too, by kind, member and version."""
        sql = _MANIFEST + " WHERE (? IS NULL OR kind = ?) AND (? IS NULL OR member = ?) ORDER BY kind, member, version"
        return [ManifestRow(*row) for row in self._rows(sql, (kind, kind, member, member))]

    def acts(self, after: int = -1) -> list[bytes]:
        """Return the charter (number 0) and its acts, those after number `after`."""
        return [row[0] for row in self._rows("SELECT data FROM act WHERE n > ? ORDER BY n", (after,))]

    def epoch_secrets(self) -> dict[KeyId, tuple[bytes, Micros]]:
        """Return our secret epoch keys that are not destroyed, and until when each is used."""
        rows = self._rows("SELECT id, wrapped, not_after FROM epoch_secret WHERE gone = 0 ORDER BY n")
        return {KeyId(i): (self._sealer.unwrap(w, f"epoch {i}"), Micros(t)) for i, w, t in rows}

    def evidence(self, kind: str | None = None) -> list[Evidence]:
        """Return what convicts somebody, oldest first."""
        sql = "SELECT kind, place, data, at FROM evidence WHERE ? IS NULL OR kind = ? ORDER BY n"
        return [Evidence(*row) for row in self._rows(sql, (kind, kind))]

    def person_log(self, after: int = 0, limit: int = 500, *, subject: str | None = None) -> list[PersonLine]:
        """Return what officers did, oldest first."""
        sql = (
            "SELECT n, at, officer, action, subject, detail FROM person_log WHERE n > ? AND (? IS NULL OR subject = ?)"
        )
        return [PersonLine(*row) for row in self._rows(sql + " ORDER BY n LIMIT ?", (after, subject, subject, limit))]

    def alarms(self, limit: int = 500) -> list[AlarmRow]:
        """Return the alarms that stand, oldest first."""
        return [AlarmRow(*row) for row in self._rows(_ALARM + " WHERE ended IS NULL ORDER BY n LIMIT ?", (limit,))]

    def past_alarms(self, after: int = 0, limit: int = 500) -> list[AlarmRow]:
        """Return all alarms, ended ones too, oldest first."""
        return [AlarmRow(*row) for row in self._rows(_ALARM + " WHERE n > ? ORDER BY n LIMIT ?", (after, limit))]


class ExchangeWrites(LogWrites):
    """Writes what is known of the exchange."""

    def set_meta(self, key: str, value: bytes) -> None:
        """Keep a setting."""
        sql = "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
        self._run(sql, (key, value))

    def put_peer(self, member: MemberId, state: PeerState) -> None:
        """Keep where the streams of parcels with a peer stand."""
        self._add(hot.PUT_PEER, (member, encode(state)))

    def put_manifest(self, kind: str, member: MemberId, version: int, data: bytes) -> bool:
        """Keep a manifest and return whether it is new.

        A lower version than ever seen raises `Untrusted("manifest-older")`; another one of the same version raises
        `Untrusted("manifest-twice")`.
        """
        self._settle()
        sql = "SELECT version, data FROM manifest WHERE kind = ? AND member = ? ORDER BY version DESC LIMIT 1"
        row = self._ask(sql, (kind, member))
        if row is not None and version < row[0]:
            raise Untrusted("manifest-older", f"{kind} of {member}: version {version} after {row[0]}")
        if row is not None and version == row[0]:
            if row[1] != data:
                raise Untrusted("manifest-twice", f"{kind} of {member}: two of version {version}")
            return False
        sql = "INSERT INTO manifest (kind, member, version, data) VALUES (?, ?, ?, ?)"
        self._run(sql, (kind, member, version, data))
        return True

    def put_act(self, n: int, data: bytes) -> None:
        """Keep the charter (number 0) or its act `n`; another one at that place raises `Untrusted("act-twice")`."""
        self._settle()
        row = self._ask("SELECT data FROM act WHERE n = ?", (n,))
        if row is not None and row[0] != data:
            raise Untrusted("act-twice", f"act {n}")
        if row is None:
            self._run("INSERT INTO act (n, data) VALUES (?, ?)", (n, data))

    def put_epoch_secret(self, key: KeyId, secret: bytes, not_after: Micros) -> None:
        """Keep the secret of one of our epoch keys."""
        wrapped = self._group.sealer.wrap(secret, f"epoch {key}")
        self._run(
            "INSERT INTO epoch_secret (id, wrapped, not_after, gone) VALUES (?, ?, ?, 0)", (key, wrapped, not_after)
        )

    def destroy_epoch_secrets(self, keys: Iterable[KeyId]) -> None:
        """Overwrite the secrets of epoch keys: what was sealed for them opens no more."""
        self._settle()
        for key in keys:
            row = self._ask("SELECT length(wrapped) FROM epoch_secret WHERE id = ?", (key,))
            blank = DESTROYED if row is None else bytes(row[0])
            self._run("UPDATE epoch_secret SET wrapped = ?, gone = 1 WHERE id = ?", (blank, key))
        self._own.scrub = True

    def put_evidence(self, kind: str, where: str, data: bytes, at: Micros) -> None:
        """Keep bytes that convict somebody."""
        self._add(hot.PUT_EVIDENCE, (kind, where, data, at))

    def note_person(self, at: Micros, officer: str, action: str, subject: str, detail: str = "") -> None:
        """Note what an officer did with what."""
        sql = "INSERT INTO person_log (at, officer, action, subject, detail) VALUES (?, ?, ?, ?, ?)"
        self._run(sql, (at, officer, action, subject, detail))

    def raise_alarm(self, kind: str, subject: str, text: str, at: Micros) -> bool:
        """Raise an alarm and return whether it is new: one that stands is not raised again."""
        sql = "SELECT 1 FROM alarm WHERE kind = ? AND subject = ? AND ended IS NULL"
        self._settle()
        if self._ask(sql, (kind, subject)) is not None:
            return False
        self._run("INSERT INTO alarm (kind, subject, text, since) VALUES (?, ?, ?, ?)", (kind, subject, text, at))
        return True

    def end_alarm(self, kind: str, subject: str, at: Micros) -> bool:
        """End an alarm and return whether it stood."""
        sql = "UPDATE alarm SET ended = ? WHERE kind = ? AND subject = ? AND ended IS NULL"
        return self._run(sql, (at, kind, subject)) > 0
