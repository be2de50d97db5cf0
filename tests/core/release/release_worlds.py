"""Worlds drawn at random, with the times of facts and acts few, so that equal and reversed times are common."""

from collections.abc import Sequence
from typing import Any, Final

from hypothesis import strategies as st
from msgspec import UNSET, structs

from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.marking import Marking
from quartet.core.verify import Verified
from quartet.exercise.world import NOON, World, exchange

MEMBERS: Final = ("north", "east", "south", "west")
EVERYBODY: Final = (*MEMBERS, "late", "stranger")
TIMES: Final = tuple(Micros(NOON + n * SECOND) for n in range(-2, 7))

members = st.sampled_from(MEMBERS)
times = st.sampled_from(TIMES)
tlps = st.sampled_from(["CLEAR", "CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"])
rels = st.sets(st.sampled_from([*MEMBERS, "late"])).map(lambda s: tuple(sorted(MemberId(m) for m in s)))


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.just(UNSET) | values


def words(*choices: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.sets(st.sampled_from(choices)).map(lambda s: tuple(sorted(s)))


def _steps(pairs: dict[Micros, str]) -> Any:
    return tuple(sorted(pairs.items())) or UNSET


def markings(rel: st.SearchStrategy[Any] = rels) -> st.SearchStrategy[Marking]:
    return st.builds(
        Marking,
        tlp=tlps,
        rel=maybe(rel),
        persons=maybe(words("north/anna", "east/ben")),
        onward=maybe(st.sampled_from(["TLP_RULE", "TLP_RULE", "ASK", "NEVER"])),
        mode=maybe(st.sampled_from(["RELEASE", "DISPLAY"])),
        purposes=maybe(words("relief", "sar")),
        caveats=maybe(words("PERSONAL", "EXERCISE")).map(lambda w: w or UNSET),
        hold=st.sampled_from([UNSET, True]),
        attribution=maybe(st.sampled_from(["NAMED", "CHATHAM_HOUSE"])),
        expires=maybe(times),
        review_at=maybe(times),
        downgrade=st.dictionaries(times, tlps, max_size=2).map(_steps),
    )


odd = st.sampled_from(
    [
        Marking(tlp="PURPLE", rel=(MemberId("east"),)),
        Marking(tlp="GREEN", rel=(MemberId("east"),), onward="PERHAPS"),
        Marking(tlp="GREEN", rel=(MemberId("east"),), mode="GLANCE"),
        Marking(tlp="GREEN", rel=(MemberId("east"),), caveats=("ODD",)),
        Marking(tlp="GREEN", rel=(MemberId("east"),), attribution="RUMOUR"),
        Marking(tlp="GREEN", rel=(MemberId("east"),), purposes=("profit",)),
        Marking(tlp="CLEAR", onward="TLP_RULE", downgrade=((TIMES[4], "PURPLE"),)),
    ]
)
worldly = st.sampled_from([Marking(tlp="CLEAR", onward="TLP_RULE"), Marking(tlp="CLEAR", onward="TLP_RULE", rel=())])


def narrowings() -> st.SearchStrategy[Marking]:
    """Mostly by name alone, so that what else a narrowing does is not hidden behind its closing all."""
    by_name = st.builds(Marking, tlp=tlps, rel=maybe(rels))
    any_field = markings().map(lambda m: structs.replace(m, persons=UNSET, hold=UNSET))
    return by_name | by_name | any_field | odd


@st.composite
def worlds(draw: st.DrawFn, kinds: Sequence[str] = ("report",)) -> tuple[World, list[Verified]]:
    """A world with acts, items that contain and cite one another, and facts by the entitled and by others."""
    world = exchange(*MEMBERS, purposes=["relief", "sar"])
    items: list[Verified] = []
    for _ in range(draw(st.integers(1, 4))):
        items.append(_item(draw, world, items, kinds))
    for _ in range(draw(st.integers(0, 3))):
        _act(draw, world)
    for _ in range(draw(st.integers(0, 6))):
        _fact(draw, world, items)
    return world, items


def _act(draw: st.DrawFn, world: World) -> None:
    member = draw(st.sampled_from([*MEMBERS, "late"]))
    world.act(member, draw(st.sampled_from(["active", "suspended", "withdrawn"])), at=draw(times))


def _item(draw: st.DrawFn, world: World, items: list[Verified], kinds: Sequence[str]) -> Verified:
    marking = draw(markings() | markings() | worldly | odd)
    plain = [one for one in items if one.statement.kind == "report"]  # a control does not say of what kind it was
    sources = draw(st.lists(st.sampled_from(plain), max_size=2, unique_by=lambda i: i.id)) if plain else []
    cites = draw(st.lists(st.sampled_from(items), max_size=1)) if items else []
    kind = draw(st.sampled_from(kinds))
    return world.publish(draw(members), marking, contains=sources, cites=cites, at=draw(times), kind=kind)


def _fact(draw: st.DrawFn, world: World, items: list[Verified]) -> None:
    item = draw(st.sampled_from(items))
    control = draw(st.sampled_from(item.controls))
    by = draw(st.just(control.control.controller) | members)
    at = draw(times)
    kind = draw(st.sampled_from(["grant", "grant", "following", "recall", "cancel", "narrow", "widen", "delegate"]))
    to = draw(st.sampled_from([*MEMBERS, "late"]))
    if kind in ("grant", "following"):
        scope: Any = "ITEM" if kind == "grant" else "FOLLOWING"
        world.grant(item, to, by=by, control=control, scope=scope, until=draw(st.none() | times), at=at)
    elif kind == "recall":
        reason: Any = draw(st.sampled_from(["NORMAL", "LIFE"]))
        officer = draw(st.sampled_from(["officer", "second"]))
        incident = draw(st.booleans())
        world.recall(item, by=by, controls=[control], at=at, reason=reason, officer=officer, in_incident=incident)
    elif kind == "cancel":
        recalls = [v for v in world.stated if v.statement.kind == "recall"]
        if recalls:
            recall = draw(st.sampled_from(recalls))
            world.cancel(
                recall, by=draw(st.none() | members), officer=draw(st.sampled_from(["second", "third"])), at=at
            )
    elif kind == "narrow":
        world.narrow(control, draw(narrowings()), by=by, at=at)
    elif kind == "widen":
        world.widen(control, to, by=by, at=at)
    else:
        world.delegate(control, to, by=by, at=at)
