"""A world of members in memory: keys, charter, statements, facts. Nothing runs, nothing is stored.

    world = exchange("north", "east", "south")
    report = world.item("north", "AMBER", ["east"])
    world.grant(report, "south")
    world.release(report, "south")          # Released(...)

Everything is signed and verified as between real nodes. The clock stands until `world.wait` moves it.
"""

import hashlib
from collections.abc import Iterable
from typing import Any, Final, Literal, cast

import msgspec
from msgspec import UNSET, structs

from quartet.core.control import make_control, sign_control
from quartet.core.encoding import Value, b64, digest64, encode
from quartet.core.facts import (
    CancelRecall,
    Delegate,
    Facts,
    Grant,
    Narrow,
    Recall,
    Widen,
    fact_of,
)
from quartet.core.ids import SECOND, ControlId, Epoch, ExchangeId, MemberId, Micros, OfficerName
from quartet.core.keyring import KeyEntry, Keyring, OfficerEntry
from quartet.core.keys import SecretKey
from quartet.core.marking import Marking
from quartet.core.membership import Membership
from quartet.core.release import Decision, release
from quartet.core.statement import (
    ASSERTED_KINDS,
    ROOT,
    Citation,
    Contained,
    Statement,
    assert_item,
    item_id,
    sign_bytes,
)
from quartet.core.verify import Verified, VerifiedControl, verify_statement

NOON: Final = Micros(1_700_000_000 * SECOND)
"""When a world begins."""
FACT_MARKING: Final = Marking(tlp="AMBER", rel=())
OFFICERS: Final = ("officer", "second", "third")
"""The officers of every member."""

Source = Verified | VerifiedControl


def exchange(*names: str, purposes: Iterable[str] = ()) -> "World":
    """Return a world of these members, all founding."""
    return World(names, frozenset(purposes))


def seed(*words: object) -> bytes:
    """Return the 32 bytes that these words always give."""
    return hashlib.sha256("/".join(str(word) for word in words).encode()).digest()


