"""The cases of `release.json` and `release_combine.json`; run as a script, it writes both.

What is expected is said here by hand, from the page; the worlds give the ids. Another implementation needs the JSON
alone: a case is a charter's timeline, an item with its controls (its own first), the facts, and questions with answers.
"""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import UNSET, structs

from quartet.core.combine import combine
from quartet.core.control import person_hash
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.marking import Marking
from quartet.core.verify import Verified, VerifiedControl
from quartet.exercise.world import NOON, World, control_of, exchange

HERE: Final = Path(__file__).parent
MEMBERS: Final = ("north", "east", "south", "west")
Ask = dict[str, Any]
Case = Callable[[World], tuple[Verified, list[Ask]]]
CASES: Final[dict[str, Case]] = {}


def case(build: Case) -> Case:
    """Note a case under its function's name as a sentence."""
    CASES[build.__name__.replace("_", " ")] = build
    return build


def ask(to: str, answer: str, *, now: int = NOON, held: bool = False, by: Iterable[Verified] = ()) -> Ask:
    """What one member is answered at one time: `released`, or a reason word; `by` are the facts that admit it."""
    return {"to": to, "now": now, "held": held, "answer": answer, "by": sorted(f.id for f in by)}


def look(member: str, name: str, answer: str, *, now: int = NOON, **fields: Any) -> Ask:
    """What a person is answered who wants to see."""
    return {"to": member, "name": name, "now": now, "held": False, "answer": answer, **fields}


def after(seconds: int) -> Micros:
    """A time some seconds after the world began."""
    return Micros(NOON + seconds * SECOND)


@case
def the_named_member_and_no_other(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "AMBER", ["east"])
    return item, [
        ask("north", "released"),
        ask("east", "released"),
        ask("south", "not-named"),
        ask("stranger", "not-a-member"),
    ]


@case
def an_absent_audience_is_nobody(w: World) -> tuple[Verified, list[Ask]]:
    return w.item("north", "GREEN", None), [ask("north", "released"), ask("east", "not-named")]


@case
def what_the_world_may_have_members_may(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "CLEAR", None, onward="TLP_RULE")
    w.act("late", "active", at=after(5))
    return item, [ask("west", "released"), ask("late", "released", now=after(5)), ask("stranger", "not-a-member")]


@case
def clear_without_onward_is_for_those_named(w: World) -> tuple[Verified, list[Ask]]:
    return w.item("north", "CLEAR", ["east"]), [ask("east", "released"), ask("west", "not-named")]


@case
def an_empty_list_closes_what_the_world_might_have(w: World) -> tuple[Verified, list[Ask]]:
    return w.item("north", "CLEAR", [], onward="TLP_RULE"), [ask("west", "not-named")]


@case
def a_caveat_keeps_it_from_the_world(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "CLEAR", ["east"], onward="TLP_RULE", caveats=("EXERCISE",))
    return item, [ask("east", "released"), ask("west", "not-named")]


@case
def an_unknown_label_closes(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "PURPLE", ["east"])
    w.grant(item, "east")
    return item, [ask("east", "unknown-word"), ask("north", "released")]


@case
def an_unknown_caveat_closes(w: World) -> tuple[Verified, list[Ask]]:
    return w.item("north", "GREEN", ["east"], caveats=("NEW",)), [ask("east", "unknown-word")]


@case
def a_purpose_that_the_charter_does_not_list_closes(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "GREEN", ["east"], purposes=("profit", "relief"))
    w.narrow(item, Marking(tlp="GREEN", purposes=("relief",)))
    return item, [ask("east", "unknown-word")]


@case
def no_purpose_at_all_closes(w: World) -> tuple[Verified, list[Ask]]:
    return w.item("north", "GREEN", ["east"], purposes=()), [ask("east", "purpose")]


@case
def what_contains_needs_every_control(w: World) -> tuple[Verified, list[Ask]]:
    first = w.item("north", "AMBER", ["east", "south"])
    second = w.item("east", "AMBER", ["south", "west"], contains=[first])
    third = w.item("south", "GREEN", MEMBERS, contains=[second])
    return third, [
        ask("south", "released"),
        ask("east", "released"),
        ask("west", "not-named"),
        ask("north", "not-named"),
    ]


