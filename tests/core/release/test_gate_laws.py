"""The gate decides as the rule does, whatever it remembers."""

from collections.abc import Callable

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec import structs
from release_worlds import EVERYBODY, MEMBERS, TIMES, maybe, narrowings, times
from test_release_laws import four, reason_of
from test_viewing_laws import officer

from quartet.core.facts import HOUR, Facts, fact_of
from quartet.core.gate import Gate
from quartet.core.ids import SECOND, ItemId, MemberId, Micros
from quartet.core.marking import Marking
from quartet.core.recall import MAX_RECALLS_AN_HOUR
from quartet.core.release import Reason, Released, may_keep, may_view, release
from quartet.core.verify import Verified
from quartet.exercise.world import NOON, World, exchange


class Kept:
    """A world whose items a gate loads."""

    def __init__(self, world: World, limit: int = 100) -> None:
        self.world = world
        self.items: dict[ItemId, Verified] = {}
        self.loads = 0
        self.gate = Gate(world.membership, self.load, limit)

    def load(self, item: ItemId) -> tuple[Verified, Facts]:
        self.loads += 1
        return self.items[item], self.world.facts

    def keep(self, item: Verified) -> Verified:
        self.items[item.id] = item
        return item

    def learn(self, state: Callable[[], Verified]) -> None:
        self.gate.learned(fact_of(state()))

    def asked(self, item: Verified, to: str) -> Reason | None:
        return reason_of(self.gate.release(item.id, MemberId(to), self.world.now))


def test_a_second_question_is_answered_from_memory() -> None:
    kept = Kept(four())
    item = kept.keep(kept.world.item("north", "AMBER", ["east"]))

    first = kept.gate.release(item.id, MemberId("east"), kept.world.now)
    second = kept.gate.release(item.id, MemberId("east"), kept.world.now)
    other = kept.gate.release(item.id, MemberId("south"), kept.world.now)

    assert first is second
    assert isinstance(first, Released)
    assert reason_of(other) is Reason.NOT_NAMED
    assert (kept.gate.hits, kept.gate.misses, kept.loads) == (1, 2, 1)


def test_a_gate_remembers_no_more_items_than_its_limit() -> None:
    kept = Kept(four(), limit=3)
    items = [kept.keep(kept.world.item("north", "AMBER", ["east"])) for _ in range(5)]

    for item in items:
        assert kept.asked(item, "east") is None
        assert len(kept.gate) <= 3

    loads = kept.loads
    assert kept.asked(items[-1], "east") is None
    assert kept.loads == loads
    assert kept.asked(items[0], "east") is None
    assert kept.loads == loads + 1
    assert set(kept.gate._watchers) == {c.id for i in (*items[3:], items[0]) for c in i.controls}


def test_a_fact_about_another_item_leaves_what_is_remembered() -> None:
    kept = Kept(four())
    item, other = (kept.keep(kept.world.item("north", "AMBER", ["east"])) for _ in range(2))
    kept.asked(item, "east")

    kept.learn(lambda: kept.world.grant(other, "south"))

    assert kept.asked(item, "east") is None
    assert kept.gate.hits == 1


def test_a_recall_of_a_source_is_not_outlived() -> None:
    kept = Kept(four())
    source = kept.world.item("north", "AMBER", ["east"])
    derived = kept.keep(kept.world.item("east", "AMBER", [], contains=[source]))
    assert kept.asked(derived, "east") is None

    kept.learn(lambda: kept.world.recall(source))

    assert kept.asked(derived, "east") is Reason.RECALLED


