"""How many release decisions a second of CPU the gate makes, cold and warm, and how often it remembered.

Each item is the end of a chain: it contains one that contains one that contains one, so that four controls must admit.
"""

import time
from collections.abc import Callable
from typing import Final

from benches.table import Table, number
from quartet.core.gate import MAX_ITEMS, Gate
from quartet.core.ids import ItemId, MemberId
from quartet.core.verify import Verified
from quartet.exercise.world import World, exchange

MEMBERS: Final = ("north", "east", "south", "west")
CHAIN: Final = ("north", "east", "south", "north")
"""Who says what contains the item before it."""
ITEMS: Final = 1_000
GRANT_EVERY: Final = 10
AGAIN: Final = 50
ROUNDS: Final = 7
COLD_GOAL: Final = 100_000
WARM_GOAL: Final = 1_000_000

Wish = tuple[ItemId, MemberId]
Run = Callable[[], tuple[float, float]]


def measure() -> Table:
    """Decide for every item and member once, then again and again, then while facts keep coming."""
    world = exchange(*MEMBERS)
    items = [_chain(world, n) for n in range(ITEMS)]
    for item in items[::GRANT_EVERY]:
        world.grant(item, "west", control=item.contained[-1])
    held = {item.id: item for item in items}
    wanted = [(item.id, MemberId(m)) for item in items for m in MEMBERS[1:]]

    def fresh() -> Gate:
        return Gate(world.membership, lambda item: (held[item], world.facts))

    gate = fresh()
    cold = _best("cold: each item and member for the first time", lambda: _decided(fresh(), wanted, world))
    _decided(gate, wanted, world)
    warm = _best(f"warm: the same again, {AGAIN} times", lambda: _decided(gate, wanted * AGAIN, world))
    mixed = _best("warm, one item in a hundred forgotten between", lambda: _disturbed(gate, wanted, world))
    said = (
        f"{ITEMS:,} items in chains of four for one to three of four members, a grant on each tenth; one process, by"
        f" its CPU time, the best of {ROUNDS} rounds. The gate remembers at most {MAX_ITEMS:,} items. The goals,"
        f" {COLD_GOAL:,} cold and {WARM_GOAL:,} warm, are {_verdict(cold[0] >= COLD_GOAL, warm[0] >= WARM_GOAL)}."
    )
    rows = [(name, number(rate), f"{share:.1%}") for rate, share, name in (cold, warm, mixed)]
    return Table("Release decisions", ("round", "decisions/s", "remembered"), rows, said)


def _chain(world: World, n: int) -> Verified:
    item = None
    for author in CHAIN:
        others = [m for m in MEMBERS if m != author]
        item = world.item(author, "AMBER", others[: 2 + n % 2], contains=[] if item is None else [item])
    assert item is not None
    assert len(item.controls) == len(CHAIN)
    return item


def _verdict(cold: bool, warm: bool) -> str:
    if cold and warm:
        return "both reached"
    return "both missed" if not cold and not warm else f"{'cold' if cold else 'warm'} alone reached"


def _best(name: str, run: Run) -> tuple[float, float, str]:
    """Return the best rate of several rounds, and how much of the last was remembered."""
    found = [run() for _ in range(ROUNDS)]
    return max(rate for rate, _ in found), found[-1][1], name


def _decided(gate: Gate, wanted: list[Wish], world: World) -> tuple[float, float]:
    hits, misses, start = gate.hits, gate.misses, time.process_time()
    for item, member in wanted:
        gate.release(item, member, world.now)
    spent = time.process_time() - start
    hits, misses = gate.hits - hits, gate.misses - misses
    return len(wanted) / spent, hits / (hits + misses)


def _disturbed(gate: Gate, wanted: list[Wish], world: World) -> tuple[float, float]:
    hits, misses, start = gate.hits, gate.misses, time.process_time()
    for n in range(0, len(wanted), 300):
        gate.touched(wanted[n][0])
        for item, member in wanted[n : n + 300]:
            gate.release(item, member, world.now)
    spent = time.process_time() - start
    hits, misses = gate.hits - hits, gate.misses - misses
    return len(wanted) / spent, hits / (hits + misses)
