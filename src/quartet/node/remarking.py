"""Change who may have an item that went already: its author narrows and widens it."""

from typing import cast

from msgspec import UnsetType

from quartet.core.facts import AnyFact, Fact, Narrow, Widen
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import MemberId, Micros, OfficerName
from quartet.core.marking import Marking
from quartet.core.release import Released
from quartet.core.statement import HELD_KINDS
from quartet.core.terms import label_at, narrowed, terms_at
from quartet.core.verify import Verified, VerifiedControl
from quartet.node.drafting import resolve
from quartet.node.factviews import FactDraft, narrowing
from quartet.node.holdings import Holdings
from quartet.node.registry import Registry
from quartet.node.views import micros


class Remarking:
    """Makes the bodies of narrowings and widenings."""

    def __init__(self, me: MemberId, registry: Registry, holdings: Holdings) -> None:
        self._me = me
        self._registry = registry
        self._holdings = holdings

    def narrowed(self, draft: FactDraft, verified: Verified, now: Micros) -> Narrow:
        """Return what narrows our item from now on.

        Raise `Untrusted("not-author")` for another's, and `Malformed("narrow-to-red" | "not-narrower" | "bad-time" |
        "does-not-expire" | "does-not-narrow" | "unknown-member")` for what would not narrow it as the officer means.
        """
        own = self._own(draft, verified, "narrows")
        if draft.tlp == "RED":
            raise Malformed("narrow-to-red", "RED is for persons: take it back, and send it to those anew")
        self._check_end(draft, verified, now)
        marking = narrowing(draft, self._me)
        self._check_staying(draft, verified, now)
        self._check_narrower(draft, own, marking, self._leaving(verified, marking.rel, now), now)
        narrow = Narrow(control=own.id, marking=marking)
        self._check_kept(narrow, verified, now)
        return narrow

    def widened(self, draft: FactDraft, verified: Verified, now: Micros) -> Widen:
        """Return what names more members for our item; raise `Malformed("not-wider")` where it names nobody new.

        Raise `Untrusted("not-author")` for another's: a widened source of ours would go to them by itself too.
        """
        own = self._own(draft, verified, "widens")
        meant = [m for m in self._members(draft.members or ()) if m != self._me]
        new = [m for m in meant if not self._has(verified, m, now)]
        if not new:
            raise Malformed("not-wider", "everyone of these may have it already: name who may have it too")
        return Widen(control=own.id, rel=tuple(new))

    def _own(self, draft: FactDraft, verified: Verified, does: str) -> VerifiedControl:
        own, author = verified.own, verified.statement.member
        if own is None or author != self._me:
            raise Untrusted("not-author", f"only {author} {does} {draft.ref}: grant it, recall it, or ask {author}")
        return own

    def _members(self, names: tuple[str, ...]) -> tuple[MemberId, ...]:
        """Return who is named; no circle is, for what the officer's key asserts must not hang on what one means."""
        return resolve(names, self._registry.state.members, {})

    def _check_staying(self, draft: FactDraft, verified: Verified, now: Micros) -> None:
        staying = () if draft.members is None else self._members(draft.members)
        new = [m for m in staying if m != self._me and not self._has(verified, m, now)]
        if new:
            raise Malformed("not-narrower", f"{new[0]} may not have it now, and a narrowing lets nobody in: widen it")

    def _leaving(self, verified: Verified, staying: tuple[MemberId, ...] | UnsetType, now: Micros) -> bool:
        if isinstance(staying, UnsetType):
            return False
        others = self._registry.others()
        return any(self._has(verified, m, now) for m in others if m not in staying)

    def _has(self, verified: Verified, member: MemberId, now: Micros) -> bool:
        return isinstance(self._holdings.release(verified.id, member, now), Released)

    def _check_end(self, draft: FactDraft, verified: Verified, now: Micros) -> None:
        kind = verified.statement.kind
        if draft.expires is not None and kind in HELD_KINDS:
            raise Malformed("does-not-expire", f"a {kind} stays: what is decided by it must not change by a date")
        if draft.expires is not None and micros(draft.expires) <= now:
            raise Malformed("bad-time", "it would have closed before now: take it back instead")

    def _check_kept(self, narrow: Narrow, verified: Verified, now: Micros) -> None:
        """Raise where somebody would lose what a decision hangs on, and so find another end than the rest."""
        if verified.statement.kind not in HELD_KINDS:
            return
        fact = Fact(verified.id, self._me, OfficerName(""), now, narrow)
        rows = self._holdings.decide(verified, self._holdings.facts.plus([cast(AnyFact, fact)]), now)
        lost = [m for _, m, state, _, _ in rows if state != "due" and self._has(verified, m, now)]
        if lost:
            raise Malformed("does-not-narrow", f"{lost[0]} keeps it: what is decided by it must be so for all")

    def _check_narrower(
        self, draft: FactDraft, own: VerifiedControl, marking: Marking, leaving: bool, now: Micros
    ) -> None:
        """Raise unless something of the marking, or somebody who may have it now, changes."""
        terms = terms_at(own.control, self._holdings.facts.on(own.id), now)
        then = narrowed(terms, marking)
        same = all(getattr(then, one) == getattr(terms, one) for one in ("onward", "mode", "expires"))
        same = same and then.tlp(now) == terms.tlp(now)
        if same and not leaving:
            label = label_at(own.control, self._holdings.facts.on(own.id), now)
            what = f"{draft.tlp} is no narrower than {label}" if draft.tlp else f"{draft.ref} is as narrow already"
            raise Malformed("not-narrower", f"{what}: say what is to change")


__all__ = ["Remarking", "narrowing"]