@case
def a_grant_under_every_control_that_refuses(w: World) -> tuple[Verified, list[Ask]]:
    source = w.item("north", "AMBER", ["east"])
    item = w.item("east", "AMBER", ["north"], contains=[source])
    own = w.grant(item, "west")
    under = w.grant(item, "west", control=source)
    w.grant(item, "south")
    w.grant(item, "south", control=source, by="east")
    return item, [ask("west", "released", by=[own, under]), ask("south", "not-named")]


@case
def a_grant_for_what_contains_does_not_open_its_source(w: World) -> tuple[Verified, list[Ask]]:
    source = w.item("north", "AMBER", ["east"])
    item = w.item("east", "AMBER", ["south"], contains=[source])
    w.grant(item, "south", control=source)
    return source, [ask("south", "not-named")]


@case
def a_grant_between_its_beginning_and_its_end(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "AMBER", [])
    grant = w.grant(item, "south", at=after(5), until=after(9))
    return item, [
        ask("south", "not-named", now=after(5) - 1),
        ask("south", "released", now=after(5), by=[grant]),
        ask("south", "released", now=after(9) - 1, by=[grant]),
        ask("south", "not-named", now=after(9)),
    ]


@case
def a_standing_grant_for_what_follows(w: World) -> tuple[Verified, list[Ask]]:
    root = w.item("north", "AMBER", [])
    grant = w.grant(root, "south", scope="FOLLOWING")
    item = w.item("north", "AMBER", [], cites=[root], contains=[root], at=after(1))
    return item, [ask("south", "released", now=after(1), by=[grant]), ask("west", "not-named", now=after(1))]


@case
def a_standing_grant_does_not_open_the_item_itself(w: World) -> tuple[Verified, list[Ask]]:
    root = w.item("north", "AMBER", [])
    w.grant(root, "south", scope="FOLLOWING")
    return root, [ask("south", "not-named")]


@case
def a_standing_grant_does_not_open_what_another_author_says(w: World) -> tuple[Verified, list[Ask]]:
    root = w.item("north", "AMBER", ["east"])
    w.grant(root, "south", scope="FOLLOWING")
    return w.item("east", "AMBER", [], cites=[root], at=after(1)), [ask("south", "not-named", now=after(1))]


@case
def never_voids_grants(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "AMBER", ["east"])
    grant = w.grant(item, "south")
    w.narrow(item, Marking(tlp="AMBER", onward="NEVER"), at=after(5))
    return item, [
        ask("south", "released", by=[grant]),
        ask("south", "onward-never", now=after(5)),
        ask("east", "released", now=after(5)),
    ]


@case
def a_recall_of_a_source_reaches_what_contains_it(w: World) -> tuple[Verified, list[Ask]]:
    source = w.item("north", "AMBER", MEMBERS)
    item = w.item("east", "AMBER", MEMBERS, contains=[source])
    w.recall(source, at=after(600))
    return item, [ask(m, "recalled") for m in MEMBERS]


@case
def a_recall_by_who_controls_nothing_of_it(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "AMBER", ["east"])
    w.recall(item, by="east")
    return item, [ask("east", "released")]


@case
def a_recall_cancelled_by_a_second_officer(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "AMBER", ["east"])
    w.cancel(w.recall(item), at=after(60))
    w.recall(item, at=after(120))
    return item, [ask("east", "released")]


@case
def after_a_cancellation_two_officers_take_back(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "AMBER", ["east"])
    w.cancel(w.recall(item), at=after(60))
    w.recall(item, at=after(120))
    w.recall(item, officer="second", at=after(180))
    return item, [ask("east", "recalled")]


@case
def a_cancellation_by_the_same_officer(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "AMBER", ["east"])
    w.cancel(w.recall(item), officer="officer", at=after(60))
    return item, [ask("east", "recalled")]


@case
def a_cancellation_when_the_delay_has_passed(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "AMBER", ["east"])
    w.cancel(w.recall(item), at=after(86_400))
    return item, [ask("east", "recalled")]


@case
def an_incident_file_wants_two_officers(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "AMBER", ["east"])
    w.recall(item, in_incident=True)
    return item, [ask("east", "released")]


@case
def life_by_two_is_not_cancelled(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "AMBER", ["east"])
    recall = w.recall(item, reason="LIFE")
    w.recall(item, reason="LIFE", officer="second")
    w.cancel(recall, officer="third", at=after(60))
    return item, [ask("east", "recalled")]


@case
def the_twenty_first_of_an_hour_wants_two_officers(w: World) -> tuple[Verified, list[Ask]]:
    for n in range(20):
        w.recall(w.item("north", "AMBER", ["east"]), at=after(n))
    item = w.item("north", "AMBER", ["east"])
    w.recall(item, at=after(20))
    return item, [ask("east", "released")]


