"""Requests, reports, threats, watches and texts, plainly, as DESK says them."""

from itertools import pairwise
from typing import Any

from centre import Held

from quartet.desk.action import Position
from quartet.desk.communique import Communique, Drafted
from quartet.desk.consent import ConsentWord, Sought
from quartet.desk.duty import Watch
from quartet.desk.report import Independent, Report, SameAs
from quartet.desk.request import Closed, Reply, Request
from quartet.desk.roots import CircleKey
from quartet.desk.roster import Roster
from quartet.desk.said import Said
from quartet.desk.threat import Threat, ThreatOver

MINUTE = 60 * 1_000_000
ANSWERED_IN = {"FLASH": 10 * MINUTE, "IMMEDIATE": 60 * MINUTE, "PRIORITY": 480 * MINUTE, "ROUTINE": 7 * 1440 * MINUTE}
ENDS = {"ANSWER": "ANSWERED", "REFUSE": "REFUSED", "NO_HOLDINGS": "NO_HOLDINGS", "TRANSFER": "TRANSFERRED"}
YES = ("CONCUR", "CONCUR_WITH_STATEMENT")


def request(one: Said[Request], held: Held) -> Any:
    """Each member that is asked, by the question or by a transfer of one that is, has its own part and clock.

    What the chair is to put to others she alone answers, and hands on to nobody.
    """
    every = [r for r in held.every(Reply) if r.form.request == one.id]
    if one.form.broker:
        said = [r for r in every if r.hat == "CHAIR" and r.form.word != "TRANSFER"]
    else:
        said = [r for r in every if r.hat == "MEMBER" and r.form.word != "BROKERED"]
    members = set(one.form.asked)
    while True:
        handed = {r.form.to for r in said if r.form.word == "TRANSFER" and r.form.to and r.member in members}
        if handed <= members:
            break
        members |= handed
    came = held.received.get(one.id, {})
    parts = {m: _part([r for r in said if r.member == m], came.get(m), one, held) for m in members}
    closed = [c for c in held.every(Closed) if c.form.request == one.id]
    closed = [c for c in closed if c.member == one.member and c.hat == one.hat]
    ratings = [c.form.rating for c in closed if c.form.rating]
    put = [r.form.question for r in said if r.form.word == "BROKERED" and r.member in one.form.asked]
    put = [q for n, q in enumerate(put) if q and q not in put[:n]]
    return parts, [c.id for c in closed], ratings[-1] if ratings else None, put


def _part(said: list[Said[Reply]], came: int | None, one: Said[Request], held: Held) -> Any:
    words = [r.form.word for r in said]
    ends = [r for r in said if r.form.word in ENDS]
    if ends:
        stage = ENDS[ends[-1].form.word]
    elif "PARTIAL" in words:
        stage = "PARTLY"
    elif "BROKERED" in words:
        stage = "BROKERED"
    elif words:
        stage = "ACKNOWLEDGED"
    else:
        stage = "ASKED" if came is None else "RECEIVED"
    due = None if came is None else came + ANSWERED_IN[one.form.precedence]
    late = due is not None and held.now > due and not ends
    return stage, due, late, [r.id for r in said], ends[-1].form.reason if stage == "REFUSED" else None


def consent(one: Said[Sought], held: Held) -> Any:
    """Each that is asked says its last word; none within four hours of receipt is no."""
    told = {}
    for member in one.form.asked:
        said = [word for word in held.members(ConsentWord, request=one.id) if word.member == member]
        came = held.received.get(one.id, {}).get(member)
        due = None if came is None else came + 240 * MINUTE
        late = due is not None and held.now > due and not said
        word = said[-1] if said else None
        stages = {"GRANT": "SAYS_GRANTED", "CONDITION": "CONDITION", "DENY": "DENIED"}
        stage = "ASKED" if word is None else stages[word.form.word]
        told[member] = (stage, due, late, *((word.id, word.form.condition, word.form.reason) if word else [None] * 3))
    return told


def matters(held: Held) -> Any:
    """Events are one that somebody said to be; roots that assert are counted once; a repeated root confirms nothing."""
    events = {(one.id, n): event for one in held.every(Report) for n, event in enumerate(one.form.events)}
    place = {ref: n for n, ref in enumerate(events)}
    groups = [{ref} for ref in events]
    groups += [{(ref.report, ref.number) for ref in one.form.events} for one in held.every(SameAs)]
    for ref in {ref for group in groups for ref in group}:
        joined = [group for group in groups if ref in group]
        groups = [group for group in groups if ref not in group] + [set().union(*joined)]
    ordered = (sorted(group & events.keys(), key=place.__getitem__) for group in groups)
    found = sorted((group for group in ordered if group), key=lambda group: place[group[0]])
    reviews = [set(one.form.roots) for one in held.every(Independent)]
    return [_matter(group, events, reviews) for group in found]


