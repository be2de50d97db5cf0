"""The rule once more, plainly and slowly, from the page alone: an oracle for the real one.

It folds a control's changes in the order of their times, keeps no index, and knows nothing of reasons.
"""

from collections.abc import Sequence
from copy import copy
from itertools import groupby
from typing import Any

from quartet.core.facts import (
    CancelRecall,
    Delegate,
    Grant,
    Narrow,
    Recall,
    Widen,
    fact_of,
)
from quartet.core.ids import MemberId, Micros
from quartet.core.marking import TLP_ORDER, Marking, known, tlp_at
from quartet.core.membership import Membership
from quartet.core.verify import Verified, VerifiedControl

HOUR = 3600 * 1_000_000
STAY = {
    "alert-draft",
    "handover",
    "site-notice",
    "site-exemption",
    "site-lifted",
    "site-warning",
    "site-seen",
    "site-call",
}
NAMED = ("notification", "notification-ack")
EVERYBODY = tuple(map(MemberId, ("north", "east", "south", "west", "late", "stranger")))


class Bent:
    """A control with what its controller said of it up to now."""

    def __init__(self, c: VerifiedControl, facts: list[Any], membership: Membership, now: Micros) -> None:
        self.c = c
        self.markings: list[Marking] = [c.control.marking]
        self.since: dict[str, list[int]] = {m: [c.control.issued * membership.tick] for m in c.control.marking.named}
        self.ended: dict[str, int] = {}
        self.named_once = False
        self.was_worldly = False
        self.kept_since: list[int] = []
        changes = [
            f
            for f in facts
            if isinstance(f.body, (Narrow, Widen))
            and f.body.control == c.id
            and f.member == c.control.controller
            and f.at <= now
        ]
        changes.sort(key=lambda f: (f.at, isinstance(f.body, Narrow), f.id))
        for at, group in groupby(changes, key=lambda f: f.at):
            worldly = self.world(at)
            for change in group:
                self.apply(change.body, at, worldly)

    def apply(self, body: Any, at: int, worldly: bool) -> None:
        if isinstance(body, Widen):
            for m in body.rel:
                self.since.setdefault(m, []).append(at)
            return
        self.markings.append(body.marking)
        if not isinstance(body.marking.rel, tuple):
            return
        self.was_worldly = self.was_worldly or (worldly and not self.named_once)
        self.kept_since.append(at)
        for m in EVERYBODY:
            if m not in body.marking.rel:
                self.since[m] = []
                self.ended[m] = at
        self.named_once = True

    def tlp(self, now: int) -> int:
        return max(TLP_ORDER.index(tlp_at(m, Micros(now))) for m in self.markings)

    def knows(self, membership: Membership) -> bool:
        words = {p for m in self.markings if isinstance(m.purposes, tuple) for p in m.purposes}
        lists = [frozenset(m.purposes) for m in self.markings if isinstance(m.purposes, tuple)]
        some = not lists or frozenset.intersection(*lists)
        return all(known(m) for m in self.markings) and words <= membership.purposes and bool(some)

    def world(self, now: int) -> bool:
        base = self.markings[0]
        onward = {base.onward_word, *(m.onward for m in self.markings[1:] if isinstance(m.onward, str))}
        return (
            all(known(m) for m in self.markings)
            and self.tlp(now) == 0
            and onward == {"TLP_RULE"}
            and not any(m.caveat_words for m in self.markings)
            and base.rel != ()
            and not self.named_once
        )

    def keeps(self, m: MemberId, membership: Membership, now: Micros) -> bool:
        """Whether narrowings name `m` of what was, and without them would still be, the world's."""
        if not self.was_worldly or m in self.ended:
            return False
        quiet = copy(self)
        quiet.markings = [self.markings[0], *(k for k in self.markings[1:] if not isinstance(k.rel, tuple))]
        quiet.named_once = False
        return quiet.world(now) and all(membership.standing(m, Micros(t), now) for t in self.kept_since)

    def expires(self) -> float:
        return min((m.expiry for m in self.markings if m.expiry is not None), default=float("inf"))

    def never(self) -> bool:
        return any(m.onward == "NEVER" for m in self.markings)


def may_receive(
    item: Verified, to: str, stated: Sequence[Verified], membership: Membership, now: Micros, *, held: bool = False
) -> bool:
    """Return whether `to` may receive an item, by the page."""
    m = MemberId(to)
    facts = [fact_of(v) for v in stated]
    if item.own is None:
        return False
    if item.statement.kind in STAY and m != item.statement.member:
        return False
    alone = item.statement.member == m and {c.control.controller for c in item.controls} == {m}
    if not alone and not membership.active(m, now):
        return False
    for c in item.controls:
        if not alone and not membership.active(c.control.controller, Micros(c.control.issued * membership.tick)):
            return False
    evidence = all(c.control.marking.held for c in item.controls)
    if taken_back(item, facts, membership) and not (held and evidence):
        return False
    return all(admits(c, item, m, facts, membership, now) for c in item.controls)