def test_a_standing_grant_on_what_an_item_cites_is_not_missed() -> None:
    kept = Kept(four())
    root = kept.world.item("north", "AMBER", ["east"])
    answer = kept.keep(kept.world.item("north", "AMBER", ["east"], cites=[root], at=Micros(NOON + SECOND)))
    kept.world.wait(2)
    assert kept.asked(answer, "south") is Reason.NOT_NAMED

    kept.learn(lambda: kept.world.grant(root, "south", scope="FOLLOWING", at=NOON))
    admitted = kept.asked(answer, "south")
    kept.learn(lambda: kept.world.narrow(root, Marking(tlp="AMBER", rel=())))

    assert admitted is None
    assert kept.asked(answer, "south") is Reason.NOT_NAMED


def test_the_twenty_first_recall_of_an_hour_changes_what_is_remembered_of_another_item() -> None:
    kept = Kept(four())
    last = kept.keep(kept.world.item("north", "AMBER", ["east"]))
    kept.learn(lambda: kept.world.recall(last, at=Micros(NOON + HOUR // 2)))
    assert kept.asked(last, "east") is Reason.RECALLED

    for n in range(MAX_RECALLS_AN_HOUR):
        other = kept.world.item("north", "AMBER", ["east"])
        kept.learn(lambda other=other, n=n: kept.world.recall(other, at=Micros(NOON + n)))  # type: ignore[misc]

    assert kept.asked(last, "east") is None


def test_an_act_is_not_outlived() -> None:
    kept = Kept(four())
    item = kept.keep(kept.world.item("north", "AMBER", ["east"]))
    assert kept.asked(item, "east") is None

    kept.world.act("east", "suspended")
    kept.gate.charter_changed(kept.world.membership)

    assert kept.asked(item, "east") is Reason.SUSPENDED
    assert kept.gate.membership == kept.world.membership


def test_time_is_not_outlived_forwards_nor_backwards() -> None:
    kept = Kept(four())
    end = Micros(NOON + 10 * SECOND)
    item = kept.keep(kept.world.item("north", "AMBER", ["east"], expires=end))
    answers = [reason_of(kept.gate.release(item.id, MemberId("east"), at)) for at in (NOON, Micros(end - 1), end, NOON)]

    assert answers == [None, None, Reason.EXPIRED, None]


def changes(kept: Kept, item: Verified, to: str, *at: int) -> list[Reason | None]:
    """What the gate answers at the beginning, and then just before and at each of some seconds."""
    times = [NOON, *(t for s in at for t in (Micros(NOON + s * SECOND - 1), Micros(NOON + s * SECOND)))]
    kept.gate.charter_changed(kept.world.membership)
    answers = []
    for now in times:
        answer = kept.gate.release(item.id, MemberId(to), now)
        assert answer == release(item, MemberId(to), kept.world.facts, kept.world.membership, now)
        answers.append(reason_of(answer))
    return answers


def test_an_act_to_come_is_not_outlived() -> None:
    kept = Kept(four())
    item = kept.keep(kept.world.item("north", "AMBER", ["east"]))

    kept.world.act("east", "suspended", at=Micros(NOON + 5 * SECOND))

    assert changes(kept, item, "east", 5) == [None, None, Reason.SUSPENDED]


def test_the_issue_of_a_control_to_come_is_not_outlived() -> None:
    kept = Kept(four())
    item = kept.keep(kept.world.item("north", "AMBER", ["east"], at=Micros(NOON + 5 * SECOND)))

    assert changes(kept, item, "east", 5) == [Reason.NOT_STANDING, Reason.NOT_STANDING, None]


def test_a_downgrade_to_come_is_not_outlived() -> None:
    kept = Kept(four())
    steps = ((Micros(NOON + 5 * SECOND), "CLEAR"),)
    item = kept.keep(kept.world.item("north", "AMBER", [], onward="TLP_RULE", downgrade=steps, at=NOON))

    assert changes(kept, item, "east", 5) == [Reason.NOT_NAMED] * 3
    open_item = kept.keep(kept.world.item("north", "AMBER", None, onward="TLP_RULE", downgrade=steps))
    assert changes(kept, open_item, "east", 5) == [Reason.NOT_NAMED, Reason.NOT_NAMED, None]


def test_a_grant_is_not_outlived_nor_its_beginning_missed() -> None:
    kept = Kept(four())
    item = kept.keep(kept.world.item("north", "AMBER", []))

    kept.world.grant(item, "east", at=Micros(NOON + 3 * SECOND), until=Micros(NOON + 7 * SECOND))

    closed = Reason.NOT_NAMED
    assert changes(kept, item, "east", 3, 7) == [closed, closed, None, None, closed]


def test_narrowings_and_widenings_to_come_are_not_missed() -> None:
    kept = Kept(four())
    item = kept.keep(kept.world.item("north", "AMBER", ["east"]))

    kept.world.widen(item, "south", at=Micros(NOON + 3 * SECOND))
    kept.world.narrow(item, Marking(tlp="AMBER", rel=(MemberId("south"),)), at=Micros(NOON + 2 * SECOND))
    kept.world.narrow(item, Marking(tlp="AMBER", expires=Micros(NOON + 7 * SECOND)))

    assert changes(kept, item, "east", 2) == [None, None, Reason.NARROWED]
    assert changes(kept, item, "south", 3, 7) == [Reason.NOT_NAMED] * 2 + [None, None, Reason.EXPIRED]


def test_a_standing_grant_to_come_or_to_end_is_not_missed() -> None:
    kept = Kept(four())
    root = kept.world.item("north", "AMBER", [])
    cites = kept.keep(kept.world.item("north", "AMBER", [], cites=[root], at=Micros(NOON + SECOND)))

    kept.world.grant(root, "east", scope="FOLLOWING", at=NOON, until=Micros(NOON + 7 * SECOND))
    kept.world.grant(root, "south", scope="FOLLOWING", at=NOON)
    kept.world.narrow(root, Marking(tlp="AMBER", rel=(MemberId("east"),)), at=Micros(NOON + 5 * SECOND))

    assert changes(kept, cites, "east", 7) == [None, None, Reason.NOT_NAMED]
    assert changes(kept, cites, "south", 5) == [None, None, Reason.NOT_NAMED]


def test_a_viewer_is_decided_for_herself_though_her_member_is_remembered() -> None:
    kept = Kept(four())
    item = kept.keep(kept.world.item("north", "RED", ["east"], persons=("east/anna",), hold=True))

    seen = [
        reason_of(kept.gate.view(item.id, officer("east", name), kept.world.now)) for name in ("anna", "ben", "anna")
    ]
    kept.learn(lambda: kept.world.recall(item))

    assert seen == [None, Reason.PERSON_NOT_NAMED, None]
    assert kept.gate.hits == 2
    assert kept.asked(item, "east") is Reason.RECALLED
    assert reason_of(kept.gate.view(item.id, officer("east"), kept.world.now)) is None
    assert kept.asked(item, "east") is Reason.RECALLED


STATES = ["active", "suspended", "withdrawn"]


class Remembering(RuleBasedStateMachine):
    """Facts, acts and times come in any order; the gate must answer as the rule does."""

    @initialize(count=st.integers(2, 4), data=st.data())
    def begin(self, count: int, data: st.DataObject) -> None:
        self.kept = Kept(exchange(*MEMBERS, purposes=["relief", "sar"]), limit=3)
        self.world = self.kept.world
        made: list[Verified] = []
        for _ in range(count):
            made.append(self._publish(data, made))
        self.items = made

    def _publish(self, data: st.DataObject, made: list[Verified]) -> Verified:
        author = data.draw(st.sampled_from(MEMBERS))
        rel = tuple(sorted(MemberId(m) for m in data.draw(st.sets(st.sampled_from(MEMBERS)))))
        marking = data.draw(
            st.builds(
                Marking,
                tlp=st.sampled_from(["CLEAR", "AMBER"]),
                rel=st.just(rel),
                onward=maybe(st.just("TLP_RULE")),
                expires=maybe(times),
                downgrade=st.sampled_from(TIMES).map(lambda at: ((at, "CLEAR"),)),
            )
        )
        near = st.lists(st.sampled_from(made), max_size=1) if made else st.just([])
        sources, cites, at = data.draw(near), data.draw(near), data.draw(times)
        return self.kept.keep(self.world.publish(author, marking, contains=sources, cites=cites, at=at))

    @rule(data=st.data(), to=st.sampled_from(MEMBERS), at=times, until=st.none() | times, following=st.booleans())
    def grant(self, data: st.DataObject, to: str, at: Micros, until: Micros | None, following: bool) -> None:
        item = data.draw(st.sampled_from(self.items))
        control = data.draw(st.sampled_from(item.controls))
        scope = "FOLLOWING" if following else "ITEM"
        self.kept.learn(
            lambda: self.world.grant(item, to, control=control, scope=scope, until=until, at=at)  # type: ignore[arg-type]
        )

    @rule(data=st.data(), at=times, officer=st.sampled_from(["officer", "second"]), incident=st.booleans())
    def recall(self, data: st.DataObject, at: Micros, officer: str, incident: bool) -> None:
        item = data.draw(st.sampled_from(self.items))
        self.kept.learn(lambda: self.world.recall(item, at=at, officer=officer, in_incident=incident))

    @rule(data=st.data(), at=times)
    def cancel(self, data: st.DataObject, at: Micros) -> None:
        recalls = [v for v in self.world.stated if v.statement.kind == "recall"]
        if recalls:
            recall = data.draw(st.sampled_from(recalls))
            self.kept.learn(lambda: self.world.cancel(recall, officer="third", at=at))

    @rule(data=st.data(), marking=narrowings(), at=times)
    def narrow(self, data: st.DataObject, marking: Marking, at: Micros) -> None:
        item = data.draw(st.sampled_from(self.items))
        self.kept.learn(lambda: self.world.narrow(item, structs.replace(marking), at=at))

    @rule(data=st.data(), to=st.sampled_from(MEMBERS), at=times, leave=st.booleans())
    def widen_or_delegate(self, data: st.DataObject, to: str, at: Micros, leave: bool) -> None:
        item = data.draw(st.sampled_from(self.items))
        say = self.world.delegate if leave else self.world.widen
        self.kept.learn(lambda: say(item, to, at=at))

    @rule(data=st.data())
    def find_late(self, data: st.DataObject) -> None:
        if self.world.stated:
            late = data.draw(st.sampled_from(self.world.stated))
            self.world.facts = self.world.facts.recorded_late(late.id)
            self.kept.gate.learned(fact_of(late))

    @rule(
        member=st.sampled_from([*MEMBERS, "late"]),
        state=st.sampled_from(["active", "suspended", "withdrawn"]),
        at=times,
    )
    def act(self, member: str, state: str, at: Micros) -> None:
        self.world.act(member, state, at=at)  # type: ignore[arg-type]
        self.kept.gate.charter_changed(self.world.membership)

    @rule(now=times)
    def look_at_the_clock(self, now: Micros) -> None:
        self.world.now = now

    @invariant()
    def the_gate_answers_as_the_rule_does(self) -> None:
        if not hasattr(self, "items"):
            return
        facts, membership, now = self.world.facts, self.world.membership, self.world.now
        for item in self.items:
            for to in EVERYBODY:
                assert self.kept.gate.release(item.id, MemberId(to), now) == release(
                    item, MemberId(to), facts, membership, now
                )
            viewer = officer("east", purpose="relief")
            assert self.kept.gate.view(item.id, viewer, now) == may_view(
                item, viewer, facts, membership, now, held=True
            )
            for to in MEMBERS:
                assert self.kept.gate.keep(item.id, MemberId(to), now) == may_keep(
                    item, MemberId(to), facts, membership, now, held=True
                )


Remembering.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestACacheNeverOutlivesAFactThatChangesIt = Remembering.TestCase