@case
def evidence_stays_where_it_is(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "AMBER", ["east", "south"], hold=True)
    w.recall(item)
    return item, [
        ask("east", "recalled"),
        ask("east", "released", held=True),
        ask("west", "not-named", held=True),
    ]


@case
def hold_on_one_control_protects_nothing(w: World) -> tuple[Verified, list[Ask]]:
    source = w.item("north", "AMBER", MEMBERS)
    item = w.item("east", "AMBER", MEMBERS, contains=[source], hold=True)
    w.recall(source)
    return item, [ask("south", "recalled", held=True)]


@case
def expiry_spares_the_author_alone(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "AMBER", ["east"], expires=after(10))
    grant = w.grant(item, "south")
    return item, [
        ask("east", "released", now=after(10) - 1),
        ask("south", "released", now=after(10) - 1, by=[grant]),
        ask("east", "expired", now=after(10)),
        ask("south", "expired", now=after(10)),
        ask("north", "released", now=after(10)),
    ]


@case
def a_downgrade_to_clear_opens_from_its_time_on(w: World) -> tuple[Verified, list[Ask]]:
    steps = ((after(5), "GREEN"), (after(9), "CLEAR"))
    item = w.item("north", "AMBER", ["east"], onward="TLP_RULE", downgrade=steps)
    return item, [ask("west", "not-named", now=after(9) - 1), ask("west", "released", now=after(9))]


@case
def widening_counts_from_its_date_on(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "AMBER", ["east"])
    fact = w.widen(item, "south", at=after(5))
    w.widen(item, "west", by="east")
    return item, [
        ask("south", "not-named", now=after(5) - 1),
        ask("south", "released", now=after(5), by=[fact]),
        ask("west", "not-named", now=after(5)),
    ]


@case
def narrowing_drops_named_and_granted(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "AMBER", ["east", "west"])
    grant = w.grant(item, "south")
    w.narrow(item, Marking(tlp="AMBER", rel=(MemberId("west"),)), at=after(5))
    again = w.grant(item, "south", at=after(9))
    return item, [
        ask("south", "released", by=[grant]),
        ask("east", "narrowed", now=after(5)),
        ask("south", "not-named", now=after(5)),
        ask("west", "released", now=after(5)),
        ask("south", "released", now=after(9), by=[again]),
    ]


@case
def narrow_wins_over_widen_at_equal_time(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "AMBER", ["east"])
    w.widen(item, "south", at=after(5))
    w.narrow(item, Marking(tlp="AMBER", rel=(MemberId("east"),)), at=after(5))
    return item, [ask("south", "not-named", now=after(5)), ask("east", "released", now=after(5))]


@case
def narrowing_ends_what_the_world_had_and_keeps_whom_it_names(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "CLEAR", None, onward="TLP_RULE")
    w.narrow(item, Marking(tlp="CLEAR", rel=(MemberId("east"),)), at=after(5))
    return item, [
        ask("south", "released"),
        ask("east", "released", now=after(5)),
        ask("south", "not-named", now=after(5)),
    ]


@case
def narrowing_names_nobody_new(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "AMBER", ["east"])
    w.narrow(item, Marking(tlp="AMBER", rel=(MemberId("east"), MemberId("south"))), at=after(5))
    return item, [ask("east", "released", now=after(5)), ask("south", "not-named", now=after(5))]


@case
def only_the_controller_narrows(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "AMBER", ["east", "south"])
    w.narrow(item, Marking(tlp="AMBER", rel=(MemberId("south"),)), by="south")
    return item, [ask("east", "released")]


@case
def suspension_is_at_once_and_catches_nothing_up(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "AMBER", ["east"], at=after(15))
    grant = w.grant(item, "east", at=after(25))
    w.act("east", "suspended", at=after(10))
    w.act("east", "active", at=after(20))
    return item, [
        ask("east", "suspended", now=after(15)),
        ask("east", "not-standing", now=after(20)),
        ask("east", "released", now=after(25), by=[grant]),
    ]


@case
def a_reinstated_member_sees_what_it_saw(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "AMBER", ["east"])
    w.act("east", "suspended", at=after(10))
    w.act("east", "active", at=after(20))
    return item, [ask("east", "suspended", now=after(10)), ask("east", "released", now=after(20))]


