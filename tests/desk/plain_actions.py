"""What a joint action comes to, plainly, as DESK says it: slow, and without a word of the fold."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

from centre import Held
from plain_chairs import announcements, coordinating, until

from quartet.core.ids import MemberId, Micros
from quartet.desk.action import Acknowledged, Closing, Position, Proposal
from quartet.desk.running import ActionStep, Afterwards, Task, TaskStep, Withdrawal
from quartet.desk.said import Said

AN_HOUR = 3600 * 1_000_000
A_DAY = 24 * AN_HOUR
A_WEEK = 7 * A_DAY
YES = ("CONCUR", "CONCUR_WITH_STATEMENT")
NOTHING_YET = "NOTHING_YET"
TWO_WORDS = "TWO_WORDS"


class Case:
    """One version before a judge who reads everything that a member holds."""

    def __init__(self, version: Said[Proposal], held: Held, end: int) -> None:
        self.version, self.form, self.held, self.now, self.end = version, version.form, held, held.now, end
        self.silence_lasts = 2 * AN_HOUR if version.form.emergency else A_DAY

    # -- what each said

    def words(self, member: MemberId) -> list[Said[Position]]:
        return [one for one in self.held.members(Position, version=self.version.id) if one.member == member]

    def at_the_time(self, member: MemberId, time: int) -> list[Said[Position]]:
        """Return a member's words that were on record by a time and that no other such word of it names."""
        said = [one for one in self.words(member) if one.timely is not None and one.timely <= time]
        return [one for one in said if not any(other.form.previous == one.id for other in said)]

    def silence_ends(self, member: MemberId) -> int | None:
        """Return when a member's silence has lasted, from when its officer first had the text; or None."""
        read = [one for one in self.held.members(Acknowledged, version=self.version.id) if one.member == member]
        times = [one.timely for one in read if one.timely is not None]
        return max(self.end, min(times) + self.silence_lasts) if times else None

    def time_of(self, member: MemberId) -> int:
        """Return until when a member's words count."""
        waited_for = self.form.rule == "CONSENSUS" or member in self.form.hosts
        if self.at_the_time(member, self.end) or not waited_for:
            return self.end
        return min(self.silence_ends(member) or self.end + A_WEEK, self.end + A_WEEK)

    def word(self, member: MemberId) -> str:
        said = self.at_the_time(member, self.time_of(member))
        return NOTHING_YET if not said else TWO_WORDS if len(said) > 1 else said[0].form.stance

    # -- what follows

    def edited(self) -> tuple[str, list[str]] | None:
        """Return that its own member put another version in its place, or two in one, by the end."""
        mine = [one for one in self.held.members(Proposal) if one.member == self.version.member]
        others = [one for one in mine if one.id != self.version.id and one.timely and one.timely <= self.end]
        if any(one.form.previous == self.version.id for one in others):
            return "REPLACED", []
        twins = [one.id for one in others if self.form.previous and one.form.previous == self.form.previous]
        return ("FORKED", sorted([self.version.id, *twins])) if twins else None

    def spoken_against(self) -> set[tuple[str, str]]:
        says = {member: self.word(member) for member in self.form.parties}
        against: set[tuple[str, str]] = set()
        for host in self.form.hosts:
            if says[host] not in YES:
                why = {NOTHING_YET: "host-silent", TWO_WORDS: "positions-void"}.get(says[host], "host-does-not-concur")
                against.add((host, why))
        if self.form.rule == "CONSENSUS":
            against |= {(member, "objects") for member, word in says.items() if word == "OBJECT"}
            against |= {(member, "positions-void") for member, word in says.items() if word == TWO_WORDS}
        if not any(says[member] in YES for member in self.form.participants):
            against |= {(member, "nobody-concurs") for member in self.form.participants}
        return against

    def silence_fails(self, silent: list[MemberId]) -> set[tuple[str, str]]:
        """Return what keeps silence from counting: it needs every participant's account, and nobody away."""
        if not silent:
            return set()
        ends = {member: self.silence_ends(member) for member in silent}
        closed_by = max(end or self.end for end in ends.values()) + AN_HOUR
        against: set[tuple[str, str]] = {(member, "not-acknowledged") for member, end in ends.items() if end is None}
        against |= {(m, "silence-runs") for m, end in ends.items() if end is not None and self.now < end + AN_HOUR}
        for one in self.held.away:
            over = one.until is not None and one.until < self.version.at
            if one.member in self.form.participants and one.since <= closed_by and not over:
                against.add((one.member, "suspended"))
        for member in self.form.participants:
            against |= {(member, why) for why in self.account_fails(member, closed_by)}
        return against

    def account_fails(self, member: MemberId, closed_by: int) -> list[str]:
        closings = [one for one in self.held.members(Closing, version=self.version.id) if one.member == member]
        closings = [one for one in closings if one.at >= self.end and one.timely and one.timely <= closed_by]
        if not closings:
            return ["not-closed"]
        if any(set(one.form.positions) != set(other.form.positions) for one, other in pairwise(closings)):
            return ["closings-differ"]
        listed, held = set(closings[0].form.positions), {one.id for one in self.words(member)}
        counted = {one.id for one in self.words(member) if one.timely and one.timely <= self.time_of(member)}
        if counted - listed:
            return ["position-not-listed"]
        return ["position-not-held"] if listed - held else []

    def evidence(self) -> list[str]:
        """Return what is kept for good: words that void each other, and accounts that differ."""
        kept = set()
        for member in self.form.parties:
            said = self.at_the_time(member, self.time_of(member))
            kept |= {one.id for one in said} if len(said) > 1 else set()
        if self.now >= self.end:
            for member in self.form.participants:
                mine = [one for one in self.held.members(Closing, version=self.version.id) if one.member == member]
                differ = len({tuple(sorted(set(one.form.positions))) for one in mine}) > 1
                kept |= {one.id for one in mine} if differ else set()
        return sorted(kept)

    def comes_to(self) -> dict[str, Any]:
        """Return what follows: the first end to which what was on record ever came, for that is decided for good."""
        edited = self.edited()
        if edited is not None:
            return _state(edited[0], evidence=edited[1])
        found = _state("OPEN")
        for time in self.instants():
            if found["state"] == "OPEN":
                found = self.on_record(time).stands()
        return found | {"evidence": self.evidence()}

    def instants(self) -> list[int]:
        """Return every time, from the end to now, at which anything may have changed: when it was said, or ran out."""
        said = [one.timely for one in self.held.items if one.timely is not None]
        lasts = (0, AN_HOUR, self.silence_lasts, self.silence_lasts + AN_HOUR, A_WEEK)
        times = {time + more for time in [*said, self.end] for more in lasts} | {self.now}
        return sorted(time for time in times if self.end <= time <= self.now)

    def on_record(self, time: int) -> "Case":
        """Return the case as whoever had everything could have judged it at a time."""
        known = [one for one in self.held.items if one.timely is not None and one.timely <= time]
        return Case(self.version, replace(self.held, items=known, now=Micros(time)), self.end)

    def stands(self) -> dict[str, Any]:
        silent = [m for m in self.form.participants if self.word(m) == NOTHING_YET and self.form.rule == "CONSENSUS"]
        against = self.spoken_against() | self.silence_fails(silent)
        if against:
            final = [m for m, why in against if why in ("objects", "host-does-not-concur")]
            refused = any(self.now >= self.time_of(MemberId(member)) for member in final)
            state = "NOT_ADOPTED" if refused else "LAPSED" if self.now >= self.end + A_WEEK else "OPEN"
            return _state(state, against=sorted(against))
        concur = [member for member in self.form.participants if self.word(member) in YES]
        return _state("ADOPTED", binds=sorted({*concur, *silent}), silent=silent)