def admits(
    c: VerifiedControl, item: Verified, m: MemberId, facts: list[Any], membership: Membership, now: Micros
) -> bool:
    if m == c.control.controller:
        return True
    fixed = item.statement.kind in NAMED and item.own is not None and c.id == item.own.id
    bent = Bent(c, [f for f in facts if not (fixed and isinstance(f.body, Widen))], membership, now)
    if not bent.knows(membership) or now >= bent.expires():
        return False
    if (
        bent.world(now)
        or bent.keeps(m, membership, now)
        or any(membership.standing(m, Micros(t), now) for t in bent.since.get(m, []))
    ):
        return True
    if fixed:
        return False
    return not bent.never() and any(granted(g, c, bent, item, m, facts, membership, now) for g in facts)


def granted(
    g: Any,
    c: VerifiedControl,
    bent: Bent,
    item: Verified,
    m: MemberId,
    facts: list[Any],
    membership: Membership,
    now: Micros,
) -> bool:
    if not isinstance(g.body, Grant) or g.body.member != m or g.body.author != item.statement.member:
        return False
    cited = [cite.item for cite in item.statement.cites]
    following = g.body.scope == "FOLLOWING" and item.statement.at > g.at and g.body.item in cited
    covered = (g.body.control == c.id) and (following or (g.body.scope == "ITEM" and g.body.item == item.id))
    if following and item.own is not None and c.id == item.own.id and g.member == item.statement.member:
        covered = True
    if not covered or not membership.active(g.member, g.at) or not entitled(g, c, facts, membership):
        return False
    if g.body.until is not None and now >= g.body.until:
        return False
    if bent.ended.get(m, -1) >= g.at or not membership.standing(m, g.at, now):
        return False
    return not any(
        isinstance(n.body, Narrow)
        and n.body.control == g.body.control
        and n.member == g.member
        and g.at <= n.at <= now
        and isinstance(n.body.marking.rel, tuple)
        and m not in n.body.marking.rel
        for n in facts
        if g.body.control != c.id
    )


def entitled(g: Any, c: VerifiedControl, facts: list[Any], membership: Membership) -> bool:
    if g.member == c.control.controller:
        return True
    if not membership.left(c.control.controller, g.at):
        return False
    named = [
        d
        for d in facts
        if isinstance(d.body, Delegate)
        and c.id in d.body.controls
        and d.member == c.control.controller
        and d.at <= g.at
        and membership.active(d.member, d.at)
    ]
    return bool(named) and max(named, key=lambda d: (d.at, d.id)).body.delegate == g.member


def taken_back(item: Verified, facts: list[Any], membership: Membership) -> bool:
    """Return whether a controller's recall stands against the item."""
    owners = {c.control.controller for c in item.controls}
    return any(stands(c.id, owner, facts, membership.recall_delay) for c in item.controls for owner in owners)


def stands(control: str, owner: str, facts: list[Any], delay: int) -> bool:
    mine = [f for f in facts if f.member == owner]
    recalls = [f for f in mine if isinstance(f.body, Recall) and control in f.body.controls]
    by_id = {r.id: r for r in recalls}
    cancels = sorted(
        (
            k
            for k in mine
            if isinstance(k.body, CancelRecall)
            and control in k.body.controls
            and k.body.recall in by_id
            and k.officer != by_id[k.body.recall].officer
            and by_id[k.body.recall].at <= k.at < by_id[k.body.recall].at + delay
        ),
        key=lambda k: (k.at, k.id),
    )
    used = False
    if cancels:
        at = cancels[0].at
        life = {r.officer for r in recalls if r.body.reason == "LIFE" and r.at <= at}
        if len(life) < 2:
            used = True
            recalls = [r for r in recalls if r.at > at]
    if len({r.officer for r in recalls}) >= 2:
        return True
    return any(not used and not r.body.in_incident and not crowded(r, mine) for r in recalls)


def crowded(recall: Any, mine: list[Any]) -> bool:
    before = [
        f
        for f in mine
        if isinstance(f.body, Recall) and recall.at - HOUR < f.at and (f.at, f.id) <= (recall.at, recall.id)
    ]
    return len({f.body.controls for f in before}) > 20
