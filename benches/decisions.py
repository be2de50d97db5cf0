"""How many release decisions a second the gate makes, cold and warm, and how often it remembered."""

import time
from typing import Final

from benches.table import Table, number
from quartet.core.gate import MAX_ITEMS, Gate
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.exercise.world import exchange

MEMBERS: Final = ("north", "east", "south", "west")
ITEMS: Final = 2_000
GRANT_EVERY: Final = 10
AGAIN: Final = 50


def measure() -> Table:
    """Decide for every item and member once, then again and again, then while facts keep coming."""
    world = exchange(*MEMBERS)
    items = [world.item("north", "AMBER", ["east", "south"] if n % 2 else ["east"]) for n in range(ITEMS)]
    for item in items[::GRANT_EVERY]:
        world.grant(item, "west")
    held = {item.id: item for item in items}
    gate = Gate(world.membership, lambda item: (held[item], world.facts))
    wanted = [(item.id, MemberId(m)) for item in items for m in MEMBERS[1:]]

    rows = [_round("cold: each item and member for the first time", gate, wanted, world.now)]
    rows.append(_round(f"warm: the same again, {AGAIN} times", gate, wanted * AGAIN, world.now))
    start, hits, misses, count = time.perf_counter(), gate.hits, gate.misses, 0
    for n in range(0, len(wanted), 300):
        gate.touched(wanted[n][0])
        for wish in wanted[n : n + 300]:
            gate.release(*wish, world.now)
            count += 1
    spent = time.perf_counter() - start
    rate = (gate.hits - hits) / max(1, gate.hits - hits + gate.misses - misses)
    rows.append(("warm, one item in a hundred forgotten between", number(count / spent), f"{rate:.1%}"))
    said = (
        f"{ITEMS:,} items for one or two of four members, a grant on each tenth; one process. The gate remembers at"
        f" most {MAX_ITEMS:,} items."
    )
    return Table("Release decisions", ("round", "decisions/s", "remembered"), rows, said)


def _round(name: str, gate: Gate, wanted: list[tuple[ItemId, MemberId]], now: Micros) -> tuple[str, str, str]:
    hits, misses, start = gate.hits, gate.misses, time.perf_counter()
    for item, member in wanted:
        gate.release(item, member, now)
    spent = time.perf_counter() - start
    hits, misses = gate.hits - hits, gate.misses - misses
    return name, number(len(wanted) / spent), f"{hits / (hits + misses):.1%}"
