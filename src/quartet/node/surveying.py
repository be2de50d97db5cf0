"""How this member's sensors are, as far as a viewer may know of each: she who may see its feed, and nobody else.

A sensor without a feed is known from the settings alone, and is for the watch. What goes wrong is an alarm, which names
a sensor by its feed: whoever may not see that is not told which one it is.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from quartet.core.faults import Unavailable
from quartet.core.ids import SECOND, Micros
from quartet.core.release import Viewer
from quartet.node.parts import Parts
from quartet.node.seeing import WATCH, Seeing
from quartet.node.sensing import Sensing, SensorState
from quartet.node.sensorviews import CellView, CoverageView, SensorView
from quartet.node.views import moment
from quartet.picture.coverage import BANDS, RINGS, SECTORS, Coverage
from quartet.picture.plot import AnyPlot
from quartet.picture.sensorhealth import Health, health_of
from quartet.store import ItemRow

RATE_OVER: Final = 60 * SECOND
"""Over how long it is counted what a sensor sees a second."""
ALARMS: Final = {"SILENT": "sensor-silent", "QUARANTINED": "sensor-quarantined"}
DOUBTFUL: Final = "sensor-offset"
WHY: Final = {
    "sensor-offset": "a radar's offset cannot be trusted, nor where its movers lie; `quartet sensors` says which",
    "sensor-silent": "not heard for a minute; `quartet sensors` says what to do",
    "sensor-quarantined": "not believed, nothing of it is taken; `quartet sensors` says what to do",
}


class _Known(NamedTuple):
    """What was gathered of a sensor."""

    began: Micros
    coverage: Coverage
    counts: deque[tuple[Micros, int]]


class _Shown(NamedTuple):
    """A sensor that a viewer may know of; what it saw is hers while she may see its feed."""

    state: SensorState
    row: ItemRow | None
    open: bool


class Surveying:
    """Answers how sensors are, and where they see."""

    def __init__(self, parts: Parts, sensing: Sensing, seeing: Seeing) -> None:
        self._parts = parts
        self._sensing = sensing
        self._seeing = seeing
        self._known: dict[str, _Known] = {}
        self._told: dict[str, str] = {}
        sensing.on_heard.append(self._saw)

    def sensors(self, viewer: Viewer) -> tuple[SensorView, ...]:
        """Return how each sensor is that a viewer may know of, by name."""
        now = self._parts.clock.now()
        return tuple(self._view(shown, now) for shown in self._shown(viewer, now))

    def coverage(self, viewer: Viewer, name: str) -> CoverageView:
        """Return where a sensor saw movers; raise `Unavailable("unknown-item")` as for one that there is not."""
        now = self._parts.clock.now()
        for shown in self._shown(viewer, now):
            if shown.state.name == name:
                return self._covered(shown, now)
        raise Unavailable("unknown-item", "there is no such sensor that you may see")

    async def look(self, now: Micros) -> None:
        """Count what was seen, and alarm of what is silent or quarantined; to be called once a tick."""
        wrong: dict[str, list[str]] = {reason: [] for reason in (*ALARMS.values(), DOUBTFUL)}
        for state in self._sensing.states:
            self._forget_purged(state)
            counts = self._of(state).counts
            counts.append((now, state.plots))
            while now - counts[0][0] > RATE_OVER:
                counts.popleft()
            reason = ALARMS.get(self._health(state, now).word)
            if reason is not None:
                wrong[reason].append(self._named(state))
            if self._doubtful(state):
                wrong[DOUBTFUL].append(self._named(state))
        for reason, names in wrong.items():
            await self._alarm(reason, names, now)

    # -- in parts

    def _saw(self, name: str, plots: Sequence[AnyPlot], now: Micros) -> None:
        state = next((one for one in self._sensing.states if one.name == name), None)
        if state is not None:
            self._of(state).coverage.see(plots, now)

    def _forget_purged(self, state: SensorState) -> None:
        """Forget where a sensor saw: what was taken back leaves nothing behind."""
        row = None if state.feed is None else self._parts.store.reader.row(state.feed)
        if row is not None and row.state == "PURGED":
            self._known.pop(state.name, None)

    def _of(self, state: SensorState) -> _Known:
        known = self._known.get(state.name)
        if known is None:
            began = self._parts.clock.now()
            known = self._known[state.name] = _Known(began, Coverage(state.lat, state.lon), deque())
        return known

    def _shown(self, viewer: Viewer, now: Micros) -> Iterator[_Shown]:
        """Yield the sensors that a viewer may know of; one whose feed was taken back, if she could see that before."""
        for state in self._sensing.states:
            if state.feed is None:
                if WATCH in viewer.roles:
                    yield _Shown(state, None, open=True)
                continue
            row = self._seeing.known(state.feed, viewer, now)
            if row is not None:
                yield _Shown(state, row, open=self._seeing.see(state.feed, viewer, now) is not None)

    def _health(self, state: SensorState, now: Micros) -> Health:
        return health_of(
            heard=state.last_heard,
            began=self._of(state).began,
            now=now,
            rotation_s=state.rotation_s,
            quarantined=state.quarantined,
            trouble=state.trouble,
            in_use=state.in_use,
            doubtful=self._doubtful(state),
        )

    def _doubtful(self, state: SensorState) -> bool:
        offsets = self._sensing.offsets(state)
        return offsets is not None and offsets.doubtful

    def _view(self, shown: _Shown, now: Micros) -> SensorView:
        state, row = shown.state, shown.row
        health, coverage = self._health(state, now), self._of(state).coverage
        cells = list(coverage.cells(now)) if shown.open else []
        return SensorView(
            name=state.name,
            format=state.format,
            lat=state.lat,
            lon=state.lon,
            edition=state.edition,
            feed=None if row is None else row.ref,
            tlp=None if row is None else row.tlp,
            health=health.word,
            reason=health.reason,
            heard=None if state.last_heard is None else moment(state.last_heard),
            plots=state.plots,
            per_s=self._rate(state, now),
            taken=state.taken,
            refused=state.refused,
            rotation_s=state.rotation_s,
            in_use=state.in_use,
            reach_m=max((cell.ring + 1 for cell in cells), default=0) * coverage.ring_m,
            gaps=sum(1 for cell in cells if cell.bands == 0),
            offsets=self._sensing.offsets(state) if shown.open else None,
            mostly=state.mostly,
        )

    def _rate(self, state: SensorState, now: Micros) -> float:
        counts = self._of(state).counts
        if not counts or now <= counts[0][0]:
            return 0.0
        since, before = counts[0]
        return round((state.plots - before) / ((now - since) / SECOND), 1)

    def _covered(self, shown: _Shown, now: Micros) -> CoverageView:
        state, row, coverage = shown.state, shown.row, self._of(shown.state).coverage
        return CoverageView(
            name=state.name,
            lat=state.lat,
            lon=state.lon,
            tlp=None if row is None else row.tlp,
            sectors=SECTORS,
            rings=RINGS,
            ring_m=coverage.ring_m,
            bands=BANDS,
            cells=tuple(CellView(*cell) for cell in coverage.cells(now) if shown.open),
        )

    def _named(self, state: SensorState) -> str:
        """Return how an alarm names a sensor: what a viewer may not see is cut out of it for her."""
        row = None if state.feed is None else self._parts.store.reader.row(state.feed)
        return state.name if row is None else row.ref

    async def _alarm(self, reason: str, names: list[str], now: Micros) -> None:
        me, stands = self._parts.me, self._parts.store.reader.has_alarm(reason, self._parts.me)
        if names:
            text = f"{', '.join(sorted(set(names)))}: {WHY[reason]}"
            if not stands or self._told.get(reason) != text:
                self._told[reason] = text
                await self._parts.store.write(lambda tx: tx.put_alarm(reason, me, text, now))
        elif stands:
            await self._parts.store.write(lambda tx: tx.end_alarm(reason, me, now))
