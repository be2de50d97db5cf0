"""Cover over real NATS: who sits in the hub sees one size, and of a busy pair no more than of a silent one."""

from collections import Counter
from pathlib import Path

import pytest
from test_open_hub import EAST, MEMBERS, NORTH, WEST, Site, site, until

from quartet.core.cover import COVERS
from quartet.wire.seal import OVERHEAD

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
PAIRS = {f"f.{a}.{b}" for a in MEMBERS for b in MEMBERS if a != b}
APART = 8
"""By so many parcels two pairs may differ on a busy machine: one makes up for slots, and another has not yet."""


def passed(made: Site, since: int) -> Counter[str]:
    """Return how many parcels of each pair the hub heard."""
    return Counter(one.subject.rpartition(".")[0] for one in made.heard[since:] if one.subject.endswith(".p"))


async def test_a_hub_hears_parcels_of_one_size_and_as_many_of_a_silent_pair_as_of_a_busy_one(tmp_path: Path) -> None:
    async with site(tmp_path, "narrow") as made:
        since = len(made.heard)
        sent = [await made.send(NORTH, [EAST], f"{n} " + "x" * 1_000) for n in range(100)]
        await until(lambda: {one.ref for one in sent} <= set(made.refs(EAST)))
        await until(lambda: passed(made, since).total() >= len(PAIRS) * 25)

        count = passed(made, since)
        assert {len(one.data) for one in made.heard if one.subject.endswith(".p")} == {COVERS["narrow"] + OVERHEAD}
        assert {one.subject.rpartition(".")[2] for one in made.heard if one.subject.startswith("f.")} <= {"p", "m", "h"}
        assert set(count) == PAIRS
        assert max(count.values()) - min(count.values()) <= APART
        assert count[f"f.{NORTH}.{EAST}"] - count[f"f.{WEST}.{EAST}"] <= APART
        assert await made.problems() == []