def _matter(group: list[Any], events: dict[Any, Any], reviews: list[set[str]]) -> Any:
    def roots(polarity: str) -> list[str]:
        return sorted({root for ref in group if events[ref].polarity == polarity for root in events[ref].roots})

    asserting, denying = roots("ASSERTS"), roots("DENIES")
    pairs = [{a, b} for a in asserting for b in asserting if a < b]
    independent = bool(pairs) and all(any(pair <= review for review in reviews) for pair in pairs)
    repeats = []
    for n, ref in enumerate(group):
        before = {root for earlier in group[:n] for root in events[earlier].roots}
        repeats += [ref] if events[ref].roots and all(root in before for root in events[ref].roots) else []
    confirmed = [
        independent and events[ref].polarity == "ASSERTS" and any(root not in events[ref].roots for root in asserting)
        for ref in group
    ]
    return {
        "events": group,
        "roots": (asserting, denying, len([ref for ref in group if not events[ref].roots])),
        "says": (len(asserting), independent, independent, bool(asserting) and bool(denying)),
        "circular": repeats,
        "credibility": [1 if yes else events[ref].credibility for ref, yes in zip(group, confirmed, strict=True)],
    }


def roots(held: Held) -> Any:
    keys = held.members(CircleKey, circle="cell")
    return keys[0].id if keys else None


def threats(held: Held) -> Any:
    """Only its author replaces a threat, or says that it is over."""
    told = held.members(Threat)
    states = {one.id: _threat(one, held) for one in held.every(Threat)}
    return [one.id for one in told if not _replaced(one, told)], states


def _replaced(one: Said[Any], others: list[Any]) -> bool:
    return any(other.form.previous == one.id and other.member == one.member for other in others)


def _threat(one: Said[Threat], held: Held) -> str:
    if any(over.member == one.member for over in held.members(ThreatOver, threat=one.id)):
        return "OVER"
    if _replaced(one, held.members(Threat)):
        return "REPLACED"
    if held.now > one.form.until:
        return "PAST"
    return "HOLDS" if held.now < one.form.review_at else "REVIEW_DUE"


def duty(held: Held) -> Any:
    newest = {one.member: one for one in held.every(Watch)}
    return {member: (one.id, held.now >= one.form.until) for member, one in newest.items()}


def roster(held: Held) -> Any:
    """Between any two edges of a member's rosters the newest that speaks of that time says who is to be on watch."""
    sane = [one for one in held.members(Roster) if _in_order(one.form)]
    plans = {member: _plan([one for one in sane if one.member == member]) for member in {one.member for one in sane}}
    return dict(sorted(plans.items()))


def _plan(own: list[Said[Roster]]) -> list[tuple[int, int, str | None, str]]:
    plan: list[tuple[int, int, str | None, str]] = []
    for since, until in pairwise(sorted({edge for one in own for edge in _times(one.form)})):
        speak = [one for one in own if one.form.begins <= since and until <= one.form.ends]
        if not speak:
            continue
        names = [t.name for t in speak[-1].form.turns if t.since <= since and until <= t.until]
        who = (names[0] if names else None, speak[-1].id)
        if plan and (plan[-1][1], *plan[-1][2:]) == (since, *who):
            since = plan.pop()[0]
        plan.append((since, until, *who))
    return plan


def _times(form: Roster) -> list[int]:
    return [form.begins, *(at for turn in form.turns for at in (turn.since, turn.until)), form.ends]


def _in_order(form: Roster) -> bool:
    return (
        _times(form) == sorted(_times(form)) and form.begins < form.ends and all(t.since < t.until for t in form.turns)
    )


def _word(member: str, text: str, held: Held) -> list[str]:
    said = [one for one in held.members(Position, version=text) if one.member == member]
    return [one.form.stance for one in said if not any(other.form.previous == one.id for other in said)]


def text(one: Said[Drafted], held: Held) -> Any:
    """A text is agreed when all whom it names concur with exactly it; only its own member puts another in its place."""
    words = {member: _word(member, one.id, held) for member in one.form.members}
    concur = [m for m, said in words.items() if len(said) == 1 and said[0] in YES]
    object_ = [m for m, said in words.items() if said == ["OBJECT"]]
    state = "AGREED" if len(concur) == len(words) else "OBJECTED" if object_ else "OPEN"
    if _replaced(one, held.members(Drafted)):
        state = "REPLACED"
    return state, sorted(concur), sorted(object_), sorted(m for m, said in words.items() if len(said) > 1)


def published(one: Said[Communique], held: Held) -> Any:
    """What is published is what was agreed, in every language, by the same members; each then signs that itself."""
    signed = [m for m in one.form.members if len(_word(m, one.id, held)) == 1 and _word(m, one.id, held)[0] in YES]
    drafts = [draft for draft in held.every(Drafted) if draft.id == one.form.draft]
    same = (
        bool(drafts)
        and text(drafts[0], held)[0] == "AGREED"
        and set(drafts[0].form.versions) == set(one.form.versions)
        and set(drafts[0].form.members) == set(one.form.members)
    )
    return same, sorted(signed)
