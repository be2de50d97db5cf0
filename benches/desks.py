"""Desks at one node, each with the stream that its console holds for warnings: they note when they were alarmed."""

import asyncio
import time

from quartet.core.ids import OfficerName
from quartet.core.release import Viewer
from quartet.node.node import Node

TRAINED = frozenset({"EXERCISE"})


class Desks:
    """Watches as so many desks."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._tasks: list[asyncio.Task[None]] = []
        self._alarmed: dict[str, list[float]] = {}

    def begin(self, count: int) -> None:
        """Have so many desks watch from now on."""
        for number in range(count):
            viewer = Viewer(member=self._node.me, name=OfficerName(f"desk-{number}"), trained=TRAINED)
            self._tasks.append(asyncio.create_task(self._watch(viewer)))

    async def _watch(self, viewer: Viewer) -> None:
        async for told in self._node.desk.alarms.hear(viewer):
            if told.row is not None:
                self._alarmed.setdefault(told.row.ref, []).append(time.perf_counter())

    def alarmed(self) -> dict[str, list[float]]:
        """Return when each desk was alarmed, by the warning's reference."""
        return self._alarmed

    async def unreached(self, ref: str) -> list[str]:
        """Return which members' desks are listed as not reached by a warning."""
        viewer = Viewer(member=self._node.me, name=OfficerName("duty"), trained=TRAINED)
        view = await self._node.desk.warnings.view(viewer, ref)
        return sorted({desk.member for desk in view.row.unreached})