class World:
    """Members with keys, the facts that everybody knows, and a clock; `facts` grows as facts are stated."""

    def __init__(self, names: Iterable[str], purposes: frozenset[str]) -> None:
        self.id = ExchangeId(digest64("quartet/exchange/v1", b"world"))
        self.now = NOON
        self.facts = Facts.NONE
        self.stated: list[Verified] = []
        founders = [MemberId(name) for name in names]
        self.membership = structs.replace(Membership.founding(founders), purposes=purposes)
        self._known: list[str] = [*names]
        self._count = 0

    @property
    def keyring(self) -> Keyring:
        """Whose keys are whose, those of past members included."""
        return Keyring(
            self.id,
            self.membership.epoch,
            {MemberId(m): {self.key(m).id: KeyEntry(self.key(m).public)} for m in self._known},
            {MemberId(m): {OfficerName(o): self._officer(m, o) for o in OFFICERS} for m in self._known},
            roots={MemberId(m): self.officer_key(m, ROOT).public for m in self._known},
        )

    def key(self, member: str) -> SecretKey:
        """Return a member's item key."""
        return SecretKey(seed("item", member))

    def officer_key(self, member: str, officer: str) -> SecretKey:
        """Return an officer's own key; the member's root key for `root`."""
        return SecretKey(seed("officer", member, officer))

    def _officer(self, member: str, name: str) -> OfficerEntry:
        key = self.officer_key(member, name)
        return OfficerEntry(OfficerName(name), ("officer",), {key.id: key.public})

    def wait(self, seconds: float) -> Micros:
        """Move the clock on and return what it shows."""
        self.now = Micros(self.now + round(seconds * SECOND))
        return self.now

    def act(self, member: str, state: Literal["active", "suspended", "withdrawn"], at: Micros | None = None) -> None:
        """Move a member, a new one too, as a charter act of now does."""
        if member not in self._known:
            self._known.append(member)
        self.membership = self.membership.with_span(MemberId(member), self.now if at is None else at, state)

    def item(
        self,
        author: str,
        tlp: str = "AMBER",
        rel: Iterable[str] | None = (),
        *,
        contains: Iterable[Source] = (),
        cites: Iterable[Verified] = (),
        at: Micros | None = None,
        kind: str = "report",
        body: Any = None,
        **marking: Any,
    ) -> Verified:
        """Publish an item; `rel` None leaves it out, other fields of the marking are given by name."""
        named = UNSET if rel is None else tuple(sorted(MemberId(m) for m in set(rel)))
        full = Marking(tlp=tlp, rel=named, **marking)
        return self.publish(author, full, contains=contains, cites=cites, at=at, kind=kind, body=body)

    def publish(
        self,
        author: str,
        marking: Marking,
        *,
        contains: Iterable[Source] = (),
        cites: Iterable[Verified] = (),
        at: Micros | None = None,
        kind: str = "report",
        body: Any = None,
    ) -> Verified:
        """Publish an item with this marking."""
        statement = self.statement(author, kind, body or {"title": "T", "text": "x"}, marking, at=at)
        statement = structs.replace(
            statement, contains=_sealed(contains), cites=tuple(Citation(item=i.id) for i in cites)
        )
        data = encode(statement)
        issued = statement.at // self.membership.tick
        control = make_control(statement, item_id(data), seed("serial", self._count)[:16], issued)
        signed = self._signed(statement, data, "officer")
        return verify_statement(signed, encode(sign_control(control, self.key(author))), self.keyring)

    def statement(
        self,
        author: str,
        kind: str,
        body: Any,
        marking: Marking = FACT_MARKING,
        *,
        officer: str = "officer",
        at: Micros | None = None,
    ) -> Statement:
        """Return what somebody would sign, with a nonce of its own."""
        self._count += 1
        return Statement(
            v=1,
            exchange=self.id,
            epoch=Epoch(self.membership.epoch),
            member=MemberId(author),
            officer=OfficerName(officer),
            hat="MEMBER",
            at=self.now if at is None else at,
            clock="SURE",
            nonce=b64(seed("nonce", self._count)),
            precedence="ROUTINE",
            marking=marking,
            contains=(),
            cites=(),
            kind=kind,
            kind_v=1,
            body=msgspec.Raw(encode(body)),
        )

    def _signed(self, statement: Statement, data: bytes, officer: str) -> bytes:
        asserted = statement.kind in ASSERTED_KINDS
        own = self.officer_key(statement.member, officer)
        return sign_bytes(data, self.key(statement.member), assert_item(item_id(data), own) if asserted else None)

    def fact(
        self, author: str, kind: str, body: Value, *, officer: str = "officer", at: Micros | None = None
    ) -> Verified:
        """State a fact; everybody knows it from now on."""
        statement = self.statement(author, kind, body, officer=officer, at=at)
        data = encode(statement)
        verified = verify_statement(self._signed(statement, data, officer), None, self.keyring)
        self.stated.append(verified)
        self.facts = self.facts.plus((fact_of(verified),))
        return verified

    def grant(
        self,
        item: Verified,
        to: str,
        *,
        by: str | None = None,
        control: Source | None = None,
        scope: Literal["ITEM", "FOLLOWING"] = "ITEM",
        until: Micros | None = None,
        at: Micros | None = None,
    ) -> Verified:
        """Admit a member to an item under one of its controls: its own, unless `control` names another's."""
        under = control_of(item if control is None else control)
        body = Grant(
            control=under.id,
            item=item.id,
            author=item.statement.member,
            member=MemberId(to),
            until=until,
            scope=scope,
        )
        return self.fact(under.control.controller if by is None else by, "grant", body, at=at)

    def recall(
        self,
        item: Verified,
        *,
        by: str | None = None,
        officer: str = "officer",
        reason: Literal["NORMAL", "LIFE"] = "NORMAL",
        in_incident: bool = False,
        controls: Iterable[Source] | None = None,
        at: Micros | None = None,
    ) -> Verified:
        """Take an item back: by its author under its own control, unless others are named."""
        named = tuple(sorted(control_of(c).id for c in ([item] if controls is None else controls)))
        body = Recall(controls=named, reason=reason, in_incident=in_incident)
        return self.fact(by or item.statement.member, "recall", body, officer=officer, at=at)

    def cancel(
        self, recall: Verified, *, by: str | None = None, officer: str = "second", at: Micros | None = None
    ) -> Verified:
        """Cancel a recall, as another officer of the same member."""
        controls = tuple(cast(Recall, fact_of(recall).body).controls)
        body = CancelRecall(recall=recall.id, controls=controls)
        return self.fact(by or recall.statement.member, "cancel-recall", body, officer=officer, at=at)

    def narrow(self, item: Source, marking: Marking, *, by: str | None = None, at: Micros | None = None) -> Verified:
        """Narrow a control; what the marking leaves out stays as it is."""
        under = control_of(item)
        return self.fact(by or under.control.controller, "narrow", Narrow(control=under.id, marking=marking), at=at)

    def widen(self, item: Source, *rel: str, by: str | None = None, at: Micros | None = None) -> Verified:
        """Name more members under a control."""
        under = control_of(item)
        body = Widen(control=under.id, rel=tuple(sorted(MemberId(m) for m in rel)))
        return self.fact(by or under.control.controller, "widen", body, at=at)

    def delegate(self, item: Source, to: str, *, by: str | None = None, at: Micros | None = None) -> Verified:
        """Name who consents once a controller has left."""
        under = control_of(item)
        body = Delegate(controls=(under.id,), delegate=MemberId(to))
        return self.fact(by or under.control.controller, "delegate", body, at=at)

    def release(self, item: Verified, to: str, *, held: bool = False) -> Decision:
        """Decide whether a member may receive an item now."""
        return release(item, MemberId(to), self.facts, self.membership, self.now, held=held)


def control_of(source: Source) -> VerifiedControl:
    """Return a control, or an item's own."""
    own = source.own if isinstance(source, Verified) else source
    if own is None:
        raise ValueError("a fact has no control")
    return own


def _sealed(contains: Iterable[Source]) -> tuple[Contained, ...]:
    """Return the controls that a new item carries: all of every item it contains, each once."""
    found: dict[ControlId, Contained] = {}
    for source in contains:
        for c in source.controls if isinstance(source, Verified) else (source,):
            found[c.id] = c.sealed
    return tuple(found.values())