@case
def a_newcomer_sees_nothing_old(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "AMBER", ["late"])
    w.act("late", "active", at=after(10))
    grant = w.grant(item, "late", at=after(15))
    return item, [
        ask("late", "not-a-member"),
        ask("late", "not-standing", now=after(10)),
        ask("late", "released", now=after(15), by=[grant]),
    ]


@case
def who_withdrew_and_came_back_sees_nothing_of_before(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "AMBER", ["east"])
    w.act("east", "withdrawn", at=after(10))
    w.act("east", "active", at=after(20))
    return item, [ask("east", "not-a-member", now=after(10)), ask("east", "not-standing", now=after(20))]


@case
def a_control_issued_by_no_member(w: World) -> tuple[Verified, list[Ask]]:
    w.act("north", "withdrawn", at=after(5))
    item = w.item("north", "AMBER", ["east"], at=after(10))
    return item, [ask("east", "issued-outside", now=after(15)), ask("north", "released", now=after(15))]


@case
def frozen_when_its_controller_left(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "AMBER", ["east"])
    grant = w.grant(item, "south")
    w.act("north", "withdrawn", at=after(5))
    w.grant(item, "west", at=after(10))
    return item, [
        ask("east", "released", now=after(10)),
        ask("south", "released", now=after(10), by=[grant]),
        ask("west", "not-named", now=after(10)),
    ]


@case
def a_delegate_consents_for_a_controller_that_left(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "AMBER", ["east"])
    named = w.delegate(item, "south", at=after(1))
    w.grant(item, "west", by="south", at=after(2))
    w.act("north", "withdrawn", at=after(5))
    grant = w.grant(item, "west", by="south", at=after(10))
    return item, [
        ask("west", "not-named", now=after(9)),
        ask("west", "released", now=after(10), by=[named, grant]),
    ]


@case
def red_is_seen_by_the_persons_named(w: World) -> tuple[Verified, list[Ask]]:
    source = w.item("north", "RED", ["east", "south"], persons=("south/anna", "south/ben"))
    item = w.item("east", "RED", ["south"], contains=[source], persons=("south/anna", "south/carl"))
    return item, [
        ask("south", "released"),
        look("south", "anna", "released"),
        look("south", "ben", "person-not-named"),
        look("south", "carl", "person-not-named"),
        look("west", "anna", "not-named"),
    ]


@case
def an_upgrade_to_red_names_persons_by_hash(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "AMBER", ["east"])
    ben = person_hash(control_of(item).control.serial, "east", "ben")
    w.narrow(item, Marking(tlp="RED", persons=(ben,)), at=after(5))
    return item, [
        look("east", "anna", "released"),
        look("east", "anna", "person-not-named", now=after(5)),
        look("east", "ben", "released", now=after(5)),
    ]


@case
def strict_is_not_for_bodies_under_a_member(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "AMBER+STRICT", ["east"])
    return item, [look("east", "anna", "released"), look("east", "anna", "client", body="harbour")]


@case
def purpose_and_training(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "AMBER", ["east"], purposes=("relief",), caveats=("PERSONAL",))
    trained: dict[str, Any] = {"trained": ["PERSONAL"]}
    return item, [
        look("east", "anna", "released", purpose="relief", **trained),
        look("east", "anna", "purpose", purpose="sar", **trained),
        look("east", "anna", "purpose", **trained),
        look("east", "anna", "training", purpose="relief"),
    ]


@case
def what_stays_home_goes_to_nobody_whatever_is_said_of_it(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "AMBER", ["east"], kind="site-warning")
    w.widen(item, "south")
    w.grant(item, "west")
    return item, [ask("north", "released"), *(ask(m, "stays-home") for m in ("east", "south", "west"))]


@case
def a_notification_goes_to_its_parties_and_nobody_adds_one(w: World) -> tuple[Verified, list[Ask]]:
    item = w.item("north", "AMBER", ["east"], kind="notification")
    w.widen(item, "south")
    w.grant(item, "west")
    return item, [ask("east", "released"), ask("south", "not-named"), ask("west", "not-named")]


def written() -> dict[str, Any]:
    """Return what stands in `release.json`."""
    return {
        "about": "The release rule: who may receive an item, and (with a `name`) who may view it, by facts and time.",
        "cases": [_case(name, build) for name, build in CASES.items()],
    }


