"""What one person may see of what this node holds: the one place that asks the gate for a viewer.

Reading, watching, the picture, and what a draft or a fact may name all see through here. What she may not have and what
does not exist are told in the same words; so is what she may not ask about.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import structs

from quartet.core.facts import Facts
from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.hats import WATCH_ROLE
from quartet.core.ids import Commitment, ItemId, MemberId, Micros, OfficerName
from quartet.core.keyring import OfficerEntry
from quartet.core.marking import TlpWord
from quartet.core.reasons import Reason, explain
from quartet.core.release import Door, Released, Viewer, Withheld, gateway, gateway_text, may_ask, may_view, named_alone
from quartet.core.statement import FACT_KINDS
from quartet.core.verify import Verified
from quartet.core.withdrawn import Withdrawn, withdrawn, withdrawn_at
from quartet.node.drafting import title_of
from quartet.node.findings import Finding
from quartet.node.holdings import Holdings
from quartet.node.inforce import DRILL, drills
from quartet.node.origins import Origins
from quartet.node.registry import Registry
from quartet.node.stub import read_stub
from quartet.store import ItemRow

TRAINED: Final = "trained:"
"""A role that names a caveat for which the officer is trained: `trained:EXERCISE`."""
WATCH: Final = WATCH_ROLE
"""The role of who answers for the running of the node: she is told its totals, never what they are made of."""
TITLED: Final = frozenset({"alert", "early-warning", "track-offer"})
"""Kinds that an alarm names many of at once: each by its title too."""
TITLE_SIGNS: Final = 48
HIDDEN: Final = "(an item that you may not see)"
UNTOLD: Final = "(what the watch is told)"

_ID_SIZE: Final = 43
_NAMES: Final = re.compile(r"\b[A-Z]-[0-9A-Z]{3}-[0-9A-Z]{3}\b|(?<![\w-])[\w-]{43}(?![\w-])", re.ASCII)
"""How an item is named in a text: by its reference, or by its id."""


class Seeing:
    """Answers whether a viewer may see an item, or ask about it."""

    def __init__(self, registry: Registry, holdings: Holdings) -> None:
        self._registry = registry
        self._holdings = holdings
        self._reader = holdings.store.reader
        self._origins = Origins(holdings)

    def see(self, item: ItemId, viewer: Viewer, now: Micros) -> Released | None:
        """Return an item that a viewer may see, with what admits her; None for any other, purged and facts too."""
        decision = self._decided(item, viewer, now)
        return decision if isinstance(decision, Released) else None

    def would_see(self, verified: Verified, viewer: Viewer, facts: Facts, now: Micros) -> bool:
        """Return whether a viewer could see an item, which is held here, if only `facts` were known."""
        return isinstance(may_view(verified, viewer, facts, self._registry.membership, now, held=True), Released)

    def find(self, ref: str, viewer: Viewer, now: Micros) -> tuple[Released, ItemRow]:
        """Return an item that a viewer may see, by reference or id; raise `Unavailable("unknown-item")`."""
        for row in self._named(ref):
            seen = self.see(row.id, viewer, now)
            if seen is not None:
                return seen, self._holdings.labelled(row, seen.item, now)
        raise unknown()

    def keep(self, ref: str, viewer: Viewer, now: Micros) -> tuple[Released, ItemRow]:
        """Return an item that a viewer may see and keep a copy of.

        Raise as `find`, `Untrusted("display-only")`, and `Untrusted("origin-stays")` for what says from where an attack
        came: it leaves by no door.
        """
        seen, row = self.find(ref, viewer, now)
        stays = self.stays(seen.item, row, viewer, now)
        if stays is not None:
            raise stays
        return seen, row

    def stays(self, item: Verified, row: ItemRow, viewer: Viewer, now: Micros) -> Untrusted | None:
        """Return why no copy of an item that a viewer sees goes out with her, or None."""
        if self._origins.speaks(item):
            return Untrusted(
                "origin-stays", f"{row.ref} is about a place of origin: it is read here, and goes out nowhere"
            )
        for at in (now, self._holdings.clock.latest(now)):
            decision = self._holdings.gate.keep(row.id, viewer.member, at)
            if isinstance(decision, Withheld):
                return Untrusted(str(decision.reason), f"{row.ref} may be shown and not kept")
        return None

    def about(self, ref: str, viewer: Viewer, now: Micros) -> Verified:
        """Return an item that a viewer may see, or could before it was taken back; raise as `find`."""
        for row in self._named(ref):
            found = self._asked_about(row.id, viewer, now)
            if found is not None:
                return found
        raise unknown()

    def published(self, ref: str, viewer: Viewer, now: Micros) -> ItemRow:
        """Return the row of an item of ours that a viewer may ask about, purged ones too; raise as `find`."""
        for row in self._named(ref):
            if row.mine and self._may_ask(row, viewer, now):
                return row
        raise unknown()

    def known(self, item: ItemId, viewer: Viewer, now: Micros) -> ItemRow | None:
        """Return the row of an item that a viewer may see, or could before it was taken back."""
        row = self._reader.row(item)
        if row is None or row.kind in FACT_KINDS or not self._may_ask(row, viewer, now):
            return None
        verified = self._holdings.verified(item)
        return row if verified is None else self._holdings.labelled(row, verified, now)

    def withdrawn(self, item: ItemId, viewer: Viewer, now: Micros) -> bool:
        """Return whether what the viewer's own item names was taken back; that item explains the question."""
        row = self._reader.row(item)
        if row is None or row.state == "PURGED":
            return row is not None
        decision = self._decided(item, viewer, now)
        return isinstance(decision, Withheld) and decision.reason is Reason.RECALLED

    def withdrawn_warning(self, item: ItemId, viewer: Viewer, now: Micros) -> Withdrawn | None:
        """Return what a viewer is told of a warning in force that was taken back, or None; asked twice as `see`."""
        verified, latest = self._holdings.verified(item), self._holdings.clock.latest(now)
        if verified is None:
            return None
        facts, membership = self._holdings.facts, self._registry.membership
        told = withdrawn(verified, viewer, facts, membership, now)
        return told if told is None or latest <= now else withdrawn(verified, viewer, facts, membership, latest)

    def passes(self, item: ItemId, door: Door, now: Micros, *, held: bool = True) -> Released | Withheld | None:
        """Return whether an item that is held here may pass a door, asked twice as `see`; None if it is not held.

        Without `held` evidence that was taken back does not.
        """
        verified, latest = self._holdings.verified(item), self._holdings.clock.latest(now)
        if verified is None or verified.own is None:
            return None
        facts, membership = self._holdings.facts, self._registry.membership
        decision = gateway(verified, door, facts, membership, now, held=held)
        again = isinstance(decision, Released) and latest > now
        return gateway(verified, door, facts, membership, latest, held=held) if again else decision

    def leaves(self, ref: str, viewer: Viewer, door: Door, now: Micros) -> tuple[Verified, ItemRow]:
        """Return an item that a viewer sees, and may send through a door to what has had nothing of it yet.

        Raise as `keep`, and `Untrusted` with the gate's reason where it may not pass the door: asked twice as `see`.
        What was taken back goes to nobody new, though it be evidence here.
        """
        seen, row = self.keep(ref, viewer, now)
        facts, membership = self._holdings.facts, self._registry.membership
        for at in (now, self._holdings.clock.latest(now)):
            decision = gateway(seen.item, door, facts, membership, at)
            if isinstance(decision, Withheld):
                raise Untrusted(str(decision.reason), f"{row.ref} may not go there: {explain(decision.reason)}")
        return seen.item, row

    def text_leaves(self, tlp: TlpWord, door: Door) -> None:
        """Raise `Untrusted` with the gate's reason where a text that is no item yet, so marked, may not pass a door."""
        reason = gateway_text(tlp, door)
        if reason is not None:
            raise Untrusted(str(reason), explain(reason))

    def withdrawn_at(self, item: ItemId, door: Door, now: Micros) -> Withdrawn | None:
        """Return that a warning in force was taken back which could pass a door, or None; asked twice as `see`."""
        verified, latest = self._holdings.verified(item), self._holdings.clock.latest(now)
        if verified is None or verified.own is None:
            return None
        facts, membership = self._holdings.facts, self._registry.membership
        told = withdrawn_at(verified, door, facts, membership, now)
        return told if told is None or latest <= now else withdrawn_at(verified, door, facts, membership, latest)

    def worlds(self, item: ItemId, door: Door, now: Micros) -> bool:
        """Return whether the whole world may have an item: then it passes a door for which nobody answers."""
        return isinstance(self.passes(item, nobody_at(door), now), Released)

    def askers(self, verified: Verified, now: Micros) -> tuple[OfficerName, ...] | None:
        """Return which of our officers may ask about an item once it is gone; None if every one, now or later."""
        me, facts = self._registry.me, self._holdings.facts
        if may_ask(verified, Viewer(member=me, name=OfficerName("")), facts, now) is None:
            return None
        purposes = (None, *sorted(self._registry.membership.purposes))
        officers = self._registry.keyring.officers(me)
        return tuple(
            one.name
            for one in officers
            if any(may_ask(verified, viewer_of(me, one, p), facts, now) is None for p in purposes)
        )

    def explained(self, text: str, viewer: Viewer, now: Micros) -> str:
        """Return a text without the names of items that the viewer may not see; what is a drill's says so beside it.

        Before a warning's or a handover's stands its title, where she sees that and it is not for persons alone.
        """

        def told(name: re.Match[str]) -> str:
            known = list(self._rows(name[0]))
            mine = [row for row in known if row.kind not in FACT_KINDS and self._may_ask(row, viewer, now)]
            if known and not mine:
                return HIDDEN
            drill = f" ({DRILL})" if any(self._drills(row.id, now) for row in mine) else ""
            return self._title(mine, viewer, now) + name[0] + drill

        return _NAMES.sub(told, text)

    def _title(self, rows: Sequence[ItemRow], viewer: Viewer, now: Micros) -> str:
        """Return the title of the one item that is meant, as an alarm tells it: nobody signs there what she saw."""
        if len(rows) != 1 or rows[0].kind not in TITLED:
            return ""
        seen = self.see(rows[0].id, viewer, now)
        if seen is None or named_alone(seen.item, self._holdings.facts, self._holdings.clock.latest(now)):
            return ""
        title = " ".join(title_of(seen.item.statement).split())
        return f"“{title[: TITLE_SIGNS - 1].rstrip()}…” " if len(title) > TITLE_SIGNS else f"“{title}” "

    def found(self, finding: Finding, viewer: Viewer, now: Micros) -> str:
        """Return where a problem is, as a viewer is told: an item that she may see, what every officer knows.

        How much is kept here is for the watch.
        """
        match finding.place.tells:
            case "common":
                return finding.where
            case "item":
                row = self._reader.row(ItemId(finding.place.name)) or self._reader.by_c(Commitment(finding.place.name))
                known = row is not None and row.kind not in FACT_KINDS and self._may_ask(row, viewer, now)
                return finding.where if known else HIDDEN
            case "kept":
                return finding.where if WATCH in viewer.roles else UNTOLD

    def _drills(self, item: ItemId, now: Micros) -> bool:
        verified = self._holdings.verified(item)
        return verified is not None and drills(verified, self._holdings.facts, now)

    def _named(self, ref: str) -> Iterator[ItemRow]:
        """Yield the rows of what a reference or id may mean, whoever asks; nobody names facts."""
        return (row for row in self._rows(ref) if row.kind not in FACT_KINDS)

    def _rows(self, ref: str) -> Iterator[ItemRow]:
        items = [ItemId(ref)] if len(ref) == _ID_SIZE else self._reader.by_ref(ref.upper())
        return (row for item in items if (row := self._reader.row(item)) is not None)

    def _may_ask(self, row: ItemRow, viewer: Viewer, now: Micros) -> bool:
        if row.state == "PURGED":
            stub = self._reader.stub(row.id)
            return stub is not None and read_stub(stub).may_ask(viewer.name)
        return self._asked_about(row.id, viewer, now) is not None

    def _asked_about(self, item: ItemId, viewer: Viewer, now: Micros) -> Verified | None:
        decision = self._decided(item, viewer, now)
        if isinstance(decision, Released):
            return decision.item
        if decision is None or decision.reason is not Reason.RECALLED:
            return None
        verified = self._holdings.verified(item)
        refused = None if verified is None else may_ask(verified, viewer, self._holdings.facts, now)
        return verified if refused is None else None

    def _decided(self, item: ItemId, viewer: Viewer, now: Micros) -> Released | Withheld | None:
        """Ask the gate, twice as `Holdings.release` if need be; None for what is unknown, gone, damaged, or a fact."""
        verified = self._holdings.verified(item)
        if verified is None or verified.own is None:
            return None
        gate, latest = self._holdings.gate, self._holdings.clock.latest(now)
        decision = gate.view(item, viewer, now)
        return gate.view(item, viewer, latest) if isinstance(decision, Released) and latest > now else decision