def _state(state: str, *, binds: Any = (), silent: Any = (), against: Any = (), evidence: Any = ()) -> dict[str, Any]:
    return {
        "state": state,
        "binds": list(binds),
        "by silence": list(silent),
        "against": list(against),
        "evidence": list(evidence),
    }


def action(version: Said[Proposal], held: Held) -> dict[str, Any]:
    """Return how a version stands, and how it runs if it was adopted."""
    end = until(version, held)
    words: tuple[type[Any], ...] = (Position, Acknowledged, Closing)
    spoken = [one for form in words for one in held.every(form) if one.form.version == version.id]
    found = Case(version, replace(held, items=[*spoken, *held.every(Proposal)]), end).comes_to()
    return found | {
        "end": Micros(end),
        "announced": announcements(version.id, found["state"], held),
        "coordinators": coordinating(version.id, held),
        "runs": _course(version, found["binds"], held) if found["state"] == "ADOPTED" else None,
    }


def _course(version: Said[Proposal], bound: list[MemberId], held: Held) -> Any:
    """A host stops it at once; whoever takes part halts it; all else is for who proposed it. Only an owner moves."""
    steps = held.members(ActionStep, version=version.id)
    stopped = sorted({s.member for s in steps if s.form.move == "STOP" and s.member in version.form.hosts})
    phase = "STOPPED" if stopped else "ADOPTED"
    for one in steps:
        mine, partner = one.member == version.member, one.member in {*bound, *version.form.hosts, version.member}
        match phase, one.form.move:
            case "ADOPTED", "START" if mine:
                phase = "RUNNING"
            case "RUNNING", "SUSPEND" if partner:
                phase = "SUSPENDED"
            case "SUSPENDED", "RESUME" if mine:
                phase = "RUNNING"
            case (("RUNNING" | "SUSPENDED"), "COMPLETE") if mine:
                phase = "COMPLETED"
            case (("COMPLETED" | "STOPPED"), "CLOSE") if mine:
                phase = "CLOSED"
    left = {one.member for one in held.members(Withdrawal, version=version.id)}
    tasks = [one for one in held.members(Task, version=version.id) if one.form.owner in bound]
    told: dict[str, list[str]] = {}
    for account in held.members(Afterwards, version=version.id):
        told.setdefault(account.member, []).append(account.id)
    return phase, [m for m in bound if m not in left], {one.id: _task(one, held) for one in tasks}, told, stopped


def _task(task: Said[Task], held: Held) -> str:
    """A task is accepted before it is started, started before it is done, and can be given up in between."""
    words = [one.form.move for one in held.members(TaskStep, task=task.id) if one.member == task.form.owner]
    state = "OFFERED"
    for word in words:
        state = {
            "OFFERED": {"ACCEPT": "ACCEPTED", "DECLINE": "DECLINED"},
            "ACCEPTED": {"START": "STARTED", "ABORT": "ABORTED"},
            "STARTED": {"DONE": "DONE", "ABORT": "ABORTED"},
        }.get(state, {}).get(word, state)
    return state
