"""How long an officer waits for a matter among many: requests, incidents, the inbox and their lists, on one node.

Nothing is folded ahead of time and nothing at the start: what speaks about a matter cites it, so that opening it reads
that alone. So "folding from nothing" is the same as opening everything once, which is measured too.
"""

import asyncio
import os
import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from rich.progress import Progress

from benches.table import Table, number, percentile
from quartet.core.ids import SECOND, MemberId, OfficerName
from quartet.core.release import Viewer
from quartet.exercise.setup import new_exchange
from quartet.node.asking import Query
from quartet.node.clock import Clock
from quartet.node.folder import MemberFolder
from quartet.node.keyset import Keyset
from quartet.node.node import Node
from quartet.node.office import charter_of
from quartet.node.parts import Keys, Parts
from quartet.node.vault import open_vault
from quartet.node.views import Draft, Published
from quartet.store import open_store
from quartet.wire import MemoryHub

NORTH: Final = MemberId("north")
ASKED: Final = 300
"""How many of each are opened, drawn at random."""
AT_ONCE: Final = 200
GOAL_MS: Final = 50
FOLD_GOAL_S: Final = 10
OPENED: Final = "what is opened"

Drawn = list[tuple[str, dict[str, Any]]]


async def measure(items: int = 100_000) -> Table:
    """Fill a node with `items`, a tenth of them requests and a hundredth incidents, and open them."""
    with tempfile.TemporaryDirectory(prefix="quartet-") as folder:
        root = Path(folder) / "x"
        new_exchange(root, ("north", "east"))
        member = MemberFolder(root / NORTH)
        keys = Keyset.of(open_vault(member.vault))
        with open_store(Path(folder) / "north" / "quartet.db", keys.store) as store:
            parts = Parts(
                me=NORTH,
                keys=Keys.of(keys),
                store=store,
                carrier=MemoryHub().carrier(NORTH),
                clock=Clock(0),
                entropy=os.urandom,
            )
            wire, officers = member.wire_manifest(NORTH), member.officer_manifest(NORTH)
            node = Node(parts, charter_of(member), wire.read_bytes(), officers.read_bytes())
            return await _measured(node, items)


async def _measured(node: Node, items: int) -> Table:
    viewer = Viewer(member=NORTH, name=OfficerName("duty"), roles=("watch",))
    matters, rest = await _fill(node, viewer, items)
    requests, incidents = matters["request"], matters["incident"]
    desk = node.desk
    rows = [
        await _timed("a request", requests, lambda ref: _now(desk.requests.show(viewer, ref))),
        await _timed("an incident", incidents, lambda ref: _now(desk.incidents.show(viewer, ref))),
        await _timed("any other item", rest, lambda ref: _now(node.show(viewer, ref))),
        await _timed("the inbox, 100 rows", rest[:100], lambda _: node.read(viewer, Query(newest=True, threads=True))),
        await _timed("the open requests, 50 rows", rest[:100], lambda _: desk.requests.page(viewer, "open", "", 50)),
        await _timed("the incidents, 50 rows", rest[:50], lambda _: desk.incidents.page(viewer, "all", "", 50)),
    ]
    began = time.perf_counter()
    with Progress(transient=True) as bar:
        for ref in bar.track(requests, description="requests"):
            desk.requests.show(viewer, ref)
        for ref in bar.track(incidents, description="incidents"):
            desk.incidents.show(viewer, ref)
    folded = time.perf_counter() - began
    said = (
        f"{items:,} items on one node, among them {len(requests):,} requests with a reply each and {len(incidents):,}"
        f" incidents with a rung, two hypotheses and two assessments; in milliseconds of wall time, {ASKED} of each"
        f" drawn at random. Goal: p99 below {GOAL_MS}. Folding every matter once from nothing takes"
        f' {number(folded)} s (goal {FOLD_GOAL_S}); a start folds none. Repeat: `make bench ARGS="--only desk"`.'
    )
    return Table("Matters at the desk", (OPENED, "p50 ms", "p99 ms", "worst ms"), rows, said)


async def _timed(name: str, refs: list[str], ask: Callable[[str], Awaitable[object]]) -> tuple[str, ...]:
    drawn = random.Random(name).sample(refs, min(ASKED, len(refs)))
    took = []
    for ref in drawn:
        began = time.perf_counter()
        await ask(ref)
        took.append((time.perf_counter() - began) * 1000)
    return name, *(number(value) for value in (percentile(took, 0.5), percentile(took, 0.99), max(took)))


async def _now(value: object) -> object:
    return value


async def _fill(node: Node, viewer: Viewer, items: int) -> tuple[dict[str, list[str]], list[str]]:
    requests = await _publish(node, viewer, items // 10, "request", {"asked": ["east", "north"]})
    await _about(node, viewer, [("reply", {"request": ref, "word": "ANSWER"}) for ref in requests])
    now = node.holdings.clock.now()
    when = {"since": now - SECOND, "until": now, "area": "the harbour"}
    incidents = await _publish(node, viewer, items // 100, "incident", when)
    rungs = await _about(node, viewer, [("question", {"incident": ref, "rung": "EVENT"}) for ref in incidents])
    told = [("hypothesis", {"question": ref, "rung": "EVENT", "text": "so"}) for ref in rungs for _ in range(2)]
    held = await _about(node, viewer, told)
    judged = [
        ("assessment", {"question": rungs[n // 2], "hypothesis": ref, "likelihood": 5, "confidence": "HIGH"})
        for n, ref in enumerate(held)
    ]
    await _about(node, viewer, judged)
    left = items - 2 * len(requests) - 6 * len(incidents)
    rest = await _publish(node, viewer, left, "report", None)
    return {"request": requests, "incident": incidents}, rest


async def _publish(node: Node, viewer: Viewer, count: int, kind: str, form: dict[str, Any] | None) -> list[str]:
    return await _all(node, viewer, [(kind, form)] * count)


async def _about(node: Node, viewer: Viewer, drawn: Drawn) -> list[str]:
    return await _all(node, viewer, list(drawn))


async def _all(node: Node, viewer: Viewer, drawn: list[tuple[str, dict[str, Any] | None]]) -> list[str]:
    found: list[Published] = []
    for first in range(0, len(drawn), AT_ONCE):
        drafts = [
            Draft(
                kind=kind, tlp="AMBER", title=f"{kind} {first + n}", text="x" * 400, to=(MemberId("east"),), form=form
            )
            for n, (kind, form) in enumerate(drawn[first : first + AT_ONCE])
        ]
        found += await asyncio.gather(*(node.publish(draft, viewer) for draft in drafts))
    return [one.id for one in found]