def _case(name: str, build: Case) -> dict[str, Any]:
    world = exchange(*MEMBERS, purposes=["relief", "sar"])
    item, asks = build(world)
    membership = world.membership
    return {
        "name": name,
        "charter": {
            "members": {m: [[s.since, s.state] for s in spans] for m, spans in membership.spans.items()},
            "purposes": sorted(membership.purposes),
            "tick": membership.tick,
            "recall_delay": membership.recall_delay,
        },
        "item": {
            "id": item.id,
            "author": item.statement.member,
            "kind": item.statement.kind,
            "at": item.statement.at,
            "cites": [c.item for c in item.statement.cites],
            "controls": [_control(c) for c in item.controls],
        },
        "facts": [_fact(v) for v in world.stated],
        "asks": asks,
    }


def _control(c: VerifiedControl) -> dict[str, Any]:
    control = c.control
    return {
        "id": c.id,
        "controller": control.controller,
        "issued": control.issued,
        "serial": control.serial,
        "marking": msgspec.to_builtins(control.marking),
    }


def _fact(v: Verified) -> dict[str, Any]:
    s = v.statement
    body = msgspec.json.decode(s.body)
    return {"id": v.id, "kind": s.kind, "member": s.member, "officer": s.officer, "at": s.at, "body": body}


EAST, SOUTH, WEST = MemberId("east"), MemberId("south"), MemberId("west")
WORLDS: Final = Marking(tlp="CLEAR", rel=(EAST,), onward="TLP_RULE")
PLAIN: Final = Marking(tlp="GREEN", rel=(EAST, SOUTH))
RICH: Final = Marking(
    tlp="AMBER",
    rel=(SOUTH, WEST),
    onward="NEVER",
    mode="DISPLAY",
    purposes=("relief", "sar"),
    caveats=("EXERCISE",),
    hold=True,
    attribution="CHATHAM_HOUSE",
    expires=after(50),
    review_at=after(20),
    downgrade=((after(30), "CLEAR"),),
    alt_labels=("RESTRICTED",),
)
NAMED: Final = Marking(tlp="RED", rel=(SOUTH,), persons=("south/anna", "south/ben"), downgrade=((after(10), "GREEN"),))
OTHERS: Final = Marking(tlp="RED", rel=(SOUTH,), persons=("south/ben", "south/carl"), purposes=("sar",), hold=True)
COMBINED: Final[list[tuple[list[Marking], Marking]]] = [
    ([WORLDS], Marking(tlp="CLEAR", onward="TLP_RULE", mode="RELEASE", attribution="NAMED")),
    ([WORLDS, PLAIN], Marking(tlp="GREEN", rel=(EAST, SOUTH), onward="ASK", mode="RELEASE", attribution="NAMED")),
    (
        [PLAIN, RICH],
        structs.replace(RICH, rel=(SOUTH,), hold=UNSET, alt_labels=UNSET, downgrade=((after(30), "GREEN"),)),
    ),
    (
        [NAMED, OTHERS],
        Marking(
            tlp="RED",
            rel=(SOUTH,),
            persons=("south/ben",),
            onward="ASK",
            mode="RELEASE",
            purposes=("sar",),
            attribution="NAMED",
        ),
    ),
    (
        [NAMED, PLAIN, WORLDS],
        Marking(
            tlp="RED",
            rel=(SOUTH,),
            persons=("south/anna", "south/ben"),
            onward="ASK",
            mode="RELEASE",
            attribution="NAMED",
            downgrade=((after(10), "GREEN"),),
        ),
    ),
    (
        [Marking(tlp="RED", rel=(EAST,)), PLAIN],
        Marking(tlp="RED", rel=(EAST,), persons=(), onward="ASK", mode="RELEASE", attribution="NAMED"),
    ),
    (
        [Marking(tlp="PURPLE", rel=(EAST,)), NAMED],
        Marking(
            tlp="PURPLE",
            rel=(),
            persons=("south/anna", "south/ben"),
            onward="ASK",
            mode="RELEASE",
            attribution="NAMED",
        ),
    ),
]


def combined() -> dict[str, Any]:
    """Return what stands in `release_combine.json`."""
    return {
        "about": "What an item that contains items so marked is offered, whatever their order.",
        "cases": [
            {"markings": msgspec.to_builtins(markings), "combined": msgspec.to_builtins(result)}
            for markings, result in COMBINED
        ],
    }


def text(document: dict[str, Any]) -> str:
    """Return a document as it stands in its file."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for markings, result in COMBINED:
        assert combine(markings) == result, (combine(markings), result)
    (HERE / "release.json").write_text(text(written()))
    (HERE / "release_combine.json").write_text(text(combined()))