def nobody_at(door: Door) -> Door:
    """Return a door as it would be if nobody answered for it: what passes there the whole world may have."""
    return structs.replace(door, principals=(), carries_markings=False)


def viewer_of(member: MemberId, officer: OfficerEntry, purpose: str | None = None) -> Viewer:
    """Return the viewer that an officer is; the one place that makes it from what her member's manifest says."""
    trained = frozenset(role.removeprefix(TRAINED) for role in officer.roles if role.startswith(TRAINED))
    return Viewer(member=member, name=officer.name, roles=officer.roles, purpose=purpose, trained=trained)


def answering(member: MemberId, officers: Iterable[OfficerEntry | None], purpose: str | None) -> tuple[Viewer, ...]:
    """Return who answers for a door; nobody, where one who is named is an officer no more (None)."""
    named = list(officers)
    known = [viewer_of(member, one, purpose) for one in named if one is not None]
    return tuple(known) if len(known) == len(named) else ()


def purpose_of(given: str | None, known: Iterable[str]) -> str | None:
    """Return the purpose that an officer states; raise `Malformed("unknown-purpose")` for none of the charter's."""
    if given is not None and given not in known:
        raise unknown_purpose(given, known)
    return given


def unknown_purpose(given: str, known: Iterable[str]) -> Malformed:
    """Return the fault of a purpose that the charter does not have."""
    return Malformed(
        "unknown-purpose", f"{given!r} is none of the charter's: {', '.join(sorted(known)) or 'it has none'}"
    )


def check_purposes(given: Iterable[str], known: Iterable[str]) -> None:
    """Raise the fault of the first purpose that the charter does not have."""
    if unheard := sorted(set(given) - set(known)):
        raise unknown_purpose(unheard[0], known)


def unknown() -> Unavailable:
    """Return the one fault for what does not exist and for what a viewer may not have."""
    return Unavailable("unknown-item", "there is no such item that you may see")
