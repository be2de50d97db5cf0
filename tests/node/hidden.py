"""A world of which each officer sees some, and one that holds only what she sees: they answer her alike."""

import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import pytest
from world import World, exchange

from quartet.core.faults import Unavailable

OFFICERS: Final = ("duty", "second", "chair")
Ask = Callable[[World, str, str], Awaitable[Any]]


def for_some(dice: random.Random, fields: dict[str, Any]) -> dict[str, Any]:
    """Return an item that nobody, some or all of north's officers may see."""
    persons = [f"north/{name}" for name in dice.sample(OFFICERS, dice.randint(1, 2))]
    match dice.choice(("open", "named", "named", "trained")):
        case "named":
            return fields | {"tlp": "RED", "persons": tuple(persons)}
        case "trained":
            return fields | {"caveats": ("PERSONAL",)}
    return fields


async def answers_as_without_the_rest(
    folder: Path, dice: random.Random, items: list[dict[str, Any]], ask: Ask, told: Callable[[Any], Any]
) -> None:
    """Ask of each item, one of them taken back, in both worlds for each officer; what she sees not is not there."""
    async with exchange(folder / "whole", "north", "east") as whole:
        refs = [(await whole.send("north", **fields)).ref for fields in items]
        gone = dice.choice([n for n, ref in enumerate(refs) if whole.holds("north", ref)])
        await whole.fact("north", "recall", refs[gone])
        for officer in OFFICERS:
            seen = [n for n, ref in enumerate(refs) if whole.holds("north", ref, officer)]
            async with exchange(folder / officer, "north", "east") as bare:
                known = {n: (await bare.send("north", **items[n])).ref for n in seen}
                for n in seen:
                    assert told(await ask(whole, refs[n], officer)) == told(await ask(bare, known[n], officer))
            for n in {*range(len(refs))} - set(seen):
                with pytest.raises(Unavailable, match="no such item"):
                    await ask(whole, refs[n], officer)
